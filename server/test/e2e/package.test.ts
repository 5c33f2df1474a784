import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'

/**
 * The package as npm packs it, in the empty directory of somebody who installed it. Its dependencies are linked instead of
 * installed, so that no registry is asked.
 */
const SERVER = fileURLToPath(new URL('../../', import.meta.url))
const MODULES = fileURLToPath(new URL('../../../node_modules/', import.meta.url))
const run = promisify(execFile)

let directory: string
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-package-'))
  await run('npm', ['pack', '--ignore-scripts', '--pack-destination', directory], { cwd: SERVER })
  const tarball = (await readdir(directory)).find((name) => name.endsWith('.tgz'))
  const modules = join(directory, 'node_modules')
  await mkdir(modules)
  await run('tar', ['-xzf', join(directory, tarball!), '-C', modules])
  await run('mv', [join(modules, 'package'), join(modules, 'millrace')])
  const { dependencies }: { dependencies: object } = JSON.parse(
    await readFile(join(modules, 'millrace/package.json'), 'utf8'),
  )
  for (const name of [...Object.keys(dependencies), '@types/node', '@aws-sdk/client-sqs']) {
    await mkdir(dirname(join(modules, name)), { recursive: true })
    await symlink(join(MODULES, name), join(modules, name))
  }
  await writeFile(join(directory, 'package.json'), '{"type":"module"}')
})
afterAll(() => rm(directory, { recursive: true, force: true }))

test('what is packed is what is needed to run', async () => {
  const names = await readdir(join(directory, 'node_modules/millrace'), { recursive: true })
  expect(names).toEqual(expect.arrayContaining(['bin/millrace.js', 'dist/library/start-millrace.d.ts']))
  expect(names.filter((name) => /\.test\.|tsbuildinfo|^src|^test/.test(name))).toEqual([])
})

test('the library is imported by the name of the package', async () => {
  const program = `
    import { startMillrace, WaitTimeoutError } from 'millrace'
    const server = await startMillrace({ queues: ['orders'] })
    const { waiting } = await server.inspect('orders')
    await server.waitFor({ queue: 'orders', event: 'sent' }, { timeoutMs: 1 }).catch((error) => {
      console.log(waiting.length, error instanceof WaitTimeoutError)
    })
    await server.stop()`
  await writeFile(join(directory, 'program.js'), program)
  const { stdout } = await run(process.execPath, ['program.js'], { cwd: directory })
  expect(stdout).toBe('0 true\n')
})

test('the binary runs', async () => {
  const { stdout } = await run(process.execPath, ['node_modules/millrace/bin/millrace.js', '--version'], {
    cwd: directory,
  })
  const { version }: { version: string } = JSON.parse(await readFile(join(SERVER, 'package.json'), 'utf8'))
  expect(stdout.trim()).toBe(version)
})

const CONSUMER = `
import { SQSClient } from '@aws-sdk/client-sqs'
import { type Happened, type Millrace, type MillraceOptions, startMillrace } from 'millrace'

const options: MillraceOptions = { queues: ['a', { name: 'b', attributes: { VisibilityTimeout: 7 } }], auth: true }
await using server: Millrace = await startMillrace(options)
export const sqs = new SQSClient(server.clientConfig)
export const sqsToo = new SQSClient({ ...server.clientConfig, maxAttempts: 1 })
const done: Happened = await server.waitFor(
  { queue: 'a', event: 'deleted', where: ({ body, messageAttributes }) => body === messageAttributes.x?.StringValue },
  { timeoutMs: 10 },
)
export const texts: string[] = server.history('a').map(({ message }) => message.body + (done.to ?? ''))
export const at: number = (await server.inspect('a')).inFlight[0]?.visibleAt ?? server.clock.now()
await server.clock.advance('5m')
`

async function compile(content: string, lib: readonly string[]): Promise<string> {
  await writeFile(join(directory, 'consumer.ts'), content)
  const compilerOptions = {
    ...{ module: 'nodenext', target: 'es2022', lib, strict: true, noEmit: true, types: ['node'] },
    ...{ exactOptionalPropertyTypes: true, noUncheckedIndexedAccess: true },
    skipLibCheck: false,
  }
  await writeFile(
    join(directory, 'tsconfig.json'),
    JSON.stringify({ compilerOptions, files: ['consumer.ts'] }),
  )
  try {
    await run(process.execPath, [join(MODULES, 'typescript/bin/tsc'), '-p', directory], { cwd: directory })
    return ''
  } catch (error) {
    return String(Reflect.get(Object(error), 'stdout'))
  }
}

test('its types are found, hold, and need nothing that is not there', async () => {
  const problems = await compile(CONSUMER, ['es2023', 'esnext.disposable', 'dom'])
  expect(
    problems.split('\n').filter((line) => !/@(?:aws-sdk|smithy|types)/.test(line) && line !== ''),
  ).toEqual([])
  const wrong = [
    ["event: 'deleted'", "event: 'eaten'"],
    ['auth: true', "auth: 'off'"],
    ["advance('5m')", 'advance()'],
  ] as const
  for (const [right, mistake] of wrong) {
    const found = await compile(CONSUMER.replace(right, mistake), ['es2023', 'esnext.disposable', 'dom'])
    expect(found, mistake).toContain('consumer.ts')
  }
})
