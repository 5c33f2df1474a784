import { expect, test } from 'vitest'
import { type Input, START, TopicWorld } from '../../../../test/sns/topic-world.ts'

const DAY = 86_400_000
const ARCHIVE = JSON.stringify({ MessageRetentionPeriod: '1' })
const iso = (time: number) => new Date(time).toISOString()
const replayFrom = (from: number, until?: number) =>
  JSON.stringify({
    PointType: 'Timestamp',
    StartingPoint: iso(from),
    ...(until !== undefined && { EndingPoint: iso(until) }),
  })

/** Group by group, and in each as they came: nothing else has an order. */
const byGroup = (texts: readonly string[]) => [...texts].sort((a, b) => a.charCodeAt(0) - b.charCodeAt(0))

/** A FIFO topic with an archive, and a FIFO queue that is subscribed. */
async function archiveWorld({
  subscription = {},
  topic: attributes = {},
}: {
  subscription?: Input
  topic?: Input
} = {}) {
  const world = new TopicWorld()
  const topic = await world.topic('news.fifo', { FifoTopic: 'true', ArchivePolicy: ARCHIVE, ...attributes })
  const queue = await world.queue('q.fifo', { FifoQueue: 'true', MessageRetentionPeriod: '1209600' })
  const Attributes = { RawMessageDelivery: 'true', ...subscription }
  const arn = await world.subscribe(topic, queue, Attributes)
  let published = 0
  const publish = async (...texts: readonly string[]) => {
    for (const Message of texts) {
      const id = { MessageGroupId: Message[0], MessageDeduplicationId: `${published++}` }
      await world.sns('Publish', { TopicArn: topic, Message, ...id })
      world.now += 1000
    }
  }
  /** Everything that waits in a queue, which is empty then. */
  const drain = async (from = queue) => {
    const texts: string[] = []
    for (;;) {
      const messages = await world.received(from, { VisibilityTimeout: 30 })
      if (messages.length === 0) return texts
      for (const { Body, ReceiptHandle } of messages) {
        texts.push(Body)
        await world.sqs('DeleteMessage', { QueueUrl: from.split(':').at(-1), ReceiptHandle })
      }
    }
  }
  const set = (AttributeName: string, AttributeValue: string) =>
    world.sns('SetSubscriptionAttributes', { SubscriptionArn: arn, AttributeName, AttributeValue })
  const setTopic = (AttributeName: string, AttributeValue: string) =>
    world.sns('SetTopicAttributes', { TopicArn: topic, AttributeName, AttributeValue })
  const status = async () =>
    (await world.sns('GetSubscriptionAttributes', { SubscriptionArn: arn })).Attributes.ReplayStatus
  return { world, topic, queue, arn, publish, drain, set, setTopic, status }
}

test('a replay brings what was published since its starting point again, in its order, and then what is new', async () => {
  const { world, publish, drain, set, status } = await archiveWorld()
  await publish('a1', 'b1', 'a2', 'b2')
  expect(byGroup(await drain())).toEqual(['a1', 'a2', 'b1', 'b2'])
  expect(await status()).toBeUndefined()
  await set('ReplayPolicy', replayFrom(START + 1000))
  expect(await status()).toBe('Pending')
  await publish('a3')
  expect(await drain()).toEqual([])
  await world.doChores()
  expect(await status()).toBe('Completed')
  await publish('b3')
  expect(byGroup(await drain())).toEqual(['a2', 'a3', 'b1', 'b2', 'b3'])
})

test('a new queue gets what was published before it was subscribed', async () => {
  const { world, topic, publish, drain } = await archiveWorld()
  await publish('a1', 'a2')
  const late = await world.queue('late.fifo', { FifoQueue: 'true' })
  await world.subscribe(topic, late, { RawMessageDelivery: 'true', ReplayPolicy: replayFrom(START) })
  await world.doChores()
  expect(await drain(late)).toEqual(['a1', 'a2'])
})

