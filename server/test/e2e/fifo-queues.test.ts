import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { Consumer } from 'sqs-consumer'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

let server: ServerProcess
let sqs: SQSClient
let queues = 0
let QueueUrl: string

const clientOf = (endpoint: string) =>
  new SQSClient({ endpoint, region: 'us-east-1', credentials: TEST_KEY, maxAttempts: 1 })

beforeAll(async () => {
  server = await ServerProcess.create()
  await server.start()
  sqs = clientOf(server.url)
})

afterAll(async () => {
  sqs.destroy()
  await server.destroy()
})

beforeEach(async () => {
  QueueUrl = await newQueue({ ContentBasedDeduplication: 'true' })
})

async function newQueue(attributes: Record<string, string> = {}): Promise<string> {
  const created = await sqs.send(
    new CreateQueueCommand({
      QueueName: `queue-${++queues}.fifo`,
      Attributes: { FifoQueue: 'true', ...attributes },
    }),
  )
  return created.QueueUrl!
}

const send = (group: string, body: string, more: object = {}) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: body, MessageGroupId: group, ...more }))

async function receive(options: Partial<ReceiveMessageCommand['input']> = {}): Promise<readonly Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...options }),
  )
  return Messages
}

const remove = ({ ReceiptHandle }: Message) => sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))

const bodies = (messages: readonly Message[]) => messages.map(({ Body }) => Body)

/** What an SDK user catches. */
async function errorOf(request: Promise<unknown>): Promise<string> {
  const error = await request.then(
    () => null,
    (thrown) => thrown,
  )
  expect(error, 'the request was to fail').not.toBeNull()
  return `${error.$metadata.httpStatusCode} ${error.name}: ${error.message}`
}

test('a group comes in order, one receiver at a time, and is told with its numbers', async () => {
  const sent = await sqs.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: ['one', 'two', 'three'].map((MessageBody, i) => ({
        Id: `${i}`,
        MessageBody,
        MessageGroupId: 'a',
      })),
    }),
  )
  await send('b', 'other')
  const numbers = sent.Successful!.map(({ SequenceNumber }) => SequenceNumber!)
  expect(numbers.toSorted()).toEqual(numbers)
  const [one, two] = await receive({ MaxNumberOfMessages: 2, MessageSystemAttributeNames: ['All'] })
  expect(bodies([one!, two!])).toEqual(['one', 'two'])
  expect(one!.Attributes).toMatchObject({
    MessageGroupId: 'a',
    SequenceNumber: numbers[0],
    MessageDeduplicationId: '7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed',
  })
  expect(bodies(await receive())).toEqual(['other'])
  await remove(one!)
  expect(await receive()).toEqual([])
  await sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl,
      ReceiptHandle: two!.ReceiptHandle,
      VisibilityTimeout: 0,
    }),
  )
  expect(bodies(await receive())).toEqual(['two', 'three'])
})

test('a duplicate is told of the first, also after it is deleted and the server was killed', async () => {
  const first = await send('a', 'same')
  const again = await send('a', 'same', {
    MessageAttributes: { x: { DataType: 'String', StringValue: 'y' } },
  })
  expect([again.MessageId, again.SequenceNumber]).toEqual([first.MessageId, first.SequenceNumber])
  const [message] = await receive()
  await remove(message!)
  await server.kill()
  await server.start()
  sqs.destroy()
  sqs = clientOf(server.url)
  QueueUrl = QueueUrl.replace(/^http:\/\/[^/]+/, server.url)
  const third = await send('a', 'same')
  expect([third.MessageId, third.SequenceNumber]).toEqual([first.MessageId, first.SequenceNumber])
  expect(await receive()).toEqual([])
  const fourth = await send('a', 'another')
  expect(BigInt(fourth.SequenceNumber!) > BigInt(first.SequenceNumber!)).toBe(true)
})

