import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListDeadLetterSourceQueuesCommand,
  ListQueuesCommand,
  ListQueueTagsCommand,
  PurgeQueueCommand,
  paginateListQueues,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  TagQueueCommand,
  UntagQueueCommand,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

let server: ServerProcess
let sqs: SQSClient
let queues = 0
let QueueUrl: string

beforeAll(async () => {
  server = await ServerProcess.create()
  await server.start()
  sqs = new SQSClient({ endpoint: server.url, region: 'us-east-1', credentials: TEST_KEY, maxAttempts: 1 })
})

afterAll(async () => {
  sqs.destroy()
  await server.destroy()
})

beforeEach(async () => {
  QueueUrl = await newQueue()
})

async function newQueue(Attributes: Record<string, string> = {}): Promise<string> {
  const created = await sqs.send(new CreateQueueCommand({ QueueName: `queue-${++queues}`, Attributes }))
  return created.QueueUrl!
}

async function receive(options: Partial<ReceiveMessageCommand['input']> = {}) {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, ...options }))
  return Messages
}

/** What an SDK user catches: the error's name and status. */
async function errorOf(
  request: Promise<unknown>,
): Promise<{ name: string; status: number; message: string }> {
  const error = await request.then(
    () => null,
    (thrown) => thrown,
  )
  expect(error, 'the request was to fail').not.toBeNull()
  return { name: error.name, status: error.$metadata.httpStatusCode, message: error.message }
}

test('a message goes through the whole of its life', async () => {
  const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'hello, wheel' }))
  expect(sent.MD5OfMessageBody).toBe('9259b9097456954367dc59779a2f7005')
  const [message] = await receive({ MessageSystemAttributeNames: ['All'], WaitTimeSeconds: 1 })
  expect(message?.Body).toBe('hello, wheel')
  expect(message?.MessageId).toBe(sent.MessageId)
  expect(message?.Attributes).toMatchObject({ ApproximateReceiveCount: '1' })
  expect(await receive()).toEqual([])
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message!.ReceiptHandle! }))
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }))
  expect(Attributes).toMatchObject({
    ApproximateNumberOfMessages: '0',
    ApproximateNumberOfMessagesNotVisible: '0',
    QueueArn: `arn:aws:sqs:us-east-1:000000000000:queue-${queues}`,
  })
})

test('message attributes of every type arrive as they were sent', async () => {
  const MessageAttributes = {
    text: { DataType: 'String', StringValue: 'grüße' },
    number: { DataType: 'Number', StringValue: '42.5' },
    custom: { DataType: 'Number.int', StringValue: '7' },
    bytes: { DataType: 'Binary', BinaryValue: new Uint8Array([0, 1, 255]) },
  }
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'with attributes', MessageAttributes }))
  const [message] = await receive({ MessageAttributeNames: ['All'] })
  // The SDK checked both MD5s already.
  expect(message?.MessageAttributes).toEqual(MessageAttributes)
})

test('batches report each entry, and a batch of nothing is refused', async () => {
  const Entries = Array.from({ length: 10 }, (_, i) => ({ Id: `e${i}`, MessageBody: `body ${i}` }))
  const sent = await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries }))
  expect(sent.Successful).toHaveLength(10)
  expect(sent.Failed).toBeUndefined()
  const messages = await receive({ MaxNumberOfMessages: 10 })
  expect(messages.map(({ Body }) => Body).sort()).toEqual(Entries.map(({ MessageBody }) => MessageBody))
  const handles = messages.map(({ ReceiptHandle }, i) => ({ Id: `d${i}`, ReceiptHandle: ReceiptHandle! }))
  const changed = await sqs.send(
    new ChangeMessageVisibilityBatchCommand({
      QueueUrl,
      Entries: handles.map((entry) => ({ ...entry, VisibilityTimeout: 60 })),
    }),
  )
  expect(changed.Successful).toHaveLength(10)
  const deleted = await sqs.send(
    new DeleteMessageBatchCommand({
      QueueUrl,
      Entries: [...handles.slice(1), { Id: 'bad', ReceiptHandle: 'x' }],
    }),
  )
  expect(deleted.Successful).toHaveLength(9)
  expect(deleted.Failed).toMatchObject([{ Id: 'bad', SenderFault: true, Code: 'ReceiptHandleIsInvalid' }])
  expect(await errorOf(sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [] })))).toMatchObject({
    status: 400,
  })
})

test('a visibility timeout set to zero gives the message back at once', async () => {
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'again' }))
  const [first] = await receive({ VisibilityTimeout: 600 })
  await sqs.send(
    new ChangeMessageVisibilityCommand({
      QueueUrl,
      ReceiptHandle: first!.ReceiptHandle!,
      VisibilityTimeout: 0,
    }),
  )
  const [second] = await receive({ MessageSystemAttributeNames: ['ApproximateReceiveCount'] })
  expect(second?.MessageId).toBe(first?.MessageId)
  expect(second?.Attributes?.ApproximateReceiveCount).toBe('2')
  expect(second?.ReceiptHandle).not.toBe(first?.ReceiptHandle)
})

