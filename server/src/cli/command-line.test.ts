import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { loadRootKey } from '../auth/root-key-file.ts'
import { SeededRandom } from '../base/random.ts'
import { ClockError } from '../cell/cell.ts'
import { SETTINGS } from '../config/config.ts'
import { DirectoryInUseError, lockDirectory } from '../engines/files/directory-lock.ts'
import { JournalError } from '../journal/journal.ts'
import type { RunningServer, StartServer } from '../running-server.ts'
import { TlsFilesError } from '../tls-files.ts'
import { runCommandLine } from './command-line.ts'
import { TestTerminal } from './test-terminal.ts'

const directory = mkdtempSync(join(tmpdir(), 'millrace-cli-'))
afterAll(() => rmSync(directory, { recursive: true }))

const neverStarted: StartServer = () => Promise.reject(new Error('no server was to be started here'))

function run(
  args: string,
  start: StartServer = neverStarted,
  environment: Readonly<Record<string, string>> = {},
) {
  const terminal = new TestTerminal()
  const preview = () => Promise.reject(new Error('nothing was to be previewed here'))
  const options = { terminal, start, preview, environment, workingDirectory: directory }
  const exitCode = runCommandLine({ ...options, args: args.split(' ').filter((arg) => arg !== '') })
  return { terminal, exitCode }
}

/** A server that runs until it is told otherwise. */
function fakeServer({ created = false, stops = Promise.resolve() } = {}) {
  let fail: (error: Error) => void = () => {}
  const failed = new Promise<Error>((resolve) => {
    fail = resolve
  })
  let started: () => void = () => {}
  const whenStarted = new Promise<void>((resolve) => {
    started = resolve
  })
  const stopped: string[] = []
  const reloads: string[] = []
  const server: RunningServer = {
    url: 'http://127.0.0.1:4567',
    rootKey: { accessKeyId: 'AKIAEXAMPLE', secretAccessKey: 'a/secret', created },
    reloadCertificate: async () => void reloads.push('reload'),
    stop: () => {
      stopped.push('stop')
      return stops
    },
    failed,
  }
  const start: StartServer = async () => {
    // The server counts as started when what follows `start` has run.
    setImmediate(started)
    return server
  }
  return { start, fail: (error: Error) => fail(error), whenStarted, stopped, reloads }
}

const serveQuietly = 'serve --log-level silent'

test.each([
  ['', 'Usage: millrace'],
  ['frob', "unknown command 'frob'"],
  ['serv', 'Did you mean serve?'],
  ['serve --prot 1', "unknown option '--prot'"],
  ['serve --port', 'argument missing'],
  ['serve extra', 'too many arguments'],
  ['serve --port many', '--port must be a whole number from 0 to 65535, not "many"'],
  ['serve --auth off --host 0.0.0.0', '--insecure-bind'],
  ['serve --host 0.0.0.0', '--allow-plain-http'],
  ['env --shell tcsh', 'Allowed choices are sh, fish, powershell'],
  ['journal', 'Usage: millrace journal'],
  ['journal mend', "unknown command 'mend'"],
  ['env --port 0', 'give the port that it printed'],
])('"millrace %s" is refused with exit code 2 and says why', async (args, message) => {
  const { terminal, exitCode } = run(args)
  expect(await exitCode).toBe(2)
  expect(terminal.complained).toContain(message)
  expect(terminal.printed).toBe('')
})

test('help and version are asked for, not mistakes', async () => {
  for (const args of ['--help', 'help serve', 'serve --help', '--version']) {
    const { terminal, exitCode } = run(args)
    expect(await exitCode).toBe(0)
    expect(terminal.complained).toBe('')
  }
  const { terminal, exitCode } = run('--version')
  await exitCode
  expect(terminal.printed).toMatch(/^\d+\.\d+\.\d+\n$/)
})

test('the help of serve names every setting, with its default and its variable', async () => {
  const { terminal, exitCode } = run('serve --help')
  await exitCode
  for (const { name } of Object.values(SETTINGS)) expect(terminal.printed).toContain(`--${name}`)
  const text = terminal.printed.replaceAll(/\s+/g, ' ')
  expect(text).toContain('(default: 4566) [MILLRACE_PORT]')
  expect(text).toContain('[MILLRACE_DATA_DIR]')
  expect(text).not.toContain('(default: )')
  expect(text).not.toContain('MILLRACE_ACCEPT_CLOCK')
})