test('many receivers at once share groups, and each group stays in order', async () => {
  const groups = ['a', 'b', 'c', 'd', 'e']
  for (let i = 0; i < 10; i++) {
    await sqs.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: groups.map((MessageGroupId) => ({
          Id: MessageGroupId,
          MessageBody: `${MessageGroupId}${i}`,
          MessageGroupId,
        })),
      }),
    )
  }
  const came: string[] = []
  const held = new Set<string>()
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      while (came.length < 50) {
        const messages = await receive({ MaxNumberOfMessages: 3, WaitTimeSeconds: 1 })
        const mine = new Set(bodies(messages).map((body) => body![0]!))
        for (const group of mine) expect(held.has(group), `group ${group} was with another`).toBe(false)
        for (const group of mine) held.add(group)
        for (const body of bodies(messages)) came.push(body!)
        // Long enough for the others to ask meanwhile.
        await new Promise((resolve) => setTimeout(resolve, 10))
        // Let go of before it is deleted: once the server knows, another may have it.
        for (const group of mine) held.delete(group)
        if (messages.length > 0) {
          const Entries = messages.map(({ ReceiptHandle }, i) => ({ Id: `${i}`, ReceiptHandle }))
          const { Failed } = await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
          expect(Failed).toBeUndefined()
        }
      }
    }),
  )
  for (const group of groups) {
    const mine = came.filter((body) => body[0] === group)
    expect(mine).toEqual(Array.from({ length: 10 }, (_, i) => `${group}${i}`))
  }
})

test('a receive that was not answered is had again under its attempt id', async () => {
  await send('a', 'one')
  await send('a', 'two')
  const first = await receive({ ReceiveRequestAttemptId: 'attempt' })
  expect(bodies(first)).toEqual(['one', 'two'])
  expect(await receive({ ReceiveRequestAttemptId: 'attempt' })).toEqual(first)
  expect(await receive({ ReceiveRequestAttemptId: 'another' })).toEqual([])
  await remove(first[0]!)
  expect(await errorOf(receive({ ReceiveRequestAttemptId: 'attempt' }))).toMatch(
    /^400 InvalidParameterValue: Value attempt for parameter ReceiveRequestAttemptId is invalid/,
  )
})

test('what was received too often goes to a FIFO dead-letter queue', async () => {
  const dead = await newQueue()
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl: dead, AttributeNames: ['QueueArn'] }),
  )
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: Attributes!.QueueArn, maxReceiveCount: 1 })
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy } }))
  const { MessageId } = await send('a', 'poison')
  await send('a', 'next')
  await receive({ MaxNumberOfMessages: 1, VisibilityTimeout: 0 })
  expect(bodies(await receive())).toEqual(['next'])
  const [letter] = await receive({ QueueUrl: dead, MessageSystemAttributeNames: ['All'] })
  expect(letter).toMatchObject({
    Body: 'poison',
    MessageId,
    Attributes: { MessageGroupId: 'a', MessageDeduplicationId: MessageId, ApproximateReceiveCount: '2' },
  })
})

test('an SDK gets the errors of FIFO queues as AWS gives them', async () => {
  expect(await errorOf(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'no group' })))).toBe(
    '400 MissingParameter: The request must contain the parameter MessageGroupId.',
  )
  expect(await errorOf(send('a', 'x', { DelaySeconds: 2 }))).toBe(
    '400 InvalidParameterValue: Value 2 for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.',
  )
  await send('a', 'x')
  const [message] = await receive({ VisibilityTimeout: 0 })
  expect(await errorOf(remove(message!))).toBe(
    `400 InvalidParameterValue: Value ${message!.ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.`,
  )
  QueueUrl = await newQueue()
  expect(await errorOf(send('a', 'x'))).toBe(
    '400 InvalidParameterValue: The queue should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  )
  expect(
    await errorOf(sqs.send(new CreateQueueCommand({ QueueName: 'x', Attributes: { FifoQueue: 'true' } }))),
  ).toMatch(/^400 InvalidParameterValue: The name of a FIFO queue can only include/)
})

test('sqs-consumer handles each group in order', async () => {
  const handled: string[] = []
  const done = new Promise<void>((resolve, reject) => {
    const consumer = Consumer.create({
      queueUrl: QueueUrl,
      sqs,
      batchSize: 10,
      waitTimeSeconds: 1,
      // Without it, a consumer warns of FIFO queues.
      suppressFifoWarning: true,
      handleMessageBatch: async (messages) => {
        for (const { Body } of messages) handled.push(Body!)
        if (handled.length === 24) {
          consumer.stop()
          resolve()
        }
        return messages
      },
    })
    consumer.on('error', reject)
    consumer.start()
  })
  for (let i = 0; i < 12; i++) for (const group of ['a', 'b']) await send(group, `${group}${i}`)
  await done
  for (const group of ['a', 'b']) {
    const mine = handled.filter((body) => body[0] === group)
    expect(mine).toEqual(Array.from({ length: 12 }, (_, i) => `${group}${i}`))
  }
})
