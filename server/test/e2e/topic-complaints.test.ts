import {
  CreateTopicCommand,
  GetDataProtectionPolicyCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTopicsCommand,
  PublishBatchCommand,
  PublishCommand,
  PutDataProtectionPolicyCommand,
  SNSClient,
} from '@aws-sdk/client-sns'
import {
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TEST_KEY } from '../server-process.ts'
import { TEST_REGION, type TestQueue, TestTopics } from './test-topics.ts'

/** What users of other servers complain of about topics, each shown not to be so here. */

let topics: TestTopics
beforeAll(async () => {
  topics = await TestTopics.start()
})
afterAll(() => topics.destroy())

const newQueue = (attributes?: Record<string, string>) => topics.newQueue(attributes)
const newTopic = (attributes?: Record<string, string>) => topics.newTopic(attributes)
const subscribe = (topic: string, queue: TestQueue, attributes?: Record<string, string>) =>
  topics.subscribe(topic, queue, attributes)
const receive = (queue: TestQueue) => topics.receive(queue)

async function attributesOf(SubscriptionArn: string | undefined) {
  return (await topics.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))).Attributes!
}

/** What the messages in a queue say, raw, sorted. */
async function bodiesIn(queue: TestQueue): Promise<readonly string[]> {
  return (await receive(queue)).map(({ Body }) => Body!).sort()
}

const text = (StringValue: string) => ({ DataType: 'String', StringValue })

test('a filter policy given with Subscribe is kept, shown with its scope, and decides who gets a message', async () => {
  const TopicArn = await newTopic()
  const [some, others] = [await newQueue(), await newQueue()]
  const FilterPolicy = '{"kind": ["order", {"prefix": "refund"}], "store": [{"anything-but": "test"}]}'
  const SubscriptionArn = await subscribe(TopicArn, some, { FilterPolicy, RawMessageDelivery: 'true' })
  await subscribe(TopicArn, others, { RawMessageDelivery: 'true' })
  expect(await attributesOf(SubscriptionArn)).toMatchObject({
    FilterPolicy,
    FilterPolicyScope: 'MessageAttributes',
  })
  const publish = (Message: string, kind: string, store: string) => {
    const MessageAttributes = { kind: text(kind), store: text(store) }
    return topics.sns.send(new PublishCommand({ TopicArn, Message, MessageAttributes }))
  }
  await publish('1', 'order', 'mill')
  await publish('2', 'refund-late', 'mill')
  await publish('3', 'order', 'test')
  await publish('4', 'gossip', 'mill')
  await topics.sns.send(new PublishCommand({ TopicArn, Message: '5' }))
  expect(await bodiesIn(some)).toEqual(['1', '2'])
  expect(await bodiesIn(others)).toEqual(['1', '2', '3', '4', '5'])
})

test('a filter policy on the body reaches into objects and arrays, compares numbers, and knows alternatives', async () => {
  const TopicArn = await newTopic()
  const queue = await newQueue()
  const FilterPolicy = JSON.stringify({
    order: { lines: { price: [{ numeric: ['>=', 10, '<', 100] }] } },
    $or: [{ source: [{ cidr: '10.0.0.0/24' }] }, { 'customer.name': [{ wildcard: 'm*r' }] }],
  })
  const settings = { FilterPolicy, FilterPolicyScope: 'MessageBody', RawMessageDelivery: 'true' }
  const SubscriptionArn = await subscribe(TopicArn, queue, settings)
  expect(await attributesOf(SubscriptionArn)).toMatchObject({ FilterPolicyScope: 'MessageBody' })
  const order = (price: number) => ({ lines: [{ price: 1 }, { price }] })
  const bodies = [
    { n: 1, order: order(10), source: '10.0.0.77' },
    { n: 2, order: order(99.5), customer: { name: 'miller' } },
    { n: 3, order: order(100), source: '10.0.0.77' },
    { n: 4, order: order(10), source: '10.0.1.77' },
  ].map((body) => JSON.stringify(body))
  for (const Message of [...bodies, 'no JSON'])
    await topics.sns.send(new PublishCommand({ TopicArn, Message }))
  expect(await bodiesIn(queue)).toEqual(bodies.slice(0, 2))
})

