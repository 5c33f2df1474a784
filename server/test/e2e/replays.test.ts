import {
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  InvalidStateException,
  PublishBatchCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'
import { FROM_TOPICS } from '../sns/from-topics.ts'

let server: ServerProcess
let sns: SNSClient
let sqs: SQSClient

beforeAll(async () => {
  server = await ServerProcess.create()
  await server.start()
  connect()
})

afterAll(async () => {
  sns.destroy()
  sqs.destroy()
  await server.destroy()
})

function connect(): void {
  const options = { endpoint: server.url, region: 'us-east-1', credentials: TEST_KEY, maxAttempts: 1 }
  sns = new SNSClient(options)
  sqs = new SQSClient(options)
}

interface Notification {
  readonly Message: string
  readonly MessageId: string
  readonly Timestamp: string
  readonly SequenceNumber: string
  readonly Replayed?: boolean
}

async function newQueue(name: string): Promise<{ readonly url: string; readonly arn: string }> {
  const Attributes = { FifoQueue: 'true', Policy: FROM_TOPICS }
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }))
  return { url: QueueUrl!, arn: `arn:aws:sqs:us-east-1:000000000000:${name}` }
}

async function publish(TopicArn: string, texts: readonly string[]): Promise<void> {
  for (let i = 0; i < texts.length; i += 10) {
    const PublishBatchRequestEntries = texts.slice(i, i + 10).map((Message, Id) => ({
      ...{ Id: `${Id}`, Message, MessageGroupId: Message[0]!, MessageDeduplicationId: Message },
    }))
    await sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries }))
  }
}

/** Takes `count` notifications out of a queue. */
async function take(QueueUrl: string, count: number): Promise<readonly Notification[]> {
  const taken: Notification[] = []
  while (taken.length < count) {
    const receive = { QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 10 }
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand(receive))
    if (Messages.length === 0) throw new Error(`only ${taken.length} of ${count} messages came`)
    taken.push(...Messages.map(({ Body }) => JSON.parse(Body!)))
    const Entries = Messages.map(({ ReceiptHandle }, Id) => ({ Id: `${Id}`, ReceiptHandle }))
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
  }
  return taken
}

const inGroup = (all: readonly Notification[], group: string) =>
  all.map(({ Message }) => Message).filter((text) => text.startsWith(group))

async function replayStatus(SubscriptionArn: string): Promise<string | undefined> {
  return (await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes?.ReplayStatus
}

test('an archive outlives a kill of the server, and is replayed to whoever asks for it', async () => {
  const ArchivePolicy = '{"MessageRetentionPeriod":"30"}'
  const Attributes = { FifoTopic: 'true', ArchivePolicy }
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'ledger.fifo', Attributes }))
  const began = (await sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes!
  expect(began.ArchivePolicy).toBe(ArchivePolicy)
  expect(Math.abs(Date.parse(began.BeginningArchiveTime!) - Date.now())).toBeLessThan(60_000)

  const queue = await newQueue('first.fifo')
  const { SubscriptionArn } = await sns.send(
    new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queue.arn, ReturnSubscriptionArn: true }),
  )
  const texts = Array.from({ length: 250 }, (_, i) => `${'ab'[i % 2]}${i}`)
  await publish(TopicArn, texts)
  const first = await take(queue.url, 250)
  expect(first.some(({ Replayed }) => Replayed !== undefined)).toBe(false)

  sns.destroy()
  sqs.destroy()
  await server.kill()
  await server.start()
  connect()

  const replay = { PointType: 'Timestamp', StartingPoint: began.BeginningArchiveTime }
  const AttributeName = 'ReplayPolicy'
  const AttributeValue = JSON.stringify(replay)
  await sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn, AttributeName, AttributeValue }))
  await publish(TopicArn, ['a-new'])
  const again = await take(queue.url, 251)
  for (const group of 'ab') {
    expect(inGroup(again, group)).toEqual([...texts, 'a-new'].filter((text) => text.startsWith(group)))
  }
  const original = new Map(first.map((each) => [each.MessageId, each]))
  for (const each of again) {
    if (each.Message !== 'a-new') expect(each).toEqual({ ...original.get(each.MessageId), Replayed: true })
  }
  expect(await replayStatus(SubscriptionArn!)).toBe('Completed')

  const late = await newQueue('late.fifo')
  const filtered = {
    ReplayPolicy: AttributeValue,
    FilterPolicyScope: 'MessageBody',
    FilterPolicy: '{"n":[7]}',
  }
  await publish(TopicArn, ['{"n":7}', '{"n":8}'])
  await sns.send(
    new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: late.arn, Attributes: filtered }),
  )
  expect((await take(late.url, 1)).map(({ Message }) => Message)).toEqual(['{"n":7}'])
})

test('a topic with an archive can be deleted only when the archive is given up', async () => {
  const Attributes = { FifoTopic: 'true', ArchivePolicy: '{"MessageRetentionPeriod":"1"}' }
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'kept.fifo', Attributes }))
  const refused = sns.send(new DeleteTopicCommand({ TopicArn }))
  await expect(refused).rejects.toThrow(InvalidStateException)
  await expect(refused).rejects.toThrow('Invalid state: Cannot delete a topic with an ArchivePolicy')
  const AttributeName = 'ArchivePolicy'
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue: '{}' }))
  await sns.send(new DeleteTopicCommand({ TopicArn }))
})
