import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { connect as connectHttp2 } from 'node:http2'
import { Agent, get } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, type TLSSocket } from 'node:tls'
import { fileURLToPath } from 'node:url'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  ListSubscriptionsByTopicCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  GetQueueUrlCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TestAuthority, type TestCertificate } from '../http/test-authority.ts'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

/** What clients do with a server that has a certificate: needs a build (`npm run build`, or `npm test` as a whole). */
const BINARY = fileURLToPath(new URL('../../bin/millrace.js', import.meta.url))
const NAMES = { dns: ['localhost'], ip: ['127.0.0.1'] }

let authority: TestAuthority
let directory: string
let server: ServerProcess
let url: string
let files: { readonly certificate: string; readonly privateKey: string; readonly authority: string }

beforeAll(async () => {
  authority = await TestAuthority.create()
  directory = await mkdtemp(join(tmpdir(), 'millrace-tls-'))
  files = {
    certificate: join(directory, 'cert.pem'),
    privateKey: join(directory, 'key.pem'),
    authority: join(directory, 'ca.pem'),
  }
  await writeFile(files.authority, authority.certificate)
  await place(await authority.issue(NAMES))
  server = await ServerProcess.create(
    ...['--tls-cert', files.certificate, '--tls-key', files.privateKey, '--log-level', 'info'],
    '--delivery-allow-private',
  )
  await server.start()
  url = server.url.replace('http:', 'https:')
})
afterAll(async () => {
  await server?.destroy()
  await rm(directory, { recursive: true, force: true })
})

async function place({ certificate, privateKey }: TestCertificate): Promise<void> {
  await writeFile(files.certificate, certificate)
  await writeFile(files.privateKey, privateKey)
}

const clientOptions = (endpoint = url) => ({
  endpoint,
  region: 'us-east-1',
  credentials: TEST_KEY,
  requestHandler: { httpsAgent: new Agent({ ca: authority.certificate, keepAlive: true, maxSockets: 50 }) },
})

test('an SDK works over https, and what it is given begins so', async () => {
  const sqs = new SQSClient(clientOptions())
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }))
  expect(QueueUrl).toBe(`${url}/000000000000/orders`)
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x'.repeat(1_000_000) }))
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }))
  expect(Messages?.[0]?.Body?.length).toBe(1_000_000)
  sqs.destroy()
})

test('on the same port plain HTTP is served to this machine, and given URLs of its own', async () => {
  const sqs = new SQSClient(clientOptions(server.url))
  await sqs.send(new CreateQueueCommand({ QueueName: 'plain' }))
  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: 'plain' }))
  expect(QueueUrl).toBe(`${server.url}/000000000000/plain`)
  sqs.destroy()
})

test('aws:SecureTransport is true for what comes over TLS, and for nothing else', async () => {
  const iam = new IAMClient(clientOptions())
  const UserName = 'carter'
  await iam.send(new CreateUserCommand({ UserName }))
  const Condition = { Bool: { 'aws:SecureTransport': 'true' } }
  const Statement = { Effect: 'Allow', Action: 'sqs:*', Resource: '*', Condition }
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'secure', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  iam.destroy()
  const credentials = {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  }
  const create = async (endpoint: string) => {
    const sqs = new SQSClient({ ...clientOptions(endpoint), credentials })
    const created = sqs.send(new CreateQueueCommand({ QueueName: 'carts' }))
    await created.finally(() => sqs.destroy())
  }
  await create(url)
  await expect(create(server.url)).rejects.toThrow('is not authorized to perform: sqs:createqueue')
})