test('what is wrong with an attribute of Subscribe is told as a reason, and nobody is subscribed', async () => {
  const TopicArn = await newTopic()
  const queue = await newQueue()
  const refused = (Attributes: Record<string, string>) =>
    subscribe(TopicArn, queue, Attributes).then(
      () => 'not refused',
      (error: Error) => error.message,
    )
  const reason = /^Invalid parameter: Attributes Reason: /
  expect(await refused({ FilterPolicy: '{"kind": "order"}' })).toMatch(reason)
  expect(await refused({ FilterPolicy: '{' })).toMatch(reason)
  expect(await refused({ RawMessageDelivery: 'yes' })).toMatch(reason)
  expect(await refused({ RedrivePolicy: '{}' })).toMatch(reason)
  const { Subscriptions } = await topics.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))
  expect(Subscriptions).toEqual([])
})

test('raw messages of a batch carry their attributes, and one that fails leaves the others alone', async () => {
  const TopicArn = await newTopic()
  const queue = await newQueue()
  await subscribe(TopicArn, queue, { RawMessageDelivery: 'true' })
  const entry = (Id: string, attributes: object) => ({
    Id,
    Message: Id,
    MessageAttributes: { ...attributes },
  })
  const number = { DataType: 'Number.money', StringValue: '3.50' }
  const bytes = { DataType: 'Binary', BinaryValue: Uint8Array.of(0, 1, 255) }
  const entries = [
    entry('a', { number, bytes }),
    entry('b', { 'a..b': text('x') }),
    entry('c', { c: text('y') }),
  ]
  const answer = await topics.sns.send(
    new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: entries }),
  )
  expect(answer.Successful!.map(({ Id }) => Id)).toEqual(['a', 'c'])
  expect(answer.Failed).toMatchObject([{ Id: 'b', SenderFault: true }])
  const received = await receive(queue)
  const attributes = Object.fromEntries(
    received.map(({ Body, MessageAttributes }) => [Body, MessageAttributes]),
  )
  expect(attributes).toEqual({ a: { number, bytes }, c: { c: text('y') } })
})

test.each(['stopped', 'killed'])(
  'topics, subscriptions and what was published survive a server that is %s, and what was deleted stays away',
  async (how) => {
    const TopicArn = await newTopic({ DisplayName: 'Mill' })
    const [queue, second] = [await newQueue(), await newQueue()]
    const SubscriptionArn = await subscribe(TopicArn, queue, { RawMessageDelivery: 'true' })
    await subscribe(TopicArn, second, { RawMessageDelivery: 'true' })
    for (const Message of ['kept', 'deleted'])
      await topics.sns.send(new PublishCommand({ TopicArn, Message }))
    const deleted = (await receive(queue)).filter(({ Body }) => Body === 'deleted')
    const Entries = deleted.map(({ ReceiptHandle }) => ({ Id: 'd', ReceiptHandle: ReceiptHandle! }))
    await topics.sqs.send(new DeleteMessageBatchCommand({ QueueUrl: queue.url, Entries }))
    if (how === 'stopped') expect(await topics.server.stop()).toBe(0)
    else await topics.server.kill()
    await topics.server.start()
    expect(await bodiesIn(queue)).toEqual(['kept'])
    expect(await bodiesIn(second)).toEqual(['deleted', 'kept'])
    expect((await attributesOf(SubscriptionArn)).RawMessageDelivery).toBe('true')
    await topics.sns.send(new PublishCommand({ TopicArn, Message: 'later' }))
    expect(await bodiesIn(queue)).toEqual(['kept', 'later'])
  },
)

