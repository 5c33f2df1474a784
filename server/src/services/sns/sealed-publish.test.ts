import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { TopicWorld } from '../../../test/sns/topic-world.ts'
import { isSealed } from '../../core/sealed-body.ts'

const TEXT = 'grain of the north'
const RAW = { RawMessageDelivery: 'true' }

const isPlain = (body: Uint8Array) => Buffer.from(body).includes(TEXT)
const textsIn = async (world: TopicWorld, queue: string) =>
  (await world.received(queue)).map(({ Body }) => Body)

async function failuresOf(world: TopicWorld, subscription: string): Promise<object> {
  const [name, id] = subscription.split(':').slice(-2)
  const topic = { accountId: '000000000000', region: 'eu-west-1', name: name! }
  const reply = await world.execute({ service: 'sns', kind: 'getSubscription', topic, id } as never)
  return (reply as { failures: object }).failures
}

/** A topic with queues, each with the key of that name, or with none. */
async function topicWith(world: TopicWorld, topicKey: string, ...keys: readonly string[]) {
  const topic = await world.topic('news', topicKey === '' ? {} : { KmsMasterKeyId: topicKey })
  const queues: string[] = []
  for (const [i, key] of keys.entries()) {
    queues.push(await world.queue(`q${i}`, key === '' ? {} : { KmsMasterKeyId: key }))
    await world.subscribe(topic, queues[i]!, RAW)
  }
  return { topic, queues }
}

/** An HTTP endpoint that has confirmed, and to which nothing is to be pushed. */
async function subscribeEndpoint(world: TopicWorld, topic: string): Promise<string> {
  const input = { Protocol: 'http', Endpoint: 'http://example.com', ReturnSubscriptionArn: true }
  const { SubscriptionArn } = await world.sns('Subscribe', { TopicArn: topic, ...input })
  await world.sns('ConfirmSubscription', { TopicArn: topic, Token: world.tokens.at(-1) })
  await world.taken(SubscriptionArn)
  return SubscriptionArn
}

test('a message is stored once for each key that it is wanted under, and plain where a queue has none alone', async () => {
  const world = new TopicWorld()
  const { topic, queues } = await topicWith(world, '', 'k1', 'k1', 'k2', '', '')
  await world.sns('Publish', { TopicArn: topic, Message: TEXT })
  expect(world.bodies.map((body) => [isSealed(body), isPlain(body)])).toEqual([
    [true, false],
    [true, false],
    [false, true],
  ])
  for (const queue of queues) expect(await textsIn(world, queue)).toEqual([TEXT])
  world.restart({ snapshot: false })
  for (const queue of queues) expect(await textsIn(world, queue)).toEqual([TEXT])
  world.checkBodies()
})

test('where all have a key nothing is stored plain, and a key of KMS is asked for once', async () => {
  const world = new TopicWorld()
  const { topic } = await topicWith(world, '', 'k1', 'k1')
  const entries = ['1', '2', '3'].map((Id) => ({ Id, Message: TEXT }))
  await world.sns('PublishBatch', { TopicArn: topic, PublishBatchRequestEntries: entries })
  expect(world.bodies).toHaveLength(3)
  expect(world.bodies.some(isPlain)).toBe(false)
  expect(world.dataKeys.asked).toEqual(['current k1', 'check k1'])
})

test('without keys nobody is asked for one', async () => {
  const world = new TopicWorld()
  const { topic } = await topicWith(world, '', '', '')
  await world.sns('Publish', { TopicArn: topic, Message: TEXT })
  expect([world.bodies.length, world.dataKeys.asked]).toEqual([1, []])
})

test('what a topic keeps for a push is sealed under its own key, and opened for it', async () => {
  const world = new TopicWorld()
  const { topic } = await topicWith(world, 'own')
  const SubscriptionArn = await subscribeEndpoint(world, topic)
  await world.sns('Publish', { TopicArn: topic, Message: TEXT })
  expect(world.bodies.some(isPlain)).toBe(false)
  world.dataKeys.disabled.add('own')
  expect(await world.taken(SubscriptionArn)).toEqual([])
  expect(String(world.reported)).toContain('own is disabled.')
  world.dataKeys.disabled.clear()
  world.now += 60_000
  const [push] = await world.taken(SubscriptionArn)
  expect(push!.dispatch.notification.message).toBe(TEXT)
})