test('who has no certificate of the authority that was named gets no answer, until SIGHUP names another', async () => {
  const clients = await TestAuthority.create('Clients')
  const clientCa = join(directory, 'client-ca.pem')
  await writeFile(clientCa, authority.certificate)
  const careful = await ServerProcess.create(
    ...['--tls-cert', files.certificate, '--tls-key', files.privateKey, '--tls-client-ca', clientCa],
    ...['--log-level', 'info'],
  )
  await careful.start()
  const secure = careful.url.replace('http:', 'https:')
  const { certificate: cert, privateKey: key } = await clients.issue({ dns: ['carter'] })
  const ask = async () => {
    const options = { ca: authority.certificate, agent: false, cert, key }
    const [incoming] = await once(get(`${secure}/health/live`, options), 'response')
    incoming.resume()
    return incoming.statusCode
  }
  await expect(ask()).rejects.toThrow()
  await writeFile(clientCa, clients.certificate)
  careful.hangUp()
  while (careful.errors.split('certificate is in use').length < 3) {
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
  expect(await ask()).toBe(200)
  await careful.destroy()
})

test('a confirmation link, and the link to the certificate of signatures, go by TLS where the subscriber did', async () => {
  const received: string[] = []
  const peer = createServer((incoming, outgoing) => {
    let text = ''
    incoming.on('data', (piece: Buffer) => {
      text += piece.toString()
    })
    incoming.on('end', () => {
      received.push(text)
      outgoing.end()
    })
  })
  peer.listen(0, '127.0.0.1')
  await once(peer, 'listening')
  const { port } = peer.address() as AddressInfo
  const sns = new SNSClient(clientOptions())
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'news' }))
  await sns.send(
    new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: `http://127.0.0.1:${port}/hook` }),
  )
  while (received.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  peer.close()
  const { SubscribeURL, SigningCertURL, Token } = JSON.parse(received[0] ?? '{}')
  expect(SubscribeURL).toMatch(new RegExp(`^${url}/\\?Action=ConfirmSubscription&`))
  expect(SigningCertURL).toMatch(new RegExp(`^${url}/SimpleNotificationService-`))
  expect((await fetchText(SigningCertURL)).text).toContain('BEGIN CERTIFICATE')
  await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }))
  const { Subscriptions } = await sns.send(new ListSubscriptionsByTopicCommand({ TopicArn }))
  expect(Subscriptions).toHaveLength(1)
  sns.destroy()
})

async function fetchText(target: string): Promise<{ status: number | undefined; text: string }> {
  const [incoming] = await once(get(target, { ca: authority.certificate, agent: false }), 'response')
  let text = ''
  for await (const piece of incoming) text += piece
  return { status: incoming.statusCode, text }
}

test('a client that does not know the authority refuses the server, and one that does gets HTTP/2', async () => {
  await expect(fetch(`${url}/health/live`)).rejects.toThrow()
  const client = connectHttp2(url, { ca: authority.certificate })
  const [headers] = await once(client.request({ ':path': '/health/ready' }), 'response')
  expect(headers[':status']).toBe(200)
  client.close()
})

/** A TLS connection, and which certificate it was shown. */
async function shown(): Promise<{ readonly socket: TLSSocket; readonly serial: string }> {
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', ca: authority.certificate })
  await once(socket, 'secureConnect')
  return { socket, serial: socket.getPeerCertificate().serialNumber }
}

async function logged(words: string, times: number): Promise<void> {
  while (server.errors.split(words).length <= times) await new Promise((resolve) => setTimeout(resolve, 10))
}

test('SIGHUP has the files read again: connections go on, and a pair that is no good is reported', async () => {
  const before = await shown()
  const wasInUse = server.errors.split('certificate is in use').length - 1
  await place(await authority.issue(NAMES))
  server.hangUp()
  await logged('certificate is in use', wasInUse + 1)
  const after = await shown()
  expect(after.serial).not.toBe(before.serial)

  await writeFile(files.privateKey, (await authority.issue(NAMES)).privateKey)
  server.hangUp()
  await logged('was not renewed', 1)
  expect(server.errors).toContain('is not that of the certificate')
  const still = await shown()
  expect(still.serial).toBe(after.serial)

  before.socket.write('GET /health/live HTTP/1.1\r\nHost: a\r\n\r\n')
  const [answer] = await once(before.socket, 'data')
  expect(String(answer)).toContain('200 OK')
  for (const { socket } of [before, after, still]) socket.destroy()
  await place(await authority.issue(NAMES))
})

