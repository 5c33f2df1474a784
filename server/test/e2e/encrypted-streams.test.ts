import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import {
  DescribeStreamCommand,
  GetRecordsCommand,
  type KinesisClient,
  PutRecordsCommand,
  StartStreamEncryptionCommand,
  StopStreamEncryptionCommand,
} from '@aws-sdk/client-kinesis'
import { CreateKeyCommand, DisableKeyCommand, EnableKeyCommand, KMSClient } from '@aws-sdk/client-kms'
import { AwsClient } from 'aws4fetch'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { TEST_KEY } from '../server-process.ts'
import { errorOf } from './error-of.ts'
import { streamClient, TestStreams, textsOf } from './test-streams.ts'
import { TEST_REGION } from './test-topics.ts'

/** Streams with keys of KMS, in a server whose journal is plain: what lies in its files is what was sealed. */
let streams: TestStreams
let kms: KMSClient
beforeAll(async () => {
  streams = await TestStreams.start('--encryption', 'off', '--allow-clock-control')
  kms = new KMSClient({
    endpoint: streams.server.url,
    region: TEST_REGION,
    credentials: TEST_KEY,
    maxAttempts: 1,
  })
})
afterAll(() => streams.destroy())

async function newKey(): Promise<string> {
  return (await kms.send(new CreateKeyCommand({}))).KeyMetadata!.KeyId!
}

async function newEncryptedStream(KeyId: string): Promise<string> {
  const StreamName = await streams.newStream()
  await streams.kinesis.send(new StartStreamEncryptionCommand({ StreamName, KeyId, EncryptionType: 'KMS' }))
  return StreamName
}

/** Lets data keys grow too old to be used again. */
async function advance(): Promise<void> {
  const client = new AwsClient({ ...TEST_KEY, service: 'millrace', region: TEST_REGION })
  const body = JSON.stringify({ advance: '5m' })
  const answer = await client.fetch(`${streams.server.url}/_millrace/clock`, { method: 'POST', body })
  expect(answer.status).toBe(200)
}

async function isInFiles(text: string): Promise<boolean> {
  const folder = join(streams.server.dataDirectory, 'journal')
  const contents = await Promise.all((await readdir(folder)).map((name) => readFile(join(folder, name))))
  return contents.some((content) => content.includes(text))
}

test('records lie sealed in the files, through packing and restarts, and old ones outlive their key being changed', async () => {
  const StreamName = await newEncryptedStream(await newKey())
  const description = await streams.kinesis.send(new DescribeStreamCommand({ StreamName }))
  expect(description.StreamDescription!.EncryptionType).toBe('KMS')
  const texts = Array.from({ length: 300 }, (_, i) => `grain ${i} of the secret mill `.padEnd(400, '*'))
  for (let i = 0; i < texts.length; i += 2) {
    const answer = await streams.kinesis.send(
      new PutRecordsCommand({
        StreamName,
        Records: texts.slice(i, i + 2).map((text) => ({ Data: Buffer.from(text), PartitionKey: 'miller' })),
      }),
    )
    expect(answer.EncryptionType).toBe('KMS')
  }
  await advance()
  const KeyId = 'alias/aws/kinesis'
  await streams.kinesis.send(new StartStreamEncryptionCommand({ StreamName, KeyId, EncryptionType: 'KMS' }))
  await streams.put(StreamName, 'the managed secret')
  await streams.kinesis.send(new StopStreamEncryptionCommand({ StreamName, KeyId, EncryptionType: 'KMS' }))
  await streams.put(StreamName, 'no secret at all')
  await streams.server.stop()
  expect(await isInFiles('secret mill')).toBe(false)
  expect(await isInFiles('the managed secret')).toBe(false)
  expect(await isInFiles('no secret at all')).toBe(true)
  await streams.server.start()
  const records = await streams.read(StreamName)
  expect(textsOf(records)).toEqual([...texts, 'the managed secret', 'no secret at all'])
  const types = records.map(({ EncryptionType }) => EncryptionType)
  expect(types).toEqual([...Array(301).fill('KMS'), undefined])
})

