import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CreateTopicCommand, ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { AwsClient } from 'aws4fetch'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

/** `POST /_millrace/reset`, as a test suite calls it. */
const PATH = '/_millrace/reset'

let directory: string
let path: string
const servers: ServerProcess[] = []
/** Without authentication, and allowed to be reset. */
let open: Started
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-reset-'))
  path = join(directory, 'millrace.yaml')
  await writeFile(path, 'queues:\n  - name: declared\n    attributes: { VisibilityTimeout: 7 }\n')
  open = await start('--auth', 'off', '--allow-reset')
})
afterAll(async () => {
  for (const server of servers) await server.destroy()
  await rm(directory, { recursive: true, force: true })
})

interface Started {
  readonly server: ServerProcess
  readonly sqs: SQSClient
}

async function start(...flags: string[]): Promise<Started> {
  const server = await ServerProcess.create('--config', path, ...flags)
  servers.push(server)
  await server.start()
  return { server, sqs: clientOf(server.url) }
}

function clientOf(endpoint: string): SQSClient {
  return new SQSClient({ endpoint, region: 'us-east-1', credentials: TEST_KEY, maxAttempts: 1 })
}

const reset = (server: ServerProcess) => fetch(server.url + PATH, { method: 'POST' })

async function names(sqs: SQSClient): Promise<string[]> {
  const { QueueUrls = [] } = await sqs.send(new ListQueuesCommand({}))
  return QueueUrls.map((url) => url.slice(url.lastIndexOf('/') + 1))
}

test('a reset leaves what is declared and nothing else, whatever crashes afterwards', async () => {
  const { server, sqs } = open
  expect(server.errors).toContain('RESET IS ALLOWED')
  for (const QueueName of ['a', 'b', 'declared']) {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName }))
    const Entries = Array.from({ length: 10 }, (_, i) => ({
      Id: String(i),
      MessageBody: `${QueueName} ${i}`,
    }))
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))
  }
  await sqs.send(new ReceiveMessageCommand({ QueueUrl: 'a' }))
  const options = { endpoint: server.url, region: 'us-east-1', credentials: TEST_KEY, maxAttempts: 1 }
  const sns = new SNSClient(options)
  await sns.send(new CreateTopicCommand({ Name: 'news' }))
  const answer = await reset(server)
  expect([answer.status, await answer.json()]).toEqual([200, { queues: 3, milliseconds: expect.any(Number) }])
  await server.kill()
  await server.start()
  expect((await sns.send(new ListTopicsCommand({}))).Topics ?? []).toEqual([])
  sns.destroy()
  expect(await names(sqs)).toEqual(['declared'])
  expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl: 'declared' }))).Messages).toBeUndefined()
  await sqs.send(new SendMessageCommand({ QueueUrl: 'declared', MessageBody: 'new' }))
  expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl: 'declared' }))).Messages).toMatchObject([
    { Body: 'new' },
  ])
})

test('who waits for a message of a queue that goes is told so at once', async () => {
  const { server, sqs } = open
  await sqs.send(new CreateQueueCommand({ QueueName: 'waited-for' }))
  const startedAt = Date.now()
  const waiting = sqs.send(new ReceiveMessageCommand({ QueueUrl: 'waited-for', WaitTimeSeconds: 20 }))
  const refused = expect(waiting).rejects.toMatchObject({ name: 'QueueDoesNotExist' })
  await new Promise((resolve) => setTimeout(resolve, 200))
  expect((await reset(server)).status).toBe(200)
  await refused
  expect(Date.now() - startedAt).toBeLessThan(10_000)
})

test('resets at the same time each leave what is declared', async () => {
  const { server, sqs } = open
  const answers = await Promise.all(Array.from({ length: 5 }, () => reset(server)))
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200])
  expect(await names(sqs)).toEqual(['declared'])
})

test('a server that was not started for it says how it would be, and keeps everything', async () => {
  const { server, sqs } = await start('--auth', 'off')
  const answer = await reset(server)
  expect(answer.status).toBe(403)
  expect(await answer.text()).toMatch(/--allow-reset.*MILLRACE_ALLOW_RESET=true.*allow-reset: true/)
  expect(await names(sqs)).toEqual(['declared'])
})

test('with authentication only a reset that the root key signed is done', async () => {
  const { server, sqs } = await start('--allow-reset')
  await sqs.send(new CreateQueueCommand({ QueueName: 'kept' }))
  const options = { service: 'millrace', region: 'us-east-1', retries: 0 }
  const post = { method: 'POST' }
  const forged = new AwsClient({ ...TEST_KEY, ...options, secretAccessKey: 'wrong' })
  const forSqs = new AwsClient({ ...TEST_KEY, ...options, service: 'sqs' })
  const refused = [
    await reset(server),
    await forged.fetch(server.url + PATH, post),
    await forSqs.fetch(server.url + PATH, post),
    await fetch(server.url + PATH, { ...post, headers: { authorization: 'AWS4-HMAC-SHA256 nonsense' } }),
  ]
  expect(refused.map(({ status }) => status)).toEqual([403, 403, 403, 400])
  expect(await names(sqs)).toEqual(['declared', 'kept'])
  const signed = new AwsClient({ ...TEST_KEY, ...options })
  expect((await signed.fetch(server.url + PATH, post)).status).toBe(200)
  expect(await names(sqs)).toEqual(['declared'])
  expect(server.errors).toContain(
    'RESET: every queue, message, topic, stream, user, group, role, policy and key was deleted',
  )
})

test('nothing but a POST to this path resets, whatever it carries', async () => {
  const { server, sqs } = open
  await sqs.send(new CreateQueueCommand({ QueueName: 'kept' }))
  for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH']) {
    expect((await fetch(server.url + PATH, { method })).status).toBe(405)
  }
  for (const other of [`${PATH}/`, `${PATH}/x`, '/_millrace', '/_millrace/']) {
    expect((await fetch(server.url + other, { method: 'POST' })).status).toBe(404)
  }
  expect(await names(sqs)).toEqual(['declared', 'kept'])
  const body = new Uint8Array(100_000).fill(0xff)
  expect((await fetch(`${server.url}${PATH}?%%%&=`, { method: 'POST', body })).status).toBe(200)
})
