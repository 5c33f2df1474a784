import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  ListQueuesCommand,
  type Message,
  ReceiveMessageCommand,
  type ReceiveMessageCommandInput,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

/** What users of other servers complain of, each shown not to be so here. */

let server: ServerProcess
let sqs: SQSClient

beforeEach(async () => {
  server = await ServerProcess.create()
  await server.start()
  sqs = new SQSClient({ endpoint: server.url, region: 'us-east-1', credentials: TEST_KEY, maxAttempts: 1 })
})

afterEach(async () => {
  sqs.destroy()
  await server.destroy()
})

async function create(QueueName: string, Attributes: Record<string, string> = {}): Promise<string> {
  return (await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))).QueueUrl!
}

async function send(QueueUrl: string, bodies: readonly string[]): Promise<void> {
  for (let first = 0; first < bodies.length; first += 10) {
    const Entries = bodies.slice(first, first + 10).map((MessageBody, i) => ({ Id: `${i}`, MessageBody }))
    const { Failed } = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))
    expect(Failed).toBeUndefined()
  }
}

async function receive(
  QueueUrl: string,
  options: Partial<ReceiveMessageCommandInput> = {},
): Promise<Message[]> {
  const input = {
    QueueUrl,
    MaxNumberOfMessages: 10,
    MessageSystemAttributeNames: ['All' as const],
    ...options,
  }
  return (await sqs.send(new ReceiveMessageCommand(input))).Messages ?? []
}

async function deleteAll(QueueUrl: string, messages: readonly Message[]): Promise<void> {
  const Entries = messages.map(({ ReceiptHandle }, i) => ({ Id: `${i}`, ReceiptHandle: ReceiptHandle! }))
  await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }))
}

const bodiesOf = (messages: readonly Message[]) => messages.map(({ Body }) => Body).sort()

const range = (count: number) => Array.from({ length: count }, (_, i) => `message ${i}`)

test.each(['stopped', 'killed'])(
  'messages survive a server that is %s, and what was deleted does not come back, dead letters included',
  async (how) => {
    const dead = await create('dead')
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead',
      maxReceiveCount: 1,
    })
    const url = await create('orders', { VisibilityTimeout: '0', RedrivePolicy })
    await send(url, ['dead 1', 'dead 2'])
    await receive(url)
    expect(await receive(url)).toEqual([])
    await deleteAll(dead, (await receive(dead, { VisibilityTimeout: 1 })).slice(0, 1))
    await send(url, ['kept', 'deleted'])
    const both = await receive(url, { VisibilityTimeout: 1 })
    const [deleted] = both.filter(({ Body }) => Body === 'deleted')
    await deleteAll(url, [deleted!])

    if (how === 'stopped') expect(await server.stop()).toBe(0)
    else await server.kill()
    await server.start()
    await expect.poll(() => receive(dead, { VisibilityTimeout: 0 }), { timeout: 60_000 }).toHaveLength(1)
    // Its timeout ends, and having been received once it is a dead letter too: of two messages each, one is left.
    await expect
      .poll(
        async () => [...(await receive(url)), ...(await receive(dead, { VisibilityTimeout: 0 }))].length,
        {
          timeout: 10_000,
        },
      )
      .toBe(2)
    expect((await sqs.send(new ListQueuesCommand())).QueueUrls).toEqual([dead, url])
  },
)

test('long polls hold up neither a stop nor the next start', async () => {
  const urls = await Promise.all(range(20).map((_, i) => create(`polled-${i}`)))
  const polls = urls.map((url) => receive(url, { WaitTimeSeconds: 20 }).catch(() => []))
  await new Promise((resolve) => setTimeout(resolve, 200))
  const began = Date.now()
  expect(await server.stop()).toBe(0)
  expect(await Promise.all(polls)).toEqual(urls.map(() => []))
  await server.start()
  expect(Date.now() - began).toBeLessThan(15_000)
})

test('a long poll on a queue that is deleted is answered at once', async () => {
  const url = await create('deleted')
  const began = Date.now()
  const poll = receive(url, { WaitTimeSeconds: 20 }).then(
    () => 'messages',
    (error: Error) => error.name,
  )
  await new Promise((resolve) => setTimeout(resolve, 100))
  await sqs.send(new DeleteQueueCommand({ QueueUrl: url }))
  expect(await poll).toBe('QueueDoesNotExist')
  expect(Date.now() - began).toBeLessThan(10_000)
})

