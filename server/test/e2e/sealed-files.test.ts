import { readdir, readFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { join } from 'node:path'
import { CreateKeyCommand, KMSClient, PutKeyPolicyCommand } from '@aws-sdk/client-kms'
import {
  ConfirmSubscriptionCommand,
  CreateTopicCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from '@aws-sdk/client-sns'
import {
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
} from '@aws-sdk/client-sqs'
import { afterEach, expect, test } from 'vitest'
import { ServerProcess, TEST_KEY } from '../server-process.ts'

/** What lies on the disk where the journal itself is not encrypted, and queues and topics have keys. Needs a build. */
const ACCOUNT = '000000000000'
const SECRET = 'a secret of the north mill'
const OPEN = 'what everybody may read'

const servers: ServerProcess[] = []
const endpoints: Server[] = []
afterEach(async () => {
  for (const endpoint of endpoints.splice(0)) endpoint.close()
  for (const server of servers.splice(0)) await server.destroy()
})

async function newServer(...options: string[]) {
  const server = await ServerProcess.create('--encryption', 'off', ...options)
  servers.push(server)
  await server.start()
  const config = { endpoint: server.url, region: 'us-east-1', credentials: TEST_KEY }
  return { server, kms: new KMSClient(config), sqs: new SQSClient(config), sns: new SNSClient(config) }
}

async function newKey(kms: KMSClient): Promise<string> {
  const KeyId = (await kms.send(new CreateKeyCommand({}))).KeyMetadata!.KeyId!
  const principals = [{ AWS: `arn:aws:iam::${ACCOUNT}:root` }, { Service: 'sns.amazonaws.com' }]
  const Statement = principals.map((Principal) => ({
    ...{ Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' },
  }))
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement })
  await kms.send(new PutKeyPolicyCommand({ KeyId, PolicyName: 'default', Policy }))
  return KeyId
}

async function newQueue(sqs: SQSClient, QueueName: string, Attributes: Record<string, string>) {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName, Attributes }))
  const arn = `arn:aws:sqs:us-east-1:${ACCOUNT}:${QueueName}`
  const allowed = { Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage' }
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: { ...allowed, Resource: arn } })
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }))
  return { QueueUrl: QueueUrl!, arn }
}

/** An endpoint of a subscription; see where it's used. */
async function startEndpoint(sns: SNSClient) {
  let confirm: () => void = () => {}
  let refuse: () => void = () => {}
  const confirmed = new Promise<void>((resolve) => {
    confirm = resolve
  })
  const refused = new Promise<void>((resolve) => {
    refuse = resolve
  })
  const listener = createServer((request, response) => {
    let text = ''
    request.on('data', (chunk) => {
      text += chunk
    })
    request.on('end', async () => {
      const { Type, TopicArn, Token } = JSON.parse(text)
      response.statusCode = Type === 'Notification' ? 503 : 200
      response.end()
      if (Type === 'Notification') refuse()
      else {
        await sns.send(new ConfirmSubscriptionCommand({ TopicArn, Token }))
        confirm()
      }
    })
  })
  endpoints.push(listener)
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve))
  const address = listener.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return { url: `http://127.0.0.1:${port}/`, confirmed, refused }
}

/** The files of the data directory in which each of the texts stands. */
async function filesWith({ dataDirectory }: ServerProcess, ...texts: readonly string[]) {
  const found = texts.map((): string[] => [])
  for (const entry of await readdir(dataDirectory, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue
    const bytes = await readFile(join(entry.parentPath, entry.name))
    texts.forEach((text, i) => {
      if (bytes.includes(text) || bytes.includes(Buffer.from(text).toString('base64')))
        found[i]!.push(entry.name)
    })
  }
  return found
}

test('nothing that was sent to queues with keys, or published by topics with one, stands in a file as it is', async () => {
  const { server, kms, sqs, sns } = await newServer('--delivery-allow-private')
  const key = await newKey(kms)
  const fifo = { FifoQueue: 'true', ContentBasedDeduplication: 'true' }
  const sealed = await newQueue(sqs, 'sealed', { KmsMasterKeyId: key })
  const sealedFifo = await newQueue(sqs, 'sealed.fifo', { KmsMasterKeyId: 'alias/aws/sqs', ...fifo })
  const open = await newQueue(sqs, 'open', {})
  const MessageAttributes = { a: { DataType: 'String', StringValue: `${SECRET} in an attribute` } }
  const MessageBody = SECRET
  await sqs.send(new SendMessageCommand({ QueueUrl: sealed.QueueUrl, MessageBody, MessageAttributes }))
  await sqs.send(
    new SendMessageCommand({ QueueUrl: sealedFifo.QueueUrl, MessageBody, MessageGroupId: 'g-of-the-north' }),
  )
  await sqs.send(new SendMessageCommand({ QueueUrl: open.QueueUrl, MessageBody: OPEN }))

  const Attributes = {
    ...{ KmsMasterKeyId: key, FifoTopic: 'true', ContentBasedDeduplication: 'true' },
    ArchivePolicy: '{"MessageRetentionPeriod":"30"}',
  }
  const archived = (await sns.send(new CreateTopicCommand({ Name: 'archived.fifo', Attributes }))).TopicArn!
  await sns.send(
    new PublishCommand({ TopicArn: archived, Message: SECRET, Subject: SECRET, MessageGroupId: 'g' }),
  )
  const pushed = (
    await sns.send(new CreateTopicCommand({ Name: 'pushed', Attributes: { KmsMasterKeyId: key } }))
  ).TopicArn!
  const landed = (await sns.send(new CreateTopicCommand({ Name: 'landed' }))).TopicArn!
  for (const TopicArn of [pushed, landed])
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: sealed.arn }))
  // An endpoint that confirms, and then has no time for notifications: they wait.
  const endpoint = await startEndpoint(sns)
  await sns.send(new SubscribeCommand({ TopicArn: pushed, Protocol: 'http', Endpoint: endpoint.url }))
  await endpoint.confirmed
  for (const TopicArn of [pushed, landed]) await sns.send(new PublishCommand({ TopicArn, Message: SECRET }))

  const receive = async ({ QueueUrl }: { QueueUrl: string }) => {
    const input = { QueueUrl, MaxNumberOfMessages: 10, VisibilityTimeout: 0 }
    return ((await sqs.send(new ReceiveMessageCommand(input))).Messages ?? []).map(({ Body }) => Body).sort()
  }
  await endpoint.refused
  const texts = await receive(sealed)
  expect(texts).toHaveLength(3)
  for (const text of texts) expect(text).toContain(SECRET)
  const names = [SECRET, 'g-of-the-north', OPEN]
  const [secret, group, plain] = await filesWith(server, ...names)
  expect([secret, group]).toEqual([[], []])
  expect(plain).not.toEqual([])

  // Nor do what a recovery writes, and an index: and all is there again after a crash and after a stop.
  await server.kill()
  await server.start()
  expect(await receive(sealed)).toEqual(texts)
  await server.stop()
  expect((await filesWith(server, ...names)).slice(0, 2)).toEqual([[], []])
  await server.start()
  expect(await receive(sealed)).toEqual(texts)
  expect(await receive(sealedFifo)).toEqual([SECRET])
}, 60_000)
