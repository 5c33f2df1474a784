import { createVerify, X509Certificate } from 'node:crypto'
import {
  AddPermissionCommand,
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  DeleteTopicCommand,
  GetSubscriptionAttributesCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  ListTagsForResourceCommand,
  PublishBatchCommand,
  PublishCommand,
  paginateListSubscriptions,
  paginateListTopics,
  RemovePermissionCommand,
  SetSubscriptionAttributesCommand,
  SetTopicAttributesCommand,
  SubscribeCommand,
  TagResourceCommand,
  UnsubscribeCommand,
  UntagResourceCommand,
} from '@aws-sdk/client-sns'
import { DeleteMessageCommand, DeleteQueueCommand, SendMessageCommand } from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { errorOf } from './error-of.ts'
import { type TestQueue, TestTopics } from './test-topics.ts'

const ACCOUNT = 'arn:aws:sns:us-east-1:000000000000'
const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

let topics: TestTopics
beforeAll(async () => {
  topics = await TestTopics.start('--delivery-allow-private')
})
afterAll(() => topics.destroy())

const newQueue = (attributes?: Record<string, string>) => topics.newQueue(attributes)
const newTopic = (attributes?: Record<string, string>) => topics.newTopic(attributes)
const subscribe = (topic: string, queue: TestQueue, attributes?: Record<string, string>) =>
  topics.subscribe(topic, queue, attributes)
const receive = (queue: TestQueue) => topics.receive(queue)

test('a published message is in every subscribed queue when Publish answers: in an envelope, or raw with its attributes', async () => {
  const TopicArn = await newTopic()
  const [enveloped, raw, other] = [await newQueue(), await newQueue(), await newQueue()]
  const subscription = await subscribe(TopicArn, enveloped)
  await subscribe(TopicArn, raw, { RawMessageDelivery: 'true' })
  const MessageAttributes = {
    kind: { DataType: 'String', StringValue: 'greeting' },
    bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 255]) },
  }
  const message = { TopicArn, Message: 'hällo "you"\n', Subject: 'a subject', MessageAttributes }
  const { MessageId } = await topics.sns.send(new PublishCommand(message))
  expect(MessageId).toMatch(UUID)

  const [first] = await receive(enveloped)
  const envelope = JSON.parse(first!.Body!)
  expect(envelope).toEqual({
    Type: 'Notification',
    MessageId,
    TopicArn,
    Subject: 'a subject',
    Message: 'hällo "you"\n',
    Timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    SignatureVersion: '1',
    Signature: expect.any(String),
    SigningCertURL: expect.stringContaining(`${topics.server.url}/SimpleNotificationService-`),
    UnsubscribeURL: `${topics.server.url}/?Action=Unsubscribe&SubscriptionArn=${subscription}`,
    MessageAttributes: {
      kind: { Type: 'String', Value: 'greeting' },
      bytes: { Type: 'Binary', Value: 'AP8=' },
    },
  })
  expect(first!.MessageAttributes).toBeUndefined()
  expect(first!.MessageId).not.toBe(MessageId)
  const pem = await (await fetch(envelope.SigningCertURL)).text()
  const signed = `Message\n${envelope.Message}\nMessageId\n${MessageId}\nSubject\na subject\nTimestamp\n${envelope.Timestamp}\nTopicArn\n${TopicArn}\nType\nNotification\n`
  const { publicKey } = new X509Certificate(pem)
  expect(createVerify('sha1').update(signed).verify(publicKey, envelope.Signature, 'base64')).toBe(true)

  const [second] = await receive(raw)
  expect(second).toMatchObject({ Body: 'hällo "you"\n', MessageAttributes })
  expect(await receive(other)).toEqual([])
})