test('serve hands over the settings, says where it listens, and ends with 0 after a signal', async () => {
  const server = fakeServer()
  let port = 0
  const { terminal, exitCode } = run(`${serveQuietly} --port 4567`, (config, ports) => {
    port = config.port
    return server.start(config, ports)
  })
  await server.whenStarted
  expect(port).toBe(4567)
  expect(terminal.printed).toContain('http://127.0.0.1:4567')
  expect(terminal.printed).toContain(join(directory, 'millrace-data'))
  expect(terminal.printed).toContain('`millrace env`')
  expect(terminal.printed).not.toContain('a/secret')
  expect(server.stopped).toEqual([])
  terminal.signal('SIGTERM')
  expect(await exitCode).toBe(0)
  expect(server.stopped).toEqual(['stop'])
  expect(terminal.exits).toEqual([])
})

test('the first start says what to paste', async () => {
  const server = fakeServer({ created: true })
  const { terminal, exitCode } = run(serveQuietly, server.start)
  await server.whenStarted
  expect(terminal.printed).toContain('export AWS_ENDPOINT_URL=http://127.0.0.1:4567\n')
  expect(terminal.printed).toContain('export AWS_SECRET_ACCESS_KEY=a/secret\n')
  terminal.signal('SIGINT')
  expect(await exitCode).toBe(0)
})

test('with a certificate a hang-up has it read again, as soon as the server serves; without one nobody listens for it', async () => {
  const server = fakeServer()
  const pair = '--tls-cert cert.pem --tls-key key.pem'
  const { terminal, exitCode } = run(`${serveQuietly} ${pair}`, server.start)
  terminal.hangUp?.()
  expect(server.reloads).toEqual([])
  await server.whenStarted
  expect(server.reloads).toEqual(['reload'])
  terminal.hangUp?.()
  await Promise.resolve()
  expect(server.reloads).toEqual(['reload', 'reload'])
  expect(terminal.printed).toContain('plain HTTP from this machine alone')
  terminal.signal('SIGTERM')
  expect(await exitCode).toBe(0)

  const plain = run(serveQuietly, fakeServer().start)
  expect(plain.terminal.hangUp).toBeNull()
  plain.terminal.signal('SIGTERM')
})

test('a second signal ends the process at once, with the code of the signal', async () => {
  const server = fakeServer({ stops: new Promise(() => {}) })
  const { terminal } = run(serveQuietly, server.start)
  await server.whenStarted
  terminal.signal('SIGTERM')
  expect(terminal.exits).toEqual([])
  terminal.signal('SIGINT')
  expect(terminal.exits).toEqual([130])
})

test('a signal while the server is starting ends the process at once', () => {
  const { terminal } = run(serveQuietly, () => new Promise(() => {}))
  terminal.signal('SIGTERM')
  expect(terminal.exits).toEqual([143])
})

test('a failed journal ends it with code 74 and the reason, without trying to stop in order', async () => {
  const server = fakeServer()
  const { terminal, exitCode } = run(serveQuietly, server.start)
  await server.whenStarted
  server.fail(
    new JournalError('the journal is closed: a sync failed', { cause: new Error('EIO: i/o error') }),
  )
  expect(await exitCode).toBe(74)
  expect(terminal.complained).toContain('the journal is closed: a sync failed: EIO: i/o error')
  expect(server.stopped).toEqual([])
})

test('a journal that fails while the server stops ends it with code 74 too', async () => {
  const server = fakeServer({ stops: new Promise(() => {}) })
  const { terminal, exitCode } = run(serveQuietly, server.start)
  await server.whenStarted
  terminal.signal('SIGTERM')
  server.fail(new JournalError('the journal is closed'))
  expect(await exitCode).toBe(74)
})

const systemError = (code: string, syscall: string) =>
  Object.assign(new Error(`${code}: it failed, ${syscall}`), { code, syscall })

test.each([
  ['EADDRINUSE', 'listen', 3, '127.0.0.1, port 4566, is in use by another process'],
  ['EACCES', 'listen', 3, 'needs rights'],
  ['EADDRNOTAVAIL', 'listen', 3, 'is not an address of this machine'],
  ['EACCES', 'mkdir', 4, "can't use the data directory"],
  ['ENOSPC', 'write', 4, "can't use the data directory"],
])('%s of %s at the start: exit code %i and a clear word', async (code, syscall, expected, message) => {
  const { terminal, exitCode } = run(serveQuietly, () => Promise.reject(systemError(code, syscall)))
  expect(await exitCode).toBe(expected)
  expect(terminal.complained).toContain(message)
  expect(terminal.complained).not.toContain('    at ')
})

