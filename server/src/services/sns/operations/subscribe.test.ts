import { expect, test } from 'vitest'
import { TopicWorld } from '../../../../test/sns/topic-world.ts'

const QUEUE = 'arn:aws:sqs:eu-west-1:000000000000:q'

async function refusals() {
  const world = new TopicWorld()
  const TopicArn = await world.topic('t')
  return (Protocol: string, Endpoint: string | undefined, Attributes: object = {}) =>
    world.refusal('Subscribe', { TopicArn, Protocol, Endpoint, Attributes })
}

test.each([
  [
    'test-protocol',
    'x',
    'Invalid parameter: Amazon SNS does not support this protocol string: test-protocol',
  ],
  ['sqs', 'not an ARN', 'Invalid parameter: SQS endpoint ARN'],
  ['sqs', undefined, 'Invalid parameter: SQS endpoint ARN'],
  ['sqs', 'arn:aws:sqs:eu-west-1:111111111111:q', 'Invalid parameter: SQS endpoint ARN'],
  [
    'sqs',
    `${QUEUE}.fifo`,
    'Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
  ],
  ['http', 'https://example.com', 'Invalid parameter: Endpoint must match the specified protocol'],
  ['https', 'http://example.com', 'Invalid parameter: Endpoint must match the specified protocol'],
  ['email', 'nobody', 'Invalid parameter: Email address'],
  ['sms', 'NAA+15551234567', 'Invalid SMS endpoint: NAA+15551234567'],
  ['sms', '+15--551234567', 'Invalid SMS endpoint: +15--551234567'],
  ['sms', '/+15551234567', 'Invalid SMS endpoint: /+15551234567'],
  ['sms', '+15551234567.', 'Invalid SMS endpoint: +15551234567.'],
  ['lambda', 'arn:aws:lambda:x', 'Invalid parameter: Lambda endpoint ARN'],
])('an endpoint of %s that is %s is refused', async (protocol, endpoint, message) => {
  expect(await (await refusals())(protocol, endpoint)).toBe(`InvalidParameter: ${message}`)
})

test.each([
  [
    'RawMessageDelivery',
    'wrongvalue',
    'Attributes Reason: RawMessageDelivery: Invalid value [wrongvalue]. Must be true or false.',
  ],
  [
    'RedrivePolicy',
    '{"deadLetterTargetArn":"x"}',
    'Attributes Reason: RedrivePolicy: deadLetterTargetArn is an invalid arn',
  ],
  ['RedrivePolicy', '{', 'Attributes Reason: RedrivePolicy: failed to parse JSON.'],
  [
    'FilterPolicyScope',
    'RandomValue',
    'Attributes Reason: FilterPolicyScope: Invalid value [RandomValue]. Please use either MessageBody or MessageAttributes',
  ],
  ['FilterPolicy', '{"key":[]}', 'Attributes Reason: FilterPolicy: Empty arrays are not allowed'],
  ['DeliveryPolicy', 'no policy', 'Attributes Reason: DeliveryPolicy'],
  ['ReplayStatus', 'Completed', 'AttributeName'],
  ['Unknown', 'x', 'AttributeName'],
])('an attribute %s of %s is refused', async (name, value, message) => {
  const refusal = await (await refusals())('sqs', QUEUE, { [name]: value })
  expect(refusal).toContain(`InvalidParameter: Invalid parameter: ${message}`)
})

test('only some protocols deliver a message as it is', async () => {
  const raw = { RawMessageDelivery: 'true' }
  expect(await (await refusals())('email', 'miller@example.com', raw)).toContain(
    'does not support raw message delivery',
  )
  expect(await (await refusals())('https', 'https://example.com', raw)).toBe('not refused')
})

test('a FIFO topic sends to queues alone, and its dead letters to FIFO queues', async () => {
  const world = new TopicWorld()
  const TopicArn = await world.topic('t.fifo', { FifoTopic: 'true' })
  const http = { TopicArn, Protocol: 'http', Endpoint: 'http://example.com' }
  expect(await world.refusal('Subscribe', http)).toContain('Endpoint Reason: Please use FIFO SQS queue')
  const Attributes = { RedrivePolicy: JSON.stringify({ deadLetterTargetArn: QUEUE }) }
  const fifo = { TopicArn, Protocol: 'sqs', Endpoint: `${QUEUE}.fifo` }
  expect(await world.refusal('Subscribe', { ...fifo, Attributes })).toBe(
    'InvalidParameter: Invalid parameter: RedrivePolicy: must use a FIFO queue as DLQ for a FIFO Subscription to a FIFO Topic.',
  )
  expect(await world.refusal('Subscribe', { ...fifo, Endpoint: QUEUE, Attributes })).toBe('not refused')
  for (let i = 1; i < 100; i++) await world.subscribe(TopicArn, `${QUEUE}${i}.fifo`)
  expect(await world.refusal('Subscribe', { ...fifo, Endpoint: `${QUEUE}100.fifo` })).toMatch(
    /^SubscriptionLimitExceeded/,
  )
})

test('a pending subscription is confirmed by its newest token, for two days', async () => {
  const world = new TopicWorld()
  const TopicArn = await world.topic()
  const mail = { TopicArn, Protocol: 'email', Endpoint: 'miller@example.com' }
  const confirm = (Token: string) => world.refusal('ConfirmSubscription', { TopicArn, Token })
  await world.sns('Subscribe', mail)
  await world.sns('Subscribe', mail)
  const [first, second] = world.tokens
  expect(first).not.toBe(second)
  expect(await confirm(first!)).toBe('InvalidParameter: Invalid token')
  world.now += 172_800_000
  expect(await confirm(second!)).toBe('InvalidParameter: Invalid token')
  await world.sns('Subscribe', mail)
  world.now += 172_799_999
  const { SubscriptionArn } = await world.sns('ConfirmSubscription', { TopicArn, Token: world.tokens[2] })
  const { Attributes } = await world.sns('GetSubscriptionAttributes', { SubscriptionArn })
  expect(Attributes).toMatchObject({ PendingConfirmation: 'false', ConfirmationWasAuthenticated: 'false' })
  const { Attributes: topic } = await world.sns('GetTopicAttributes', { TopicArn })
  expect([topic.SubscriptionsConfirmed, topic.SubscriptionsPending]).toEqual(['1', '0'])
})
