import {
  CreateTopicCommand,
  GetSubscriptionAttributesCommand,
  PublishCommand,
  SetSubscriptionAttributesCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { heard } from '../delivery/aws-peer.ts'
import { answer, type Behaviour, HttpPeer, reset } from '../delivery/http-peer.ts'
import { ServerProcess, TEST_KEY } from '../server-process.ts'
import { FROM_TOPICS } from '../sns/from-topics.ts'

const ROLE = 'arn:aws:iam::000000000000:role/writer'
const STREAM = 'arn:aws:firehose:eu-west-1:000000000000:deliverystream/flour'
const FUNCTION = 'arn:aws:lambda:eu-west-1:000000000000:function:grind'
const TAKEN = answer(202)
const STORED = answer(200, '{"FailedPutCount":0,"RequestResponses":[{"RecordId":"r"}]}')
const error = (status: number, type: string) => answer(status, `{"__type":"${type}"}`)

let sqs: SQSClient
let sns: SNSClient
let server: ServerProcess
let runner: HttpPeer
let firehose: HttpPeer
let names = 0
let lambdaScript: Behaviour[] = []
let firehoseScript: Behaviour[] = []

beforeAll(async () => {
  runner = await HttpPeer.start((socket) => (lambdaScript.shift() ?? TAKEN)(socket))
  firehose = await HttpPeer.start((socket) => (firehoseScript.shift() ?? STORED)(socket))
  server = await ServerProcess.create(
    ...['--lambda-endpoint', `http://127.0.0.1:${runner.port}`, '--lambda-access-key-id', 'AKIAMILL'],
    ...['--lambda-secret-access-key', 'secret', '--firehose-endpoint', `http://127.0.0.1:${firehose.port}/`],
  )
  await server.start()
  const options = { endpoint: server.url, region: 'eu-west-1', credentials: TEST_KEY }
  sns = new SNSClient(options)
  sqs = new SQSClient(options)
})

afterEach(() => {
  lambdaScript = []
  firehoseScript = []
})

afterAll(async () => {
  sns.destroy()
  sqs.destroy()
  await server.destroy()
  await runner.stop()
  await firehose.stop()
})

async function newTopic(): Promise<string> {
  return (await sns.send(new CreateTopicCommand({ Name: `topic-${++names}` }))).TopicArn!
}

async function newQueue() {
  const Attributes = { Policy: FROM_TOPICS }
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: `queue-${++names}`, Attributes }))
  const attributes = new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] })
  return { QueueUrl, arn: (await sqs.send(attributes)).Attributes!.QueueArn! }
}

async function subscribe(TopicArn: string, Protocol: string, Endpoint: string, Attributes = {}) {
  const input = { TopicArn, Protocol, Endpoint, Attributes, ReturnSubscriptionArn: true }
  return (await sns.send(new SubscribeCommand(input))).SubscriptionArn!
}

const publish = (TopicArn: string, Message: string) => sns.send(new PublishCommand({ TopicArn, Message }))

async function received(QueueUrl: string | undefined): Promise<string> {
  const receive = new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 })
  return (await sqs.send(receive)).Messages?.[0]?.Body ?? ''
}

test('a function elsewhere is called with what is published, again where it is throttled', async () => {
  const TopicArn = await newTopic()
  const from = runner.requests.length
  lambdaScript = [error(429, 'TooManyRequestsException'), reset]
  const subscription = await subscribe(TopicArn, 'lambda', FUNCTION)
  await publish(TopicArn, 'rye')
  await runner.received(from + 3)
  const { line, headers, body } = heard(runner.requests[from + 2])
  expect(line).toBe('POST /2015-03-31/functions/grind/invocations HTTP/1.1')
  expect(headers.authorization).toMatch(/^AWS4-HMAC-SHA256 Credential=AKIAMILL\/\d{8}\/eu-west-1\/lambda\//)
  expect(JSON.parse(body)).toMatchObject({
    Records: [{ EventSubscriptionArn: subscription, Sns: { TopicArn, Message: 'rye' } }],
  })
})

test('what a function elsewhere refuses lies in the dead-letter queue', async () => {
  const TopicArn = await newTopic()
  const { QueueUrl, arn } = await newQueue()
  lambdaScript = [error(404, 'ResourceNotFoundException')]
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn })
  await subscribe(TopicArn, 'lambda', `${FUNCTION}:gone`, { RedrivePolicy })
  await publish(TopicArn, 'wheat')
  expect(JSON.parse(await received(QueueUrl))).toMatchObject({ Type: 'Notification', Message: 'wheat' })
})

test('a delivery stream gets what is published, again where a record failed', async () => {
  const TopicArn = await newTopic()
  const from = firehose.requests.length
  const failed = '{"FailedPutCount":1,"RequestResponses":[{"ErrorCode":"ServiceUnavailableException"}]}'
  firehoseScript = [answer(200, failed)]
  await subscribe(TopicArn, 'firehose', STREAM, { SubscriptionRoleArn: ROLE })
  await publish(TopicArn, 'rye')
  await firehose.received(from + 2)
  const { DeliveryStreamName, Records } = JSON.parse(heard(firehose.requests[from + 1]).body)
  expect(DeliveryStreamName).toBe('flour')
  const record = Buffer.from(Records[0].Data, 'base64').toString()
  expect(record).toMatch(/^\{"Type":"Notification",.*\}\n$/)
  expect(JSON.parse(record)).toMatchObject({ TopicArn, Message: 'rye' })
})

test('what a delivery stream refuses lies in the dead-letter queue, raw where delivery is', async () => {
  const TopicArn = await newTopic()
  const { QueueUrl, arn } = await newQueue()
  firehoseScript = [error(400, 'ResourceNotFoundException')]
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn })
  const Attributes = { RedrivePolicy, SubscriptionRoleArn: ROLE, RawMessageDelivery: 'true' }
  await subscribe(TopicArn, 'firehose', STREAM, Attributes)
  await publish(TopicArn, 'wheat')
  expect(await received(QueueUrl)).toBe('wheat')
})

test('a delivery stream is subscribed with a role, which it keeps', async () => {
  const TopicArn = await newTopic()
  const required = 'SubscriptionRoleArn: is required for subscriptions of protocol [firehose]'
  await expect(subscribe(TopicArn, 'firehose', STREAM)).rejects.toThrow(required)
  await expect(subscribe(TopicArn, 'firehose', STREAM, { SubscriptionRoleArn: 'writer' })).rejects.toThrow(
    'Invalid value [writer]',
  )
  const SubscriptionArn = await subscribe(TopicArn, 'firehose', STREAM, { SubscriptionRoleArn: ROLE })
  const set = (AttributeValue: string) =>
    sns.send(
      new SetSubscriptionAttributesCommand({
        ...{ SubscriptionArn, AttributeName: 'SubscriptionRoleArn', AttributeValue },
      }),
    )
  await expect(set('')).rejects.toThrow(required)
  await set(`${ROLE}-2`)
  const { Attributes } = await sns.send(new GetSubscriptionAttributesCommand({ SubscriptionArn }))
  expect(Attributes).toMatchObject({ Protocol: 'firehose', SubscriptionRoleArn: `${ROLE}-2` })
})
