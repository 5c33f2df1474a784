import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { AwsClient } from 'aws4fetch'
import { XMLParser } from 'fast-xml-parser'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

/** What LocalStack's users call to look into a queue, against a server of ours. */
const PATH = '/_aws/sqs/messages'

let open: ServerProcess
let closed: ServerProcess
let sqs: SQSClient
let queues = 0
let QueueUrl: string

beforeAll(async () => {
  ;[open, closed] = await Promise.all([ServerProcess.create('--auth', 'off'), ServerProcess.create()])
  await Promise.all([open.start(), closed.start()])
  sqs = clientOf(open.url)
})
afterAll(async () => {
  sqs.destroy()
  await Promise.all([open.destroy(), closed.destroy()])
})
beforeEach(async () => {
  QueueUrl = (await sqs.send(new CreateQueueCommand({ QueueName: `queue-${++queues}` }))).QueueUrl!
})

function clientOf(endpoint: string): SQSClient {
  return new SQSClient({ endpoint, region: 'us-east-1', credentials: TEST_KEY, maxAttempts: 1 })
}

const send = (MessageBody: string, DelaySeconds = 0) =>
  sqs.send(new SendMessageCommand({ QueueUrl, MessageBody, DelaySeconds }))

const receive = async () => (await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages ?? []

interface JsonMessage {
  readonly Body: string
  readonly Attribute: readonly { readonly Name: string; readonly Value: string }[]
}

/** An answer in JSON: one of the two is there. */
interface JsonAnswer {
  readonly ReceiveMessageResponse: {
    readonly ReceiveMessageResult: {
      readonly Message?: JsonMessage | readonly JsonMessage[]
      readonly NextToken?: string
    } | null
  }
  readonly ErrorResponse: { readonly Error: { readonly Code: string } }
}

async function json(
  query: Record<string, string>,
  path = PATH,
): Promise<{ status: number; content: JsonAnswer }> {
  const url = `${open.url}${path}?${new URLSearchParams(query)}`
  const answer = await fetch(url, { headers: { accept: 'application/json' } })
  expect(answer.headers.get('content-type')).toBe('application/json')
  const content: JsonAnswer = JSON.parse(await answer.text())
  return { status: answer.status, content }
}

/** The messages of an answer, with their attributes as an object. */
function messagesIn(content: JsonAnswer): { Body: string; attributes: Record<string, string> }[] {
  const { Message = [] } = content.ReceiveMessageResponse.ReceiveMessageResult ?? {}
  return [Message].flat().map(({ Body, Attribute }) => ({
    Body,
    attributes: Object.fromEntries(Attribute.map(({ Name, Value }) => [Name, Value])),
  }))
}

test('looking at messages has no effect on them', async () => {
  await send('message-1')
  await send('message-2')
  for (let i = 0; i < 2; i++) {
    const { content } = await json({ QueueUrl })
    const seen = messagesIn(content)
    expect(seen.map(({ Body }) => Body)).toEqual(['message-1', 'message-2'])
    expect(seen.map(({ attributes }) => attributes.ApproximateReceiveCount)).toEqual(['0', '0'])
  }
  const [message] = await receive()
  expect(message?.Body).toBe('message-1')
  expect(messagesIn((await json({ QueueUrl })).content).map(({ Body }) => Body)).toEqual(['message-2'])
})

test('XML by default, by GET and by POST, of the shape that ReceiveMessage has', async () => {
  await send('<a & b>')
  const form = new URLSearchParams({ QueueUrl })
  const answers = [
    await fetch(`${open.url}${PATH}?${form}`),
    await fetch(`${open.url}${PATH}`, { method: 'POST', body: form }),
    await fetch(`${open.url}${PATH}?${form}`, { method: 'POST' }),
    await fetch(`${open.url}${PATH}?Action=ReceiveMessage&${form}`),
  ]
  for (const answer of answers) {
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/xml'])
    const parsed = new XMLParser({ parseTagValue: false }).parse(await answer.text())
    const { Message } = parsed.ReceiveMessageResponse.ReceiveMessageResult
    expect(Message).toMatchObject({ Body: '<a & b>', ReceiptHandle: 'SQS/BACKDOOR/ACCESS' })
    expect(Message.Attribute).toContainEqual({ Name: 'ApproximateReceiveCount', Value: '0' })
  }
})

test('messages in flight and delayed are shown where they are asked for, and until when they are hidden', async () => {
  await send('in flight')
  await receive()
  await send('delayed', 600)
  await send('visible')
  expect(messagesIn((await json({ QueueUrl })).content).map(({ Body }) => Body)).toEqual(['visible'])
  const { content } = await json({ QueueUrl, ShowInvisible: 'True', ShowDelayed: 'True' })
  const [inFlight, delayed, visible] = messagesIn(content).map(({ attributes }) => attributes)
  expect(inFlight).toMatchObject({ IsVisible: 'false', IsDelayed: 'false', ApproximateReceiveCount: '1' })
  expect(delayed).toMatchObject({ IsVisible: 'true', IsDelayed: 'true' })
  expect(visible).toMatchObject({ IsVisible: 'true', IsDelayed: 'false' })
  expect(Number(inFlight?.VisibleTimestamp)).toBeGreaterThan(Date.now())
  expect(Number(delayed?.VisibleTimestamp)).toBeGreaterThan(Date.now() + 500_000)
  expect(visible).not.toHaveProperty('VisibleTimestamp')
})

test('in JSON one message is an object, several are a list, and none is null: as LocalStack converts its XML', async () => {
  const result = async () => (await json({ QueueUrl })).content.ReceiveMessageResponse.ReceiveMessageResult
  expect(await result()).toBeNull()
  await send('one')
  expect((await result())?.Message).toMatchObject({
    Body: 'one',
    MD5OfBody: 'f97c5d29941bfb1b2fdab0874906ab82',
  })
  await send('two')
  expect((await result())?.Message).toHaveLength(2)
})

test('the path may name region, account and queue; another region has other queues', async () => {
  await send('here')
  const name = QueueUrl.split('/').at(-1)
  const here = await json({}, `${PATH}/us-east-1/000000000000/${name}`)
  expect(messagesIn(here.content)).toMatchObject([{ Body: 'here' }])
  const there = await json({}, `${PATH}/us-east-2/000000000000/${name}`)
  expect(there.status).toBe(400)
  expect(there.content.ErrorResponse.Error.Code).toBe('AWS.SimpleQueueService.NonExistentQueue')
})

test('a queue that is not named, not there, or no queue is refused as LocalStack does', async () => {
  const codeOf = async (query: Record<string, string>) => {
    const { status, content } = await json(query)
    return [status, content.ErrorResponse.Error.Code]
  }
  expect(await codeOf({})).toEqual([400, 'AWS.SimpleQueueService.NonExistentQueue'])
  expect(await codeOf({ QueueUrl: `${open.url}/000000000000/no-such` })).toEqual([
    400,
    'AWS.SimpleQueueService.NonExistentQueue',
  ])
  expect(await codeOf({ QueueUrl: `${open.url}/nonsense` })).toEqual([404, 'InvalidAddress'])
})

test('an SDK whose endpoint it is looks with ReceiveMessage, whatever its limit, and can do nothing else', async () => {
  await send('message-1')
  await send('message-2')
  const looking = clientOf(open.url + PATH)
  const input = { QueueUrl, MaxNumberOfMessages: 1 }
  const { Messages = [] } = await looking.send(new ReceiveMessageCommand(input))
  expect(Messages.map(({ Body }) => Body)).toEqual(['message-1', 'message-2'])
  expect(Messages[0]?.Attributes?.ApproximateReceiveCount).toBe('0')
  await expect(looking.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))).rejects.toMatchObject({
    name: 'InvalidRequest',
    message: 'This endpoint only accepts ReceiveMessage calls',
  })
  looking.destroy()
})