test.each([
  [new DirectoryInUseError('/data is in use by process 7'), 4],
  [new JournalError('segment 3 is damaged at byte 4096'), 5],
  [new ClockError('the clock is two days behind'), 6],
  [new TlsFilesError("can't read cert.pem (--tls-cert)"), 2],
])('%s at the start: exit code %i', async (error, expected) => {
  const { terminal, exitCode } = run(serveQuietly, () => Promise.reject(error))
  expect(await exitCode).toBe(expected)
  expect(terminal.complained).toBe(`millrace: ${error.message}\n`)
})

test('a mistake of ours is not explained away', async () => {
  const { exitCode } = run(serveQuietly, () => Promise.reject(new TypeError('x is not a function')))
  await expect(exitCode).rejects.toThrow('x is not a function')
})

test('env prints the stored key for the address of the settings', async () => {
  const { pair } = await loadRootKey(directory, undefined, new SeededRandom(1))
  const { terminal, exitCode } = run(`env --data-dir ${directory} --host 0.0.0.0 --port 4570`)
  expect(await exitCode).toBe(0)
  expect(terminal.printed).toContain('export AWS_ENDPOINT_URL=http://127.0.0.1:4570\n')
  expect(terminal.printed).toContain(`export AWS_SECRET_ACCESS_KEY=${pair.secretKey}\n`)
  const fish = run(`env --data-dir ${directory} --shell fish`)
  await fish.exitCode
  expect(fish.terminal.printed).toContain(`set -gx AWS_ACCESS_KEY_ID '${pair.accessKeyId}'\n`)
})

test('env says so when there is no key yet, or where any key will do', async () => {
  const none = run('env --data-dir nowhere')
  expect(await none.exitCode).toBe(1)
  expect(none.terminal.complained).toContain('there is no root key')
  const open = run('env --data-dir nowhere --auth off')
  expect(await open.exitCode).toBe(0)
  expect(open.terminal.printed).toContain('export AWS_SECRET_ACCESS_KEY=any\n')
})

/** A data directory with an empty journal. */
function dataDirectory(name: string): string {
  const path = join(directory, name)
  mkdirSync(join(path, 'journal'), { recursive: true })
  return path
}

test('journal stat and verify print a report, for a person or as JSON', async () => {
  const path = dataDirectory('empty')
  for (const command of ['stat', 'verify', 'repair']) {
    const { terminal, exitCode } = run(`journal ${command} --data-dir ${path}`)
    expect(await exitCode).toBe(0)
    expect(terminal.printed).toMatch(/^[a-z ]+: /)
    const json = run(`journal ${command} --json --data-dir ${path}`)
    expect(await json.exitCode).toBe(0)
    expect(JSON.parse(json.terminal.printed)).toMatchObject(
      command === 'repair' ? { outcome: 'sound' } : { segments: command === 'stat' ? [] : 0 },
    )
  }
})

test('journal verify ends with code 5 when something is damaged, and names the file', async () => {
  const path = dataDirectory('damaged')
  writeFileSync(join(path, 'journal', '0000000000000001.segment'), 'not a segment')
  const { terminal, exitCode } = run(`journal verify --data-dir ${path}`)
  expect(await exitCode).toBe(5)
  expect(terminal.printed).toContain('file 0000000000000001.segment, problem ')
})

test('journal repair ends with code 5 where nothing can be saved, and leaves all as it is', async () => {
  const path = dataDirectory('hopeless')
  const segment = join(path, 'journal', '0000000000000001.segment')
  writeFileSync(segment, 'not a segment')
  const { terminal, exitCode } = run(`journal repair --accept-loss --data-dir ${path}`)
  expect(await exitCode).toBe(5)
  expect(terminal.complained).toContain('nothing can be repaired')
  expect(readFileSync(segment, 'utf8')).toBe('not a segment')
})

test('the journal of a directory that a server holds is left alone', async () => {
  const path = dataDirectory('held')
  const lock = await lockDirectory(path)
  const { terminal, exitCode } = run(`journal stat --data-dir ${path}`)
  expect(await exitCode).toBe(4)
  expect(terminal.complained).toContain('is in use by process')
  await lock.release()
  expect(await run(`journal stat --data-dir ${path}`).exitCode).toBe(0)
})

test('where there is no journal none is made', async () => {
  const { terminal, exitCode } = run('journal stat --data-dir mistyped')
  expect(await exitCode).toBe(1)
  expect(terminal.complained).toContain('there is no journal in')
  expect(existsSync(join(directory, 'mistyped'))).toBe(false)
})
