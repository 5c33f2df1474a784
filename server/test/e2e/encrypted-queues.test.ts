import {
  CancelKeyDeletionCommand,
  CreateKeyCommand,
  type CreateKeyCommandInput,
  DescribeKeyCommand,
  DisableKeyCommand,
  EnableKeyCommand,
  KMSClient,
  RotateKeyOnDemandCommand,
  ScheduleKeyDeletionCommand,
} from '@aws-sdk/client-kms'
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs'
import { AwsClient } from 'aws4fetch'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Millrace, startMillrace } from '../../src/library/start-millrace.ts'
import { errorOf } from './error-of.ts'

/** Queues whose messages are sealed under keys of KMS, as clients see them, and what time does to that. */
const REUSE = '1m'
const MISSING = '00000000-0000-4000-8000-000000000000'
const arnOf = (name: string) => `arn:aws:sqs:us-east-1:000000000000:${name}`
const keyArnOf = (id: string) => `arn:aws:kms:us-east-1:000000000000:key/${id}`

let server: Millrace
let sqs: SQSClient
let kms: KMSClient
let names = 0
beforeAll(async () => {
  server = await startMillrace()
  sqs = new SQSClient({ ...server.clientConfig, maxAttempts: 1 })
  kms = new KMSClient({ ...server.clientConfig, maxAttempts: 1 })
})
afterAll(() => server.stop())

async function newKey(input: CreateKeyCommandInput = {}): Promise<string> {
  return (await kms.send(new CreateKeyCommand(input))).KeyMetadata!.KeyId!
}

interface TestQueue {
  readonly name: string
  readonly QueueUrl: string
}

/** Data keys of the queue are reused for a minute. */
async function newQueue(key: string, attributes: Record<string, string> = {}): Promise<TestQueue> {
  const name = `sealed-${++names}${attributes.FifoQueue === undefined ? '' : '.fifo'}`
  const Attributes = {
    ...(key !== '' && { KmsMasterKeyId: key, KmsDataKeyReusePeriodSeconds: '60' }),
    ...attributes,
  }
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }))
  return { name, QueueUrl: QueueUrl! }
}

const setKey = ({ QueueUrl }: TestQueue, KmsMasterKeyId: string) =>
  sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { KmsMasterKeyId } }))

const send = ({ QueueUrl }: TestQueue, ...texts: string[]) =>
  sqs.send(
    new SendMessageBatchCommand({
      QueueUrl,
      Entries: texts.map((MessageBody, i) => ({ Id: String(i), MessageBody })),
    }),
  )

async function receive({ QueueUrl }: TestQueue, VisibilityTimeout = 0): Promise<readonly Message[]> {
  const input = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout }
  const all = { MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'] } as const
  const command = new ReceiveMessageCommand({ ...input, ...all } as never)
  return (await sqs.send(command)).Messages ?? []
}

const textsOf = (messages: readonly Message[]) => messages.map(({ Body }) => Body).sort()

/** A page of what the queue holds. */
async function look({ QueueUrl }: TestQueue, limit = 10): Promise<string> {
  const client = new AwsClient({ ...server.credentials, service: 'sqs', region: 'us-east-1', retries: 0 })
  const parameters = new URLSearchParams({ QueueUrl, MaxResults: String(limit) })
  return (await client.fetch(`${server.endpoint}/_aws/sqs/messages?${parameters}`)).text()
}

/** A form of the older generation of clients. */
async function query(parameters: Record<string, string>): Promise<string> {
  const client = new AwsClient({ ...server.credentials, service: 'sqs', region: 'us-east-1', retries: 0 })
  const body = new URLSearchParams({ Version: '2012-11-05', ...parameters }).toString()
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const response = await client.fetch(server.endpoint, { method: 'POST', body, headers })
  return `${response.status} ${await response.text()}`
}

test('messages come back as they were sent, digests and attributes included', async () => {
  const queue = await newQueue(await newKey())
  const { QueueUrl } = queue
  const MessageAttributes = {
    mill: { DataType: 'String', StringValue: 'north' },
    weight: { DataType: 'Binary', BinaryValue: Uint8Array.of(1, 2, 3) },
  }
  const sent = await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'grain', MessageAttributes }))
  const [message] = await receive(queue)
  expect(message).toMatchObject({
    Body: 'grain',
    MessageId: sent.MessageId,
    MD5OfBody: sent.MD5OfMessageBody,
    MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
    MessageAttributes,
  })
  expect((await server.inspect(queue.name)).waiting.map(({ body }) => body)).toEqual(['grain'])
  expect(server.history(queue.name).map(({ event, message: { body } }) => `${event} ${body}`)).toEqual([
    'sent grain',
    'received grain',
  ])
})

