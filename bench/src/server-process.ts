import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync } from 'node:fs'
import { get } from 'node:http'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startNode } from './children.ts'
import type { MemoryReport } from './memory-probe.ts'
import type { MeasuredCore } from './pinning.ts'

const READY_TIMEOUT_MS = 120_000
const READY_POLL_MS = 5
const STOP_TIMEOUT_MS = 30_000

/** How a server is started: what follows `node`, its own flags included, and what is added to the environment. */
export interface ServerCommand {
  readonly args: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

/** A server under test, in a process of its own, ready to serve. */
export class ServerProcess {
  readonly port: number
  /** From the start of the process to its first positive answer to `/health/ready`. */
  readonly secondsToReady: number
  readonly #child: ChildProcess
  readonly #logFile: string

  private constructor(child: ChildProcess, port: number, secondsToReady: number, logFile: string) {
    this.#child = child
    this.port = port
    this.secondsToReady = secondsToReady
    this.#logFile = logFile
  }

  /** `directory` takes the server's output; it may hold more of the run. */
  static async start(
    command: (port: number) => ServerCommand,
    core: MeasuredCore | undefined,
    directory: string,
  ): Promise<ServerProcess> {
    const port = await findFreePort()
    const { args, environment } = command(port)
    const logFile = join(directory, 'server.log')
    const log = openSync(logFile, 'a')
    const startedAt = performance.now()
    const child = startNode(args, core, {
      env: { ...process.env, ...environment },
      stdio: ['ignore', log, log, 'ipc'],
    })
    closeSync(log)
    while (!(await isReady(port))) {
      if (hasEnded(child)) {
        throw new Error(`the server ended before it was ready:\n${tail(logFile)}`)
      }
      if (performance.now() - startedAt > READY_TIMEOUT_MS) {
        throw new Error(`the server was not ready after ${READY_TIMEOUT_MS / 1000} s:\n${tail(logFile)}`)
      }
      await pause(READY_POLL_MS)
    }
    return new ServerProcess(child, port, (performance.now() - startedAt) / 1000, logFile)
  }

  get pid(): number {
    return this.#child.pid!
  }

  /** Does work that needs the server; if that fails, adds what the server had to say. */
  async during<T>(work: Promise<T>): Promise<T> {
    try {
      return await work
    } catch (cause) {
      throw new Error(`the server's last words were:\n${tail(this.#logFile)}`, { cause })
    }
  }

  /** Only for a server that was started with the memory probe. */
  async measureMemory(): Promise<MemoryReport> {
    const answered = once(this.#child, 'message')
    this.#child.send('measure')
    const [report]: MemoryReport[] = await answered
    return report!
  }

  /** Asks the server to end, or kills it, and resolves when it is gone; also where it was made to stand still. */
  async stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    if (hasEnded(this.#child)) return
    const ended = once(this.#child, 'exit')
    this.#child.kill(signal)
    this.#child.kill('SIGCONT')
    const overdue = new AbortController()
    const late = pause(STOP_TIMEOUT_MS, 'late', { signal: overdue.signal, ref: false }).catch(() => 'in time')
    const outcome = await Promise.race([ended, late])
    overdue.abort()
    if (outcome === 'late') {
      this.#child.kill('SIGKILL')
      throw new Error(`the server did not end within ${STOP_TIMEOUT_MS / 1000} s:\n${tail(this.#logFile)}`)
    }
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.exitCode !== null || child.signalCode !== null
}

function isReady(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host: '127.0.0.1', port, path: '/health/ready', agent: false }, (response) => {
      response.resume()
      resolve(response.statusCode === 200)
    })
    request.on('error', () => resolve(false))
  })
}

async function findFreePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const address = probe.address()
  probe.close()
  await once(probe, 'close')
  if (address === null || typeof address === 'string') throw new Error('a TCP server has no port')
  return address.port
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').slice(-2000)
}
