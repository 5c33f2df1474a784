import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import {
  CreateStreamCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  PutRecordCommand,
} from '@aws-sdk/client-kinesis'
import {
  CreateKeyCommand,
  DecryptCommand,
  EncryptCommand,
  GenerateDataKeyCommand,
  GenerateMacCommand,
  KMSClient,
} from '@aws-sdk/client-kms'
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { AssumeRoleCommand, GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts'
import { AwsClient } from 'aws4fetch'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'
import { errorOf } from './error-of.ts'

/**
 * A server at its most talkative level goes through everything that brings or makes a secret, in good requests and bad ones. Then what it
 * wrote is held against all of them. Needs a build.
 */

const MASTER_KEY = createHash('sha256').update('a master key').digest('base64')
const SMTP_PASSWORD = 'relay-password-3141'
const SMS_PASSWORD = 'gateway-password-2718'
const SMS_HEADER = 'provider-key-1618'
const ENDPOINT_PASSWORD = 'endpoint-password-1414'
const WRONG_SECRET = 'a-secret-that-is-another-servers-0000000'
const BODY = 'body-of-a-message-1732'
const PLAINTEXT = 'plaintext-for-a-key-2236'
const POLICY_SECRET = 'external-id-2645'

/** By what they are. */
const secrets = new Map<string, string>([
  ['the root secret', TEST_KEY.secretAccessKey],
  ['the master key', MASTER_KEY],
  ['the password of the mail relay', SMTP_PASSWORD],
  ['the password of the SMS gateway', SMS_PASSWORD],
  ['the key of the SMS provider', SMS_HEADER],
  ['the password of an endpoint', ENDPOINT_PASSWORD],
  ['the secret of a client that is elsewhere at home', WRONG_SECRET],
  ['a body', BODY],
  ['a body in base64', Buffer.from(BODY).toString('base64')],
  ['a plaintext', PLAINTEXT],
  ['a plaintext in base64', Buffer.from(PLAINTEXT).toString('base64')],
  ['an external id', POLICY_SECRET],
])
const add = (what: string, secret: string | undefined) => {
  expect(secret?.length, what).toBeGreaterThan(10)
  secrets.set(what, secret ?? '')
}

let server: ServerProcess
let written = ''
beforeAll(async () => {
  server = await ServerProcess.create(
    ...['--log-level', 'trace', '--delivery-allow-private', '--smtp-from', 'mill@example.org', '--smtp-url'],
    `smtp://mill:${SMTP_PASSWORD}@127.0.0.1:9`,
  )
  const variables = {
    MILLRACE_MASTER_KEY: MASTER_KEY,
    MILLRACE_SMS_URL: `http://mill:${SMS_PASSWORD}@127.0.0.1:9/send?key=${SMS_PASSWORD}&to={phone}`,
    MILLRACE_SMS_HEADERS: JSON.stringify({ 'X-Key': SMS_HEADER }),
  }
  await server.start(variables)
  await usePeople()
  await useQueues()
  await useTopics()
  await useStreams()
  await useKeys()
  await useLinks()
  await sendNonsense()
  await server.stop()
  written = server.errors + server.output
  // Once more, with what brings the key by a command, and with what a start with another one says.
  await server.start({ MILLRACE_MASTER_KEY_COMMAND: `printf %s ${MASTER_KEY}` })
  await server.stop()
  written += server.errors + server.output
  const other = Buffer.alloc(32, 7).toString('base64')
  secrets.set('another master key', other)
  const refusal = await server.start({ MILLRACE_MASTER_KEY: other }).catch((error: Error) => error.message)
  expect(refusal).toContain('is encrypted under the master key')
  written += refusal + server.output
})
afterAll(() => server?.destroy())

type Credentials = { accessKeyId: string; secretAccessKey: string; sessionToken?: string }
const options = (credentials: Credentials = TEST_KEY) => ({
  endpoint: server.url,
  region: 'us-east-1',
  credentials,
})

async function usePeople(): Promise<void> {
  const iam = new IAMClient(options())
  const UserName = 'carter'
  await iam.send(new CreateUserCommand({ UserName }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  add("a user's secret", AccessKey?.SecretAccessKey)
  const policy = {
    Version: '2012-10-17',
    Statement: { Effect: 'Allow', Action: 'sts:*', Resource: '*' },
  }
  await iam.send(
    new PutUserPolicyCommand({ UserName, PolicyName: 'p', PolicyDocument: JSON.stringify(policy) }),
  )
  const trust = {
    Version: '2012-10-17',
    Statement: {
      Effect: 'Allow',
      Principal: { AWS: '000000000000' },
      Action: 'sts:AssumeRole',
      Condition: { StringEquals: { 'sts:ExternalId': POLICY_SECRET } },
    },
  }
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: 'miller', AssumeRolePolicyDocument: JSON.stringify(trust) }),
  )
  const user = {
    accessKeyId: AccessKey?.AccessKeyId ?? '',
    secretAccessKey: AccessKey?.SecretAccessKey ?? '',
  }
  const sts = new STSClient(options(user))
  const assume = { RoleArn: Role?.Arn, RoleSessionName: 'day', ExternalId: POLICY_SECRET }
  const { Credentials: assumed } = await sts.send(new AssumeRoleCommand(assume))
  add("a role session's secret", assumed?.SecretAccessKey)
  add("a role session's token", assumed?.SessionToken)
  const { Credentials: own } = await sts.send(new GetSessionTokenCommand({}))
  add("a user session's secret", own?.SecretAccessKey)
  add("a user session's token", own?.SessionToken)
  const session = {
    accessKeyId: assumed?.AccessKeyId ?? '',
    secretAccessKey: assumed?.SecretAccessKey ?? '',
    sessionToken: assumed?.SessionToken ?? '',
  }
  // The session may do nothing, which the log says; a token that was changed, and wrong secrets, are refused otherwise.
  for (const credentials of [
    session,
    { ...session, sessionToken: `${session.sessionToken.slice(0, -6)}AAAAA=` },
    { ...session, secretAccessKey: WRONG_SECRET },
    { ...user, secretAccessKey: WRONG_SECRET },
  ]) {
    const refused = await errorOf(
      new SQSClient(options(credentials)).send(new CreateQueueCommand({ QueueName: 'q' })),
    )
    expect(refused.status).toBe(403)
  }
}