test('a message is rendered the same every time, also after a restart and when its subscription has changed or is gone', async () => {
  const TopicArn = await newTopic()
  const [queue, later] = [await newQueue(), await newQueue()]
  const subscription = await subscribe(TopicArn, queue)
  await subscribe(TopicArn, later)
  await topics.sns.send(new PublishCommand({ TopicArn, Message: 'the same' }))
  const [before] = await receive(queue)
  const change = { AttributeName: 'RawMessageDelivery', AttributeValue: 'true' }
  await topics.sns.send(new SetSubscriptionAttributesCommand({ SubscriptionArn: subscription, ...change }))
  expect((await receive(queue))[0]!.Body).toBe(before!.Body)
  await topics.sns.send(new UnsubscribeCommand({ SubscriptionArn: subscription }))
  await topics.sns.send(new DeleteTopicCommand({ TopicArn }))
  await topics.server.kill()
  await topics.server.start()
  const [after] = await receive(queue)
  expect(after!.Body).toBe(before!.Body)
  expect([after!.MessageId, after!.MD5OfBody]).toEqual([before!.MessageId, before!.MD5OfBody])
  await topics.sqs.send(
    new DeleteMessageCommand({ QueueUrl: queue.url, ReceiptHandle: after!.ReceiptHandle! }),
  )
  expect(await receive(queue)).toEqual([])
  expect(await receive(later)).toHaveLength(1)
})

test('CreateTopic is idempotent for the same attributes and tags, and refuses others', async () => {
  const attributes = { DisplayName: 'Orders' }
  const create = (input: object) => topics.sns.send(new CreateTopicCommand({ Name: 'same', ...input }))
  const Tags = [{ Key: 'team', Value: 'mill' }]
  const { TopicArn } = await create({ Attributes: attributes, Tags })
  expect(TopicArn).toBe(`${ACCOUNT}:same`)
  expect((await create({})).TopicArn).toBe(TopicArn)
  expect((await create({ Attributes: attributes, Tags })).TopicArn).toBe(TopicArn)
  expect(await errorOf(create({ Attributes: { DisplayName: 'x' } }))).toEqual({
    name: 'InvalidParameterException',
    message: 'Invalid parameter: Attributes Reason: Topic already exists with different attributes',
    status: 400,
  })
  expect((await errorOf(create({ Tags: [{ Key: 'team', Value: 'x' }] }))).message).toBe(
    'Invalid parameter: Tags Reason: Topic already exists with different tags',
  )
})

test('topics have the attributes that AWS shows, and those that were set', async () => {
  const TopicArn = await newTopic()
  const read = async () => (await topics.sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes!
  const set = (AttributeName: string, AttributeValue?: string) =>
    topics.sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName, AttributeValue }))
  const fresh = await read()
  expect(Object.keys(fresh).sort()).toEqual([
    'DisplayName',
    'EffectiveDeliveryPolicy',
    'Owner',
    'Policy',
    'SubscriptionsConfirmed',
    'SubscriptionsDeleted',
    'SubscriptionsPending',
    'TopicArn',
  ])
  expect(JSON.parse(fresh.Policy!)).toMatchObject({ Id: '__default_policy_ID', Version: '2008-10-17' })
  await set('DisplayName', 'Mill')
  await set('SignatureVersion', '2')
  await set('SQSSuccessFeedbackSampleRate', '50')
  await set('DeliveryPolicy', '{"http":{"defaultHealthyRetryPolicy":{"numRetries":5}}}')
  const { DisplayName, SignatureVersion, SQSSuccessFeedbackSampleRate, DeliveryPolicy } = await read()
  expect([DisplayName, SignatureVersion, SQSSuccessFeedbackSampleRate]).toEqual(['Mill', '2', '50'])
  expect(JSON.parse(DeliveryPolicy!).http.defaultHealthyRetryPolicy.numRetries).toBe(5)
  await set('DisplayName')
  expect((await read()).DisplayName).toBe('')
  expect((await errorOf(set('Unknown', 'x'))).message).toBe('Invalid parameter: AttributeName')
  const queue = await newQueue()
  await subscribe(TopicArn, queue)
  await topics.sns.send(new PublishCommand({ TopicArn, Message: 'signed otherwise' }))
  expect(JSON.parse((await receive(queue))[0]!.Body!).SignatureVersion).toBe('2')
})

