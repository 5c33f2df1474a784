import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url))
const READY_WITHIN_MS = 30_000

/** The root key that test servers are given. */
export const TEST_KEY = {
  accessKeyId: 'AKIATESTTESTTESTTEST',
  secretAccessKey: 'a-secret-that-only-tests-know-of-0123456',
} as const

/** A built server in a process of its own, on a free port and a fresh data directory, that can be killed and started again. */
export class ServerProcess {
  readonly url: string
  readonly dataDirectory: string
  readonly #port: number
  readonly #options: readonly string[]
  /** What the next start is given; others are of a root key that was changed. */
  rootKey: { readonly accessKeyId: string; readonly secretAccessKey: string } = TEST_KEY
  #child: ChildProcess | null = null
  #errors = ''
  #output = ''

  private constructor(dataDirectory: string, port: number, options: readonly string[]) {
    this.dataDirectory = dataDirectory
    this.#port = port
    this.#options = options
    this.url = `http://127.0.0.1:${port}`
  }

  /** `options` are further flags of `millrace serve`. */
  static async create(...options: string[]): Promise<ServerProcess> {
    const dataDirectory = await mkdtemp(join(tmpdir(), 'millrace-test-'))
    return new ServerProcess(dataDirectory, await freePort(), options)
  }

  /** What it wrote to standard error since the last start: its log. */
  get errors(): string {
    return this.#errors
  }

  /** What it wrote to standard output since the last start. */
  get output(): string {
    return this.#output
  }

  /** Resolves when the server says that it is ready. `environment` has further variables. Rejects with what it printed if it ends before. */
  async start(environment: Readonly<Record<string, string>> = {}): Promise<void> {
    const flags = ['--port', String(this.#port), '--data-dir', this.dataDirectory, '--log-level', 'warn']
    const child = spawn(process.execPath, [MAIN, 'serve', ...flags, ...this.#options], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: {
        ...process.env,
        MILLRACE_ROOT_ACCESS_KEY: this.rootKey.accessKeyId,
        MILLRACE_ROOT_SECRET_KEY: this.rootKey.secretAccessKey,
        ...environment,
      },
    })
    this.#child = child
    this.#errors = ''
    this.#output = ''
    child.stdout?.on('data', (chunk: Buffer) => {
      this.#output += chunk.toString()
    })
    child.stderr?.on('data', (chunk: Buffer) => {
      this.#errors += chunk.toString()
    })
    const giveUpAt = Date.now() + READY_WITHIN_MS
    while (!(await this.#isReady())) {
      if (child.exitCode !== null || child.signalCode !== null) {
        throw new Error(`the server ended while it started: ${this.#errors}`)
      }
      if (Date.now() > giveUpAt) throw new Error(`the server was not ready in time: ${this.#errors}`)
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
  }

  /** Kills the process at once, as a crash would; resolves when it is gone. */
  async kill(): Promise<void> {
    await this.#end('SIGKILL')
  }

  /** Asks the process to read its files again. */
  hangUp(): void {
    this.#child?.kill('SIGHUP')
  }

  /** Asks the process to stop; resolves with its exit code. */
  async stop(): Promise<number | null> {
    return this.#end('SIGTERM')
  }

  /** Ends the process if it runs, and removes the data directory. */
  async destroy(): Promise<void> {
    await this.kill()
    await rm(this.dataDirectory, { recursive: true, force: true })
  }

  async #end(signal: NodeJS.Signals): Promise<number | null> {
    const child = this.#child
    this.#child = null
    if (child === null || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null
    const exited = once(child, 'exit')
    child.kill(signal)
    await exited
    return child.exitCode
  }

  async #isReady(): Promise<boolean> {
    try {
      return (await fetch(`${this.url}/health/ready`)).status === 200
    } catch {
      return false
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port was given')
  server.close()
  await once(server, 'close')
  return address.port
}