test('what waits for a key to be usable again has all of its attempts then, and is looked at once a minute until then', async () => {
  const world = new TopicWorld()
  const { topic } = await topicWith(world, 'own')
  const SubscriptionArn = await subscribeEndpoint(world, topic)
  await world.sns('Publish', { TopicArn: topic, Message: TEXT })
  world.dataKeys.disabled.add('own')
  for (let minutes = 0; minutes < 10; minutes++) {
    expect(await world.taken(SubscriptionArn)).toEqual([])
    world.now += 59_999
    expect(await world.taken(SubscriptionArn)).toEqual([])
    world.now++
  }
  expect(world.reported).toHaveLength(10)
  world.restart({ snapshot: true })
  world.dataKeys.disabled.clear()
  const [push] = await world.taken(SubscriptionArn)
  expect(push!.attempt).toBe(1)
  expect(await push!.failed(true)).toBe('to be retried')
})

test('a queue whose key is of no use costs its subscription the message, and nobody else', async () => {
  const world = new TopicWorld()
  const { topic, queues } = await topicWith(world, '', 'k1', 'k2')
  const [subscription] = (await world.sns('ListSubscriptionsByTopic', { TopicArn: topic })).Subscriptions
  world.dataKeys.disabled.add('k1')
  await world.sns('Publish', { TopicArn: topic, Message: TEXT })
  expect(await failuresOf(world, subscription.SubscriptionArn)).toEqual({ 'key disabled': 1 })
  expect(await textsIn(world, queues[1]!)).toEqual([TEXT])
  const dead = await world.queue('dead', { KmsMasterKeyId: 'k3' })
  await world.sns('SetSubscriptionAttributes', {
    ...{ SubscriptionArn: subscription.SubscriptionArn, AttributeName: 'RedrivePolicy' },
    AttributeValue: JSON.stringify({ deadLetterTargetArn: dead }),
  })
  await world.sns('Publish', { TopicArn: topic, Message: 'buried' })
  expect(await textsIn(world, dead)).toEqual(['buried'])
  expect(await failuresOf(world, subscription.SubscriptionArn)).toEqual({
    'dead letter': 1,
    'key disabled': 1,
  })
  world.checkBodies()
})

test.each([['disabled', 'KMSDisabled: own is disabled.']] as const)(
  'a topic whose key is %s publishes nothing',
  async (_, refusal) => {
    const world = new TopicWorld()
    const { topic } = await topicWith(world, 'own', '')
    for (const isRemembered of [false, true]) {
      if (isRemembered) await world.sns('Publish', { TopicArn: topic, Message: TEXT })
      world.dataKeys.disabled.add('own')
      expect(await world.refusal('Publish', { TopicArn: topic, Message: TEXT })).toBe(refusal)
      world.dataKeys.disabled.clear()
    }
  },
)

test('what was wanted is offered at once the next time, until it is asked for again', async () => {
  const world = new TopicWorld()
  const { topic } = await topicWith(world, 'own', 'k1')
  const message = { TopicArn: topic, Message: TEXT }
  await world.sns('Publish', message)
  world.dataKeys.asked.length = 0
  await world.sns('Publish', message)
  expect(world.dataKeys.asked).toEqual(['current own', 'check own', 'current k1', 'check k1'])
  await world.sqs('SetQueueAttributes', { QueueUrl: 'q0', Attributes: { KmsMasterKeyId: '' } })
  await world.sns('SetTopicAttributes', {
    TopicArn: topic,
    AttributeName: 'KmsMasterKeyId',
    AttributeValue: '',
  })
  for (let i = 0; i < 1000; i++) await world.sns('Publish', message)
  world.dataKeys.asked.length = 0
  await world.sns('Publish', message)
  expect(world.dataKeys.asked).toEqual([])
})

test('a FIFO topic’s messages have their sequence number and time when they were sealed too', async () => {
  const world = new TopicWorld()
  const topic = await world.topic('news.fifo', { FifoTopic: 'true', ContentBasedDeduplication: 'true' })
  const queues = [
    await world.queue('a.fifo', { FifoQueue: 'true' }),
    await world.queue('b.fifo', { FifoQueue: 'true', KmsMasterKeyId: 'k1' }),
  ]
  for (const queue of queues) await world.subscribe(topic, queue)
  const sent = await world.sns('Publish', { TopicArn: topic, Message: TEXT, MessageGroupId: 'g' })
  const [plain, sealed] = await Promise.all(queues.map((queue) => textsIn(world, queue)))
  const common = (texts: readonly string[]) => {
    const { SequenceNumber, Timestamp, MessageId, Message } = JSON.parse(texts[0]!)
    return { SequenceNumber, Timestamp, MessageId, Message }
  }
  expect(common(sealed!)).toEqual(common(plain!))
  expect(common(sealed!)).toMatchObject({ SequenceNumber: sent.SequenceNumber, Message: TEXT })
})
