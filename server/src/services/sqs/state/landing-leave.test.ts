import { expect, test } from 'vitest'
import { START, TopicWorld } from '../../../../test/sns/topic-world.ts'
import { PolicyLandingLeave, type RefusedLanding } from './landing-leave.ts'

const TOPIC = 'arn:aws:sns:eu-west-1:000000000000:news'
const QUEUE = 'arn:aws:sqs:eu-west-1:000000000000:q'
const SERVICE = { Service: 'sns.amazonaws.com' }

/** Topics and queues where policies are asked; `refused` is what was told of it. */
function newWorld(): TopicWorld & { readonly refused: RefusedLanding[] } {
  const refused: RefusedLanding[] = []
  return Object.assign(new TopicWorld(new PolicyLandingLeave((each) => refused.push(each))), { refused })
}

const policyOf = (...statements: readonly object[]) => ({
  Policy: JSON.stringify({
    Version: '2012-10-17',
    Statement: statements.map((statement) => ({
      ...{ Effect: 'Allow', Principal: SERVICE, Action: 'sqs:SendMessage', Resource: QUEUE },
      ...statement,
    })),
  }),
})

const setAttributes = (world: TopicWorld, QueueUrl: string, Attributes: object) =>
  world.sqs('SetQueueAttributes', { QueueUrl, Attributes })
const publish = (world: TopicWorld, TopicArn: string, Message = 'm') =>
  world.sns('Publish', { TopicArn, Message })

const equals = (arn: string) => ({ ArnEquals: { 'aws:SourceArn': arn } })
const OTHER_TOPIC = 'arn:aws:sns:eu-west-1:000000000000:olds'

test.each<[string, boolean, readonly object[]]>([
  ['lets the service in', true, [{}]],
  ['lets it in for the topic, by ArnEquals', true, [{ Condition: equals(TOPIC) }]],
  ['lets it in for another topic alone', false, [{ Condition: equals(OTHER_TOPIC) }]],
  [
    'lets it in for topics of a pattern, by ArnLike',
    true,
    [{ Condition: { ArnLike: { 'aws:SourceArn': 'arn:aws:sns:*:*:n*' } } }],
  ],
  ['lets it in by StringEquals', true, [{ Condition: { StringEquals: { 'aws:SourceArn': TOPIC } } }]],
  [
    'lets it in by StringLike',
    true,
    [{ Condition: { StringLike: { 'aws:SourceArn': 'arn:aws:sns:*:news' } } }],
  ],
  [
    'lets it in for its account',
    true,
    [{ Condition: { StringEquals: { 'aws:SourceAccount': '000000000000' } } }],
  ],
  [
    'lets it in for another account',
    false,
    [{ Condition: { StringEquals: { 'aws:SourceAccount': '111111111111' } } }],
  ],
  ['lets everyone in for the topic', true, [{ Principal: '*', Condition: equals(TOPIC) }]],
  ['lets every account in for the topic', true, [{ Principal: { AWS: '*' }, Condition: equals(TOPIC) }]],
  ['lets everyone in', true, [{ Principal: '*' }]],
  ["lets the topic's account in, which is not who sends", false, [{ Principal: { AWS: '000000000000' } }]],
  ['lets another service in', false, [{ Principal: { Service: 'events.amazonaws.com' } }]],
  ['allows something else', false, [{ Action: 'sqs:ReceiveMessage' }]],
  ['allows everything, of the year 2008', true, [{ Action: 'SQS:*', Resource: '*' }]],
  ['is about another queue', false, [{ Resource: `${QUEUE}2` }]],
  ['denies the topic what it lets everyone do', false, [{}, { Effect: 'Deny', Condition: equals(TOPIC) }]],
  [
    'denies what comes unencrypted, as few services do',
    true,
    [
      {},
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 'sqs:*',
        Condition: { Bool: { 'aws:SecureTransport': false } },
      },
    ],
  ],
  [
    'denies whoever is no service',
    true,
    [{}, { Effect: 'Deny', Principal: '*', Condition: { Bool: { 'aws:PrincipalIsAWSService': 'false' } } }],
  ],
  [
    'lets in by the tag of the queue',
    true,
    [{ Condition: { StringEquals: { 'aws:ResourceTag/team': 'mill' } } }],
  ],
  ['is no policy that can be read', false, [{ Action: 'sns:Publish' }]],
])('where the policy of a queue %s, a topic sends to it: %s', async (_, may, statements) => {
  const world = newWorld()
  const topic = await world.topic('news')
  await world.queue('q', policyOf(...statements))
  await world.sqs('TagQueue', { QueueUrl: 'q', Tags: { team: 'mill' } })
  const subscription = await world.subscribe(topic, QUEUE)
  await publish(world, topic)
  await publish(world, topic)
  expect(await world.received('q')).toHaveLength(may ? 2 : 0)
  expect((await world.description(subscription)).failures).toEqual(may ? {} : { 'not allowed': 2 })
  expect(world.refused).toHaveLength(may ? 0 : 2)
})

