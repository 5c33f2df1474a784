import { expect, test } from 'vitest'
import { START, TestSigner, TopicWorld } from '../../../test/sns/topic-world.ts'
import { encodeDirectOrigin } from './landing-origin.ts'
import type { PushedMessage, PushQueues } from './ports.ts'
import { encodePublishedMessage } from './published-message.ts'
import { Pushes } from './pushes.ts'
import { directQueueArn } from './topic-arn.ts'

const HOOK = 'http://example.com/hook'

async function subscribed(world: TopicWorld, topic: string, Attributes: object = {}): Promise<string> {
  const subscription = await pending(world, topic, Attributes)
  await world.confirm(subscription)
  return subscription
}

async function pending(world: TopicWorld, topic: string, Attributes: object = {}): Promise<string> {
  const input = { TopicArn: topic, Protocol: 'http', Endpoint: HOOK, Attributes, ReturnSubscriptionArn: true }
  return (await world.sns('Subscribe', input)).SubscriptionArn
}

const policy = (healthyRetryPolicy: object, throttlePolicy?: object) => ({
  DeliveryPolicy: JSON.stringify({ healthyRetryPolicy, throttlePolicy }),
})

/** Lets so much time pass. */
function pass(world: TopicWorld, seconds: number): void {
  world.now += seconds * 1000
}

test('the owner of an endpoint is asked whether it is to be subscribed, and then gets what is published', async () => {
  const world = new TopicWorld()
  const topic = await world.topic('news', { DisplayName: 'The Mill' })
  const subscription = await pending(world, topic)
  world.restart({ snapshot: false })
  const [question] = await world.taken(subscription)
  const { endpoint, notification, raw } = question!.delivery
  expect({ endpoint, raw }).toEqual({ endpoint: HOOK, raw: false })
  expect(notification).toMatchObject({
    ...{ type: 'SubscriptionConfirmation', topicArn: topic, topicDisplayName: 'The Mill' },
    ...{ subscriptionArn: undefined, timestamp: new Date(START).toISOString() },
    link: `http://localhost:4566/?Action=ConfirmSubscription&TopicArn=${topic}&Token=${world.tokens[0]}`,
  })
  expect(JSON.parse(notification.document)).toMatchObject({
    ...{ Type: 'SubscriptionConfirmation', Token: world.tokens[0], SubscribeURL: notification.link },
  })
  expect(await question!.delivered()).toBe('delivered')
  expect(world.storedBodies).toBe(0)
  await world.confirm(subscription)
  await world.sns('Publish', { TopicArn: topic, Message: 'm', Subject: 's' })
  const [push] = await world.taken(subscription)
  expect(push!.delivery.notification).toMatchObject({
    ...{ type: 'Notification', message: 'm', subject: 's', subscriptionArn: subscription },
    link: `http://localhost:4566/?Action=Unsubscribe&SubscriptionArn=${subscription}`,
  })
  expect(JSON.parse(push!.delivery.notification.document)).toMatchObject({
    ...{ Type: 'Notification', Message: 'm', Signature: push!.delivery.notification.signature.value },
  })
})

test('a question that another one follows, or that was answered, is not asked any more', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const subscription = await pending(world, topic)
  await pending(world, topic)
  const asked = await world.taken(subscription)
  expect(asked.map(({ delivery }) => delivery.notification.link.split('Token=')[1])).toEqual([
    world.tokens[1],
  ])
  await world.confirm(subscription)
  pass(world, 30)
  expect(await world.taken(subscription)).toEqual([])
  expect(world.storedBodies).toBe(0)
})

test('a subscription is refused where nothing can be pushed to its endpoint', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  world.endpointProblem = 'no way there'
  const input = { TopicArn: topic, Protocol: 'http', Endpoint: HOOK }
  expect(await world.refusal('Subscribe', input)).toBe(
    'InvalidParameter: Invalid parameter: Endpoint Reason: no way there',
  )
})

