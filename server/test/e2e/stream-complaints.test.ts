import {
  CreateStreamCommand,
  DeleteStreamCommand,
  ListShardsCommand,
  ListStreamsCommand,
  MergeShardsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis'
import { EventStreamCodec } from '@smithy/eventstream-codec'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { errorOf } from './error-of.ts'
import { FIRST_SHARD, streamClient, TestStreams, textsOf } from './test-streams.ts'

/** What users of other servers complained of, on a server that asks for no signature. */
let streams: TestStreams
beforeAll(async () => {
  streams = await TestStreams.start('--auth', 'off')
})
afterAll(() => streams.destroy())

/** A request as it is on the wire, of any types. */
async function post(operation: string, body: string): Promise<{ status: number; bytes: Uint8Array }> {
  const response = await fetch(streams.server.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `Kinesis_20131202.${operation}`,
    },
    body,
  })
  const reader = response.body!.getReader()
  const { value = new Uint8Array() } = await reader.read()
  await reader.cancel()
  return { status: response.status, bytes: value }
}

async function refusal(operation: string, input: object): Promise<string> {
  const { status, bytes } = await post(operation, JSON.stringify(input))
  expect(status).toBe(400)
  const { __type, message = '' } = JSON.parse(Buffer.from(bytes).toString())
  return `${__type}: ${message}`
}

test('a stream of the same name in another region, or of another account, is another stream', async () => {
  const { kinesis, server } = streams
  const stream = await streams.newStream()
  const elsewhere = streamClient(server, { region: 'eu-west-1' })
  const other = streamClient(server, {
    credentials: { accessKeyId: '111111111111', secretAccessKey: 'any' },
  })
  for (const client of [elsewhere, other]) {
    const input = { StreamName: stream, ShardCount: 2 }
    expect((await client.send(new ListStreamsCommand())).StreamNames).not.toContain(stream)
    await client.send(new CreateStreamCommand(input))
    await streams.put(stream, 'only here')
    expect((await client.send(new ListShardsCommand({ StreamName: stream }))).Shards).toHaveLength(2)
    await client.send(new DeleteStreamCommand({ StreamName: stream }))
    client.destroy()
  }
  expect(textsOf(await streams.read(stream))).toEqual(['only here', 'only here'])
  expect((await kinesis.send(new ListStreamsCommand())).StreamNames).toContain(stream)
})

test('a shard that was split is neither split nor merged again', async () => {
  const stream = await streams.newStream(2)
  const input = { StreamName: stream, ShardToSplit: FIRST_SHARD, NewStartingHashKey: '1000' }
  await streams.kinesis.send(new SplitShardCommand(input))
  const merge = {
    ...{ StreamName: stream, ShardToMerge: FIRST_SHARD },
    AdjacentShardToMerge: 'shardId-000000000001',
  }
  const { kinesis } = streams
  for (const again of [
    () => kinesis.send(new SplitShardCommand(input)),
    () => kinesis.send(new MergeShardsCommand(merge)),
  ]) {
    expect(await errorOf(again())).toEqual({
      name: 'InvalidArgumentException',
      message:
        `Shard ${FIRST_SHARD} in stream ${stream} under account 000000000000 has already been merged or split, ` +
        'and thus is not eligible for merging or splitting.',
      status: 400,
    })
  }
  expect(await streams.shards(stream)).toHaveLength(4)
})

test('types are told before the rest of the model, and that before what is not there', async () => {
  const gone = { StreamName: 'not-there' }
  expect(await refusal('GetShardIterator', { ...gone, ShardId: '', ShardIteratorType: 1 })).toMatch(
    /^SerializationException/,
  )
  expect(await refusal('GetShardIterator', { ...gone, ShardId: '', ShardIteratorType: 'LAST' })).toMatch(
    /^ValidationException: 3 validation errors detected: Value /,
  )
  expect(await refusal('DescribeStream', { ...gone, Limit: 0 })).toBe(
    "ValidationException: 1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: " +
      'Member must have value greater than or equal to 1',
  )
  expect(await refusal('DescribeStream', gone)).toBe(
    'ResourceNotFoundException: Stream not-there under account 000000000000 not found.',
  )
})

test('the first message of a subscription is the initial response', async () => {
  const stream = await streams.newStream()
  const ConsumerARN = await streams.newConsumer(stream)
  await streams.put(stream, 'one')
  const StartingPosition = { Type: 'TRIM_HORIZON' }
  const input = JSON.stringify({ ConsumerARN, ShardId: FIRST_SHARD, StartingPosition })
  const { status, bytes } = await post('SubscribeToShard', input)
  expect(status).toBe(200)
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(0)
  const codec = new EventStreamCodec(
    (text) => (typeof text === 'string' ? text : Buffer.from(text).toString()),
    (text) => Buffer.from(text),
  )
  const { headers } = codec.decode(bytes.subarray(0, length))
  expect(headers[':event-type']!.value).toBe('initial-response')
})

test('an iterator of a stream that was deleted is none of the stream of that name that came after', async () => {
  const stream = await streams.newStream()
  await streams.put(stream, 'gone with it')
  const iterator = await streams.iterator(stream)
  await streams.kinesis.send(new DeleteStreamCommand({ StreamName: stream }))
  await streams.kinesis.send(new CreateStreamCommand({ StreamName: stream, ShardCount: 1 }))
  await streams.put(stream, 'another')
  expect(await refusal('GetRecords', { ShardIterator: iterator })).toBe(
    `ResourceNotFoundException: Shard ${FIRST_SHARD} in stream ${stream} under account 000000000000 does not exist`,
  )
  expect(textsOf(await streams.read(stream))).toEqual(['another'])
})