test('a key that is disabled refuses those who put and get and those who are subscribed, until it is enabled again', async () => {
  const KeyId = await newKey()
  const StreamName = await newEncryptedStream(KeyId)
  await streams.put(StreamName, 'before')
  const ConsumerARN = await streams.newConsumer(StreamName)
  await kms.send(new DisableKeyCommand({ KeyId }))
  await advance()
  const ShardIterator = await streams.iterator(StreamName)
  const isRefused = { name: 'KMSDisabledException', message: expect.stringContaining(`${KeyId} is disabled`) }
  expect(await errorOf(streams.put(StreamName, 'meanwhile'))).toMatchObject(isRefused)
  expect(await errorOf(streams.kinesis.send(new GetRecordsCommand({ ShardIterator })))).toMatchObject(
    isRefused,
  )
  const events = await streams.subscribe(ConsumerARN)
  const reading = (async () => {
    for await (const _ of events);
  })()
  expect(await errorOf(reading)).toMatchObject(isRefused)
  const start = new StartStreamEncryptionCommand({
    ...{ StreamName: await streams.newStream(), KeyId, EncryptionType: 'KMS' },
  })
  expect(await errorOf(streams.kinesis.send(start))).toMatchObject(isRefused)
  await kms.send(new EnableKeyCommand({ KeyId }))
  expect(textsOf(await streams.read(StreamName))).toEqual(['before'])
})

test('a stream is not encrypted with a key that is not there', async () => {
  const StreamName = await streams.newStream()
  const KeyId = '00000000-0000-0000-0000-000000000000'
  const start = new StartStreamEncryptionCommand({ StreamName, KeyId, EncryptionType: 'KMS' })
  expect(await errorOf(streams.kinesis.send(start))).toMatchObject({ name: 'KMSNotFoundException' })
})

test('a producer needs leave for data keys, a consumer for decrypting, and both only in the name of streams', async () => {
  const KeyId = await newKey()
  const StreamName = await newEncryptedStream(KeyId)
  await streams.put(StreamName, 'a secret')
  const StreamARN = await streams.arnOf(StreamName)
  const keyArn = `arn:aws:kms:${TEST_REGION}:000000000000:key/${KeyId}`
  const kinesis = { Action: 'kinesis:*', Resource: '*' }
  const use = (Action: string, Condition = {}) => ({ Action, Resource: keyArn, Condition })
  const through = { StringEquals: { 'kms:ViaService': `kinesis.${TEST_REGION}.amazonaws.com` } }
  const ofStream = { StringEquals: { 'kms:EncryptionContext:aws:kinesis:arn': StreamARN } }
  const nobody = await newUser(kinesis)
  const denied = (action: string) => ({
    name: 'KMSAccessDeniedException',
    message: expect.stringContaining(`is not authorized to perform: kms:${action} on resource: ${keyArn}`),
  })
  expect(await errorOf(put(nobody, StreamName))).toMatchObject(denied('GenerateDataKey'))
  expect(await errorOf(get(nobody, StreamName))).toMatchObject(denied('Decrypt'))
  const producer = await newUser(kinesis, use('kms:GenerateDataKey', through))
  await put(producer, StreamName)
  expect(await errorOf(get(producer, StreamName))).toMatchObject(denied('Decrypt'))
  const consumer = await newUser(kinesis, use('kms:Decrypt', ofStream))
  expect(textsOf((await get(consumer, StreamName)).Records!)).toEqual(['a secret', 'by a user'])
  expect(await errorOf(put(consumer, StreamName))).toMatchObject(denied('GenerateDataKey'))
  // The key that AWS would manage is for all who may use the stream.
  await put(nobody, await newEncryptedStream('alias/aws/kinesis'))
})

let users = 0

/** A client of a user who may do what these statements say. */
async function newUser(...statements: readonly object[]): Promise<KinesisClient> {
  const iam = new IAMClient({
    ...{ endpoint: streams.server.url, region: TEST_REGION, credentials: TEST_KEY, maxAttempts: 1 },
  })
  const UserName = `user-${++users}`
  await iam.send(new CreateUserCommand({ UserName }))
  const Statement = statements.map((statement) => ({ Effect: 'Allow', ...statement }))
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'rules', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  return streamClient(streams.server, { credentials })
}

function put(client: KinesisClient, StreamName: string) {
  const Records = [{ Data: Buffer.from('by a user'), PartitionKey: 'key' }]
  return client.send(new PutRecordsCommand({ StreamName, Records }))
}

async function get(client: KinesisClient, StreamName: string) {
  const ShardIterator = await streams.iterator(StreamName)
  return client.send(new GetRecordsCommand({ ShardIterator }))
}