test('a queue without a policy takes nothing from a topic of its own account, and it is told of', async () => {
  const world = newWorld()
  const topic = await world.topic('news')
  await world.queue('q')
  const subscription = await world.subscribe(topic, QUEUE)
  expect((await publish(world, topic)).MessageId).toBeDefined()
  expect(await world.received('q')).toEqual([])
  expect(world.storedBodies).toBe(0)
  expect((await world.description(subscription)).failures).toEqual({ 'not allowed': 1 })
  expect(world.refused).toMatchObject([{ queue: QUEUE, sender: { sourceArn: TOPIC } }])
})

test('a change of the policy or the tags of a queue counts from the next publish on', async () => {
  const world = newWorld()
  const topic = await world.topic('news')
  await world.queue('q')
  await world.subscribe(topic, QUEUE, { RawMessageDelivery: 'true' })
  await publish(world, topic, 'no policy yet')
  await setAttributes(world, 'q', policyOf({}))
  await publish(world, topic, 'let in')
  await setAttributes(world, 'q', policyOf({ Condition: equals(OTHER_TOPIC) }))
  await publish(world, topic, 'another is')
  await setAttributes(world, 'q', policyOf({ Condition: { StringEquals: { 'aws:ResourceTag/a': 'b' } } }))
  await publish(world, topic, 'not tagged')
  await world.sqs('TagQueue', { QueueUrl: 'q', Tags: { a: 'b' } })
  await publish(world, topic, 'tagged')
  await setAttributes(world, 'q', { Policy: '' })
  await publish(world, topic, 'no policy any more')
  expect((await world.received('q')).map(({ Body }) => Body)).toEqual(['let in', 'tagged'])
})

test('a queue that is made anew under its name has the leave of its own policy alone', async () => {
  const world = newWorld()
  const topic = await world.topic('news')
  await world.queue('q', policyOf({}))
  await world.subscribe(topic, QUEUE)
  await publish(world, topic)
  expect(await world.received('q')).toHaveLength(1)
  await world.sqs('DeleteQueue', { QueueUrl: 'q' })
  await world.queue('q')
  await publish(world, topic)
  expect(await world.received('q')).toEqual([])
})

test('of several topics each has the leave that the policy gives it', async () => {
  const world = newWorld()
  const [news, olds] = [await world.topic('news'), await world.topic('olds')]
  await world.queue('q', policyOf({ Condition: equals(TOPIC) }))
  for (const topic of [news, olds]) await world.subscribe(topic, QUEUE, { RawMessageDelivery: 'true' })
  for (const topic of [olds, news, olds, news]) await publish(world, topic, topic)
  expect((await world.received('q')).map(({ Body }) => Body)).toEqual([news, news])
})

test('what a policy allows for a time is asked each time', async () => {
  const world = newWorld()
  const topic = await world.topic('news')
  const until = new Date(START + 60_000).toISOString()
  await world.queue('q', policyOf({ Condition: { DateLessThan: { 'aws:CurrentTime': until } } }))
  await world.subscribe(topic, QUEUE)
  await publish(world, topic)
  world.now += 60_000
  await publish(world, topic)
  expect(await world.received('q')).toHaveLength(1)
})

