import {
  GetRecordsCommand,
  type KinesisClient,
  MergeShardsCommand,
  PutRecordsCommand,
  SplitShardCommand,
  UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis'
import { NodeHttpHandler } from '@smithy/node-http-handler'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { errorOf } from './error-of.ts'
import { FIRST_SHARD, streamClient, TestStreams, textsOf } from './test-streams.ts'

let streams: TestStreams
let kinesis: KinesisClient
beforeAll(async () => {
  streams = await TestStreams.start()
  kinesis = streams.kinesis
})
afterAll(() => streams.destroy())

const HALF = String(2n ** 127n)

test('records come back as they were put, in order, with the time of their arrival', async () => {
  const stream = await streams.newStream()
  const before = Date.now()
  const put = []
  for (let i = 0; i < 5; i++)
    put.push(await streams.put(stream, `record ${i} ü`, { PartitionKey: `key-${i}` }))
  const records = await streams.read(stream)
  expect(textsOf(records)).toEqual([0, 1, 2, 3, 4].map((i) => `record ${i} ü`))
  expect(records.map(({ PartitionKey }) => PartitionKey)).toEqual([0, 1, 2, 3, 4].map((i) => `key-${i}`))
  expect(records.map(({ SequenceNumber }) => SequenceNumber)).toEqual(
    put.map(({ SequenceNumber }) => SequenceNumber),
  )
  const numbers = put.map(({ SequenceNumber }) => BigInt(SequenceNumber!))
  expect(numbers).toEqual([...numbers].sort((a, b) => (a < b ? -1 : 1)))
  expect(new Set(numbers).size).toBe(5)
  for (const { ApproximateArrivalTimestamp } of records) {
    expect(Math.abs(ApproximateArrivalTimestamp!.getTime() - before)).toBeLessThan(60_000)
  }
})

test('five kinds of shard iterator begin where they say', async () => {
  const stream = await streams.newStream()
  const [first, second] = [await streams.put(stream, 'first'), await streams.put(stream, 'second')]
  const latest = await streams.iterator(stream, { Type: 'LATEST' })
  const arrived = (await streams.read(stream))[0]!.ApproximateArrivalTimestamp!
  await streams.put(stream, 'third')
  const from = async (position: Parameters<typeof streams.read>[1]) =>
    textsOf(await streams.read(stream, position))
  expect(await from({ Type: 'TRIM_HORIZON' })).toEqual(['first', 'second', 'third'])
  expect(await from({ Type: 'AT_SEQUENCE_NUMBER', SequenceNumber: second.SequenceNumber })).toEqual([
    'second',
    'third',
  ])
  expect(await from({ Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: first.SequenceNumber })).toEqual([
    'second',
    'third',
  ])
  expect(await from({ Type: 'AT_TIMESTAMP', Timestamp: arrived })).toEqual(['first', 'second', 'third'])
  const { Records } = await kinesis.send(new GetRecordsCommand({ ShardIterator: latest }))
  expect(textsOf(Records!)).toEqual(['third'])
})

test('a record goes to the shard that its partition key hashes into, or its explicit hash key names', async () => {
  const stream = await streams.newStream(2)
  const low = await streams.put(stream, 'low', { ExplicitHashKey: '0' })
  const high = await streams.put(stream, 'high', { ExplicitHashKey: HALF })
  expect([low.ShardId, high.ShardId]).toEqual(['shardId-000000000000', 'shardId-000000000001'])
  const { FailedRecordCount, Records } = await kinesis.send(
    new PutRecordsCommand({
      StreamName: stream,
      Records: ['a', 'b', 'c', 'd', 'e', 'f'].map((PartitionKey) => ({
        PartitionKey,
        Data: Buffer.from(PartitionKey),
      })),
    }),
  )
  expect(FailedRecordCount).toBe(0)
  for (const ShardId of ['shardId-000000000000', 'shardId-000000000001']) {
    const here = ['a', 'b', 'c', 'd', 'e', 'f'].filter((_, i) => Records![i]!.ShardId === ShardId)
    expect(here.length).toBeGreaterThan(0)
    expect(textsOf(await streams.read(stream, {}, ShardId)).slice(1)).toEqual(here)
  }
})

test('a shard that was split can be read to its end, and its children from there', async () => {
  const stream = await streams.newStream()
  await streams.put(stream, 'before')
  await kinesis.send(
    new SplitShardCommand({ StreamName: stream, ShardToSplit: FIRST_SHARD, NewStartingHashKey: HALF }),
  )
  await streams.put(stream, 'after, low', { ExplicitHashKey: '7' })
  await streams.put(stream, 'after, high', { ExplicitHashKey: HALF })
  const [parent, low, high] = await streams.shards(stream)
  expect(parent!.SequenceNumberRange!.EndingSequenceNumber).toBeDefined()
  expect([low!.ParentShardId, high!.ParentShardId]).toEqual([FIRST_SHARD, FIRST_SHARD])
  expect(low!.HashKeyRange).toEqual({ StartingHashKey: '0', EndingHashKey: String(2n ** 127n - 1n) })
  expect(high!.HashKeyRange).toEqual({ StartingHashKey: HALF, EndingHashKey: String(2n ** 128n - 1n) })

  const ShardIterator = await streams.iterator(stream)
  const end = await kinesis.send(new GetRecordsCommand({ ShardIterator }))
  expect(textsOf(end.Records!)).toEqual(['before'])
  expect(end.NextShardIterator).toBeUndefined()
  expect(end.ChildShards!.map(({ ShardId }) => ShardId)).toEqual([low!.ShardId, high!.ShardId])
  expect(end.ChildShards![0]!.ParentShards).toEqual([FIRST_SHARD])
  expect(textsOf(await streams.read(stream, {}, low!.ShardId))).toEqual(['after, low'])
  expect(textsOf(await streams.read(stream, {}, high!.ShardId))).toEqual(['after, high'])

  await kinesis.send(
    new MergeShardsCommand({
      StreamName: stream,
      ShardToMerge: low!.ShardId,
      AdjacentShardToMerge: high!.ShardId,
    }),
  )
  const merged = (await streams.shards(stream)).at(-1)!
  expect(merged).toMatchObject({
    ParentShardId: low!.ShardId,
    AdjacentParentShardId: high!.ShardId,
    HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) },
  })
  const again = kinesis.send(
    new SplitShardCommand({ StreamName: stream, ShardToSplit: FIRST_SHARD, NewStartingHashKey: HALF }),
  )
  expect((await errorOf(again)).name).toMatch(/ResourceInUseException|InvalidArgumentException/)
})