test('a long poll is answered the moment a message is sent, and empty when none is', async () => {
  const waiting = receive({ WaitTimeSeconds: 10 })
  const began = Date.now()
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'at last' }))
  expect((await waiting).map(({ Body }) => Body)).toEqual(['at last'])
  expect(Date.now() - began).toBeLessThan(5000)
  expect(await receive({ WaitTimeSeconds: 1 })).toEqual([])
})

test('a delayed message is not there before its time', async () => {
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'later', DelaySeconds: 1 }))
  expect(await receive()).toEqual([])
  expect((await receive({ WaitTimeSeconds: 5 })).map(({ Body }) => Body)).toEqual(['later'])
})

test('a message received too often goes to the dead-letter queue', async () => {
  const deadUrl = await newQueue()
  const deadLetterTargetArn = `arn:aws:sqs:us-east-1:000000000000:queue-${queues}`
  const sourceArn = `arn:aws:sqs:us-east-1:000000000000:queue-${queues + 1}`
  QueueUrl = await newQueue({
    VisibilityTimeout: '0',
    RedrivePolicy: JSON.stringify({ deadLetterTargetArn, maxReceiveCount: 2 }),
  })
  const { MessageId } = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }))
  expect(await receive()).toHaveLength(1)
  expect(await receive()).toHaveLength(1)
  expect(await receive()).toHaveLength(0)
  const { Messages } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: deadUrl, MessageSystemAttributeNames: ['All'] }),
  )
  expect(Messages).toMatchObject([
    { MessageId, Attributes: { DeadLetterQueueSourceArn: sourceArn, ApproximateReceiveCount: '3' } },
  ])
  const { queueUrls } = await sqs.send(new ListDeadLetterSourceQueuesCommand({ QueueUrl: deadUrl }))
  expect(queueUrls).toEqual([QueueUrl])
})

test('queues are found, listed page by page, tagged, changed, purged and deleted', async () => {
  const name = `queue-${queues}`
  expect((await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl).toBe(QueueUrl)
  for (let i = 0; i < 5; i++) await sqs.send(new CreateQueueCommand({ QueueName: `paged-${i}` }))
  const found: string[] = []
  const pages = paginateListQueues({ client: sqs, pageSize: 2 }, { QueueNamePrefix: 'paged-' })
  for await (const page of pages) found.push(...(page.QueueUrls ?? []))
  expect(found.map((url) => url.split('/').pop())).toEqual([0, 1, 2, 3, 4].map((i) => `paged-${i}`))

  await sqs.send(new TagQueueCommand({ QueueUrl, Tags: { team: 'mill', tier: '1' } }))
  await sqs.send(new UntagQueueCommand({ QueueUrl, TagKeys: ['tier'] }))
  expect((await sqs.send(new ListQueueTagsCommand({ QueueUrl }))).Tags).toEqual({ team: 'mill' })

  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: '77' } }))
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['VisibilityTimeout'] }),
  )
  expect(Attributes).toEqual({ VisibilityTimeout: '77' })

  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'to be purged' }))
  await sqs.send(new PurgeQueueCommand({ QueueUrl }))
  expect(await receive()).toEqual([])

  await sqs.send(new DeleteQueueCommand({ QueueUrl }))
  expect(await errorOf(sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' })))).toMatchObject({
    name: 'QueueDoesNotExist',
    status: 400,
    message: 'The specified queue does not exist.',
  })
  expect((await sqs.send(new ListQueuesCommand({ QueueNamePrefix: name }))).QueueUrls ?? []).not.toContain(
    QueueUrl,
  )
})

test('creating a queue again is no error unless it is to be another', async () => {
  const QueueName = `queue-${queues}`
  expect((await sqs.send(new CreateQueueCommand({ QueueName }))).QueueUrl).toBe(QueueUrl)
  const other = new CreateQueueCommand({ QueueName, Attributes: { DelaySeconds: '3' } })
  expect(await errorOf(sqs.send(other))).toEqual({
    name: 'QueueNameExists',
    status: 400,
    message: 'A queue already exists with the same name and a different value for attribute DelaySeconds',
  })
})

test('a wrong secret, an unknown key and no key at all are refused, each in its own words', async () => {
  const attempt = (credentials: { accessKeyId: string; secretAccessKey: string }) => {
    const client = new SQSClient({ endpoint: server.url, region: 'us-east-1', credentials, maxAttempts: 1 })
    return errorOf(client.send(new ListQueuesCommand({}))).finally(() => client.destroy())
  }
  expect(await attempt({ ...TEST_KEY, secretAccessKey: 'wrong' })).toMatchObject({
    name: 'SignatureDoesNotMatch',
    status: 403,
  })
  expect(await attempt({ accessKeyId: 'AKIAUNKNOWNUNKNOWN00', secretAccessKey: 'any' })).toMatchObject({
    name: 'InvalidClientTokenId',
    status: 403,
  })
  const unsigned = await fetch(server.url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ListQueues' },
    body: '{}',
  })
  expect(unsigned.status).toBe(403)
})

test('a message of 1 MiB goes through, one byte more does not', async () => {
  const limit = 1_048_576
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x'.repeat(limit) }))
  const [message] = await receive()
  expect(message?.Body).toHaveLength(limit)
  const tooLarge = new SendMessageCommand({ QueueUrl, MessageBody: 'x'.repeat(limit + 1) })
  expect(await errorOf(sqs.send(tooLarge))).toMatchObject({ name: 'InvalidParameterValue', status: 400 })
})
