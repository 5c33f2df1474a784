import {
  CreateKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  KMSClient,
  PutKeyPolicyCommand,
} from '@aws-sdk/client-kms'
import {
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  PublishBatchCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Millrace, startMillrace } from '../../src/library/start-millrace.ts'
import { errorOf } from './error-of.ts'

/** Topics that have a key of KMS, and topics that send to queues which have one. */
const ACCOUNT = '000000000000'
const keyArnOf = (id: string) => `arn:aws:kms:us-east-1:${ACCOUNT}:key/${id}`

let server: Millrace
let sqs: SQSClient
let sns: SNSClient
let kms: KMSClient
let names = 0
beforeAll(async () => {
  server = await startMillrace()
  const config = { ...server.clientConfig, maxAttempts: 1 }
  sqs = new SQSClient(config)
  sns = new SNSClient(config)
  kms = new KMSClient(config)
})
afterAll(() => server.stop())

/** A key whose policy lets topics in, as AWS wants it, unless told otherwise. */
async function newKey({ forTopics = true } = {}): Promise<string> {
  const { KeyMetadata } = await kms.send(new CreateKeyCommand({}))
  const KeyId = KeyMetadata!.KeyId!
  if (forTopics) await letTopicsIn(KeyId)
  return KeyId
}

async function letTopicsIn(KeyId: string, condition: object = {}): Promise<void> {
  const all = { Effect: 'Allow', Resource: '*' }
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      { ...all, Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: 'kms:*' },
      {
        ...{ ...all, Principal: { Service: 'sns.amazonaws.com' }, Condition: condition },
        Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
      },
    ],
  })
  await kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy }))
}

interface TestQueue {
  readonly url: string
  readonly arn: string
}

async function newQueue(key = '', attributes: Record<string, string> = {}): Promise<TestQueue> {
  const name = `queue-${++names}${attributes.FifoQueue === undefined ? '' : '.fifo'}`
  const Attributes = {
    ...(key !== '' && { KmsMasterKeyId: key, KmsDataKeyReusePeriodSeconds: '60' }),
    ...attributes,
  }
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }))
  const arn = `arn:aws:sqs:us-east-1:${ACCOUNT}:${name}`
  const Policy = JSON.stringify({
    Version: '2012-10-17',
    Statement: {
      ...{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage' },
      Resource: arn,
    },
  })
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }))
  return { url: QueueUrl!, arn }
}

async function newTopic(key = '', attributes: Record<string, string> = {}): Promise<string> {
  const Name = `topic-${++names}${attributes.FifoTopic === undefined ? '' : '.fifo'}`
  const Attributes = { ...(key !== '' && { KmsMasterKeyId: key }), ...attributes }
  return (await sns.send(new CreateTopicCommand({ Name, Attributes }))).TopicArn!
}

async function subscribe(TopicArn: string, { arn }: TestQueue, attributes: Record<string, string> = {}) {
  const Attributes = { RawMessageDelivery: 'true', ...attributes }
  const input = { TopicArn, Protocol: 'sqs', Endpoint: arn, Attributes, ReturnSubscriptionArn: true }
  return (await sns.send(new SubscribeCommand(input))).SubscriptionArn!
}

const publish = (TopicArn: string, Text: string, more: object = {}) =>
  sns.send(new PublishCommand({ TopicArn, Message: Text, ...more }))

async function receive({ url }: TestQueue): Promise<readonly Message[]> {
  const input = { QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }
  return (await sqs.send(new ReceiveMessageCommand(input))).Messages ?? []
}

const textsIn = async (queue: TestQueue) => (await receive(queue)).map(({ Body }) => Body)

async function failuresOf(SubscriptionArn: string): Promise<string> {
  const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))
  return JSON.stringify(Attributes)
}