test('thousands of requests on a hundred connections over TLS are all answered', async () => {
  const agent = new Agent({ ca: authority.certificate, keepAlive: true, maxSockets: 100 })
  const ask = async () => {
    const [incoming] = await once(get(`${url}/health/live`, { agent }), 'response')
    incoming.resume()
    await once(incoming, 'end')
    return incoming.statusCode
  }
  const statuses = await Promise.all(Array.from({ length: 3_000 }, ask))
  agent.destroy()
  expect(new Set(statuses)).toEqual(new Set([200]))
})

interface Ended {
  readonly exitCode: number | null
  readonly output: string
  readonly errors: string
}

async function run(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<Ended> {
  const { AWS_ENDPOINT_URL: _, NODE_EXTRA_CA_CERTS: __, ...inherited } = process.env
  const child: ChildProcess = spawn(process.execPath, [BINARY, ...args], {
    env: { ...inherited, ...environment },
  })
  let output = ''
  let errors = ''
  child.stdout?.on('data', (piece: Buffer) => {
    output += piece.toString()
  })
  child.stderr?.on('data', (piece: Buffer) => {
    errors += piece.toString()
  })
  await once(child, 'close')
  return { exitCode: child.exitCode, output, errors }
}

test("commands on a running server go by https, with the authority's file", async () => {
  const variables = {
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: TEST_KEY.accessKeyId,
    AWS_SECRET_ACCESS_KEY: TEST_KEY.secretAccessKey,
  }
  const trusting = await run(['send', 'orders', 'by TLS'], {
    ...variables,
    NODE_EXTRA_CA_CERTS: files.authority,
  })
  expect(trusting.errors).toBe('')
  expect(trusting.exitCode).toBe(0)
  const strange = await run(['queues'], variables)
  expect(strange.exitCode).toBe(1)
  expect(strange.errors).toContain('NODE_EXTRA_CA_CERTS')
  expect(strange.errors).not.toContain('Is it running')
})

test('env names the server by https where the settings have a certificate, and the server is found so', async () => {
  const port = new URL(url).port
  const settings = { MILLRACE_TLS_CERT: files.certificate, MILLRACE_TLS_KEY: files.privateKey }
  const place = ['--data-dir', server.dataDirectory, '--port', port]
  const env = await run(['env', ...place, '--auth', 'off'], settings)
  expect(env.output).toContain(`export AWS_ENDPOINT_URL=${url}\n`)
  const queues = await run(['queues', ...place], {
    ...settings,
    MILLRACE_ROOT_ACCESS_KEY: TEST_KEY.accessKeyId,
    MILLRACE_ROOT_SECRET_KEY: TEST_KEY.secretAccessKey,
    NODE_EXTRA_CA_CERTS: files.authority,
  })
  expect(queues.errors).toBe('')
  expect(queues.output).toContain('orders')
})

test.each([
  ['half of the pair', ['--tls-cert', 'cert.pem'], 'go together'],
  [
    'a missing file',
    ['--tls-cert', '/none/cert.pem', '--tls-key', '/none/key.pem'],
    "can't read /none/cert.pem",
  ],
  ['a file that holds none', ['--tls-cert', BINARY, '--tls-key', BINARY], 'must hold a certificate'],
])('%s stops the start with exit code 2 and a clear word', async (_what, flags, words) => {
  const { exitCode, errors } = await run([
    'serve',
    '--port',
    '0',
    '--data-dir',
    join(server.dataDirectory, 'no'),
    ...flags,
  ])
  expect(exitCode).toBe(2)
  expect(errors).toContain(words)
  expect(errors).not.toContain('    at ')
})

test('a server without a certificate says how to get one when a client begins with TLS', async () => {
  const plain = await ServerProcess.create()
  await plain.start()
  const secure = plain.url.replace('http:', 'https:')
  await expect(fetchText(secure)).rejects.toThrow('wrong version number')
  await expect(fetchText(secure)).rejects.toThrow()
  while (!plain.errors.includes('--tls-cert')) await new Promise((resolve) => setTimeout(resolve, 10))
  expect(plain.errors.match(/--tls-cert/g)).toHaveLength(1)
  await plain.destroy()
})

test('the key of the certificate is in no log', async () => {
  const key = (await readFile(files.privateKey, 'utf8')).split('\n')[1] ?? 'none'
  expect(server.errors).not.toContain(key)
  expect(server.errors).not.toContain('PRIVATE KEY')
})