test('the starting and the ending point are included, and with an ending point nothing new comes any more', async () => {
  const { world, publish, drain, set, status } = await archiveWorld()
  await publish('a1', 'a2', 'a3', 'a4')
  await drain()
  await set('ReplayPolicy', replayFrom(START + 1000, START + 2000))
  await world.doChores()
  expect(await status()).toBe('Completed')
  await publish('a5')
  await world.doChores()
  expect(await drain()).toEqual(['a2', 'a3'])
  await set('ReplayPolicy', '{}')
  expect(await status()).toBeUndefined()
  await publish('a6')
  expect(await drain()).toEqual(['a6'])
})

test('a replay with an ending point that is yet to come goes on until then', async () => {
  const { world, publish, drain, set, status } = await archiveWorld()
  await publish('a1')
  await drain()
  await set('ReplayPolicy', replayFrom(START, world.now + 2000))
  await world.doChores()
  expect([await drain(), await status()]).toEqual([['a1'], 'In progress'])
  await publish('a2', 'a3', 'a4')
  await world.doChores()
  expect([await drain(), await status()]).toEqual([['a2', 'a3', 'a4'], 'Completed'])
  await publish('a5')
  expect([await world.doChores(), await drain()]).toEqual([0, []])
})

test('an ending point passes without a message', async () => {
  const { world, set, status } = await archiveWorld()
  await set('ReplayPolicy', replayFrom(START, START + 5000))
  await world.doChores()
  expect(await status()).toBe('In progress')
  world.now += 5000
  expect([await world.doChores(), await status()]).toEqual([0, 'In progress'])
  world.now += 1
  expect([await world.doChores(), await status()]).toEqual([1, 'Completed'])
})

test('a replayed message has the content, id and time that it had, and says that it is replayed; one that is new does not', async () => {
  const { world, queue, publish, set } = await archiveWorld({ subscription: { RawMessageDelivery: 'false' } })
  await publish('a1')
  const [first] = await world.received(queue, { VisibilityTimeout: 30 })
  await world.sqs('DeleteMessage', { QueueUrl: 'q.fifo', ReceiptHandle: first!.ReceiptHandle })
  await set('ReplayPolicy', replayFrom(START))
  await publish('b1')
  await world.doChores()
  const [again, fresh] = await world.received(queue)
  expect(JSON.parse(again!.Body)).toEqual({ ...JSON.parse(first!.Body), Replayed: true })
  expect(JSON.parse(fresh!.Body).Replayed).toBeUndefined()
  expect(again!.MessageId).not.toBe(first!.MessageId)
  for (const name of ['MessageDeduplicationId', 'MessageGroupId', 'SenderId']) {
    expect(again!.Attributes[name]).toBe(first!.Attributes[name])
  }
})

test('what is replayed is nobody else’s duplicate: each replay brings all of it', async () => {
  const { world, topic, publish, drain, set } = await archiveWorld()
  await publish('a1', 'a2')
  await drain()
  for (let replay = 0; replay < 3; replay++) {
    await set('ReplayPolicy', replayFrom(START))
    await world.doChores()
    expect(await drain()).toEqual(['a1', 'a2'])
  }
  // The same deduplication id twice, more than five minutes apart.
  const message = { TopicArn: topic, Message: 'x', MessageGroupId: 'g', MessageDeduplicationId: 'same' }
  await world.sns('Publish', message)
  world.now += 300_000
  await world.sns('Publish', message)
  await drain()
  await set('ReplayPolicy', replayFrom(START))
  await world.doChores()
  expect(await drain()).toEqual(['a1', 'a2', 'x', 'x'])
})

test('the filter policy decides what is replayed, and can be another one than at the publish', async () => {
  const { world, publish, drain, set } = await archiveWorld()
  await publish('{"n":1}', '{"n":2}', '{"n":3}', 'no JSON')
  await drain()
  await set('FilterPolicyScope', 'MessageBody')
  await set('FilterPolicy', '{"n":[{"numeric":[">",1]}]}')
  await set('ReplayPolicy', replayFrom(START))
  await publish('{"n":0}', '{"n":4}')
  await world.doChores()
  expect(await drain()).toEqual(['{"n":2}', '{"n":3}', '{"n":4}'])
})

