import { expect, test } from 'vitest'
import { TopicWorld } from '../../../../test/sns/topic-world.ts'

const failuresOf = async (world: TopicWorld, subscription: string) => {
  const [topic, id] = [subscription.split(':').at(-2)!, subscription.split(':').at(-1)!]
  const address = { accountId: '000000000000', region: 'eu-west-1', name: topic }
  const command = { service: 'sns', kind: 'getSubscription', topic: address, id }
  return (world.machine.execute(command, 0).reply as { failures: object }).failures
}

test('a message is stored once for all queues, until the last of them has let go of it', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const queues = await Promise.all(['a', 'b', 'c'].map((name) => world.queue(name)))
  for (const queue of queues) await world.subscribe(topic, queue)
  const entries = world.log.length
  await world.sns('Publish', { TopicArn: topic, Message: 'm' })
  expect(world.log.length).toBe(entries + 1)
  expect(world.storedBodies).toBe(1)
  world.checkBodies()
  for (const queue of queues) {
    expect(world.storedBodies).toBe(1)
    const [message] = await world.received(queue)
    await world.sqs('DeleteMessage', {
      QueueUrl: queue.split(':').at(-1),
      ReceiptHandle: message!.ReceiptHandle,
    })
  }
  expect(world.storedBodies).toBe(0)
})

test('a publish to nobody, and one that nobody can take, store nothing', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const entries = world.log.length
  await world.sns('Publish', { TopicArn: topic, Message: 'm' })
  expect(world.log.length).toBe(entries)
  const subscription = await world.subscribe(topic, 'arn:aws:sqs:eu-west-1:000000000000:nowhere')
  await world.sns('Publish', { TopicArn: topic, Message: 'm' })
  expect(world.storedBodies).toBe(0)
  expect(await failuresOf(world, subscription)).toEqual({ 'no such target': 1 })
})

test.each([false, true])(
  'landings, origins and references are the same after a restart (snapshot: %s)',
  async (snapshot) => {
    const world = new TopicWorld()
    const topic = await world.topic()
    const [enveloped, raw, dead] = [await world.queue('a'), await world.queue('b'), await world.queue('dead')]
    const policy = JSON.stringify({ deadLetterTargetArn: dead, maxReceiveCount: 1 })
    await world.sqs('SetQueueAttributes', { QueueUrl: 'a', Attributes: { RedrivePolicy: policy } })
    await world.subscribe(topic, enveloped)
    await world.subscribe(topic, raw, { RawMessageDelivery: 'true' })
    for (const Message of ['1', '2']) await world.sns('Publish', { TopicArn: topic, Message })
    const before = await world.received(enveloped)
    await world.received(enveloped)
    world.restart({ snapshot })
    const moved = await world.received(dead)
    expect(moved.map(({ Body }) => Body)).toEqual(before.map(({ Body }) => Body))
    expect(moved.map(({ MessageId }) => MessageId)).toEqual(before.map(({ MessageId }) => MessageId))
    expect((await world.received(raw)).map(({ Body }) => Body)).toEqual(['1', '2'])
    await world.sqs('PurgeQueue', { QueueUrl: 'b' })
    world.tidy()
    expect(world.storedBodies).toBe(2)
    await world.sqs('DeleteQueue', { QueueUrl: 'dead' })
    world.tidy()
    expect(world.storedBodies).toBe(0)
    world.checkBodies()
  },
)

test('what is too large for one queue is missing there alone, by what it measures there', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const small = await world.queue('small', { MaximumMessageSize: '1024' })
  const [raw, large] = [await world.queue('raw', { MaximumMessageSize: '1024' }), await world.queue('large')]
  const subscription = await world.subscribe(topic, small)
  await world.subscribe(topic, raw, { RawMessageDelivery: 'true' })
  await world.subscribe(topic, large)
  const Message = 'x'.repeat(1000)
  await world.sns('Publish', { TopicArn: topic, Message })
  expect(await world.received(small)).toEqual([])
  expect((await world.received(raw))[0]!.Body).toBe(Message)
  expect(await world.received(large)).toHaveLength(1)
  expect(await failuresOf(world, subscription)).toEqual({ 'too large': 1 })
})

test('the size that an envelope is checked with is the one that it has', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const queue = await world.queue('q')
  await world.subscribe(topic, queue)
  const message = {
    TopicArn: topic,
    Subject: 'é',
    MessageAttributes: { a: { DataType: 'String', StringValue: '"' } },
  }
  await world.sns('Publish', { ...message, Message: ''.padEnd(500, 'é"\n') })
  const bytes = Buffer.byteLength((await world.received(queue))[0]!.Body)
  await world.sqs('SetQueueAttributes', { QueueUrl: 'q', Attributes: { MaximumMessageSize: String(bytes) } })
  await world.sns('Publish', { ...message, Message: ''.padEnd(500, 'é"\n') })
  expect(await world.received(queue)).toHaveLength(2)
  await world.sqs('SetQueueAttributes', {
    QueueUrl: 'q',
    Attributes: { MaximumMessageSize: String(bytes - 1) },
  })
  await world.sns('Publish', { ...message, Message: ''.padEnd(500, 'é"\n') })
  expect(await world.received(queue)).toHaveLength(2)
})

