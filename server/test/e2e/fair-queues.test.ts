import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

let server: ServerProcess
let sqs: SQSClient
let queues = 0
let QueueUrl: string

const connect = () =>
  new SQSClient({ endpoint: server.url, region: 'us-east-1', credentials: TEST_KEY, maxAttempts: 1 })

beforeAll(async () => {
  server = await ServerProcess.create()
  await server.start()
  sqs = connect()
})

afterAll(async () => {
  sqs.destroy()
  await server.destroy()
})

beforeEach(async () => {
  const created = await sqs.send(new CreateQueueCommand({ QueueName: `shared-${++queues}` }))
  QueueUrl = created.QueueUrl!
})

const send = (body: string, MessageGroupId?: string) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body, MessageGroupId }))

async function sendMany(group: string, count: number): Promise<void> {
  for (let sent = 0; sent < count; sent += 10) {
    const Entries = Array.from({ length: Math.min(10, count - sent) }, (_, i) => ({
      Id: `${i}`,
      MessageBody: `${group} ${sent + i}`,
      MessageGroupId: group,
    }))
    await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))
  }
}

async function receive(limit = 10): Promise<readonly Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl,
      MaxNumberOfMessages: limit,
      VisibilityTimeout: 600,
      MessageSystemAttributeNames: ['MessageGroupId'],
    }),
  )
  return Messages
}

const bodies = (messages: readonly Message[]) => messages.map(({ Body }) => Body)

/** The noisy tenant has as much in flight, and a backlog. */
async function makeNoisy(): Promise<readonly Message[]> {
  await sendMany('noisy', 60)
  return [...(await receive()), ...(await receive()), ...(await receive())]
}

test('quiet groups and messages without a group are received before the backlog of a noisy one', async () => {
  await makeNoisy()
  await send('of a quiet group', 'quiet')
  await send('of none')
  const messages = await receive(4)
  expect(bodies(messages)).toEqual(['of a quiet group', 'of none', 'noisy 30', 'noisy 31'])
  expect(messages.map(({ Attributes }) => Attributes?.MessageGroupId)).toEqual([
    'quiet',
    undefined,
    'noisy',
    'noisy',
  ])
})

test('one batch may have messages with groups and without', async () => {
  await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: [
        { Id: '1', MessageBody: 'first' },
        { Id: '2', MessageBody: 'second', MessageGroupId: 'g' },
        { Id: '3', MessageBody: 'third' },
        { Id: '4', MessageBody: 'fourth', MessageGroupId: 'h' },
      ],
    }),
  )
  expect(bodies(await receive())).toEqual(['first', 'second', 'third', 'fourth'])
})

test('what comes back of a group is received again, and what is deleted is not', async () => {
  await send('again', 'g')
  await send('never again', 'g')
  const [again, never] = await receive()
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: never!.ReceiptHandle }))
  await sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl,
      ReceiptHandle: again!.ReceiptHandle,
      VisibilityTimeout: 0,
    }),
  )
  expect(bodies(await receive())).toEqual(['again'])
})

test('who is noisy is known after a crash', async () => {
  const held = await makeNoisy()
  await send('quiet 1', 'quiet')
  expect(bodies(await receive(1))).toEqual(['quiet 1'])
  // Its share falls, but it has a backlog and was found noisy.
  for (const { ReceiptHandle } of held) await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))
  await server.kill()
  await server.start()
  sqs.destroy()
  sqs = connect()
  await send('quiet 2', 'quiet')
  expect(bodies(await receive(2))).toEqual(['quiet 2', 'noisy 30'])
})
