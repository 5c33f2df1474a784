import { spawnSync } from 'node:child_process'
import { cp, mkdtemp, readdir, readFile, rm, unlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { afterEach, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

/** Needs a build (`npm run build`, or `npm test` as a whole). */
const BINARY = fileURLToPath(new URL('../../bin/millrace.js', import.meta.url))

const servers: ServerProcess[] = []
const places: string[] = []
afterEach(async () => {
  for (const server of servers.splice(0)) await server.destroy()
  for (const place of places.splice(0)) await rm(place, { recursive: true })
})

async function newServer(...options: string[]): Promise<ServerProcess> {
  const server = await ServerProcess.create(...options)
  servers.push(server)
  await server.start()
  return server
}

function clientOf({ url }: ServerProcess): SQSClient {
  const { accessKeyId, secretAccessKey } = TEST_KEY
  return new SQSClient({ endpoint: url, region: 'us-east-1', credentials: { accessKeyId, secretAccessKey } })
}

const QUEUE = 'orders-of-the-north'
const BODY = 'four hundred millstones, by cart'

async function send(server: ServerProcess, text: string): Promise<void> {
  const client = clientOf(server)
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: QUEUE }))
  await client.send(new SendMessageCommand({ QueueUrl, MessageBody: text }))
}

async function receive(server: ServerProcess): Promise<(string | undefined)[]> {
  const client = clientOf(server)
  const { QueueUrl } = await client.send(new CreateQueueCommand({ QueueName: QUEUE }))
  const input = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }
  const { Messages } = await client.send(new ReceiveMessageCommand(input))
  return (Messages ?? []).map(({ Body }) => Body)
}

/** What lies in the journal's files, one behind the other. */
async function journalBytes({ dataDirectory }: ServerProcess): Promise<Buffer> {
  const folder = join(dataDirectory, 'journal')
  const names = (await readdir(folder)).filter((name) => name !== 'space.reserve')
  return Buffer.concat(await Promise.all(names.map((name) => readFile(join(folder, name)))))
}

function millrace(args: readonly string[], environment: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BINARY, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...environment },
  })
  return { status, stdout, stderr }
}

test('a server encrypts by itself, says where its master key is, and can do nothing without it', async () => {
  const server = await newServer()
  expect(server.errors).toContain('A MASTER KEY WAS MADE')
  const keyFile = join(server.dataDirectory, 'master.key')
  expect(server.errors).toContain(keyFile)
  await send(server, BODY)
  await server.stop()
  const bytes = await journalBytes(server)
  for (const text of [QUEUE, BODY, TEST_KEY.accessKeyId]) expect(bytes.includes(text), text).toBe(false)

  const backup = await mkdtemp(join(tmpdir(), 'millrace-master-key-'))
  places.push(backup)
  await cp(keyFile, join(backup, 'master.key'))
  await unlink(keyFile)
  await expect(server.start()).rejects.toThrow('is missing, and the journal is encrypted')
  const stat = millrace(['journal', 'stat', '--data-dir', server.dataDirectory])
  expect(stat).toMatchObject({ status: 4, stderr: expect.stringContaining('put the master key back') })
  const other = Buffer.alloc(32, 1).toString('base64')
  const verify = ['journal', 'verify', '--data-dir', server.dataDirectory]
  expect(millrace(verify, { MILLRACE_MASTER_KEY: other })).toMatchObject({
    status: 5,
    stderr: expect.stringContaining('is encrypted under the master key'),
  })
  expect((await journalBytes(server)).equals(bytes)).toBe(true)

  const flags = ['--master-key-command', `cat ${join(backup, 'master.key')}`]
  expect(millrace([...verify, ...flags])).toMatchObject({ status: 0 })
  await cp(join(backup, 'master.key'), keyFile)
  await server.start()
  expect(await receive(server)).toEqual([BODY])
})

test('the master key is changed by one command, and the server starts with the new one', async () => {
  const server = await newServer()
  await send(server, BODY)
  await server.stop()
  const keyFile = join(server.dataDirectory, 'master.key')
  const before = await readFile(keyFile, 'utf8')
  const changed = millrace(['journal', 'rotate-key', '--json', '--data-dir', server.dataDirectory])
  expect(changed.status, changed.stderr).toBe(0)
  expect(JSON.parse(changed.stdout).files.length).toBeGreaterThan(0)
  expect(await readFile(keyFile, 'utf8')).not.toBe(before)
  expect(await readdir(server.dataDirectory)).not.toContain('master.key.next')
  await server.start()
  expect(await receive(server)).toEqual([BODY])
  await server.stop()

  // By a start: the new key is given, and the one before.
  const old = (await readFile(keyFile, 'utf8')).trim()
  await unlink(keyFile)
  const given = { MILLRACE_MASTER_KEY: Buffer.alloc(32, 9).toString('base64'), MILLRACE_OLD_MASTER_KEY: old }
  const rotated = millrace(['journal', 'rotate-key', '--data-dir', server.dataDirectory], given)
  expect(rotated.status, rotated.stderr).toBe(0)
  const verified = millrace(['journal', 'verify', '--data-dir', server.dataDirectory], {
    MILLRACE_MASTER_KEY: given.MILLRACE_MASTER_KEY,
  })
  expect(verified).toMatchObject({ status: 0 })
})

test('a journal that was kept plain is encrypted by a command', async () => {
  const server = await newServer('--encryption', 'off')
  await send(server, BODY)
  await server.stop()
  expect((await journalBytes(server)).includes(BODY)).toBe(true)
  const encrypted = millrace(['journal', 'encrypt', '--data-dir', server.dataDirectory])
  expect(encrypted.status, encrypted.stderr).toBe(0)
  expect(encrypted.stderr).toContain('a master key was made')
  const bytes = await journalBytes(server)
  for (const text of [QUEUE, BODY]) expect(bytes.includes(text), text).toBe(false)
  await server.start()
  expect(await receive(server)).toEqual([BODY])
})
