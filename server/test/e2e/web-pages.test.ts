import { request } from 'node:http'
import {
  CreateQueueCommand,
  ListQueuesCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

const APP = 'http://localhost:3000'

let open: ServerProcess
let closed: ServerProcess
beforeAll(async () => {
  open = await ServerProcess.create('--auth', 'off', '--allow-reset', '--allow-origin', APP)
  closed = await ServerProcess.create('--allow-origin', APP)
  await Promise.all([open.start(), closed.start()])
})
afterAll(async () => {
  await Promise.all([open.destroy(), closed.destroy()])
})

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** As a browser sends it: `fetch` would not let a test say where a request comes from. */
function send(
  server: ServerProcess,
  method: string,
  path: string,
  headers: Readonly<Record<string, string>>,
  body = '',
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const sent = request(server.url + path, { method, headers }, (response) => {
      const pieces: Buffer[] = []
      response.on('data', (piece: Buffer) => pieces.push(piece))
      response.on('end', () => {
        const { statusCode = 0, headers: received } = response
        resolve({ status: statusCode, headers: received, body: Buffer.concat(pieces).toString() })
      })
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

/** An SDK as it works in a page of that origin. */
function clientIn(origin: string, server: ServerProcess): SQSClient {
  const sqs = new SQSClient({
    endpoint: server.url,
    region: 'us-east-1',
    credentials: TEST_KEY,
    maxAttempts: 1,
  })
  sqs.middlewareStack.add(
    (next) => (args) => {
      Object.assign((args.request as { headers: Record<string, string> }).headers, { origin })
      return next(args)
    },
    { step: 'finalizeRequest', priority: 'low' },
  )
  return sqs
}

const FORM = { 'content-type': 'application/x-www-form-urlencoded' }

test("a stranger's form does nothing, reset included", async () => {
  const sqs = clientIn(APP, open)
  await sqs.send(new CreateQueueCommand({ QueueName: 'kept' }))
  const headers = { ...FORM, origin: 'http://evil.example' }
  const refused = await send(open, 'POST', '/', headers, 'Action=CreateQueue&QueueName=made-by-a-stranger')
  expect(refused).toMatchObject({
    status: 403,
    body: expect.stringContaining('<Code>OriginNotAllowed</Code>'),
  })
  expect(refused.headers).not.toHaveProperty('access-control-allow-origin')
  const reset = await send(open, 'POST', '/_millrace/reset', { ...headers, origin: 'null' })
  expect(reset).toMatchObject({ status: 403, body: expect.stringContaining('--allow-origin') })
  const image = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }
  expect(await send(open, 'GET', '/?Action=DeleteQueue&QueueUrl=kept', image)).toMatchObject({ status: 403 })
  const { QueueUrls } = await sqs.send(new ListQueuesCommand({}))
  expect(QueueUrls).toEqual([`${open.url}/000000000000/kept`])
})

test('a name that was made to point here reads nothing', async () => {
  const host = `evil.example.com:${new URL(open.url).port}`
  const path = '/_aws/sqs/messages?QueueUrl=kept'
  expect(await send(open, 'GET', path, { host })).toMatchObject({ status: 403 })
  const same = { ...FORM, host, origin: `http://${host}` }
  expect(await send(open, 'POST', '/', same, 'Action=ListQueues')).toMatchObject({ status: 403 })
  // Whoever is no browser may call the server what they like.
  expect(await send(open, 'POST', '/', { ...FORM, host }, 'Action=ListQueues')).toMatchObject({ status: 200 })
})

test('the SDK is told what is wrong in a page that is not allowed, and works in one that is', async () => {
  const stranger = clientIn('http://localhost:9999', open)
  await expect(stranger.send(new ListQueuesCommand({}))).rejects.toMatchObject({
    name: 'OriginNotAllowed',
    message: expect.stringContaining('--allow-origin http://localhost:9999'),
  })
  for (const server of [open, closed]) {
    const sqs = clientIn(APP, server)
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'pages' }))
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'from a page' }))
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }))
    expect(Messages).toMatchObject([{ Body: 'from a page' }])
  }
})

test('a browser learns that an allowed page may ask, and lets it read the answer, be it an error', async () => {
  for (const server of [open, closed]) {
    const asked = await send(server, 'OPTIONS', '/', {
      origin: APP,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization,content-type,x-amz-date,x-amz-target',
    })
    expect(asked).toMatchObject({
      status: 200,
      headers: {
        'access-control-allow-origin': APP,
        'access-control-allow-headers': 'authorization,content-type,x-amz-date,x-amz-target',
        vary: 'origin',
      },
    })
    const failed = await send(server, 'POST', '/', { ...FORM, origin: APP }, 'Action=NoSuch')
    expect(failed).toMatchObject({ status: 400, headers: { 'access-control-allow-origin': APP } })
  }
})

test('with authentication a stranger is met by the signature, and reads no answer', async () => {
  const headers = { ...FORM, origin: 'http://evil.example' }
  const refused = await send(closed, 'POST', '/', headers, 'Action=ListQueues')
  expect(refused).toMatchObject({ status: 403, body: expect.stringContaining('MissingAuthenticationToken') })
  expect(refused.headers).not.toHaveProperty('access-control-allow-origin')
})

test('a path that looks like one of health checks opens no way to an operation', async () => {
  const anywhere = { host: 'evil.example', 'sec-fetch-site': 'same-origin', 'user-agent': 'Mozilla/5.0' }
  const image = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors', 'sec-fetch-dest': 'image' }
  for (const headers of [anywhere, image]) {
    const asked = await send(open, 'GET', '/health/?Action=ListQueues&Version=2012-11-05', headers)
    expect([asked.status, asked.body]).toEqual([403, expect.stringContaining('OriginNotAllowed')])
    expect((await send(open, 'GET', '/health/ready', headers)).status).toBe(200)
  }
})
