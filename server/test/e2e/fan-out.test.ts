import {
  DeregisterStreamConsumerCommand,
  SplitShardCommand,
  type SubscribeToShardEvent,
} from '@aws-sdk/client-kinesis'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { errorOf } from './error-of.ts'
import { FIRST_SHARD, streamClient, TestStreams, textsOf } from './test-streams.ts'

/** Enhanced fan-out, as AWS's SDK has it over HTTP/2. */
let streams: TestStreams
beforeAll(async () => {
  streams = await TestStreams.start()
})
afterAll(() => streams.destroy())

type Events = Awaited<ReturnType<TestStreams['subscribe']>>

/** The texts of records as they come, until there are so many, and the last event. */
async function take(
  events: Events,
  count: number,
): Promise<{ texts: string[]; last: SubscribeToShardEvent }> {
  const texts: string[] = []
  for await (const { SubscribeToShardEvent: event } of events) {
    texts.push(...textsOf(event!.Records!))
    if (texts.length >= count) return { texts, last: event! }
  }
  throw new Error(`the subscription ended after ${texts.length} records`)
}

test('records are pushed to a subscriber as they come, after those that were there', async () => {
  const stream = await streams.newStream()
  const consumer = await streams.newConsumer(stream)
  await streams.put(stream, 'was there')
  const events = await streams.subscribe(consumer)
  const taken = take(events, 3)
  await streams.put(stream, 'came')
  const { SequenceNumber } = await streams.put(stream, 'came later')
  const { texts, last } = await taken
  expect(texts).toEqual(['was there', 'came', 'came later'])
  expect(last.ContinuationSequenceNumber).toBe(SequenceNumber)
  expect(last.MillisBehindLatest).toBe(0)
})

test('two consumers of a shard each get all of it, and a hundred shards are subscribed to on one connection', async () => {
  const stream = await streams.newStream(100)
  const consumers = [await streams.newConsumer(stream), await streams.newConsumer(stream)]
  const shards = await streams.shards(stream)
  const all = await Promise.all(
    consumers.flatMap((consumer) =>
      shards.map(async ({ ShardId, HashKeyRange }) => {
        const events = await streams.subscribe(consumer, { Type: 'LATEST' }, ShardId)
        const taken = take(events, 1)
        return { taken, ExplicitHashKey: HashKeyRange!.StartingHashKey }
      }),
    ),
  )
  for (const { ExplicitHashKey } of all.slice(0, shards.length)) {
    await streams.put(stream, `to ${ExplicitHashKey}`, { ExplicitHashKey })
  }
  for (const { taken, ExplicitHashKey } of all) expect((await taken).texts).toEqual([`to ${ExplicitHashKey}`])
})

test('a subscriber goes on after a crash of the server where its continuation number says', async () => {
  const own = await TestStreams.start()
  try {
    const stream = await own.newStream()
    const consumer = await own.newConsumer(stream)
    await own.put(stream, 'one')
    await own.put(stream, 'two')
    const { texts, last } = await take(await own.subscribe(consumer), 1)
    expect(texts[0]).toBe('one')
    const seen = texts.length
    await own.server.kill()
    await own.server.start()
    const client = streamClient(own.server, { maxAttempts: 3 })
    await own.put(stream, 'three').catch(() => own.put(stream, 'three'))
    const position = {
      Type: 'AFTER_SEQUENCE_NUMBER',
      SequenceNumber: last.ContinuationSequenceNumber,
    } as const
    const rest = await take(await own.subscribe(consumer, position, FIRST_SHARD, client), 3 - seen)
    expect([...texts, ...rest.texts]).toEqual(['one', 'two', 'three'])
    client.destroy()
  } finally {
    await own.destroy()
  }
})

test('a subscription to a shard that is closed ends with its children', async () => {
  const stream = await streams.newStream()
  const consumer = await streams.newConsumer(stream)
  await streams.put(stream, 'the last one')
  const events = await streams.subscribe(consumer)
  const NewStartingHashKey = String(2n ** 127n)
  await streams.kinesis.send(
    new SplitShardCommand({ StreamName: stream, ShardToSplit: FIRST_SHARD, NewStartingHashKey }),
  )
  const seen: SubscribeToShardEvent[] = []
  for await (const { SubscribeToShardEvent: event } of events) seen.push(event!)
  expect(seen.flatMap(({ Records }) => textsOf(Records!))).toEqual(['the last one'])
  expect(seen.at(-1)!.ChildShards!.map(({ ShardId }) => ShardId)).toEqual([
    'shardId-000000000001',
    'shardId-000000000002',
  ])
})

test('a consumer has one subscription to a shard: another one within five seconds is refused', async () => {
  const stream = await streams.newStream()
  const consumer = await streams.newConsumer(stream)
  const events = await streams.subscribe(consumer)
  const second = await errorOf(streams.subscribe(consumer))
  expect(second).toMatchObject({ name: 'ResourceInUseException', status: 400 })
  const taken = take(events, 1)
  await streams.put(stream, 'still subscribed')
  expect((await taken).texts).toEqual(['still subscribed'])
})

test('after five seconds a new subscription takes over, and the old one is told', {
  timeout: 30_000,
}, async () => {
  const stream = await streams.newStream()
  const consumer = await streams.newConsumer(stream)
  const old = await streams.subscribe(consumer)
  const ended = errorOf(take(old, 1))
  await new Promise((resolve) => setTimeout(resolve, 5200))
  const taken = take(await streams.subscribe(consumer), 1)
  expect((await ended).name).toBe('ResourceInUseException')
  await streams.put(stream, 'to the new one')
  expect((await taken).texts).toEqual(['to the new one'])
})

test('a subscription ends with an error when its consumer is deregistered', { timeout: 30_000 }, async () => {
  const stream = await streams.newStream()
  const ConsumerARN = await streams.newConsumer(stream)
  const ended = errorOf(take(await streams.subscribe(ConsumerARN), 1))
  await streams.kinesis.send(new DeregisterStreamConsumerCommand({ ConsumerARN }))
  expect((await ended).name).toBe('ResourceNotFoundException')
})

test('open subscriptions hold up neither a stop of the server nor its next start', {
  timeout: 30_000,
}, async () => {
  const own = await TestStreams.start()
  try {
    const stream = await own.newStream()
    const consumer = await own.newConsumer(stream)
    const ended = errorOf(take(await own.subscribe(consumer), 1))
    const before = performance.now()
    expect(await own.server.stop()).toBe(0)
    expect(performance.now() - before).toBeLessThan(5000)
    await ended
    await own.server.start()
  } finally {
    await own.destroy()
  }
})