test('a standard queue is replayed to as well', async () => {
  const { world, topic, publish, drain } = await archiveWorld()
  await publish('a1', 'a2')
  const plain = await world.queue('plain')
  await world.subscribe(topic, plain, { RawMessageDelivery: 'true', ReplayPolicy: replayFrom(START) })
  await world.doChores()
  expect((await drain(plain)).sort()).toEqual(['a1', 'a2'])
})

test.each([false, true])(
  'a replay goes on after a restart where it stood (snapshot: %s), and bodies are counted right',
  async (snapshot) => {
    const { world, publish, drain, set, status } = await archiveWorld()
    const texts = Array.from({ length: 250 }, (_, i) => `${'abc'[i % 3]}${i}`)
    await publish(...texts)
    expect(await drain()).toHaveLength(250)
    await set('ReplayPolicy', replayFrom(START))
    expect(await world.doChores(1)).toBe(1)
    expect(await status()).toBe('In progress')
    world.restart({ snapshot })
    await publish('a250')
    expect(await world.doChores(1)).toBe(1)
    world.restart({ snapshot })
    expect(await world.doChores()).toBe(1)
    world.restart({ snapshot })
    expect(await status()).toBe('Completed')
    expect(await world.doChores()).toBe(0)
    expect(byGroup(await drain())).toEqual(byGroup([...texts, 'a250']))
    world.restart({ snapshot })
    expect(world.storedBodies).toBe(251)
  },
)

test('a replay that is given up brings what was published since it began, and then all that is', async () => {
  const { world, publish, drain, set, status } = await archiveWorld()
  await publish('a1')
  await drain()
  for (const end of ['', '{}']) {
    await set('ReplayPolicy', replayFrom(START))
    await publish('a2', 'a3')
    await set('ReplayPolicy', end)
    expect(await status()).toBeUndefined()
    await publish('a4')
    world.restart({ snapshot: true })
    expect(await drain()).toEqual([])
    await world.doChores()
    await publish('a5')
    expect(await drain()).toEqual(['a2', 'a3', 'a4', 'a5'])
  }
})

test('a replay takes the place of another, and leaves out nothing that is new', async () => {
  const { world, publish, drain, set } = await archiveWorld()
  await publish('a1', 'a2')
  await drain()
  await set('ReplayPolicy', replayFrom(START))
  await publish('a3', 'a4')
  // Begins behind what did not come yet: that comes nevertheless.
  await set('ReplayPolicy', replayFrom(START + 3000))
  await world.doChores()
  expect(await drain()).toEqual(['a3', 'a4'])
  await set('ReplayPolicy', replayFrom(START))
  await set('ReplayPolicy', replayFrom(START + 2000))
  await world.doChores()
  expect(await drain()).toEqual(['a3', 'a4'])
})

test('taking the archive away fails replays; what was published since they began comes nevertheless', async () => {
  const { world, topic, publish, drain, set, setTopic, status } = await archiveWorld()
  await publish('a1')
  await drain()
  await set('ReplayPolicy', replayFrom(START))
  await publish('a2')
  await setTopic('ArchivePolicy', '{}')
  expect(await status()).toBe('Failed')
  await publish('a3')
  await world.doChores()
  await publish('a4')
  expect(await drain()).toEqual(['a2', 'a3', 'a4'])
  world.tidy()
  expect(world.storedBodies).toBe(0)
  expect((await world.sns('GetTopicAttributes', { TopicArn: topic })).Attributes).toMatchObject({
    ArchivePolicy: '{}',
  })
  await world.sns('DeleteTopic', { TopicArn: topic })
})

