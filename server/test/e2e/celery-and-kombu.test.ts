import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'
import { debianPython } from './debian-python.ts'

const run = promisify(execFile)

const SCRIPTS = fileURLToPath(new URL('python', import.meta.url))
const TASKS_WITHIN_MS = 60_000

const kombu = await debianPython(
  ['kombu', 'boto3', 'pycurl'],
  ['python3-kombu', 'python3-boto3', 'python3-pycurl'],
)
const celery =
  kombu.python === null
    ? kombu
    : await debianPython(['celery', 'pycurl'], ['python3-celery', 'python3-pycurl'])

let server: ServerProcess

beforeAll(async () => {
  server = await ServerProcess.create()
  await server.start()
})

afterAll(() => server.destroy())

test.skipIf(kombu.python === null)(
  'kombu sends, receives, acknowledges, rejects and requeues, on queues of both kinds that it makes or that are there (needs python3-kombu)',
  async () => {
    const { port } = new URL(server.url)
    const args = [
      '-B',
      join(SCRIPTS, 'kombu_queues.py'),
      port,
      TEST_KEY.accessKeyId,
      TEST_KEY.secretAccessKey,
    ]
    const { stdout } = await run(kombu.python!, args, { timeout: 120_000 })
    expect(stdout).toBe('ok\n')
  },
)

test.skipIf(celery.python === null)(
  'a Celery worker does its tasks, those of a FIFO queue in their order, and what it retries (needs python3-celery)',
  async () => {
    const results = await mkdtemp(join(tmpdir(), 'millrace-celery-'))
    const { host } = new URL(server.url)
    const env = {
      ...process.env,
      MILLRACE_TEST_URL: `sqs://${TEST_KEY.accessKeyId}:${TEST_KEY.secretAccessKey}@${host}`,
      MILLRACE_TEST_RESULTS: results,
      PYTHONDONTWRITEBYTECODE: '1',
    }
    const options = ['--pool', 'solo', '--without-mingle', '--without-gossip', '--without-heartbeat']
    const worker = spawn(celery.python!, ['-m', 'celery', '-A', 'celery_tasks', 'worker', ...options], {
      cwd: SCRIPTS,
      env,
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    let said = ''
    worker.stderr.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
    try {
      await run(celery.python!, ['celery_send.py'], { cwd: SCRIPTS, env, timeout: 60_000 })
      const done = async () => (await readdir(results)).length
      await expect.poll(done, { timeout: TASKS_WITHIN_MS, message: said }).toBe(12)
      const read = (name: string) => readFile(join(results, name), 'utf8')
      await expect.poll(() => read('letters'), { timeout: TASKS_WITHIN_MS, message: said }).toBe('abcdef')
      expect(await Promise.all(['sum-3', 'sum-9', 'retried'].map(read))).toEqual(['6', '18', 'retried 1'])
    } finally {
      const exited = once(worker, 'exit')
      // Asked to stop, it would wait for the long polls that are under way.
      if (worker.exitCode === null && worker.signalCode === null) {
        worker.kill('SIGKILL')
        await exited
      }
      await rm(results, { recursive: true, force: true })
    }
  },
)