test('tags and permissions come and go', async () => {
  const TopicArn = await newTopic()
  const tags = async () =>
    (await topics.sns.send(new ListTagsForResourceCommand({ ResourceArn: TopicArn }))).Tags
  const tag = (Key: string, Value: string) =>
    topics.sns.send(new TagResourceCommand({ ResourceArn: TopicArn, Tags: [{ Key, Value }] }))
  await tag('a', '1')
  await tag('b', '2')
  await tag('a', '3')
  expect(await tags()).toEqual([
    { Key: 'a', Value: '3' },
    { Key: 'b', Value: '2' },
  ])
  await topics.sns.send(new UntagResourceCommand({ ResourceArn: TopicArn, TagKeys: ['a', 'none'] }))
  expect(await tags()).toEqual([{ Key: 'b', Value: '2' }])
  const twice = {
    ResourceArn: TopicArn,
    Tags: [
      { Key: 'a', Value: '1' },
      { Key: 'a', Value: '2' },
    ],
  }
  expect((await errorOf(topics.sns.send(new TagResourceCommand(twice)))).message).toBe(
    'Invalid parameter: Duplicated keys are not allowed.',
  )
  const missing = topics.sns.send(new ListTagsForResourceCommand({ ResourceArn: `${TopicArn}x` }))
  expect(await errorOf(missing)).toMatchObject({ name: 'ResourceNotFoundException', status: 404 })

  const permission = { TopicArn, Label: 'let-in', AWSAccountId: ['111111111111'], ActionName: ['Publish'] }
  await topics.sns.send(new AddPermissionCommand(permission))
  const policy = async () =>
    JSON.parse((await topics.sns.send(new GetTopicAttributesCommand({ TopicArn }))).Attributes!.Policy!)
  expect((await policy()).Statement[1]).toEqual({
    Sid: 'let-in',
    Effect: 'Allow',
    Principal: { AWS: 'arn:aws:iam::111111111111:root' },
    Action: 'SNS:Publish',
    Resource: TopicArn,
  })
  expect((await errorOf(topics.sns.send(new AddPermissionCommand(permission)))).message).toBe(
    'Invalid parameter: Statement already exists',
  )
  await topics.sns.send(new RemovePermissionCommand({ TopicArn, Label: 'let-in' }))
  expect((await policy()).Statement).toHaveLength(1)
})

test('subscriptions are the same for the same endpoint, and pending where the endpoint has to confirm', async () => {
  const TopicArn = await newTopic()
  const queue = await newQueue()
  const first = await subscribe(TopicArn, queue)
  expect(await subscribe(TopicArn, queue)).toBe(first)
  expect((await errorOf(subscribe(TopicArn, queue, { RawMessageDelivery: 'true' }))).message).toBe(
    'Invalid parameter: Attributes Reason: Subscription already exists with different attributes',
  )
  const { Attributes } = await topics.sns.send(
    new GetSubscriptionAttributesCommand({ SubscriptionArn: first }),
  )
  expect(Attributes).toEqual({
    SubscriptionArn: first,
    TopicArn,
    Owner: '000000000000',
    Protocol: 'sqs',
    Endpoint: queue.arn,
    RawMessageDelivery: 'false',
    PendingConfirmation: 'false',
    ConfirmationWasAuthenticated: 'true',
    SubscriptionPrincipal: 'arn:aws:iam::000000000000:root',
  })
  const hook = { TopicArn, Protocol: 'http', Endpoint: 'http://127.0.0.1:9/' }
  expect((await topics.sns.send(new SubscribeCommand(hook))).SubscriptionArn).toBe('pending confirmation')
  const named = await topics.sns.send(new SubscribeCommand({ ...hook, ReturnSubscriptionArn: true }))
  expect(named.SubscriptionArn).toContain(`${TopicArn}:`)
  const listed = await topics.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))
  expect(listed.Subscriptions!.map((each) => each.SubscriptionArn)).toEqual([first, 'PendingConfirmation'])
  const confirm = (Token: string) => topics.sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }))
  expect((await errorOf(confirm('x'))).message).toBe('Invalid parameter: Token')
  expect((await errorOf(confirm('0'.repeat(128)))).message).toBe('Invalid token')
  await topics.sns.send(new UnsubscribeCommand({ SubscriptionArn: first }))
  await topics.sns.send(new UnsubscribeCommand({ SubscriptionArn: first }))
  const gone = topics.sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn: first }))
  expect(await errorOf(gone)).toMatchObject({
    name: 'NotFoundException',
    message: 'Subscription does not exist',
  })
})