test('an archive that is begun anew has nothing of the one before', async () => {
  const { world, topic, publish, drain, set, setTopic } = await archiveWorld()
  await publish('a1')
  await set('ReplayPolicy', replayFrom(START))
  // One that is not needed any more, and one out of which a subscription has to get something yet.
  for (const needed of [true, false]) {
    await publish('a2')
    await setTopic('ArchivePolicy', '{}')
    if (!needed) await world.doChores()
    world.now += 1000
    await setTopic('ArchivePolicy', ARCHIVE)
    const { Attributes } = await world.sns('GetTopicAttributes', { TopicArn: topic })
    expect(Attributes.BeginningArchiveTime).toBe(iso(world.now))
    await publish('a3')
    await world.doChores()
    await drain()
    await set('ReplayPolicy', replayFrom(START))
    await world.doChores()
    expect(await drain()).toEqual(['a3'])
    world.tidy()
    expect(world.storedBodies).toBe(1)
  }
})

test('messages go out of the archive when their retention ends, one by one, and are not replayed from then on', async () => {
  const { world, topic, publish, drain, set } = await archiveWorld()
  await publish('a1', 'a2', 'a3')
  await drain()
  world.now = START + DAY + 1000
  const { Attributes } = await world.sns('GetTopicAttributes', { TopicArn: topic })
  expect(Attributes.BeginningArchiveTime).toBe(iso(START + 1000))
  await set('ReplayPolicy', replayFrom(START))
  await world.doChores()
  expect(await drain()).toEqual(['a2', 'a3'])
  world.tidy()
  expect(world.storedBodies).toBe(1)
  world.restart({ snapshot: true })
  world.now += 2000
  world.tidy()
  expect(world.storedBodies).toBe(0)
  world.restart({ snapshot: true })
  await set('ReplayPolicy', replayFrom(START))
  await publish('a4')
  await world.doChores()
  expect(await drain()).toEqual(['a4'])
})

test('what is new stays until it came, even past the retention; what would be replayed does not', async () => {
  const { world, publish, drain, set, status } = await archiveWorld()
  await publish('a1', 'a2')
  await drain()
  await set('ReplayPolicy', replayFrom(START))
  await publish('a3')
  world.now += DAY + 5000
  const carryOut = world.beginChore()!
  world.tidy()
  expect(world.storedBodies).toBe(1)
  // Its bodies were read before they went out of the archive.
  await carryOut()
  expect(await status()).toBe('Pending')
  world.restart({ snapshot: true })
  await world.doChores()
  expect(await drain()).toEqual(['a3'])
  expect(await status()).toBe('Completed')
})

test('a shorter retention takes effect at once', async () => {
  const { world, publish, drain, set, setTopic } = await archiveWorld({
    topic: { ArchivePolicy: JSON.stringify({ MessageRetentionPeriod: 2 }) },
  })
  await publish('a1')
  await drain()
  world.now += DAY
  await publish('a2')
  await drain()
  await setTopic('ArchivePolicy', ARCHIVE)
  await set('ReplayPolicy', replayFrom(START))
  await world.doChores()
  expect(await drain()).toEqual(['a2'])
})

test('a replay that is replaced while its bodies are read does nothing', async () => {
  const { world, publish, drain, set } = await archiveWorld()
  await publish('a1', 'a2')
  await drain()
  await set('ReplayPolicy', replayFrom(START))
  const late = world.beginChore()!
  await set('ReplayPolicy', replayFrom(START + 1000))
  await late()
  expect(await drain()).toEqual([])
  await world.doChores()
  expect(await drain()).toEqual(['a2'])
})

test('what does not land is counted, or becomes a dead letter', async () => {
  const { world, topic, queue, arn, publish, drain, set } = await archiveWorld()
  await publish('a1')
  await drain()
  await world.sqs('DeleteQueue', { QueueUrl: 'q.fifo' })
  await set('ReplayPolicy', replayFrom(START))
  await world.doChores()
  const dead = await world.queue('dead.fifo', { FifoQueue: 'true' })
  await set('RedrivePolicy', JSON.stringify({ deadLetterTargetArn: dead }))
  await set('ReplayPolicy', replayFrom(START))
  await world.doChores()
  expect(await drain(dead)).toEqual(['a1'])
  await world.sns('Unsubscribe', { SubscriptionArn: arn })
  expect(await world.subscribe(topic, queue)).not.toBe(arn)
})

