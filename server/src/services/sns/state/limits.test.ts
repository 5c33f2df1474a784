import { expect, test } from 'vitest'
import { TopicWorld } from '../../../../test/sns/topic-world.ts'

const FilterPolicy = '{"kind":["stone"]}'
const LIMIT = 'FilterPolicyLimitExceeded: Filter policy limit exceeded'

const endpoint = (i: number) => `arn:aws:sqs:eu-west-1:000000000000:q${i}`

async function withPolicies(world: TopicWorld, topic: string, count: number): Promise<string[]> {
  const subscriptions: string[] = []
  for (let i = 0; i < count; i++)
    subscriptions.push(await world.subscribe(topic, endpoint(i), { FilterPolicy }))
  return subscriptions
}

const subscribing = (TopicArn: string, i: number) => ({
  ...{ TopicArn, Protocol: 'sqs', Endpoint: endpoint(i), Attributes: { FilterPolicy } },
})

test('at the limit of filter policies no more come, and those that are there may change, also after a restart', async () => {
  const world = new TopicWorld()
  await withPolicies(world, await world.topic('crowd'), 9800)
  const topic = await world.topic()
  const [first] = await withPolicies(world, topic, 200)
  expect(await world.refusal('Subscribe', subscribing(topic, 200))).toBe(LIMIT)
  const plain = await world.subscribe(topic, endpoint(200))
  const setting = { SubscriptionArn: plain, AttributeName: 'FilterPolicy', AttributeValue: FilterPolicy }
  expect(await world.refusal('SetSubscriptionAttributes', setting)).toBe(LIMIT)
  // One that has a policy may have another, and any other attribute may change.
  await world.sns('SetSubscriptionAttributes', {
    ...setting,
    SubscriptionArn: first,
    AttributeValue: '{"a":[1]}',
  })
  await world.sns('SetSubscriptionAttributes', {
    ...{ SubscriptionArn: plain, AttributeName: 'RawMessageDelivery', AttributeValue: 'true' },
  })
  for (const snapshot of [false, true]) {
    world.restart({ snapshot })
    expect(await world.refusal('SetSubscriptionAttributes', setting)).toBe(LIMIT)
  }
  await world.sns('SetSubscriptionAttributes', { ...setting, SubscriptionArn: first, AttributeValue: '' })
  await world.sns('SetSubscriptionAttributes', setting)
  await world.sns('Unsubscribe', { SubscriptionArn: plain })
  await world.sns('Subscribe', subscribing(topic, 201))
  expect(await world.refusal('Subscribe', subscribing(topic, 202))).toBe(LIMIT)
})

test('an account has 10,000 filter policies in a region at most', async () => {
  const world = new TopicWorld()
  const topics: string[] = []
  for (let i = 0; i < 50; i++) {
    topics.push(await world.topic(`t${i}`))
    await withPolicies(world, topics[i]!, 200)
  }
  const more = await world.topic('more')
  expect(await world.refusal('Subscribe', subscribing(more, 0))).toBe(LIMIT)
  await world.sns('DeleteTopic', { TopicArn: topics[0] })
  await withPolicies(world, more, 200)
  const last = await world.topic('last')
  for (const snapshot of [false, true]) {
    world.restart({ snapshot })
    expect(await world.refusal('Subscribe', subscribing(last, 0))).toBe(LIMIT)
  }
  world.machine.execute({ service: 'sns', kind: 'reset' } as never, 0)
  await world.sns('Subscribe', subscribing(await world.topic('fresh'), 0))
})

test('a FIFO topic has 100 subscriptions at most', async () => {
  const world = new TopicWorld()
  const topic = await world.topic('news.fifo', { FifoTopic: 'true' })
  for (let i = 0; i < 100; i++) await world.subscribe(topic, endpoint(i))
  const { Attributes: _none, ...input } = subscribing(topic, 100)
  expect(await world.refusal('Subscribe', input)).toBe(
    'SubscriptionLimitExceeded: Subscription limit exceeded',
  )
  // One that is there already is no other one.
  await world.subscribe(topic, endpoint(0))
})

test('an account has 1,000 FIFO topics in a region at most; standard topics do not count', async () => {
  const world = new TopicWorld()
  const fifo = (i: number) => ({ Name: `t${i}.fifo`, Attributes: { FifoTopic: 'true' } })
  for (let i = 0; i < 1000; i++) await world.sns('CreateTopic', fifo(i))
  expect(await world.refusal('CreateTopic', fifo(1000))).toBe('TopicLimitExceeded: Topic limit exceeded')
  await world.sns('CreateTopic', fifo(0))
  await world.topic('standard')
  const caller = { accountId: '000000000000', region: 'us-east-1', userId: 'u', principalArn: 'p' }
  await world.sns('CreateTopic', fifo(1000), { caller })
})