test('a duplicate on a FIFO topic is known after a crash, and the order of a group goes on', async () => {
  const TopicArn = await newTopic({ FifoTopic: 'true' })
  const [queue, standard] = [await newQueue({ FifoQueue: 'true' }), await newQueue()]
  await subscribe(TopicArn, queue, { RawMessageDelivery: 'true' })
  await subscribe(TopicArn, standard, { RawMessageDelivery: 'true' })
  const publish = (Message: string, MessageDeduplicationId: string) =>
    topics.sns.send(new PublishCommand({ TopicArn, Message, MessageGroupId: 'g', MessageDeduplicationId }))
  const first = await publish('1', 'a')
  await publish('2', 'b')
  await topics.server.kill()
  await topics.server.start()
  expect((await publish('1 again', 'a')).MessageId).toBe(first.MessageId)
  await publish('3', 'c')
  expect((await receive(queue)).map(({ Body }) => Body)).toEqual(['1', '2', '3'])
  // The topic deduplicates: also for a queue that doesn't.
  expect(await bodiesIn(standard)).toEqual(['1', '2', '3'])
})

test('what was set of a topic and a subscription is returned as it was set, so that a plan made of it finds no drift', async () => {
  const healthy = {
    ...{ minDelayTarget: 5, maxDelayTarget: 10, numRetries: 4, numMaxDelayRetries: 1 },
    ...{ numNoDelayRetries: 1, numMinDelayRetries: 1, backoffFunction: 'linear' },
  }
  const given = {
    DisplayName: 'Orders',
    DeliveryPolicy: JSON.stringify({ http: { defaultHealthyRetryPolicy: healthy } }),
    Policy:
      '{"Version": "2012-10-17", "Statement": [{"Effect":"Allow","Principal":"*","Action":"sns:Publish","Resource":"*"}]}',
    KmsMasterKeyId: 'alias/mine',
    SignatureVersion: '2',
    TracingConfig: 'Active',
  }
  const TopicArn = await newTopic(given)
  const queue = await newQueue()
  const settings = {
    FilterPolicy: '{"kind": ["order"]}',
    FilterPolicyScope: 'MessageBody',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn: queue.arn }),
    RawMessageDelivery: 'true',
  }
  const SubscriptionArn = await subscribe(TopicArn, queue, settings)
  const topic = async () => (await topics.sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes!
  const check = async () => {
    const { DeliveryPolicy, Policy, ...shown } = await topic()
    const { DeliveryPolicy: _delivery, Policy: _policy, ...rest } = given
    expect(shown).toMatchObject(rest)
    expect(JSON.parse(DeliveryPolicy!)).toMatchObject(JSON.parse(given.DeliveryPolicy))
    expect(JSON.parse(Policy!)).toEqual(JSON.parse(given.Policy))
    expect(await attributesOf(SubscriptionArn)).toMatchObject(settings)
  }
  await check()
  await topics.server.kill()
  await topics.server.start()
  await check()
  const again = await subscribe(TopicArn, queue, settings)
  expect(again).toBe(SubscriptionArn)
})

test('an effective delivery policy is whole, and a delivery policy that was not set is absent', async () => {
  const { Attributes } = await topics.sns.send(new GetTopicAttributesCommand({ TopicArn: await newTopic() }))
  expect(Attributes!.DeliveryPolicy).toBeUndefined()
  expect(JSON.parse(Attributes!.EffectiveDeliveryPolicy!)).toEqual({
    http: {
      defaultHealthyRetryPolicy: {
        ...{ minDelayTarget: 20, maxDelayTarget: 20, numRetries: 3, numMaxDelayRetries: 0 },
        ...{ numNoDelayRetries: 0, numMinDelayRetries: 0, backoffFunction: 'linear' },
      },
      disableSubscriptionOverrides: false,
      defaultRequestPolicy: { headerContentType: 'text/plain; charset=UTF-8' },
    },
  })
})

test('a data protection policy is returned as it was put', async () => {
  const ResourceArn = await newTopic()
  const DataProtectionPolicy = JSON.stringify({
    ...{ Name: 'p', Version: '2021-06-01' },
    Statement: [
      {
        ...{ DataDirection: 'Inbound', Principal: ['*'], Operation: { Deny: {} } },
        DataIdentifier: ['arn:aws:dataprotection::aws:data-identifier/CreditCardNumber'],
      },
    ],
  })
  await topics.sns.send(new PutDataProtectionPolicyCommand({ ResourceArn, DataProtectionPolicy }))
  const kept = await topics.sns.send(new GetDataProtectionPolicyCommand({ ResourceArn }))
  expect(JSON.parse(kept.DataProtectionPolicy!)).toEqual(JSON.parse(DataProtectionPolicy))
})