test('the end of a subscription, or of all topics, ends its replay', async () => {
  for (const end of ['Unsubscribe', 'reset'] as const) {
    const { world, arn, publish, set } = await archiveWorld()
    await publish('a1')
    await set('ReplayPolicy', replayFrom(START))
    const late = world.beginChore()!
    if (end === 'Unsubscribe') await world.sns(end, { SubscriptionArn: arn })
    else await world.reset()
    await late()
    expect(await world.doChores()).toBe(0)
    world.restart({ snapshot: false })
    world.tidy()
    // It's in the queue, and after the reset in no archive any more.
    await world.sqs('PurgeQueue', { QueueUrl: 'q.fifo' })
    world.tidy()
    expect(world.storedBodies).toBe(end === 'reset' ? 0 : 1)
  }
})

test('a topic with an archive is not deleted', async () => {
  const { world, topic, setTopic } = await archiveWorld()
  expect(await world.refusal('DeleteTopic', { TopicArn: topic })).toBe(
    'InvalidState: Invalid state: Cannot delete a topic with an ArchivePolicy',
  )
  await setTopic('ArchivePolicy', '{}')
  await world.sns('DeleteTopic', { TopicArn: topic })
  expect(await world.refusal('GetTopicAttributes', { TopicArn: topic })).toBe(
    'NotFound: Topic does not exist',
  )
})

test.each([
  ['', 'failed to parse JSON.'],
  ['[]', 'failed to parse JSON.'],
  ['{"MessageRetentionPeriod":"0"}', 'MessageRetentionPeriod must be a whole number of days from 1 to 365.'],
  ['{"MessageRetentionPeriod":366}', 'MessageRetentionPeriod must be a whole number of days from 1 to 365.'],
  ['{"MessageRetentionPeriod":1.5}', 'MessageRetentionPeriod must be a whole number of days from 1 to 365.'],
  ['{"MessageRetentionPeriod":null}', 'MessageRetentionPeriod must be a whole number of days from 1 to 365.'],
  ['{"Days":"1"}', 'invalid JSON. Attribute Days is unknown.'],
])('the archive policy %s is refused', async (policy, reason) => {
  const { world, topic } = await archiveWorld()
  const input = { TopicArn: topic, AttributeName: 'ArchivePolicy', AttributeValue: policy }
  expect(await world.refusal('SetTopicAttributes', input)).toBe(
    `InvalidParameter: Invalid parameter: ArchivePolicy Reason: ${reason}`,
  )
})

test.each([
  ['x', 'failed to parse JSON.'],
  ['{"PointType":"Sequence"}', 'PointType must be Timestamp.'],
  ['{"PointType":"Timestamp"}', 'StartingPoint must be a timestamp of ISO 8601.'],
  ['{"PointType":"Timestamp","StartingPoint":"yesterday"}', 'StartingPoint must be a timestamp of ISO 8601.'],
  [
    '{"PointType":"Timestamp","StartingPoint":"2026-13-01T00:00:00Z"}',
    'StartingPoint must be a timestamp of ISO 8601.',
  ],
  [
    '{"PointType":"Timestamp","StartingPoint":"2025-01-01T00:00:00Z","EndingPoint":1}',
    'EndingPoint must be a timestamp of ISO 8601.',
  ],
  [replayFrom(START, START), 'EndingPoint must be later than StartingPoint.'],
  [replayFrom(START + 1), 'StartingPoint must not be in the future.'],
  ['{"Point":1}', 'invalid JSON. Attribute Point is unknown.'],
])('the replay policy %s is refused', async (policy, reason) => {
  const { world, topic, arn } = await archiveWorld()
  const input = { SubscriptionArn: arn, AttributeName: 'ReplayPolicy', AttributeValue: policy }
  expect(await world.refusal('SetSubscriptionAttributes', input)).toBe(
    `InvalidParameter: Invalid parameter: ReplayPolicy: ${reason}`,
  )
  const other = await world.queue('other.fifo', { FifoQueue: 'true' })
  const subscribe = {
    TopicArn: topic,
    Protocol: 'sqs',
    Endpoint: other,
    Attributes: { ReplayPolicy: policy },
  }
  expect(await world.refusal('Subscribe', subscribe)).toBe(
    `InvalidParameter: Invalid parameter: Attributes Reason: ReplayPolicy: ${reason}`,
  )
})

