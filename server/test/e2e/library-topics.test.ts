import { createHash } from 'node:crypto'
import {
  CreateTopicCommand,
  PublishBatchCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import {
  type Message,
  ReceiveMessageCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs'
import { afterEach, expect, test } from 'vitest'
import { type Millrace, type MillraceOptions, startMillrace } from '../../src/library/start-millrace.ts'
import { FROM_TOPICS } from '../sns/from-topics.ts'

/** What a test that starts the library sees of messages which topics put into its queues. */
const cleanUp: (() => unknown)[] = []
afterEach(async () => {
  for (const each of cleanUp.splice(0).reverse()) await each()
})

interface Started {
  readonly server: Millrace
  readonly sqs: SQSClient
  readonly sns: SNSClient
}

async function start(options: MillraceOptions): Promise<Started> {
  const server = await startMillrace(options)
  const sqs = new SQSClient({ ...server.clientConfig, maxAttempts: 1 })
  const sns = new SNSClient({ ...server.clientConfig, maxAttempts: 1 })
  cleanUp.push(
    () => server.stop(),
    () => sqs.destroy(),
    () => sns.destroy(),
  )
  return { server, sqs, sns }
}

const arnOf = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`
const RAW = { RawMessageDelivery: 'true' }

/** A topic with one subscription; its ARN. */
async function topicOf(sns: SNSClient, queue: string, more: { raw?: boolean; fifo?: boolean } = {}) {
  const { TopicArn } = await sns.send(
    new CreateTopicCommand(
      more.fifo ? { Name: 'news.fifo', Attributes: { FifoTopic: 'true' } } : { Name: 'news' },
    ),
  )
  await sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: 'sqs',
      Endpoint: arnOf(queue),
      Attributes: more.raw ? RAW : {},
    }),
  )
  return TopicArn
}

async function receive({ server, sqs }: Started, queue: string): Promise<readonly Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: `${server.endpoint}/000000000000/${queue}`,
      MaxNumberOfMessages: 10,
      MessageAttributeNames: ['All'],
      MessageSystemAttributeNames: ['All'],
    }),
  )
  return Messages
}

test('what a topic puts into a queue as it is, is told when the publish is answered, as it is then received', async () => {
  const started = await start({ queues: [{ name: 'readers', attributes: { Policy: FROM_TOPICS } }] })
  const { server, sns } = started
  const TopicArn = await topicOf(sns, 'readers', { raw: true })
  await sns.send(
    new PublishCommand({
      TopicArn,
      Message: 'the mill is open',
      MessageAttributes: { stones: { DataType: 'Number', StringValue: '2' } },
    }),
  )
  const told = server.history('readers')
  expect(told).toMatchObject([
    {
      event: 'sent',
      message: { body: 'the mill is open', messageAttributes: { stones: { StringValue: '2' } } },
    },
  ])
  const { waiting } = await server.inspect('readers')
  expect(waiting).toEqual([told[0]?.message])
  const [received] = await receive(started, 'readers')
  expect(received).toMatchObject({
    MessageId: waiting[0]?.messageId,
    Body: waiting[0]?.body,
    MessageAttributes: waiting[0]?.messageAttributes,
  })
  expect(server.history('readers').map(({ event }) => event)).toEqual(['sent', 'received'])
})

test('what a topic wraps is told in its envelope when the publish is answered, the first one too', async () => {
  const started = await start({ queues: [{ name: 'readers', attributes: { Policy: FROM_TOPICS } }] })
  const { server, sns } = started
  const TopicArn = await topicOf(sns, 'readers')
  await sns.send(new PublishCommand({ TopicArn, Subject: 'today', Message: 'the mill is open' }))
  const told = server.history('readers')
  expect(told.map(({ event }) => event)).toEqual(['sent'])
  expect(JSON.parse(told[0]?.message.body ?? '')).toMatchObject({
    Subject: 'today',
    Message: 'the mill is open',
  })
  const { waiting } = await server.inspect('readers')
  expect(waiting).toEqual([told[0]?.message])
  const [received] = await receive(started, 'readers')
  expect(received?.Body).toBe(waiting[0]?.body)
  expect(received?.MD5OfBody).toBe(
    createHash('md5')
      .update(waiting[0]?.body ?? '')
      .digest('hex'),
  )
  const wanted = { queue: 'readers', event: 'received' } as const
  const { message } = await server.waitFor({
    ...wanted,
    where: ({ body }) => JSON.parse(body).Message === 'the mill is open',
  })
  expect(message).toMatchObject({ body: received?.Body, receiveCount: 1 })
})

test('a FIFO topic tells of each message once, in order, and of no duplicate', async () => {
  const fifo = { FifoQueue: 'true', Policy: FROM_TOPICS }
  const { server, sns } = await start({ queues: [{ name: 'readers.fifo', attributes: fifo }] })
  const TopicArn = await topicOf(sns, 'readers.fifo', { fifo: true })
  const entry = (n: number) => ({
    ...{ Id: `e${n}`, Message: `m${n}`, MessageGroupId: 'g', MessageDeduplicationId: `d${n % 3}` },
  })
  await sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: [0, 1, 2, 3].map(entry) }))
  const told = server.history('readers.fifo').map(({ message }) => message)
  expect(told.map(({ body }) => JSON.parse(body).Message)).toEqual(['m0', 'm1', 'm2'])
  expect(told.map(({ systemAttributes }) => systemAttributes.MessageDeduplicationId)).toEqual([
    'd0',
    'd1',
    'd2',
  ])
  expect((await server.inspect('readers.fifo')).waiting).toEqual(told)
})

test('a published message is told of as it dies and as a task moves it back', async () => {
  const redrive = {
    Policy: FROM_TOPICS,
    RedrivePolicy: { deadLetterTargetArn: 'dead', maxReceiveCount: 1 },
    VisibilityTimeout: 10,
  }
  const started = await start({ queues: ['dead', { name: 'readers', attributes: redrive }] })
  const { server, sqs, sns } = started
  const TopicArn = await topicOf(sns, 'readers')
  await sns.send(new PublishCommand({ TopicArn, Message: 'unread' }))
  for (let receives = 1; receives <= 2; receives++) {
    await receive(started, 'readers')
    await server.clock.advance('10s')
  }
  await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf('dead') }))
  await server.clock.advance('1s')
  expect(server.history('dead').map(({ event, to }) => [event, to])).toEqual([
    ['deadLettered', 'dead'],
    ['moved', 'readers'],
  ])
  const bodies = server.history('readers').map(({ message }) => message.body)
  expect(new Set(bodies).size).toBe(1)
  expect((await server.inspect('readers')).waiting).toMatchObject([{ body: bodies[0] }])
})

test('nothing that was published before a reset is told of after it', async () => {
  const { server, sns } = await start({ queues: [{ name: 'readers', attributes: { Policy: FROM_TOPICS } }] })
  const TopicArn = await topicOf(sns, 'readers')
  const published = Array.from({ length: 20 }, (_, n) =>
    sns.send(new PublishCommand({ TopicArn, Message: `m${n}` })),
  )
  await Promise.race(published)
  await server.reset()
  await Promise.allSettled(published)
  expect(server.history('readers')).toEqual([])
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(server.history('readers')).toEqual([])
})
