import { execFile, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'
import { TEST_REGION } from './test-topics.ts'

const run = promisify(execFile)
const SCRIPT = fileURLToPath(new URL('python/boto3_keys.py', import.meta.url))

let server: ServerProcess
beforeAll(async () => {
  server = await ServerProcess.create()
  await server.start()
})
afterAll(() => server.destroy())

const hasBoto3 = spawnSync('python3', ['-c', 'import boto3']).status === 0
if (!hasBoto3) console.warn('skipped: `python3 -c "import boto3"` does not run on this machine')

test.skipIf(!hasBoto3)('boto3 encrypts, signs, grants, rotates and pages', async () => {
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: server.url,
    AWS_ACCESS_KEY_ID: TEST_KEY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: TEST_KEY.secretAccessKey,
    AWS_DEFAULT_REGION: TEST_REGION,
    AWS_CONFIG_FILE: '/nonexistent',
    AWS_SHARED_CREDENTIALS_FILE: '/nonexistent',
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  const { stdout } = await run('python3', ['-B', SCRIPT], { env, timeout: 90_000 })
  expect(stdout).toMatch(/^ok /)
})