test('a message with sensitive data is refused, or masked, as the policy of its topic says', async () => {
  const statement = (name: string, Operation: object) => ({
    ...{ DataDirection: 'Inbound', Principal: ['*'], Operation },
    DataIdentifier: [`arn:aws:dataprotection::aws:data-identifier/${name}`],
  })
  const DataProtectionPolicy = JSON.stringify({
    ...{ Name: 'p', Version: '2021-06-01' },
    Statement: [
      statement('CreditCardNumber', { Deny: {} }),
      statement('EmailAddress', { Deidentify: { MaskConfig: { MaskWithCharacter: '#' } } }),
    ],
  })
  const TopicArn = await newTopic()
  await topics.sns.send(new PutDataProtectionPolicyCommand({ ResourceArn: TopicArn, DataProtectionPolicy }))
  const queue = await newQueue()
  await subscribe(TopicArn, queue)
  const publish = (Message: string) => topics.sns.send(new PublishCommand({ TopicArn, Message }))
  await expect(publish('credit card 4539894458086459')).rejects.toMatchObject({
    ...{ name: 'AuthorizationErrorException', $metadata: { httpStatusCode: 403 } },
  })
  await publish('from ann@mill.example')
  const { Messages } = await topics.sqs.send(new ReceiveMessageCommand({ QueueUrl: queue.url }))
  expect(JSON.parse(Messages![0]!.Body!).Message).toBe('from ################')
})

test('a thousand messages published at once from many clients are each in every queue, once', {
  timeout: 60_000,
}, async () => {
  const TopicArn = await newTopic()
  const queues = [await newQueue(), await newQueue(), await newQueue()]
  for (const queue of queues) await subscribe(TopicArn, queue)
  const publish = async (publisher: number) => {
    for (let batch = 0; batch < 10; batch++) {
      const entries = Array.from({ length: 10 }, (_, i) => ({
        Id: `${i}`,
        Message: `${publisher} ${batch} ${i}`,
      }))
      const input = { TopicArn, PublishBatchRequestEntries: entries }
      expect((await topics.sns.send(new PublishBatchCommand(input))).Successful).toHaveLength(10)
    }
  }
  await Promise.all(Array.from({ length: 10 }, (_, i) => publish(i)))
  for (const { url: QueueUrl } of queues) {
    const seen = new Set<string>()
    for (let left = 100; left > 0; left--) {
      const input = { QueueUrl, MaxNumberOfMessages: 10 }
      const { Messages = [] } = await topics.sqs.send(new ReceiveMessageCommand(input))
      for (const { Body } of Messages) seen.add(JSON.parse(Body!).Message)
    }
    expect(seen.size).toBe(1000)
    const names = ['ApproximateNumberOfMessages' as const, 'ApproximateNumberOfMessagesNotVisible' as const]
    const counts = await topics.sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: names }))
    expect(Object.values(counts.Attributes!)).toEqual(['0', '1000'])
  }
})

test('the same topic name in another region is another topic', async () => {
  const TopicArn = await newTopic()
  const there = new SNSClient({
    endpoint: topics.server.url,
    region: 'eu-west-1',
    credentials: TEST_KEY,
    maxAttempts: 1,
  })
  expect((await there.send(new ListTopicsCommand())).Topics).toEqual([])
  const Name = TopicArn.split(':').at(-1)!
  const other = (await there.send(new CreateTopicCommand({ Name }))).TopicArn!
  expect(other).toBe(TopicArn.replace(TEST_REGION, 'eu-west-1'))
  const queue = await newQueue()
  await subscribe(TopicArn, queue, { RawMessageDelivery: 'true' })
  await there.send(new PublishCommand({ TopicArn: other, Message: 'there' }))
  await topics.sns.send(new PublishCommand({ TopicArn, Message: 'here' }))
  expect(await bodiesIn(queue)).toEqual(['here'])
  await expect(there.send(new PublishCommand({ TopicArn, Message: 'x' }))).rejects.toThrow(
    'Invalid parameter: TopicArn',
  )
  there.destroy()
})