test('lists go on from page to page of a hundred', async () => {
  const many = await newTopic()
  const endpoints = Array.from({ length: 130 }, (_, i) => `arn:aws:sqs:us-east-1:000000000000:none-${i}`)
  for (const Endpoint of endpoints) {
    await topics.sns.send(new SubscribeCommand({ TopicArn: many, Protocol: 'sqs', Endpoint }))
  }
  const listed: string[] = []
  let NextToken: string | undefined
  const sizes: number[] = []
  do {
    const page = await topics.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: many, NextToken }))
    sizes.push(page.Subscriptions!.length)
    listed.push(...page.Subscriptions!.map(({ Endpoint }) => Endpoint!))
    NextToken = page.NextToken
  } while (NextToken !== undefined)
  expect(sizes).toEqual([100, 30])
  expect(listed).toEqual(endpoints)
  const all: string[] = []
  for await (const page of paginateListSubscriptions({ client: topics.sns }, {})) {
    all.push(...page.Subscriptions!.map(({ Endpoint }) => Endpoint!))
  }
  expect(all.filter((endpoint) => endpoint.includes(':none-'))).toEqual(endpoints)
  for (let i = 0; i < 101; i++) await topics.sns.send(new CreateTopicCommand({ Name: `listed-${i}` }))
  const topicArns: string[] = []
  for await (const page of paginateListTopics({ client: topics.sns }, {})) {
    topicArns.push(...page.Topics!.map(({ TopicArn }) => TopicArn!))
  }
  expect(topicArns.filter((arn) => arn.includes('listed-'))).toHaveLength(101)
  expect(new Set(topicArns).size).toBe(topicArns.length)
  const forged = topics.sns.send(new ListSubscriptionsByTopicCommand({ TopicArn: many, NextToken: 'AAAA' }))
  expect((await errorOf(forged)).name).toBe('InvalidParameterException')
})

test('a batch is published entry by entry, and what is wrong with one fails it alone', async () => {
  const TopicArn = await newTopic()
  const queue = await newQueue()
  await subscribe(TopicArn, queue, { RawMessageDelivery: 'true' })
  const entries = [
    { Id: 'a', Message: 'one' },
    { Id: 'b', Message: 'two', Subject: 'a\nb' },
    { Id: 'c', Message: '{"default":"three","sqs":"for queues"}', MessageStructure: 'json' },
  ]
  const answer = await topics.sns.send(
    new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: entries }),
  )
  expect(answer.Successful!.map(({ Id }) => Id)).toEqual(['a', 'c'])
  expect(answer.Failed).toEqual([
    { Id: 'b', Code: 'InvalidParameter', Message: 'Invalid parameter: Subject', SenderFault: true },
  ])
  expect((await receive(queue)).map(({ Body }) => Body).sort()).toEqual(['for queues', 'one'])
  const batch = (PublishBatchRequestEntries: { Id: string; Message: string }[]) =>
    errorOf(topics.sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries })))
  const text = { Message: 'x' }
  expect(await batch([])).toMatchObject({ name: 'EmptyBatchRequestException' })
  expect(
    await batch([
      { Id: 'a', ...text },
      { Id: 'a', ...text },
    ]),
  ).toMatchObject({
    name: 'BatchEntryIdsNotDistinctException',
  })
  expect(await batch([{ Id: 'a.b', ...text }])).toMatchObject({
    name: 'InvalidBatchEntryIdException',
    message: 'The Id of a batch entry in the batch request contains an impermissible character: a.b',
  })
  const eleven = Array.from({ length: 11 }, (_, i) => ({ Id: `i${i}`, ...text }))
  expect(await batch(eleven)).toMatchObject({ name: 'TooManyEntriesInBatchRequestException' })
  const long = 'x'.repeat(131_073)
  expect(
    await batch([
      { Id: 'a', Message: long },
      { Id: 'b', Message: long },
    ]),
  ).toMatchObject({
    name: 'BatchRequestTooLongException',
  })
})