test('thousands of messages and thirty consumers: each message comes once, and all of them come', async () => {
  const url = await create('busy', { VisibilityTimeout: '300' })
  const wanted = range(4000)
  await Promise.all(Array.from({ length: 10 }, (_, i) => send(url, wanted.slice(i * 400, (i + 1) * 400))))
  const came: string[] = []
  await Promise.all(
    Array.from({ length: 30 }, async () => {
      for (let messages = await receive(url); messages.length > 0; messages = await receive(url)) {
        came.push(...messages.map(({ Body }) => Body!))
        await deleteAll(url, messages)
      }
    }),
  )
  expect(came.sort()).toEqual(wanted.sort())
})

test('a queue URL is good by whatever name and scheme a client knows the server', async () => {
  const url = await create('named')
  // So that requests go to the endpoint, as those of containers and proxies do, and the URL only names the queue.
  const client = new SQSClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: TEST_KEY,
    useQueueUrlAsEndpoint: false,
  })
  const others = [
    url,
    'http://localhost:9324/000000000000/named',
    'http://host.docker.internal:4566/000000000000/named',
    'https://sqs.us-east-1.amazonaws.com/000000000000/named',
    'http://sqs.us-east-1.localhost.localstack.cloud:4566/000000000000/named',
  ]
  for (const QueueUrl of others)
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: QueueUrl }))
  expect(bodiesOf(await receive(url))).toEqual([...others].sort())
  client.destroy()
})

test('a dead letter keeps its trace header, its receive count, its sent time and where it came from', async () => {
  const dead = await create('dead')
  const deadLetterTargetArn = 'arn:aws:sqs:us-east-1:000000000000:dead'
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 })
  const url = await create('orders', { VisibilityTimeout: '0', RedrivePolicy })
  const trace = 'Root=1-5759e988-bd862e3fe1be46a994272793'
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: url,
      MessageBody: 'x',
      MessageSystemAttributes: { AWSTraceHeader: { DataType: 'String', StringValue: trace } },
    }),
  )
  const [first] = await receive(url)
  await receive(url)
  expect(await receive(url)).toEqual([])
  const [letter] = await receive(dead)
  expect(letter).toMatchObject({
    MessageId: first!.MessageId,
    Attributes: {
      AWSTraceHeader: trace,
      ApproximateReceiveCount: '3',
      SentTimestamp: first!.Attributes!.SentTimestamp,
      ApproximateFirstReceiveTimestamp: first!.Attributes!.ApproximateFirstReceiveTimestamp,
      DeadLetterQueueSourceArn: 'arn:aws:sqs:us-east-1:000000000000:orders',
    },
  })
})

test('a dead-letter queue takes the dead letters of those queues alone that its RedriveAllowPolicy names', async () => {
  const arn = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`
  const allow = { redrivePermission: 'byQueue', sourceQueueArns: [arn('named')] }
  await create('dead', { RedriveAllowPolicy: JSON.stringify(allow) })
  const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn('dead'), maxReceiveCount: 1 })
  await create('named', { RedrivePolicy })
  await expect(create('unnamed', { RedrivePolicy })).rejects.toMatchObject({ name: 'InvalidParameterValue' })
  const late = await create('late')
  await expect(
    sqs.send(new SetQueueAttributesCommand({ QueueUrl: late, Attributes: { RedrivePolicy } })),
  ).rejects.toMatchObject({ name: 'InvalidParameterValue' })
})

test('the handle of a deleted message hides nothing, and can be used to delete again', async () => {
  const url = await create('orders')
  await send(url, ['x'])
  const messages = await receive(url)
  await deleteAll(url, messages)
  await deleteAll(url, messages)
  const ReceiptHandle = messages[0]!.ReceiptHandle
  await expect(
    sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl: url, ReceiptHandle, VisibilityTimeout: 5 })),
  ).rejects.toMatchObject({
    name: 'InvalidParameterValue',
    message: `Value ${ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
  })
})

test('what was set is returned as it was set, so that a plan made of it finds no drift', async () => {
  const given = {
    DelaySeconds: '7',
    MaximumMessageSize: '2048',
    MessageRetentionPeriod: '86400',
    ReceiveMessageWaitTimeSeconds: '3',
    VisibilityTimeout: '45',
    Policy:
      '{"Version": "2012-10-17", "Statement": [{"Effect":"Allow","Principal":"*","Action":"sqs:*","Resource":"*"}]}',
    RedriveAllowPolicy: '{"redrivePermission":"denyAll"}',
    SqsManagedSseEnabled: 'false',
    KmsMasterKeyId: 'alias/mine',
    KmsDataKeyReusePeriodSeconds: '600',
  }
  const url = await create('planned', given)
  const all = new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] })
  expect((await sqs.send(all)).Attributes).toMatchObject(given)
  await server.kill()
  await server.start()
  expect((await sqs.send(all)).Attributes).toMatchObject(given)
  // Made again with the same attributes it's the same queue, and no error.
  expect(await create('planned', given)).toBe(url)
})