test('without an archive there is nothing to replay, and standard topics have none', async () => {
  const { world, topic, arn, setTopic } = await archiveWorld()
  await setTopic('ArchivePolicy', '{}')
  const input = { SubscriptionArn: arn, AttributeName: 'ReplayPolicy', AttributeValue: replayFrom(START) }
  const refusal = 'InvalidParameter: Invalid parameter: ReplayPolicy: the topic has no ArchivePolicy.'
  expect(await world.refusal('SetSubscriptionAttributes', input)).toBe(refusal)
  const standard = {
    TopicArn: await world.topic('standard'),
    AttributeName: 'ArchivePolicy',
    AttributeValue: ARCHIVE,
  }
  expect(await world.refusal('SetTopicAttributes', standard)).toBe(
    'InvalidParameter: Invalid parameter: AttributeName',
  )
  expect(
    (await world.sns('GetTopicAttributes', { TopicArn: topic })).Attributes.BeginningArchiveTime,
  ).toBeUndefined()
})

test('there are at most 100 replays at a time in an account and region; one may be begun anew', async () => {
  const { world, topic, arn, set } = await archiveWorld()
  const policy = replayFrom(START)
  const other = await world.topic('other.fifo', { FifoTopic: 'true', ArchivePolicy: ARCHIVE })
  for (let i = 0; i < 99; i++) {
    const queue = await world.queue(`q${i}.fifo`, { FifoQueue: 'true' })
    await world.subscribe(i % 2 === 0 ? topic : other, queue, { ReplayPolicy: policy })
  }
  await set('ReplayPolicy', policy)
  await set('ReplayPolicy', policy)
  const last = await world.queue('last.fifo', { FifoQueue: 'true' })
  const input = { TopicArn: topic, Protocol: 'sqs', Endpoint: last, Attributes: { ReplayPolicy: policy } }
  expect(await world.refusal('Subscribe', input)).toMatch(/^ReplayLimitExceeded: /)
  await world.sns('Unsubscribe', { SubscriptionArn: arn })
  await world.sns('Subscribe', input)
})

test('several replays take turns', async () => {
  const { world, topic, publish, drain } = await archiveWorld()
  await publish(...Array.from({ length: 150 }, (_, i) => `a${i}`))
  const queues = [
    await world.queue('x.fifo', { FifoQueue: 'true' }),
    await world.queue('y.fifo', { FifoQueue: 'true' }),
  ]
  for (const queue of queues) {
    await world.subscribe(topic, queue, { RawMessageDelivery: 'true', ReplayPolicy: replayFrom(START) })
  }
  await world.doChores(2)
  const counts = []
  for (const queue of queues) counts.push((await drain(queue)).length)
  expect(counts).toEqual([100, 100])
})

test('what passed its retention before its turn came is not replayed, though it is still there', async () => {
  const { world, publish, drain, set } = await archiveWorld()
  await publish('a1', 'a2')
  await drain()
  await set('ReplayPolicy', replayFrom(START))
  world.now = START + DAY + 1000
  await world.doChores()
  expect(await drain()).toEqual(['a2'])
})