async function useQueues(): Promise<void> {
  const sqs = new SQSClient(options())
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'orders' }))
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: BODY }))
  const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }))
  const handle = Messages?.[0]?.ReceiptHandle ?? ''
  add('a receipt handle', handle)
  const broken = `${handle.slice(0, -6)}AAAAAA`
  await errorOf(sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: broken })))
  await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: handle }))
}

async function useTopics(): Promise<void> {
  const requests: string[] = []
  const peer = createServer((incoming, outgoing) => {
    let text = ''
    incoming.on('data', (piece: Buffer) => {
      text += piece.toString()
    })
    incoming.on('end', () => {
      requests.push(text)
      // Confirms the first, and fails with what comes later.
      outgoing.writeHead(requests.length === 1 ? 200 : 400).end()
    })
  })
  peer.listen(0, '127.0.0.1')
  await once(peer, 'listening')
  const { port } = peer.address() as AddressInfo
  const sns = new SNSClient(options())
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: 'news' }))
  const authority = `mill:${ENDPOINT_PASSWORD}@127.0.0.1`
  secrets.set('the credentials of an endpoint', Buffer.from(`mill:${ENDPOINT_PASSWORD}`).toString('base64'))
  await sns.send(
    new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: `http://${authority}:${port}/hook` }),
  )
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'http', Endpoint: `http://${authority}:9/hook` }))
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'carter@example.org' }))
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sms', Endpoint: '+12025550123' }))
  while (requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 10))
  const { Token, SubscribeURL } = JSON.parse(requests[0] ?? '{}')
  add('the token of a confirmation', Token)
  await errorOf(sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token: `${Token.slice(0, -4)}0000` })))
  await fetch(SubscribeURL)
  await sns.send(new PublishCommand({ TopicArn, Message: BODY }))
  await errorOf(sns.send(new PublishCommand({ PhoneNumber: '+12025550123', Message: BODY })))
  // Attempts are lines of the log, and so the endpoints that failed have all been tried.
  for (const protocol of ['http', 'email', 'sms']) {
    while (!new RegExp(`"protocol":"${protocol}"[^\\n]*"reason"`).test(server.errors)) {
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
  }
  peer.close()
}