test('what failed is tried again when the delivery policy says, and discarded after the last retry', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const retries = { ...{ numRetries: 4, numNoDelayRetries: 1, minDelayTarget: 2 }, maxDelayTarget: 6 }
  const subscription = await subscribed(world, topic, policy(retries))
  await world.sns('Publish', { TopicArn: topic, Message: 'm' })
  const waits: number[] = []
  for (;;) {
    const [push] = await world.taken(subscription)
    expect(push!.attempt).toBe(waits.length + 1)
    const ending = await push!.failed(true)
    if (ending === 'discarded') break
    expect(ending).toBe('to be retried')
    let seconds = 0
    for (; (await world.waiting(subscription)).length === 0; seconds++) pass(world, 1)
    waits.push(seconds)
  }
  expect(waits).toEqual([0, 2, 4, 6])
  expect(world.storedBodies).toBe(0)
  expect((await world.description(subscription)).failures).toEqual({ 'not delivered': 1 })
})

test('what the endpoint refuses is not tried again', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const subscription = await subscribed(world, topic)
  await world.sns('Publish', { TopicArn: topic, Message: 'm' })
  const [push] = await world.taken(subscription)
  expect(await push!.failed(false)).toBe('discarded')
  expect(world.storedBodies).toBe(0)
})

test('what can not be delivered goes to the dead-letter queue, as something new, and comes back nowhere', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const dead = await world.queue('dead')
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead })
  const subscription = await subscribed(world, topic, { RedrivePolicy })
  await world.sns('Publish', { TopicArn: topic, Message: 'm' })
  const [push] = await world.taken(subscription)
  pass(world, 5)
  expect(await push!.failed(false)).toBe('redriven')
  world.restart({ snapshot: false })
  world.restart({ snapshot: true })
  const [message] = await world.received('dead')
  expect(JSON.parse(message!.Body)).toMatchObject({ Type: 'Notification', Message: 'm' })
  expect(message!.Attributes).toMatchObject({
    ...{ ApproximateReceiveCount: '1', SentTimestamp: String(START + 5000) },
  })
  expect(message!.Attributes.DeadLetterQueueSourceArn).toBeUndefined()
  expect(await world.waiting(subscription)).toEqual([])
  expect((await world.description(subscription)).failures).toEqual({ 'dead letter': 1 })
  await world.sqs('DeleteMessage', { QueueUrl: 'dead', ReceiptHandle: message!.ReceiptHandle })
  expect(world.storedBodies).toBe(0)
})

test.each([
  ['there is no such queue', 'arn:aws:sqs:eu-west-1:000000000000:nowhere', 'no such target'],
  ['it takes nothing so large', 'arn:aws:sqs:eu-west-1:000000000000:small', 'too large'],
  ['it is a FIFO queue', 'arn:aws:sqs:eu-west-1:000000000000:dead.fifo', 'not for this kind of target'],
])('where %s, what can not be delivered is gone, and counted', async (_, deadLetterTargetArn, reason) => {
  const world = new TopicWorld()
  const topic = await world.topic()
  await world.queue('small', { MaximumMessageSize: '1024' })
  await world.queue('dead.fifo', { FifoQueue: 'true' })
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn })
  const subscription = await subscribed(world, topic, { RedrivePolicy })
  await world.sns('Publish', { TopicArn: topic, Message: 'm'.repeat(900) })
  const [push] = await world.taken(subscription)
  expect(await push!.failed(false)).toBe('not redriven')
  expect(world.storedBodies).toBe(0)
  expect((await world.description(subscription)).failures).toEqual({ [reason]: 1 })
})

test('what was taken and never answered for is there again, and what was put back is, uncounted', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const subscription = await subscribed(world, topic)
  await world.sns('Publish', { TopicArn: topic, Message: 'm' })
  const [first] = await world.taken(subscription)
  await first!.putBack()
  const [second] = await world.taken(subscription)
  expect(second!.attempt).toBe(1)
  world.restart({ snapshot: true })
  expect(await world.taken(subscription)).toEqual([])
  pass(world, 30)
  const [third] = await world.taken(subscription)
  expect(third!.attempt).toBe(2)
  // Who comes late has no say any more.
  await second!.delivered()
  await third!.failed(true)
  pass(world, 20)
  expect(await world.waiting(subscription)).toEqual(['m'])
})

