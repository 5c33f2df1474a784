import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'
import { debianPython } from './debian-python.ts'

const run = promisify(execFile)
const SCRIPT = fileURLToPath(new URL('python/boto3_streams.py', import.meta.url))

let server: ServerProcess
beforeAll(async () => {
  server = await ServerProcess.create()
  await server.start()
})
afterAll(() => server.destroy())

const debian = await debianPython(['boto3'], ['python3-boto3'])

async function useStreams(python: string, name: string): Promise<string> {
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: TEST_KEY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: TEST_KEY.secretAccessKey,
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  const { stdout } = await run(python, ['-B', SCRIPT, name], { env, timeout: 90_000 })
  return stdout
}

const newer = await run('python3', ['-c', 'import boto3']).then(
  () => true,
  () => false,
)
if (!newer) console.warn('skipped: `python3 -c "import boto3"` does not run on this machine')

test.skipIf(!newer)('boto3 puts, reads, reshards and subscribes', async () => {
  expect(await useStreams('python3', 'newer')).toMatch(/^ok /)
})

test.skipIf(debian.python === null)(
  "Debian's boto3 puts, reads, reshards and subscribes (needs python3-boto3)",
  async () => {
    expect(await useStreams(debian.python!, 'debian')).toMatch(/^ok /)
  },
)