async function useStreams(): Promise<void> {
  const kinesis = new KinesisClient(options())
  const StreamName = 'grain'
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))
  await kinesis.send(new PutRecordCommand({ StreamName, PartitionKey: 'rye', Data: Buffer.from(BODY) }))
  const { ShardIterator } = await kinesis.send(
    new GetShardIteratorCommand({
      ...{ StreamName, ShardId: 'shardId-000000000000', ShardIteratorType: 'TRIM_HORIZON' },
    }),
  )
  add('a shard iterator', ShardIterator)
  await kinesis.send(new GetRecordsCommand({ ShardIterator }))
  const broken = `${ShardIterator?.slice(0, -6)}AAAAAA`
  await errorOf(kinesis.send(new GetRecordsCommand({ ShardIterator: broken })))
  kinesis.destroy()
}

async function useKeys(): Promise<void> {
  const kms = new KMSClient(options())
  const KeyId = (await kms.send(new CreateKeyCommand({}))).KeyMetadata?.KeyId
  const Plaintext = Buffer.from(PLAINTEXT)
  const { CiphertextBlob } = await kms.send(new EncryptCommand({ KeyId, Plaintext }))
  await kms.send(new DecryptCommand({ CiphertextBlob }))
  await errorOf(
    kms.send(new DecryptCommand({ CiphertextBlob: Buffer.from(CiphertextBlob ?? []).fill(0, 60) })),
  )
  const dataKey = await kms.send(new GenerateDataKeyCommand({ KeyId, KeySpec: 'AES_256' }))
  add('a data key', Buffer.from(dataKey.Plaintext ?? []).toString('base64'))
  await errorOf(kms.send(new GenerateMacCommand({ KeyId, Message: Plaintext, MacAlgorithm: 'HMAC_SHA_256' })))
}

/** Presigned requests, one of which is refused. */
async function useLinks(): Promise<void> {
  const client = new AwsClient({ ...TEST_KEY, service: 'sqs', region: 'us-east-1' })
  const { url } = await client.sign(`${server.url}/?Action=ListQueues&X-Amz-Expires=60`, {
    aws: { signQuery: true },
  })
  add('the signature of a presigned request', new URL(url).searchParams.get('X-Amz-Signature') ?? undefined)
  expect((await fetch(url)).status).toBe(200)
  expect((await fetch(url.replace('ListQueues', 'CreateQueue'))).status).toBe(403)
}

/** What no client sends: with secrets in places where nobody expects them. */
async function sendNonsense(): Promise<void> {
  const headers = { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.SendMessage' }
  const authorization = `AWS4-HMAC-SHA256 Credential=${TEST_KEY.accessKeyId}, Signature=${TEST_KEY.secretAccessKey}`
  await fetch(server.url, {
    method: 'POST',
    headers: { ...headers, authorization },
    body: `{"MessageBody":"${BODY}`,
  })
  await fetch(server.url, { method: 'POST', headers: { authorization: `Basic ${TEST_KEY.secretAccessKey}` } })
  await fetch(`${server.url}/?AWSSecretAccessKey=${TEST_KEY.secretAccessKey}&Action=${BODY}`)
  await fetch(`${server.url}/_millrace/accounts?secret=${TEST_KEY.secretAccessKey}`)
}

test('no secret is in what the server writes, at its most talkative', () => {
  expect(written.split('\n').length).toBeGreaterThan(50)
  expect([...secrets].filter(([, secret]) => written.includes(secret)).map(([what]) => what)).toEqual([])
  expect(secrets.size).toBeGreaterThan(20)
})