test('a FIFO topic keeps the order of each group, delivers no duplicate, and says its sequence numbers', async () => {
  const TopicArn = await newTopic({ FifoTopic: 'true' })
  const queue = await newQueue({ FifoQueue: 'true' })
  const standard = await newQueue()
  await subscribe(TopicArn, queue)
  await subscribe(TopicArn, standard, { RawMessageDelivery: 'true' })
  const publish = (Message: string, MessageGroupId: string, MessageDeduplicationId = Message) =>
    topics.sns.send(new PublishCommand({ TopicArn, Message, MessageGroupId, MessageDeduplicationId }))
  const first = await publish('1', 'a')
  await publish('2', 'b')
  await publish('3', 'a')
  const again = await publish('other', 'a', '1')
  expect([again.MessageId, again.SequenceNumber]).toEqual([first.MessageId, first.SequenceNumber])
  expect(first.SequenceNumber).toMatch(/^\d{20}$/)
  const messages = await receive(queue)
  const envelopes = messages.map(({ Body }) => JSON.parse(Body!))
  expect(envelopes.map(({ Message }) => Message)).toEqual(['1', '3', '2'])
  expect(Object.keys(envelopes[0])).toEqual([
    ...['Type', 'MessageId', 'SequenceNumber', 'TopicArn', 'Message', 'Timestamp', 'UnsubscribeURL'],
  ])
  expect(envelopes[0].SequenceNumber).toBe(first.SequenceNumber)
  expect(messages[0]!.Attributes).toMatchObject({ MessageGroupId: 'a', MessageDeduplicationId: '1' })
  const loose = await receive(standard)
  expect(loose.map(({ Body }) => Body).sort()).toEqual(['1', '2', '3'])
  expect(loose[0]!.Attributes!.MessageGroupId).toBeDefined()
  expect(loose[0]!.Attributes!.MessageDeduplicationId).toBeUndefined()
  const without = topics.sns.send(new PublishCommand({ TopicArn, Message: 'x', MessageGroupId: 'a' }))
  expect((await errorOf(without)).message).toBe(
    'Invalid parameter: The topic should either have ContentBasedDeduplication enabled or MessageDeduplicationId provided explicitly',
  )
  const ungrouped = topics.sns.send(new PublishCommand({ TopicArn, Message: 'x' }))
  expect((await errorOf(ungrouped)).message).toBe(
    'Invalid parameter: The MessageGroupId parameter is required for FIFO topics',
  )
})

test('a subscription is refused where the endpoint can not take what the topic sends', async () => {
  const [standard, fifo] = [await newTopic(), await newQueue({ FifoQueue: 'true' })]
  expect((await errorOf(subscribe(standard, fifo))).message).toBe(
    'Invalid parameter: Invalid parameter: Endpoint Reason: FIFO SQS Queues can not be subscribed to standard SNS topics',
  )
  const wrong = { TopicArn: standard, Protocol: 'carrier-pigeon', Endpoint: 'coop' }
  expect((await errorOf(topics.sns.send(new SubscribeCommand(wrong)))).message).toBe(
    'Invalid parameter: Amazon SNS does not support this protocol string: carrier-pigeon',
  )
  expect((await errorOf(subscribe(`${standard}x`, await newQueue()))).message).toBe('Topic does not exist')
})

