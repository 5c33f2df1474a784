import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'

/** What a person types, in processes of their own: needs a build (`npm run build`, or `npm test` as a whole). */
const BINARY = fileURLToPath(new URL('../../bin/millrace.js', import.meta.url))

let directory = ''
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-command-line-'))
})
afterAll(() => rm(directory, { recursive: true, force: true }))

const running: ChildProcess[] = []
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL')
})

class Run {
  output = ''
  errors = ''
  readonly child: ChildProcess
  readonly exited: Promise<unknown>

  constructor(args: readonly string[]) {
    this.child = spawn(process.execPath, [BINARY, ...args], {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    running.push(this.child)
    this.child.stdout?.on('data', (chunk: Buffer) => {
      this.output += chunk.toString()
    })
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.errors += chunk.toString()
    })
    this.exited = once(this.child, 'close')
  }

  /** Resolves with the server's URL when it has printed all that it prints at the start. Rejects if it ends before. */
  async ready(): Promise<string> {
    for (;;) {
      const url = /listening on +(\S+).*(?:`millrace env`|may use any)/s.exec(this.output)?.[1]
      if (url !== undefined) return url
      const printed = this.child.stdout === null ? this.exited : once(this.child.stdout, 'data')
      await Promise.race([printed, this.exited])
      if (this.child.exitCode !== null) throw new Error(`the server ended: ${this.errors}`)
    }
  }
}

async function run(...args: string[]): Promise<{ exitCode: number | null; output: string; errors: string }> {
  const each = new Run(args)
  await each.exited
  return { exitCode: each.child.exitCode, output: each.output, errors: each.errors }
}

const onFreePort = (...args: string[]) => ['serve', '--port', '0', '--log-level', 'info', ...args]

test('a mistake on the command line: help and exit code 2', async () => {
  const { exitCode, errors, output } = await run('serve', '--prot', '1')
  expect(exitCode).toBe(2)
  expect(errors).toContain("unknown option '--prot'")
  expect(errors).toContain('--data-dir')
  expect(output).toBe('')
})

test('the first start makes a key and says what to paste, the next only where to find it', async () => {
  const first = new Run(onFreePort('--data-dir', 'queues'))
  const url = await first.ready()
  expect((await fetch(`${url}/health/ready`)).status).toBe(200)
  const secret = /AWS_SECRET_ACCESS_KEY=(\S+)/.exec(first.output)?.[1] ?? 'none'
  expect(first.output).toContain(`export AWS_ENDPOINT_URL=${url}\n`)
  const page = / console +(\S+)\n/.exec(first.output)?.[1] ?? 'none'
  expect((await fetch(page)).headers.get('content-type')).toBe('text/html; charset=utf-8')
  expect((await stat(join(directory, 'queues', 'root-key.json'))).mode & 0o777).toBe(0o600)
  first.child.kill('SIGTERM')
  await first.exited
  expect(first.child.exitCode).toBe(0)
  expect(first.errors).not.toContain(secret)

  const second = new Run(onFreePort('--data-dir', 'queues', '--console', 'off'))
  await second.ready()
  expect(second.output).not.toContain('console')
  expect(second.output).not.toContain(secret)
  expect((await run('env', '--data-dir', 'queues', '--port', '4999')).output).toContain(secret)
  second.child.kill('SIGINT')
  await second.exited
  expect(second.child.exitCode).toBe(0)
})

test('a second process on the directory, or on the port, is refused with a clear word', async () => {
  const first = new Run(onFreePort('--data-dir', 'taken'))
  const { port } = new URL(await first.ready())
  const sameDirectory = await run(...onFreePort('--data-dir', 'taken'))
  expect(sameDirectory.exitCode).toBe(4)
  expect(sameDirectory.errors).toContain(`is in use by process ${first.child.pid}`)
  const samePort = await run('serve', '--port', port, '--data-dir', 'free')
  expect(samePort.exitCode).toBe(3)
  expect(samePort.errors).toContain(`port ${port}, is in use by another process`)
  for (const { errors } of [sameDirectory, samePort]) expect(errors).not.toContain('    at ')
})

test('a data directory that cannot be made is refused with a clear word', async () => {
  const { exitCode, errors } = await run(...onFreePort('--data-dir', BINARY))
  expect(exitCode).toBe(4)
  expect(errors).toContain("can't use the data directory")
  expect(errors).not.toContain('    at ')
})

test('without authentication an open address is refused, and loudly accepted when asked for twice', async () => {
  expect((await run(...onFreePort('--auth', 'off', '--host', '0.0.0.0'))).exitCode).toBe(2)
  const open = new Run(
    onFreePort('--auth', 'off', '--host', '0.0.0.0', '--insecure-bind', '--data-dir', 'open'),
  )
  await open.ready()
  expect(open.errors).toContain('AUTHENTICATION IS OFF')
})

test('a damaged journal: verify finds it, repair asks before it gives anything up, and the server starts again', async () => {
  const flags = ['--auth', 'off', '--data-dir', 'damaged']
  // Plain, so that the test finds what to damage.
  const server = new Run(onFreePort(...flags, '--encryption', 'off'))
  const url = await server.ready()
  await call(url, 'CreateQueue', { QueueName: 'orders' })
  for (const MessageBody of ['two millstones', 'a sack of rye']) {
    await call(url, 'SendMessage', { QueueUrl: 'orders', MessageBody })
  }
  server.child.kill('SIGKILL')
  await server.exited

  const journal = join(directory, 'damaged', 'journal')
  const [segment = ''] = (await readdir(journal)).filter((name) => name.endsWith('.segment'))
  const bytes = await readFile(join(journal, segment))
  // Where the frame says what it holds, in front of the message itself.
  const place = bytes.indexOf('two millstones') - 100
  bytes.writeUInt8(bytes.readUInt8(place) ^ 1, place)
  await writeFile(join(journal, segment), bytes)

  const damaged = await run('journal', 'verify', '--data-dir', 'damaged')
  expect(damaged.exitCode).toBe(5)
  expect(damaged.output).toContain(`file ${segment}, offset `)
  const asked = await run('journal', 'repair', '--data-dir', 'damaged')
  expect(asked.exitCode).toBe(5)
  expect(asked.output).toContain('outcome: refused')
  expect(asked.errors).toContain('--accept-loss')
  expect(Buffer.compare(await readFile(join(journal, segment)), bytes)).toBe(0)

  const repaired = await run('journal', 'repair', '--accept-loss', '--data-dir', 'damaged')
  expect(repaired.errors).toBe('')
  expect(repaired.exitCode).toBe(0)
  expect(repaired.output).toContain('lost frames:')
  expect(repaired.output).toContain('queue number 1')
  expect((await run('journal', 'verify', '--data-dir', 'damaged')).exitCode).toBe(0)

  const again = new Run(onFreePort(...flags))
  const newUrl = await again.ready()
  expect(await call(newUrl, 'ListQueues', {})).toContain('/000000000000/orders')
  expect(await call(newUrl, 'ReceiveMessage', { QueueUrl: 'orders' })).not.toContain('millstones')
})

/** An unsigned request; resolves with the answer's text. */
async function call(url: string, operation: string, input: object): Promise<string> {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': `AmazonSQS.${operation}` }
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(input) })
  expect(answer.status, await answer.clone().text()).toBe(200)
  return answer.text()
}