test('a message lands in queues with keys of their own, with the topic’s, with none, and raw or enveloped', async () => {
  const [key, other] = [await newKey(), await newKey()]
  for (const topicKey of ['', key]) {
    const topic = await newTopic(topicKey)
    const queues = [await newQueue(), await newQueue(key), await newQueue(other), await newQueue(other)]
    for (const queue of queues) await subscribe(topic, queue)
    const enveloped = await newQueue(other)
    await subscribe(topic, enveloped, { RawMessageDelivery: 'false' })
    await publish(topic, 'grain')
    const Entry = { Id: 'a', Message: 'flour' }
    await sns.send(new PublishBatchCommand({ TopicArn: topic, PublishBatchRequestEntries: [Entry] }))
    for (const queue of queues) expect((await textsIn(queue)).sort()).toEqual(['flour', 'grain'])
    const documents = (await textsIn(enveloped)).map((text) => JSON.parse(text!))
    expect(documents.map(({ Message: text }) => text).sort()).toEqual(['flour', 'grain'])
    expect(documents[0].Timestamp).toBe(new Date(documents[0].Timestamp).toISOString())
  }
})

test('a queue that gets a key, another or none is told by the next message already', async () => {
  const [first, second] = [await newKey(), await newKey()]
  const topic = await newTopic()
  const queue = await newQueue()
  await subscribe(topic, queue)
  for (const [i, KmsMasterKeyId] of ['', first, second, '', first].entries()) {
    await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: { KmsMasterKeyId } }))
    await publish(topic, `message ${i}`)
  }
  expect((await textsIn(queue)).sort()).toEqual([0, 1, 2, 3, 4].map((i) => `message ${i}`))
})

test('publishing to a topic whose key can not be used is refused, with SNS’s own errors', async () => {
  const key = await newKey()
  const topic = await newTopic(key)
  const queue = await newQueue()
  await subscribe(topic, queue)
  await publish(topic, 'before')
  await kms.send(new DisableKeyCommand({ KeyId: key }))
  await server.clock.advance('5m')
  expect(await errorOf(publish(topic, 'refused'))).toMatchObject({
    ...{ name: 'KMSDisabledException', status: 400, message: `${keyArnOf(key)} is disabled.` },
  })
  const entries = [{ Id: 'a', Message: 'refused' }]
  const batch = sns.send(new PublishBatchCommand({ TopicArn: topic, PublishBatchRequestEntries: entries }))
  expect(await errorOf(batch)).toMatchObject({ name: 'KMSDisabledException' })
  const setKey = (AttributeValue: string) =>
    sns.send(
      new SetTopicAttributesCommand({ TopicArn: topic, AttributeName: 'KmsMasterKeyId', AttributeValue }),
    )
  await setKey('alias/not-there')
  expect(await errorOf(publish(topic, 'refused'))).toMatchObject({
    name: 'KMSNotFoundException',
    status: 400,
  })
  await setKey('alias/aws/sns')
  await publish(topic, 'managed')
  await setKey('')
  await publish(topic, 'plain')
  await setKey(key)
  await kms.send(new EnableKeyCommand({ KeyId: key }))
  await publish(topic, 'after')
  expect((await textsIn(queue)).sort()).toEqual(['after', 'before', 'managed', 'plain'])
})

test('a queue whose key a topic may not use gets nothing, and that is no refusal: it goes to the dead letters', async () => {
  const [closed, open] = [await newKey({ forTopics: false }), await newKey()]
  const topic = await newTopic()
  const [denied, other, deadLetters] = [await newQueue(closed), await newQueue(), await newQueue(open)]
  const subscription = await subscribe(topic, denied)
  await subscribe(topic, other)
  await publish(topic, 'lost')
  expect(await textsIn(denied)).toEqual([])
  expect(await textsIn(other)).toEqual(['lost'])
  await sns.send(
    new SetSubscriptionAttributesCommand({
      ...{ SubscriptionArn: subscription, AttributeName: 'RedrivePolicy' },
      AttributeValue: JSON.stringify({ deadLetterTargetArn: deadLetters.arn }),
    }),
  )
  await publish(topic, 'buried')
  expect(await textsIn(denied)).toEqual([])
  expect(await textsIn(deadLetters)).toEqual(['buried'])
  await letTopicsIn(closed, { ArnEquals: { 'aws:SourceArn': topic } })
  await publish(topic, 'let in')
  expect(await textsIn(denied)).toEqual(['let in'])
  await letTopicsIn(closed, { ArnEquals: { 'aws:SourceArn': `${topic}-not` } })
  await publish(topic, 'buried too')
  expect(await textsIn(denied)).toEqual(['let in'])
})