test('what a queue that is gone can not take goes to the dead-letter queue of the subscription', async () => {
  const TopicArn = await newTopic()
  const [queue, dead, other] = [await newQueue(), await newQueue(), await newQueue()]
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: dead.arn })
  await subscribe(TopicArn, queue, { RedrivePolicy })
  await subscribe(TopicArn, other)
  await topics.sqs.send(new DeleteQueueCommand({ QueueUrl: queue.url }))
  await topics.sns.send(new PublishCommand({ TopicArn, Message: 'lost and found' }))
  expect(JSON.parse((await receive(dead))[0]!.Body!).Message).toBe('lost and found')
  expect(await receive(other)).toHaveLength(1)
})

test('a group on a standard topic reaches the queue, where it names a tenant', async () => {
  const TopicArn = await newTopic()
  const queue = await newQueue()
  await subscribe(TopicArn, queue)
  await topics.sns.send(new PublishCommand({ TopicArn, Message: 'x', MessageGroupId: 'tenant' }))
  await topics.sqs.send(
    new SendMessageCommand({ QueueUrl: queue.url, MessageBody: 'y', MessageGroupId: 'tenant' }),
  )
  const groups = (await receive(queue)).map(({ Attributes }) => Attributes!.MessageGroupId)
  expect(groups).toEqual(['tenant', 'tenant'])
})

test('what AWS refuses to publish is refused in its words', async () => {
  const TopicArn = await newTopic()
  const refused = async (input: object) =>
    (await errorOf(topics.sns.send(new PublishCommand({ TopicArn, Message: 'x', ...input })))).message
  const attribute = (name: string, value: object) => ({ MessageAttributes: { [name]: value } }) as object
  const text = { DataType: 'String', StringValue: 'v' }
  expect(await refused({ Message: '' })).toBe('Invalid parameter: Empty message')
  expect(await refused({ Message: 'x'.repeat(262_145) })).toBe('Invalid parameter: Message too long')
  expect(await refused({ Subject: '' })).toBe('Invalid parameter: Subject')
  expect(await refused({ Subject: 'x'.repeat(101) })).toBe('Invalid parameter: Subject')
  expect(await refused({ MessageStructure: 'json' })).toBe(
    'Invalid parameter: Message Structure - JSON message body failed to parse',
  )
  expect(await refused({ MessageStructure: 'json', Message: '{"sqs":"x"}' })).toBe(
    'Invalid parameter: Message Structure - No default entry in JSON message body',
  )
  expect(await refused({ MessageDeduplicationId: 'd' })).toBe(
    'Invalid parameter: MessageDeduplicationId Reason: The request includes MessageDeduplicationId parameter that is not valid for this topic type',
  )
  expect(await refused({ TopicArn: 'x' })).toBe(
    'Invalid parameter: TopicArn Reason: An ARN must have at least 6 elements, not 1',
  )
  expect(await refused({ TopicArn: TopicArn.replace('us-east-1', 'eu-west-1') })).toBe(
    'Invalid parameter: TopicArn',
  )
  expect(await refused({ TopicArn: `${TopicArn}x` })).toBe('Topic does not exist')
  expect(await refused({ TopicArn: undefined, PhoneNumber: '+1a234' })).toBe(
    'Invalid parameter: PhoneNumber Reason: +1a234 is not valid to publish to',
  )
  expect(await refused(attribute('.a', text))).toBe(
    "Invalid message attribute name starting with character '.' was found.",
  )
  expect(await refused(attribute('a^', text))).toBe(
    "Invalid non-alphanumeric character '#x5E' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.",
  )
  expect(await refused(attribute('attr1', { DataType: 'Text', StringValue: 'v' }))).toBe(
    "The message attribute 'attr1' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
  )
  expect(await refused(attribute('attr1', { DataType: 'Binary', StringValue: 'v' }))).toBe(
    "The message attribute 'attr1' with type 'Binary' must use field 'Binary'.",
  )
  expect(await refused(attribute('attr1', { StringValue: 'v' }))).toBe(
    "1 validation error detected: Value null at 'messageAttributes.attr1.member.dataType' failed to satisfy constraint: Member must not be null",
  )
})