test('the ending point’s own millisecond is waited for', async () => {
  const { world, topic, publish, drain, set, status } = await archiveWorld()
  await publish('a1')
  await drain()
  await set('ReplayPolicy', replayFrom(START, world.now))
  await world.doChores()
  expect(await status()).toBe('In progress')
  const message = { Message: 'a2', MessageGroupId: 'a', MessageDeduplicationId: 'last' }
  await world.sns('Publish', { TopicArn: topic, ...message })
  world.now += 1
  await world.doChores()
  expect([await drain(), await status()]).toEqual([['a1', 'a2'], 'Completed'])
})

test('a step reads up to 100 messages and 512 KiB, one at least, and nothing behind the ending point', async () => {
  const { world, publish, drain, set } = await archiveWorld()
  const reads = () => world.machine.chore()?.reads?.().length
  const large = 'x'.repeat(200_000)
  await publish(...Array.from({ length: 120 }, (_, i) => `a${i}`), large, large, large)
  await drain()
  await set('ReplayPolicy', replayFrom(START))
  expect(reads()).toBe(100)
  await set('ReplayPolicy', replayFrom(START + 120_000))
  expect(reads()).toBe(2)
  await set('ReplayPolicy', replayFrom(START, START + 9000))
  expect(reads()).toBe(10)
})

test('a replay that is complete stays so when the archive is taken away', async () => {
  const { world, topic, publish, set, setTopic, status } = await archiveWorld()
  await publish('a1')
  await set('ReplayPolicy', replayFrom(START))
  await world.doChores()
  // Another one is under way, and fails.
  const other = await world.queue('other.fifo', { FifoQueue: 'true' })
  await world.subscribe(topic, other, { ReplayPolicy: replayFrom(START) })
  await setTopic('ArchivePolicy', '{}')
  expect(await status()).toBe('Completed')
})

test('an archive that one subscription alone has to get something out of goes with it', async () => {
  const { world, arn, publish, set, setTopic } = await archiveWorld()
  await set('ReplayPolicy', replayFrom(START))
  await publish('a1')
  await setTopic('ArchivePolicy', '{}')
  world.tidy()
  expect(world.storedBodies).toBe(1)
  await world.sns('Unsubscribe', { SubscriptionArn: arn })
  world.restart({ snapshot: false })
  world.tidy()
  expect(world.storedBodies).toBe(0)
})

test('the mark counts towards the size of what is replayed', async () => {
  const { world, queue, publish, set } = await archiveWorld({ subscription: { RawMessageDelivery: 'false' } })
  await publish('a'.repeat(2000))
  const [first] = await world.received(queue, { VisibilityTimeout: 30 })
  await world.sqs('DeleteMessage', { QueueUrl: 'q.fifo', ReceiptHandle: first!.ReceiptHandle })
  const replayed = async (bytes: number) => {
    await world.sqs('SetQueueAttributes', {
      QueueUrl: 'q.fifo',
      Attributes: { MaximumMessageSize: `${bytes}` },
    })
    await set('ReplayPolicy', replayFrom(START))
    await world.doChores()
    return (await world.received(queue)).length
  }
  const bytes = first!.Body.length + ',\n  "Replayed" : true'.length
  expect(await replayed(bytes - 1)).toBe(0)
  expect(await replayed(bytes)).toBe(1)
})

test('what can not be delivered raw is not replayed raw', async () => {
  const { world, topic, queue, set } = await archiveWorld()
  const attribute = { DataType: 'String', StringValue: 'v' }
  const MessageAttributes = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`n${i}`, attribute]))
  const message = { Message: 'm', MessageGroupId: 'g', MessageDeduplicationId: 'd', MessageAttributes }
  await world.sns('Publish', { TopicArn: topic, ...message })
  await set('ReplayPolicy', replayFrom(START))
  await world.doChores()
  expect(await world.received(queue)).toEqual([])
  await set('RawMessageDelivery', 'false')
  await set('ReplayPolicy', replayFrom(START))
  await world.doChores()
  expect(await world.received(queue)).toHaveLength(1)
})