test('the handle that is shown deletes nothing', async () => {
  await send('stays')
  const ReceiptHandle = 'SQS/BACKDOOR/ACCESS'
  await expect(sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }))).rejects.toMatchObject({
    name: 'ReceiptHandleIsInvalid',
  })
})

test('pages go through a queue, each message once', async () => {
  for (let i = 0; i < 5; i++) await send(`message-${i}`)
  const bodies: string[] = []
  let token: string | undefined
  do {
    const { content } = await json({ QueueUrl, MaxResults: '2', ...(token && { NextToken: token }) })
    bodies.push(...messagesIn(content).map(({ Body }) => Body))
    token = content.ReceiveMessageResponse.ReceiveMessageResult?.NextToken
  } while (token)
  expect(bodies).toEqual([0, 1, 2, 3, 4].map((i) => `message-${i}`))
})

test('with authentication an unsigned request is told what to do, and a signed one is served', async () => {
  const signed = clientOf(closed.url)
  const created = await signed.send(new CreateQueueCommand({ QueueName: 'orders' }))
  await signed.send(new SendMessageCommand({ QueueUrl: created.QueueUrl, MessageBody: 'secret' }))
  signed.destroy()
  const url = `${closed.url}${PATH}/us-east-1/000000000000/orders?ShowDelayed=true`
  const unsigned = await fetch(url)
  const text = await unsigned.text()
  expect(unsigned.status).toBe(403)
  expect(text).toContain('MissingAuthenticationToken')
  expect(text).toContain('--auth off')
  expect(text).not.toContain('secret')
  const signer = new AwsClient({ ...TEST_KEY, service: 'sqs', region: 'us-east-1', retries: 0 })
  expect(await (await signer.fetch(url)).text()).toContain('secret')
  const forger = new AwsClient({
    ...TEST_KEY,
    secretAccessKey: 'wrong',
    service: 'sqs',
    region: 'us-east-1',
    retries: 0,
  })
  expect((await forger.fetch(url)).status).toBe(403)
  const misused = new AwsClient({ ...TEST_KEY, service: 's3', region: 'us-east-1', retries: 0 })
  expect((await misused.fetch(url)).status).toBe(403)
})

