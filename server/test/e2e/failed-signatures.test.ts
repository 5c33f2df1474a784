import { Agent } from 'node:http'
import { KinesisClient, ListStreamsCommand } from '@aws-sdk/client-kinesis'
import { ListTopicsCommand, SNSClient } from '@aws-sdk/client-sns'
import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'
import { errorOf } from './error-of.ts'

/** What clients with a wrong secret meet: needs a build. Addresses of 127.0.0.0/8 stand for machines. */
let server: ServerProcess
beforeAll(async () => {
  server = await ServerProcess.create('--auth-failures-per-minute', '10')
  await server.start()
})
afterAll(() => server?.destroy())

const WRONG_KEY = { ...TEST_KEY, secretAccessKey: 'what-somebody-forgot-to-change-0000000000' }

const optionsFrom = (localAddress: string, credentials = WRONG_KEY) => ({
  endpoint: server.url,
  region: 'us-east-1',
  maxAttempts: 1,
  requestHandler: new NodeHttpHandler({ httpAgent: new Agent({ localAddress }) }),
  credentials,
})

const listQueues = (from: string, credentials = WRONG_KEY) =>
  new SQSClient(optionsFrom(from, credentials)).send(new ListQueuesCommand({}))

// SQS tells its JSON clients the codes of its Query protocol, beside its own.
test.each<[string, (from: string) => Promise<unknown>, string, string]>([
  ['AWS JSON 1.0', listQueues, 'SignatureDoesNotMatch', 'Throttling'],
  [
    'AWS Query',
    (from) => new SNSClient(optionsFrom(from)).send(new ListTopicsCommand({})),
    'SignatureDoesNotMatch',
    'Throttling',
  ],
  [
    'AWS JSON 1.1',
    (from) => new KinesisClient(optionsFrom(from)).send(new ListStreamsCommand({})),
    'InvalidSignatureException',
    'ThrottlingException',
  ],
])('in %s a client with a wrong secret is told to slow down', async (form, ask, wrong, slow) => {
  const from = `127.0.1.${form.at(-1)?.charCodeAt(0)}`
  for (let i = 0; i < 10; i++) expect((await errorOf(ask(from))).name).toBe(wrong)
  const error = await errorOf(ask(from))
  expect(error).toMatchObject({ name: slow, status: 400, message: 'Rate exceeded' })
})

test('nobody else is held off: not elsewhere, and not where they have signed rightly', async () => {
  await listQueues('127.0.2.1', TEST_KEY)
  for (let i = 0; i < 100; i++) {
    expect((await errorOf(listQueues('127.0.2.1'))).name).toBe('SignatureDoesNotMatch')
  }
  await listQueues('127.0.2.1', TEST_KEY)
  await listQueues('127.0.2.2', TEST_KEY)
})

test('the log has a warning with the address, and no secret', () => {
  expect(server.errors).toContain('"address":"127.0.1.48","accessKeyId":"AKIATESTTESTTESTTEST"')
  expect(server.errors).not.toContain(WRONG_KEY.secretAccessKey)
})