test('while shards are split and merged under load, every record comes once, and each key in order', {
  timeout: 60_000,
}, async () => {
  const stream = await streams.newStream(2)
  const acknowledged: string[] = []
  let isOver = false
  const produce = async (producer: number) => {
    for (let i = 0; !isOver; i++) {
      const texts = [0, 1, 2].map((key) => `${producer}-${key} ${String(i).padStart(6, '0')}`)
      const { FailedRecordCount } = await kinesis.send(
        new PutRecordsCommand({
          StreamName: stream,
          Records: texts.map((text) => ({ PartitionKey: text.split(' ')[0], Data: Buffer.from(text) })),
        }),
      )
      expect(FailedRecordCount).toBe(0)
      acknowledged.push(...texts)
    }
  }
  const producers = [1, 2, 3, 4].map(produce)
  for (const TargetShardCount of [4, 2, 3, 5, 3, 2, 1]) {
    await new Promise((resolve) => setTimeout(resolve, 150))
    await kinesis.send(
      new UpdateShardCountCommand({ StreamName: stream, TargetShardCount, ScalingType: 'UNIFORM_SCALING' }),
    )
  }
  isOver = true
  await Promise.all(producers)
  const read: string[] = []
  // In the order of their numbers parents come before their children.
  for (const { ShardId } of await streams.shards(stream))
    read.push(...textsOf(await streams.read(stream, {}, ShardId)))
  expect(read.length).toBe(acknowledged.length)
  expect(new Set(read)).toEqual(new Set(acknowledged))
  const lastOfKey = new Map<string, string>()
  for (const text of read) {
    const key = text.split(' ')[0]!
    expect(text > (lastOfKey.get(key) ?? ''), `${text} after ${lastOfKey.get(key)}`).toBe(true)
    lastOfKey.set(key, text)
  }
})

test('records, shards and iterators are there after the server was killed, and sequence numbers go on', async () => {
  const own = await TestStreams.start()
  try {
    const stream = await own.newStream()
    const first = await own.put(stream, 'first')
    const iterator = await own.iterator(stream, { Type: 'LATEST' })
    await own.server.kill()
    await own.server.start()
    // The old HTTP/2 connection is gone with the server.
    const client = streamClient(own.server, { maxAttempts: 3 })
    const second = await own.put(stream, 'second').catch(() => own.put(stream, 'second'))
    expect(BigInt(second.SequenceNumber!) > BigInt(first.SequenceNumber!)).toBe(true)
    const { Records } = await client.send(new GetRecordsCommand({ ShardIterator: iterator }))
    expect(textsOf(Records!)).toEqual(['second'])
    expect(textsOf(await own.read(stream))).toEqual(['first', 'second'])
    client.destroy()
  } finally {
    await own.destroy()
  }
})

test('a client that speaks HTTP/1.1 is served as well, with events pushed to it', async () => {
  const client = streamClient(streams.server, { requestHandler: new NodeHttpHandler() })
  const stream = await streams.newStream()
  const consumer = await streams.newConsumer(stream)
  await streams.put(stream, 'over HTTP/1.1')
  for await (const { SubscribeToShardEvent } of await streams.subscribe(
    consumer,
    undefined,
    undefined,
    client,
  )) {
    if (SubscribeToShardEvent!.Records!.length === 0) continue
    expect(textsOf(SubscribeToShardEvent!.Records!)).toEqual(['over HTTP/1.1'])
    break
  }
  client.destroy()
})

test('a record of 10 MiB goes through where the stream takes it', { timeout: 60_000 }, async () => {
  const stream = await streams.newStream(1, { MaxRecordSizeInKiB: 10240 })
  const small = await streams.newStream()
  const text = 'x'.repeat(10 * 2 ** 20 - 3)
  await streams.put(stream, text)
  expect((await streams.read(stream))[0]!.Data!.length).toBe(text.length)
  const refused = await errorOf(streams.put(small, 'x'.repeat(2 ** 20)))
  expect(refused.status).toBe(400)
  expect(await streams.read(small)).toEqual([])
})
