import { expect, test } from 'vitest'
import { TopicWorld } from '../../../../test/sns/topic-world.ts'
import { refuseInput } from '../refuse-input.ts'

const ARN = 'arn:aws:sns:eu-west-1:000000000000'

test.each(['', 'a b', 'ä', 'x'.repeat(257), 'a.fifo', '.fifo'])(
  'a standard topic can not be named %j',
  async (Name) => {
    const refusal = await new TopicWorld().refusal('CreateTopic', { Name })
    expect(refusal).toBe('InvalidParameter: Invalid parameter: Topic Name')
  },
)

test('a FIFO topic says so by its name and its attribute, and only by both', async () => {
  const world = new TopicWorld()
  const create = (Name: string, FifoTopic: string) =>
    world.refusal('CreateTopic', { Name, Attributes: { FifoTopic } })
  expect(await create('a', 'true')).toBe('InvalidParameter: Invalid parameter: Topic Name')
  expect(await create('a.fifo', 'false')).toBe('InvalidParameter: Invalid parameter: Topic Name')
  expect(await create('a.fifo', 'yes')).toBe('InvalidParameter: Invalid parameter: FifoTopic')
  expect(await create('a.fifo', 'true')).toBe('not refused')
  const standard = { Name: 'b', Attributes: { ContentBasedDeduplication: 'true' } }
  expect(await world.refusal('CreateTopic', standard)).toContain('AttributeName')
})

test.each([
  ['x', 'TopicArn Reason: An ARN must have at least 6 elements, not 1'],
  ['arn:aws:sns:eu-west-1:t', 'TopicArn Reason: An ARN must have at least 6 elements, not 5'],
  ['', 'TopicArn Reason: no value for required parameter'],
  ['arn:aws:sns:us-east-1:000000000000:t', 'TopicArn'],
  ['arn:aws:sqs:eu-west-1:000000000000:t', 'TopicArn'],
  [`${ARN}:a b`, 'TopicArn'],
])('a topic named %j is refused', async (TopicArn, message) => {
  for (const operation of ['GetTopicAttributes', 'DeleteTopic', 'ListSubscriptionsByTopic']) {
    expect(await new TopicWorld().refusal(operation, { TopicArn })).toBe(
      `InvalidParameter: Invalid parameter: ${message}`,
    )
  }
})

test.each([
  ['x', 'SubscriptionArn Reason: An ARN must have at least 6 elements, not 1'],
  [`${ARN}`, 'SubscriptionArn Reason: An ARN must have at least 6 elements, not 5'],
  ['', 'SubscriptionArn Reason: no value for required parameter'],
  [`${ARN}:t:nobody`, 'SubscriptionId'],
])('a subscription named %j is refused', async (SubscriptionArn, message) => {
  for (const operation of ['GetSubscriptionAttributes', 'Unsubscribe']) {
    expect(await new TopicWorld().refusal(operation, { SubscriptionArn })).toBe(
      `InvalidParameter: Invalid parameter: ${message}`,
    )
  }
})

test('a topic of another account is out of reach, whether it is there or not', async () => {
  const TopicArn = 'arn:aws:sns:eu-west-1:111111111111:t'
  expect(await new TopicWorld().refusal('Publish', { TopicArn, Message: 'm' })).toMatch(
    /^AuthorizationError: User: .* is not authorized to perform: SNS:Publish on resource: arn:aws:sns:eu-west-1:111111111111:t/,
  )
})

test('a topic that is deleted is gone with its subscriptions, and deleting it again is no error', async () => {
  const world = new TopicWorld()
  const TopicArn = await world.topic()
  const subscription = await world.subscribe(TopicArn, 'arn:aws:sqs:eu-west-1:000000000000:q')
  await world.sns('DeleteTopic', { TopicArn })
  expect(await world.refusal('DeleteTopic', { TopicArn })).toBe('not refused')
  expect(await world.refusal('GetTopicAttributes', { TopicArn })).toBe('NotFound: Topic does not exist')
  expect(await world.refusal('GetSubscriptionAttributes', { SubscriptionArn: subscription })).toBe(
    'NotFound: Subscription does not exist',
  )
  await world.topic()
  expect((await world.sns('ListSubscriptions')).Subscriptions).toEqual([])
})

test.each([
  ['Policy', '{}', 'Policy Error: null'],
  [
    'Policy',
    '{"Statement":[{"Effect":"Allow","Action":"sqs:SendMessage"}]}',
    'Policy statement action out of service scope!',
  ],
  ['SignatureVersion', '3', 'SignatureVersion'],
  ['TracingConfig', 'Sometimes', 'TracingConfig'],
  ['HTTPSuccessFeedbackSampleRate', '101', 'HTTPSuccessFeedbackSampleRate'],
  ['SQSFailureFeedbackRoleArn', 'nobody', 'SQSFailureFeedbackRoleArn'],
  ['DisplayName', 'x'.repeat(101), 'DisplayName'],
  ['FifoTopic', 'true', 'AttributeName'],
  ['ArchivePolicy', '{}', 'AttributeName'],
])('an attribute %s of %s is not set', async (AttributeName, AttributeValue, message) => {
  const world = new TopicWorld()
  const TopicArn = await world.topic()
  expect(await world.refusal('SetTopicAttributes', { TopicArn, AttributeName, AttributeValue })).toBe(
    `InvalidParameter: Invalid parameter: ${message}`,
  )
})

test('a data protection policy is kept as it was written, and taken away by an empty one', async () => {
  const world = new TopicWorld()
  const ResourceArn = await world.topic()
  const read = () => world.sns('GetDataProtectionPolicy', { ResourceArn })
  expect(await read()).toEqual({})
  const statement = `{ "DataDirection": "Inbound", "Principal": ["*"], "Operation": { "Deny": {} },
    "DataIdentifier": ["arn:aws:dataprotection::aws:data-identifier/EmailAddress"] }`
  const DataProtectionPolicy = `{ "Name": "p", "Version": "2021-06-01", "Statement": [${statement}] }`
  await world.sns('PutDataProtectionPolicy', { ResourceArn, DataProtectionPolicy })
  expect(await read()).toEqual({ DataProtectionPolicy })
  const wrong = { ResourceArn, DataProtectionPolicy: 'no JSON' }
  expect(await world.refusal('PutDataProtectionPolicy', wrong)).toContain('DataProtectionPolicy')
  await world.sns('PutDataProtectionPolicy', { ResourceArn, DataProtectionPolicy: '' })
  expect(await read()).toEqual({})
})

test("what an input lacks is told in the words of AWS's validator", () => {
  const path = 'PublishBatchRequestEntries.1.member.MessageAttributes.attr1.member.DataType'
  const violation = { path, queryPath: '', kind: 'missing' } as const
  expect(refuseInput(violation, [violation]).message).toBe(
    "1 validation error detected: Value null at 'publishBatchRequestEntries.1.member.messageAttributes.attr1.member.dataType' failed to satisfy constraint: Member must not be null",
  )
})
