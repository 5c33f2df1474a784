import { expect, test } from 'vitest'
import { START, TestSigner, TopicWorld } from '../../../test/sns/topic-world.ts'
import { encodeDirectOrigin } from './landing-origin.ts'
import type { PushedMessage, PushQueues } from './ports.ts'
import { encodePublishedMessage } from './published-message.ts'
import { directQueueArn } from './topic-arn.ts'
import { TopicPushes } from './topic-pushes.ts'

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
  const { endpoint, notification, raw } = question!.dispatch
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
  expect(push!.dispatch.notification).toMatchObject({
    ...{ type: 'Notification', message: 'm', subject: 's', subscriptionArn: subscription },
    link: `http://localhost:4566/?Action=Unsubscribe&SubscriptionArn=${subscription}`,
  })
  expect(JSON.parse(push!.dispatch.notification.document)).toMatchObject({
    ...{ Type: 'Notification', Message: 'm', Signature: push!.dispatch.notification.signature.value },
  })
})

test('a question that another one follows, or that was answered, is not asked any more', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const subscription = await pending(world, topic)
  await pending(world, topic)
  const asked = await world.taken(subscription)
  expect(asked.map(({ dispatch }) => dispatch.notification.link.split('Token=')[1])).toEqual([
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
  const retries = { ...{ numRetries: 4, numNoDelayRetries: 1, minDelayTarget: 2 }, maxDelayTarget: 5 }
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
  expect(waits).toEqual([0, 2, 4, 5])
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
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: await world.queue('dead') })
  const subscription = await subscribed(world, topic, { RedrivePolicy })
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
  await second!.failed(false)
  await third!.failed(true)
  pass(world, 20)
  expect(await world.waiting(subscription)).toEqual(['m'])
  expect(await world.received('dead')).toEqual([])
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
  expect(pushes.map(({ dispatch: { raw, notification } }) => [raw, notification.message])).toEqual([
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
  const pushes = new TopicPushes({ cell, queues, signer: new TestSigner(), report: () => {} })
  const [source] = await pushes.ready(1)
  expect(source!.protocol).toBe('sms')
  const taken = (await pushes.take(source!.name, 10, 30)).pushes
  expect(taken[0]!.dispatch).toMatchObject({
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

const nobody = { accountId: 'anonymous', region: '', userId: 'anonymous', principalArn: 'Anonymous' }
const anonymous = { caller: { ...nobody, isAnonymous: true as const } }

async function unsubscribeByLink(world: TopicWorld, SubscriptionArn: string): Promise<void> {
  await world.sns('Unsubscribe', { SubscriptionArn }, anonymous)
}

test('who has an endpoint is told that a link ended its subscription, and can have it back as it was', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  await world.sns('SetTopicAttributes', {
    TopicArn: topic,
    AttributeName: 'SignatureVersion',
    AttributeValue: '2',
  })
  const first = await subscribed(world, topic, { RawMessageDelivery: 'true' })
  const queue = await world.queue('readers')
  const second = await world.subscribe(topic, queue)
  await world.sns('Publish', { TopicArn: topic, Message: 'not delivered any more' })
  await unsubscribeByLink(world, first)
  world.restart({ snapshot: false })
  world.tidy()
  world.restart({ snapshot: true })
  const counts = async () => {
    const { Attributes } = await world.sns('GetTopicAttributes', { TopicArn: topic })
    return [
      Attributes.SubscriptionsConfirmed,
      Attributes.SubscriptionsPending,
      Attributes.SubscriptionsDeleted,
    ]
  }
  expect(await counts()).toEqual(['1', '0', '1'])
  await expect(world.description(first)).rejects.toThrow('Subscription does not exist')
  await world.sns('Publish', { TopicArn: topic, Message: 'for readers alone' })
  const [told] = await world.taken(first)
  expect(told!.dispatch.raw).toBe(false)
  expect(told!.dispatch.notification.signature.version).toBe('2')
  expect(told!.dispatch.notification).toMatchObject({
    ...{ type: 'UnsubscribeConfirmation', subscriptionArn: first },
    message: `You have chosen to deactivate subscription ${first}.\nTo cancel this operation and restore the subscription, visit the SubscribeURL included in this message.`,
    link: `http://localhost:4566/?Action=ConfirmSubscription&TopicArn=${topic}&Token=${world.tokens.at(-1)}`,
  })
  await told!.delivered()
  await world.confirm(first)
  expect(await counts()).toEqual(['2', '0', '0'])
  const { Subscriptions } = await world.sns('ListSubscriptionsByTopic', { TopicArn: topic })
  expect(Subscriptions.map((each: { SubscriptionArn: string }) => each.SubscriptionArn)).toEqual([
    first,
    second,
  ])
  expect((await world.description(first)).settings.rawMessageDelivery).toBe(true)
  await world.sns('Publish', { TopicArn: topic, Message: 'again' })
  world.restart({ snapshot: true })
  expect(await world.waiting(first)).toEqual(['again'])
})

test('it can not be had back twice, nor after two days, nor where the endpoint is subscribed anew', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const confirm = (Token: string) => world.refusal('ConfirmSubscription', { TopicArn: topic, Token })
  await unsubscribeByLink(world, await subscribed(world, topic))
  const token = world.tokens.at(-1)!
  await subscribed(world, topic)
  expect(await confirm(token)).toBe('InvalidParameter: Invalid token')
  const { Subscriptions } = await world.sns('ListSubscriptionsByTopic', { TopicArn: topic })
  await unsubscribeByLink(world, Subscriptions[0].SubscriptionArn)
  await world.confirm(Subscriptions[0].SubscriptionArn)
  expect(await confirm(world.tokens.at(-1)!)).toBe('InvalidParameter: Invalid token')
  await unsubscribeByLink(world, Subscriptions[0].SubscriptionArn)
  pass(world, 172_800)
  expect(await confirm(world.tokens.at(-1)!)).toBe('InvalidParameter: Invalid token')
})

test('nothing is left of a subscription that ended by a link, once it was told of or is too old', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const subscription = await subscribed(world, topic)
  await unsubscribeByLink(world, subscription)
  const [told] = await world.taken(subscription)
  expect(await told!.failed(false)).toBe('discarded')
  pass(world, 172_800)
  world.tidy()
  world.restart({ snapshot: true })
  expect(world.storedBodies).toBe(0)
  // What nothing refers to would be gone after a start.
  const { units } = world
  world.restart({ snapshot: true })
  expect(world.units).toBe(units)
  expect(await world.resetQueues()).toBe(0)
})

test('what tells of an end goes with the topic', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  await unsubscribeByLink(world, await subscribed(world, topic))
  await world.sns('DeleteTopic', { TopicArn: topic })
  world.tidy()
  expect(world.storedBodies).toBe(0)
  expect(await world.resetQueues()).toBe(0)
})

test('who is known ends a subscription without a word, and a link ends none that wants a signature', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const first = await subscribed(world, topic)
  await world.taken(first)
  await world.sns('Unsubscribe', { SubscriptionArn: first })
  expect(await world.taken(first)).toEqual([])
  const second = await pending(world, topic)
  const input = { TopicArn: topic, Token: world.tokens.at(-1)!, AuthenticateOnUnsubscribe: 'true' }
  await world.sns('ConfirmSubscription', input)
  await expect(unsubscribeByLink(world, second)).rejects.toThrow(
    'is not authorized to perform: SNS:Unsubscribe',
  )
  const third = await world.subscribe(topic, await world.queue('readers'))
  await expect(unsubscribeByLink(world, third)).rejects.toThrow(
    'is not authorized to perform: SNS:Unsubscribe',
  )
  await world.sns('Unsubscribe', { SubscriptionArn: third })
  await expect(world.description(third)).rejects.toThrow('Subscription does not exist')
})

test('who has only the link of a question can not keep others from ending the subscription by theirs', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const subscription = await pending(world, topic)
  const input = { TopicArn: topic, Token: world.tokens.at(-1)!, AuthenticateOnUnsubscribe: 'true' }
  await world.sns('ConfirmSubscription', input, anonymous)
  expect((await world.description(subscription)).confirmedBySignature).toBe(false)
})

test('a message that can not be read is reported, and holds up no other one', async () => {
  const world = new TopicWorld()
  const topic = await world.topic()
  const subscription = await subscribed(world, topic)
  await world.taken(subscription)
  for (const Message of ['first', 'second']) await world.sns('Publish', { TopicArn: topic, Message })
  world.signer.fails = (text) => text.includes('first')
  expect(await world.waiting(subscription)).toEqual(['second'])
  expect(world.reported).toHaveLength(1)
  world.signer.fails = () => false
  pass(world, 30)
  expect((await world.waiting(subscription)).toSorted()).toEqual(['first', 'second'])
})