test('what is looked at without a receive is opened too', async () => {
  const queue = await newQueue(await newKey())
  await send(queue, 'grain')
  expect(await look(queue)).toContain('grain')
})

test('whoever looks is shown what lies behind messages that can not be opened, and told why where there is nothing else', async () => {
  const old = await newKey()
  const queue = await newQueue(old)
  await send(queue, ...Array.from({ length: 5 }, (_, i) => `old ${i}`))
  await setKey(queue, '')
  await kms.send(new DisableKeyCommand({ KeyId: old }))
  await server.clock.advance('5m')
  expect(await look(queue, 2)).toContain(`${keyArnOf(old)} is disabled.`)
  await send(queue, 'new')
  const shown = await look(queue, 2)
  expect(shown).toContain('new')
  expect(shown).not.toContain('old')
})

test('a FIFO queue deduplicates by the content that was sent, not by the seal', async () => {
  const queue = await newQueue(await newKey(), { FifoQueue: 'true', ContentBasedDeduplication: 'true' })
  const { QueueUrl } = queue
  const command = () =>
    sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'once', MessageGroupId: 'g' }))
  const [first, second] = [await command(), await command()]
  expect(second.SequenceNumber).toBe(first.SequenceNumber)
  expect(await receive(queue)).toMatchObject([{ Body: 'once', Attributes: { MessageGroupId: 'g' } }])
})

test('a key that is disabled refuses sends and receives when its data keys have been reused for their time', async () => {
  const key = await newKey()
  const queue = await newQueue(key)
  await send(queue, 'one')
  expect(textsOf(await receive(queue))).toEqual(['one'])
  await kms.send(new DisableKeyCommand({ KeyId: key }))
  await send(queue, 'two')
  expect(textsOf(await receive(queue))).toEqual(['one', 'two'])
  await server.clock.advance(REUSE)
  const disabled = { name: 'KmsDisabled', status: 400, message: `${keyArnOf(key)} is disabled.` }
  expect(await errorOf(send(queue, 'three'))).toMatchObject(disabled)
  for (let i = 0; i < 3; i++) expect(await errorOf(receive(queue, 30))).toMatchObject(disabled)
  const { QueueUrl } = queue
  for (const Action of ['SendMessage', 'ReceiveMessage']) {
    const answer = await query({ Action, QueueUrl, MessageBody: 'm' })
    expect(answer).toMatch(/^400 /)
    expect(answer).toContain('<Type>Sender</Type><Code>KMS.DisabledException</Code>')
    expect(answer).toContain(`<Message>${keyArnOf(key)} is disabled.</Message>`)
  }
  await kms.send(new EnableKeyCommand({ KeyId: key }))
  const messages = await receive(queue)
  expect(textsOf(messages)).toEqual(['one', 'two'])
  // No receive that was refused chose or counted a message.
  expect(messages.map(({ Attributes }) => Attributes!.ApproximateReceiveCount).sort()).toEqual(['2', '3'])
})

test('a key that is to be deleted refuses, and is as before when that is cancelled', async () => {
  const key = await newKey()
  const queue = await newQueue(key)
  await send(queue, 'kept')
  await kms.send(new ScheduleKeyDeletionCommand({ KeyId: key, PendingWindowInDays: 7 }))
  await server.clock.advance(REUSE)
  expect(await errorOf(receive(queue))).toMatchObject({
    ...{ name: 'KmsInvalidState', status: 400 },
    message: `${keyArnOf(key)} is pending deletion.`,
  })
  await kms.send(new CancelKeyDeletionCommand({ KeyId: key }))
  await kms.send(new EnableKeyCommand({ KeyId: key }))
  expect(textsOf(await receive(queue))).toEqual(['kept'])
})

test('a key that is not there, or not for that, is told as such', async () => {
  expect(await errorOf(send(await newQueue(MISSING), 'm'))).toMatchObject({
    ...{ name: 'KmsNotFound', status: 400 },
    message: `Key '${keyArnOf(MISSING)}' does not exist`,
  })
  expect(await errorOf(receive(await newQueue('alias/not-there')))).toMatchObject({ name: 'KmsNotFound' })
  const signing = await newKey({ KeySpec: 'ECC_NIST_P256', KeyUsage: 'SIGN_VERIFY' })
  expect(await errorOf(send(await newQueue(signing), 'm'))).toMatchObject({
    ...{ name: 'KmsInvalidKeyUsage', status: 400 },
  })
  const MessageBody = 'm'
  const nowhere = `${server.endpoint}/000000000000/not-there`
  expect(await errorOf(sqs.send(new SendMessageCommand({ QueueUrl: nowhere, MessageBody })))).toMatchObject({
    name: 'QueueDoesNotExist',
  })
})