test('sources that have something are named once, and again when something more happens to them', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const subscription = await subscribed(world, topic)
  const names = async () => (await world.pushes.ready(10)).map(({ name }) => name)
  const source = `arn:aws:sqs:eu-west-1:000000000000:/sns/http/news/${subscription.split(':').at(-1)}`
  await world.taken(subscription)
  await names()
  expect(await names()).toEqual([])
  await world.sns('Publish', { TopicArn: topic, Message: 'm' })
  expect(await names()).toEqual([source])
  expect(await names()).toEqual([])
  const [push] = await world.taken(subscription)
  await push!.failed(true)
  expect(await names()).toEqual([])
  pass(world, 20)
  world.tidy()
  expect(await names()).toEqual([source])
  for (const snapshot of [false, true]) {
    world.restart({ snapshot })
    expect(await names()).toEqual([source])
  }
  await world.sns('Publish', { TopicArn: topic, Message: 'n' })
  await world.sns('Unsubscribe', { SubscriptionArn: subscription })
  expect(await names()).toEqual([])
})

test('raw deliveries are not signed, and a throttle policy spaces them', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const Attributes = { RawMessageDelivery: 'true', ...policy({}, { maxReceivesPerSecond: 4 }) }
  const subscription = await subscribed(world, topic, Attributes)
  const signed = world.signer.signed.length
  await world.sns('Publish', { TopicArn: topic, Message: 'm' })
  const { name } = (await world.pushes.ready(10))[0]!
  const { pushes, spacingMs } = await world.pushes.take(name, 10, 30)
  expect(pushes.map(({ delivery: { raw, notification } }) => [raw, notification.message])).toEqual([
    [true, 'm'],
  ])
  expect(spacingMs).toBe(250)
  expect(world.signer.signed.length).toBe(signed)
  expect(subscription).toContain(name.split('/').at(-1))
})

test('what is sent to a number without a topic names it in its origin, and is tried again as a subscription is', async () => {
  const body = encodePublishedMessage({
    ...{ id: new Uint8Array(16), landingSeed: new Uint8Array(16), baseUrl: '', topicArn: '' },
    ...{ subject: undefined, groupId: undefined, deduplicationId: undefined, traceHeader: undefined },
    ...{ attributes: [], texts: new Map([['', 'the mill is open']]) },
  })
  const origin = encodeDirectOrigin({ protocol: 'sms', endpoint: '+15551234567', sms: null })
  const log: unknown[] = []
  const queues: PushQueues<PushedMessage> = {
    ready: async () => [directQueueArn({ accountId: '000000000000', region: 'eu-west-1' }, 'sms')],
    receive: async () => [1, 50, 51].map((receiveCount) => ({ receiveCount, body, origin })),
    delete: async ({ receiveCount }) => void log.push(['delete', receiveCount]),
    hide: async ({ receiveCount }, seconds) => void log.push(['hide', receiveCount, seconds]),
    putBack: async () => {},
    forward: async () => 'no such target',
  }
  const cell = { execute: () => Promise.reject(new Error('there is nothing to be asked')) }
  const pushes = new Pushes({ cell, queues, signer: new TestSigner() })
  const [source] = await pushes.ready(1)
  expect(source!.protocol).toBe('sms')
  const taken = (await pushes.take(source!.name, 10, 30)).pushes
  expect(taken[0]!.delivery).toMatchObject({
    endpoint: '+15551234567',
    notification: { message: 'the mill is open', topicArn: '', topicDisplayName: '' },
  })
  const endings = await Promise.all(taken.map((push) => push.failed(true)))
  expect(endings).toEqual(['to be retried', 'to be retried', 'discarded'])
  expect(log).toEqual([
    ['hide', 1, 10],
    ['hide', 50, 600],
    ['delete', 51],
  ])
})