test('whatever is asked is answered, and never as a failure of ours', async () => {
  const json10 = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ReceiveMessage' }
  const form = { 'content-type': 'application/x-www-form-urlencoded' }
  const requests: readonly [path: string, init?: RequestInit][] = [
    [`${PATH}/`],
    [`${PATH}//`],
    [`${PATH}/a`],
    [`${PATH}/a/b/c/d`],
    [`${PATH}/%/%00/%ff`],
    [`${PATH}/us-east-1/000000000000/${'x'.repeat(4000)}`],
    [`${PATH}/us-east-1/000000000000/a&Action=DeleteQueue`],
    [`${PATH}?QueueUrl=${encodeURIComponent(QueueUrl)}&MaxResults=a`],
    [`${PATH}?QueueUrl=${encodeURIComponent(QueueUrl)}&MaxResults=99999999999`],
    [`${PATH}?QueueUrl=${encodeURIComponent(QueueUrl)}&NextToken=%F0%9F%98%80`],
    [`${PATH}?QueueUrl=a&QueueUrl=b`],
    [`${PATH}?QueueUrl=%`],
    [`${PATH}?QueueUrl.1.2.3=a&ShowInvisible.x=1`],
    [`${PATH}?__proto__=1&constructor=2`],
    [`${PATH}?Action=DeleteQueue&QueueUrl=${encodeURIComponent(QueueUrl)}`],
    [PATH, { method: 'POST', body: '{', headers: json10 }],
    [PATH, { method: 'POST', body: '[]', headers: json10 }],
    [PATH, { method: 'POST', body: '{"QueueUrl":7,"MaxResults":"x"}', headers: json10 }],
    [PATH, { method: 'POST', body: '{"__proto__":{"QueueUrl":"a"}}', headers: json10 }],
    [PATH, { method: 'POST', body: '{}', headers: { ...json10, 'x-amz-target': 'Nonsense' } }],
    [PATH, { method: 'POST', body: 'Action=SendMessage&QueueUrl=a&MessageBody=b', headers: form }],
    [PATH, { method: 'POST', body: new Uint8Array([0xff, 0xfe, 0x26]), headers: form }],
    [PATH, { method: 'PUT' }],
    [PATH, { method: 'DELETE' }],
    [PATH, { headers: { authorization: 'AWS4-HMAC-SHA256 nonsense' } }],
  ]
  for (const server of [open, closed]) {
    for (const [path, init] of requests) {
      for (const accept of ['*/*', 'application/json']) {
        const headers = { accept, ...init?.headers }
        const answer = await fetch(server.url + path, { ...init, headers })
        const text = await answer.text()
        expect([path, init?.body, answer.status < 500], text).toEqual([path, init?.body, true])
        if (answer.headers.get('content-type') === 'application/json') JSON.parse(text)
      }
    }
  }
  await send('still there')
  expect(messagesIn((await json({ QueueUrl })).content)).toHaveLength(1)
})