test('the key that AWS would manage needs no set-up', async () => {
  const queue = await newQueue('alias/aws/sqs')
  await send(queue, 'grain')
  expect(textsOf(await receive(queue))).toEqual(['grain'])
  const { KeyMetadata } = await kms.send(new DescribeKeyCommand({ KeyId: 'alias/aws/sqs' }))
  expect(KeyMetadata).toMatchObject({ KeyManager: 'AWS', KeyState: 'Enabled' })
})

test('messages that were sent before a key came, changed, was rotated or went are received after it', async () => {
  const [first, second] = [await newKey(), await newKey()]
  const queue = await newQueue('')
  await send(queue, 'plain')
  await setKey(queue, first)
  await send(queue, 'first')
  await kms.send(new RotateKeyOnDemandCommand({ KeyId: first }))
  await server.clock.advance(REUSE)
  await send(queue, 'rotated')
  await setKey(queue, second)
  await send(queue, 'second')
  await setKey(queue, '')
  await send(queue, 'plain again')
  expect(textsOf(await receive(queue))).toEqual(['first', 'plain', 'plain again', 'rotated', 'second'])
})

test('messages under a key that can not be used any more are left out, and do not stand in the way of others', async () => {
  const [old, current] = [await newKey(), await newKey()]
  const queue = await newQueue(old)
  await send(queue, 'old')
  await setKey(queue, current)
  await send(queue, 'new')
  await kms.send(new DisableKeyCommand({ KeyId: old }))
  await server.clock.advance('5m')
  expect(textsOf(await receive(queue, 600))).toEqual(['new'])
  await server.clock.advance('10m')
  expect(textsOf(await receive(queue, 600))).toEqual(['new'])
  const alone = await newQueue(old)
  await kms.send(new EnableKeyCommand({ KeyId: old }))
  await send(alone, 'old')
  await setKey(alone, current)
  await kms.send(new DisableKeyCommand({ KeyId: old }))
  await server.clock.advance('5m')
  expect(await errorOf(receive(alone, 30))).toMatchObject({
    ...{ name: 'KmsDisabled', message: `${keyArnOf(old)} is disabled.` },
  })
  await kms.send(new EnableKeyCommand({ KeyId: old }))
  await server.clock.advance('1m')
  expect(textsOf(await receive(alone))).toEqual(['old'])
})

test('dead letters keep the seal of the queue that they were sent to, there and on the way back', async () => {
  const [key, other] = [await newKey(), await newKey()]
  for (const keyOfTarget of ['', other]) {
    const target = await newQueue(keyOfTarget)
    const RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arnOf(target.name), maxReceiveCount: 1 })
    const queue = await newQueue(key, { RedrivePolicy })
    await send(queue, 'dead')
    expect(await receive(queue)).toHaveLength(1)
    expect(await receive(queue)).toHaveLength(0)
    expect(textsOf(await receive(target))).toEqual(['dead'])
    await sqs.send(new StartMessageMoveTaskCommand({ SourceArn: arnOf(target.name) }))
    await server.waitFor({ queue: target.name, event: 'moved' })
    expect(textsOf(await receive(queue))).toEqual(['dead'])
  }
})

test('a queue has one kind of server-side encryption', async () => {
  const queue = await newQueue(await newKey())
  const { QueueUrl } = queue
  const AttributeNames = ['KmsMasterKeyId', 'SqsManagedSseEnabled'] as const
  const attributes = async () =>
    (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...AttributeNames] })))
      .Attributes
  expect(await attributes()).toMatchObject({ SqsManagedSseEnabled: 'false' })
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { SqsManagedSseEnabled: 'true' } }))
  expect(await attributes()).toEqual({ SqsManagedSseEnabled: 'true' })
  await send(queue, 'm')
  expect(textsOf(await receive(queue))).toEqual(['m'])
})

test('after a reset nothing is sealed under a key that is gone, though a queue has the same name and key again', async () => {
  const Attributes = { KmsMasterKeyId: 'alias/aws/sqs', KmsDataKeyReusePeriodSeconds: '86400' }
  for (const text of ['before', 'after']) {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'again', Attributes }))
    const queue = { name: 'again', QueueUrl: QueueUrl! }
    await send(queue, text)
    expect(textsOf(await receive(queue))).toEqual([text])
    if (text === 'before') await server.reset()
    // Longer than anything is remembered for.
    else await server.clock.advance('25h')
  }
  expect((await server.inspect('again')).waiting.map(({ body }) => body)).toEqual(['after'])
})