test('a topic may have the key of a queue and yet not be let in by it', async () => {
  const key = await newKey({ forTopics: false })
  const topic = await newTopic(key)
  const queue = await newQueue(key)
  await subscribe(topic, queue)
  await publish(topic, 'not let in')
  await letTopicsIn(key)
  await publish(topic, 'let in')
  expect(await textsIn(queue)).toEqual(['let in'])
})

test('as at AWS, no topic is let in by the key that AWS would manage for queues', async () => {
  const topic = await newTopic()
  const queue = await newQueue('alias/aws/sqs')
  await subscribe(topic, queue)
  await publish(topic, 'lost')
  expect(await textsIn(queue)).toEqual([])
})

test('an archive is sealed under the key of its topic, filtered in a replay, and replayed no more where the key is disabled', async () => {
  const key = await newKey()
  const FifoTopic = { FifoTopic: 'true', ContentBasedDeduplication: 'true' }
  const topic = await newTopic(key, { ...FifoTopic, ArchivePolicy: '{"MessageRetentionPeriod":"30"}' })
  const attributes = { mill: { DataType: 'String', StringValue: 'north' } }
  const from = new Date(server.clock.now()).toISOString()
  await publish(topic, 'north', { MessageGroupId: 'g', MessageAttributes: attributes })
  await publish(topic, 'south', { MessageGroupId: 'g' })
  const ReplayPolicy = JSON.stringify({ PointType: 'Timestamp', StartingPoint: from })
  const FilterPolicy = '{"mill":["north"]}'
  const replayed = await newQueue('', { FifoQueue: 'true' })
  const first = await subscribe(topic, replayed, { ReplayPolicy, FilterPolicy })
  await server.clock.advance('1s')
  expect(await failuresOf(first)).toContain('Completed')
  expect(await textsIn(replayed)).toEqual(['north'])
  await kms.send(new DisableKeyCommand({ KeyId: key }))
  await server.clock.advance('5m')
  const second = await subscribe(topic, await newQueue('', { FifoQueue: 'true' }), { ReplayPolicy })
  await server.clock.advance('1s')
  expect(await failuresOf(second)).toContain('Failed')
  await kms.send(new EnableKeyCommand({ KeyId: key }))
})

test('a topic that gets the key of a queue which does not let it in keeps its archive under that all the same', async () => {
  const key = await newKey({ forTopics: false })
  const FifoTopic = { FifoTopic: 'true', ContentBasedDeduplication: 'true' }
  const topic = await newTopic('', { ...FifoTopic, ArchivePolicy: '{"MessageRetentionPeriod":"30"}' })
  const closed = await newQueue(key, { FifoQueue: 'true' })
  await subscribe(topic, closed)
  await publish(topic, 'refused by the key', { MessageGroupId: 'g' })
  await sns.send(
    new SetTopicAttributesCommand({
      ...{ TopicArn: topic, AttributeName: 'KmsMasterKeyId', AttributeValue: key },
    }),
  )
  await publish(topic, 'refused as well', { MessageGroupId: 'g' })
  expect(await textsIn(closed)).toEqual([])
  await letTopicsIn(key)
  await publish(topic, 'let in', { MessageGroupId: 'g' })
  expect(await textsIn(closed)).toEqual(['let in'])
})

test('a queue that gets the key of a topic which is not let in by it gets nothing of that from then on', async () => {
  const key = await newKey({ forTopics: false })
  const topic = await newTopic(key)
  const queue = await newQueue()
  await subscribe(topic, queue)
  await publish(topic, 'before')
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl: queue.url, Attributes: { KmsMasterKeyId: key } }))
  await publish(topic, 'after')
  expect(await textsIn(queue)).toEqual(['before'])
})