test('raw delivery discards what SQS could not take, and says so', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const [raw, enveloped] = [await world.queue('raw'), await world.queue('enveloped')]
  const subscription = await world.subscribe(topic, raw, { RawMessageDelivery: 'true' })
  await world.subscribe(topic, enveloped)
  const attributes = Array.from({ length: 11 }, (_, i) => [`a${i}`, { DataType: 'String', StringValue: 'v' }])
  await world.sns('Publish', {
    TopicArn: topic,
    Message: 'm',
    MessageAttributes: Object.fromEntries(attributes),
  })
  const empty = '{"default":"d","sqs":""}'
  await world.sns('Publish', { TopicArn: topic, Message: empty, MessageStructure: 'json' })
  expect(await world.received(raw)).toEqual([])
  expect(await world.received(enveloped)).toHaveLength(2)
  expect(await failuresOf(world, subscription)).toEqual({ 'too many attributes': 1, 'empty message': 1 })
})

test('what can not be delivered is a dead letter where there is a queue for it, and is counted', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const [dead, small] = [
    await world.queue('dead'),
    await world.queue('small', { MaximumMessageSize: '1024' }),
  ]
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead })
  const subscription = await world.subscribe(topic, small, { RedrivePolicy })
  await world.sns('Publish', { TopicArn: topic, Message: 'x'.repeat(1024) })
  await world.sqs('DeleteQueue', { QueueUrl: 'small' })
  await world.sns('Publish', { TopicArn: topic, Message: 'y' })
  const letters = await world.received(dead)
  expect(letters.map(({ Body }) => JSON.parse(Body).Message[0])).toEqual(['x', 'y'])
  await world.sqs('DeleteQueue', { QueueUrl: 'dead' })
  await world.sns('Publish', { TopicArn: topic, Message: 'z' })
  expect(await failuresOf(world, subscription)).toEqual({ 'dead letter': 2, 'no such target': 1 })
})

test('filter policies decide who gets a message, by its attributes or its body', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const filters = {
    attribute: { FilterPolicy: '{"kind":["order"]}' },
    body: { FilterPolicy: '{"kind":["order"]}', FilterPolicyScope: 'MessageBody' },
    none: {},
  }
  const queues: Record<string, string> = {}
  for (const [name, Attributes] of Object.entries(filters)) {
    queues[name] = await world.queue(name)
    await world.subscribe(topic, queues[name], { ...Attributes, RawMessageDelivery: 'true' })
  }
  const order = { kind: { DataType: 'String', StringValue: 'order' } }
  await world.sns('Publish', { TopicArn: topic, Message: 'by attribute', MessageAttributes: order })
  await world.sns('Publish', { TopicArn: topic, Message: '{"kind":"order"}' })
  const inQueue = async (name: string) => (await world.received(queues[name]!)).map(({ Body }) => Body)
  expect(await inQueue('attribute')).toEqual(['by attribute'])
  expect(await inQueue('body')).toEqual(['{"kind":"order"}'])
  expect(await inQueue('none')).toHaveLength(2)
  world.restart({ snapshot: true })
  await world.sns('Publish', { TopicArn: topic, Message: 'again', MessageAttributes: order })
  expect(await inQueue('attribute')).toEqual(['by attribute', 'again'])
  expect(await inQueue('body')).toHaveLength(1)
})

test('a filter policy is held against its scope, whichever of the two is set', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const queue = await world.queue('q')
  const nested = '{"a":{"b":["c"]}}'
  const subscribe = { TopicArn: topic, Protocol: 'sqs', Endpoint: queue }
  expect(await world.refusal('Subscribe', { ...subscribe, Attributes: { FilterPolicy: nested } })).toMatch(
    /^InvalidParameter: Invalid parameter: Attributes Reason: Filter policy scope MessageAttributes does not support nested/,
  )
  const Attributes = { FilterPolicy: nested, FilterPolicyScope: 'MessageBody' }
  const { SubscriptionArn } = await world.sns('Subscribe', { ...subscribe, Attributes })
  const back = { SubscriptionArn, AttributeName: 'FilterPolicyScope', AttributeValue: 'MessageAttributes' }
  expect(await world.refusal('SetSubscriptionAttributes', back)).toMatch(
    /^InvalidParameter: Invalid parameter: Filter/,
  )
  await world.sns('SetSubscriptionAttributes', { SubscriptionArn, AttributeName: 'FilterPolicy' })
  await world.sns('Publish', { TopicArn: topic, Message: 'anything' })
  expect(await world.received(queue)).toHaveLength(1)
})

test('a notification is signed when it is received, once in its text, by the version of its publishing', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const queue = await world.queue('q')
  await world.subscribe(topic, queue)
  await world.sns('Publish', { TopicArn: topic, Message: 'one' })
  expect(world.signer.signed).toEqual([])
  await world.sns('SetTopicAttributes', {
    TopicArn: topic,
    AttributeName: 'SignatureVersion',
    AttributeValue: '2',
  })
  await world.sns('Publish', { TopicArn: topic, Message: 'two' })
  const versions = (await world.received(queue)).map(({ Body }) => JSON.parse(Body).SignatureVersion)
  expect(versions).toEqual(['1', '2'])
  expect(world.signer.signed[0]).toMatch(
    /^Message\none\nMessageId\n[^\n]+\nTimestamp\n2026-01-01T00:00:00.000Z\nTopicArn\n/,
  )
})

test('ten thousand subscriptions get what is published to them', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const queues = Array.from({ length: 10_000 }, (_, i) => `q${i}`)
  for (const name of queues) await world.subscribe(topic, await world.queue(name))
  await world.sns('Publish', { TopicArn: topic, Message: 'm' })
  expect(world.storedBodies).toBe(1)
  expect(await world.received(queues[9999]!)).toHaveLength(1)
  world.restart({ snapshot: true })
  expect(await world.received(queues[5000]!)).toHaveLength(1)
})