test.each([
  ['lets the topic in', true],
  ['does not', false],
])('what a queue refuses goes to the dead-letter queue of the subscription where that %s', async (_, may) => {
  const world = newWorld()
  const topic = await world.topic('news')
  await world.queue('q')
  const dead = await world.queue('dead', may ? policyOf({ Resource: '*', Condition: equals(TOPIC) }) : {})
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead })
  const subscription = await world.subscribe(topic, QUEUE, { RedrivePolicy })
  await publish(world, topic)
  expect(await world.received('dead')).toHaveLength(may ? 1 : 0)
  expect((await world.description(subscription)).failures).toEqual({
    [may ? 'dead letter' : 'not allowed']: 1,
  })
  expect(world.refused.map(({ queue }) => queue)).toEqual(may ? [QUEUE] : [QUEUE, dead])
})

test('what can not be pushed goes to a dead-letter queue that lets the topic in, and to no other', async () => {
  for (const may of [true, false]) {
    const world = newWorld()
    const topic = await world.topic('news')
    const dead = await world.queue('dead', may ? policyOf({ Resource: '*', Condition: equals(TOPIC) }) : {})
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead })
    const input = {
      TopicArn: topic,
      Protocol: 'http',
      Endpoint: 'http://example.com/',
      Attributes: { RedrivePolicy },
    }
    const { SubscriptionArn } = await world.sns('Subscribe', { ...input, ReturnSubscriptionArn: true })
    await world.confirm(SubscriptionArn)
    await publish(world, topic)
    const [push] = await world.taken(SubscriptionArn)
    expect(await push!.failed(false)).toBe(may ? 'redriven' : 'not redriven')
    expect(await world.received('dead')).toHaveLength(may ? 1 : 0)
    const reason = may ? 'dead letter' : 'not allowed'
    expect((await world.description(SubscriptionArn)).failures).toEqual({ [reason]: 1 })
  }
})

test('messages of a FIFO topic and of its archive need leave as well', async () => {
  const world = newWorld()
  const archive = { ArchivePolicy: JSON.stringify({ MessageRetentionPeriod: '1' }) }
  const topic = await world.topic('news.fifo', { FifoTopic: 'true', ...archive })
  const queue = await world.queue('q.fifo', { FifoQueue: 'true' })
  const ReplayPolicy = JSON.stringify({
    ...{ PointType: 'Timestamp', StartingPoint: new Date(START).toISOString() },
  })
  const message = { TopicArn: topic, MessageGroupId: 'g' }
  await world.sns('Publish', { ...message, Message: 'before', MessageDeduplicationId: '1' })
  const subscription = await world.subscribe(topic, queue, { ReplayPolicy, RawMessageDelivery: 'true' })
  await world.doChores()
  expect(await world.received('q.fifo')).toEqual([])
  await setAttributes(world, 'q.fifo', policyOf({ Resource: queue, Condition: equals(topic) }))
  const input = { SubscriptionArn: subscription, AttributeName: 'ReplayPolicy', AttributeValue: ReplayPolicy }
  await world.sns('SetSubscriptionAttributes', input)
  await world.doChores()
  await world.sns('Publish', { ...message, Message: 'after', MessageDeduplicationId: '2' })
  expect((await world.received('q.fifo')).map(({ Body }) => Body)).toEqual(['before', 'after'])
})

test.each([false, true])(
  'what landed is there after a restart, whatever the policy says then (snapshot: %s)',
  async (snapshot) => {
    const world = newWorld()
    const topic = await world.topic('news')
    await world.queue('q', policyOf({}))
    await world.subscribe(topic, QUEUE)
    await publish(world, topic)
    await setAttributes(world, 'q', { Policy: '' })
    await publish(world, topic)
    const refusals = world.refused.length
    world.restart({ snapshot })
    expect(world.refused).toHaveLength(refusals)
    expect(await world.received('q')).toHaveLength(1)
  },
)
