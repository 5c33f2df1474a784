import { execFile, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { readDocument, section } from '../document-tables.ts'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

/** Runs what the README and the guide to encryption say to type, word by word: needs a build, and the AWS CLI. */
const run = promisify(execFile)
const hasCli = spawnSync('aws', ['--version']).status === 0
if (!hasCli) console.warn('skipped: `aws --version` does not run on this machine')

let server: ServerProcess
let home: string
beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'millrace-readme-'))
  server = await ServerProcess.create()
  await server.start()
})
afterAll(async () => {
  await server.destroy()
  await rm(home, { recursive: true, force: true })
})

/** The commands in a section of the README, but for those that need a checkout. */
function commandsIn(heading: string): string {
  return blocksOf(section(readDocument('README.md'), heading))
    .filter((commands) => commands.includes('aws '))
    .join('')
}

function blocksOf(text: string): readonly string[] {
  return [...text.matchAll(/```sh\n(.*?)```/gs)].map(([, commands]) => commands!)
}

/** Types commands into a shell whose environment is the one that `millrace env` prints. Whichever fails, also within a pipe, is told with what it said. */
async function type(commands: string): Promise<string> {
  return (
    await run('bash', ['-euo', 'pipefail', '-c', commands], {
      env: clientEnvironment(),
      cwd: home,
      timeout: 150_000,
    })
  ).stdout
}

function clientEnvironment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env.PATH,
    HOME: home,
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: TEST_KEY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: TEST_KEY.secretAccessKey,
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
}

test.skipIf(!hasCli)('the first message comes back on the AWS CLI', { timeout: 180_000 }, async () => {
  expect(await type(commandsIn('A first message'))).toContain('"Body": "two millstones"')
})

test.skipIf(!hasCli)(
  'what is published to the first topic is in its queue, typed after the first message',
  { timeout: 180_000 },
  async () => {
    // It goes on in the same shell, with the function that the section before it has.
    const before = /^sqs\(\).*$/m.exec(commandsIn('A first message'))![0]
    const printed = await type(`${before}\n${commandsIn('A first topic')}`)
    expect(printed).toContain('"SubscriptionArn": "arn:aws:sns:us-east-1:000000000000:news:')
    expect(printed).toContain('"Body": "the mill is open"')
  },
)

test.skipIf(!hasCli)('what is put into the first stream is read from it', { timeout: 180_000 }, async () => {
  expect(await type(commandsIn('A first stream'))).toContain('two sacks of rye')
})

test.skipIf(!hasCli)(
  'a second user sends to one queue, and does nothing else',
  { timeout: 180_000 },
  async () => {
    const printed = await type(commandsIn('A second user'))
    expect(printed).toContain('"MessageId":')
    expect(printed).toContain('as it should be')
  },
)

test.skipIf(!hasCli)('what is sent to an encrypted queue comes back', { timeout: 180_000 }, async () => {
  expect(await type(commandsIn('An encrypted queue'))).toContain('"Body": "sealed with wax"')
})

test.skipIf(!hasCli)(
  'the guide to encryption, typed from its beginning to its end, does what it says',
  { timeout: 240_000 },
  async () => {
    const printed = await type(blocksOf(readDocument('docs/guides/encryption.md')).join(''))
    expect(printed).toContain('"Body": "for your eyes alone"')
    expect(printed).toContain('"Body": "sealed with wax"')
    expect(printed).toMatch(/no leave for the key.*"Body": "to be read"/s)
    expect(printed).toContain('"EncryptionType": "KMS"')
  },
)

test.each([
  { heading: 'A first message', file: 'first-message.mjs', printed: 'two millstones' },
  { heading: 'A first stream', file: 'first-stream.mjs', printed: 'a sack of flour' },
])("$file prints '$printed'", async ({ heading, file, printed }) => {
  const [, code] = /```js\n(.*?)```/s.exec(section(readDocument('README.md'), heading))!
  // Beside a node_modules that has the client, as the README wants it.
  const path = fileURLToPath(new URL(`../../dist/${file}`, import.meta.url))
  await writeFile(path, code!)
  try {
    const { stdout } = await run(process.execPath, [path], { env: clientEnvironment(), timeout: 30_000 })
    expect(stdout).toBe(`${printed}\n`)
  } finally {
    await rm(path)
  }
})
