import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { OneShard, SHARD, told } from '../../../../test/kinesis/one-shard.ts'
import { START, TEST_STREAM, TEST_STREAM_ARN } from '../../../../test/kinesis/scripted-kinesis.ts'
import { ServiceError } from '../../../api/service-error.ts'
import { consumerNotFound, invalidArgument, streamNotFound } from '../errors.ts'
import { sequenceNumber, startingSequenceNumber } from '../sequence-number.ts'
import type { SubscriptionEvent } from '../subscription.ts'

const ConsumerARN = `${TEST_STREAM_ARN}/consumer/app:1767000100`
const IN_USE =
  'ResourceInUseException: Another active subscription exists for this consumer: 000000000000:orders:shardId-000000000003:app'

type Next = Promise<IteratorResult<SubscriptionEvent, undefined>>

async function eventOf(next: Next) {
  const { value } = await next
  if (value === undefined) throw new Error('the subscription is over')
  return value.SubscribeToShardEvent
}

/** Lets promises go on that have been settled. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

const numberAt = (index: number, time = START) => sequenceNumber(SHARD, index, Math.floor(time / 1000))

test('records come as they are put, each with where to go on from', async () => {
  const shard = new OneShard()
  const events = await shard.subscribe()
  shard.put('a')
  expect(await eventOf(events.next())).toEqual({
    Records: [
      {
        ...{ SequenceNumber: numberAt(1), ApproximateArrivalTimestamp: START },
        ...{ Data: Buffer.from('a'), PartitionKey: 'k' },
      },
    ],
    MillisBehindLatest: 0,
    ContinuationSequenceNumber: numberAt(1),
  })
  const next = events.next()
  await settle()
  shard.put('b')
  expect(await eventOf(next)).toMatchObject({
    ...{ Records: [{ SequenceNumber: numberAt(2) }], ContinuationSequenceNumber: numberAt(2) },
  })
  expect(shard.reads()[0]).toMatchObject({
    ...{ stream: TEST_STREAM, streamNumber: 9, shard: 3, position: { index: 1, since: 0 }, waitMs: 5000 },
    ...{ limit: 10_000, bytesMax: 1024 * 1024, isMetered: false },
  })
})

test('nothing is read until an event is asked for', async () => {
  const shard = new OneShard()
  const events = await shard.subscribe()
  for (let i = 0; i < 10; i++) shard.put('x')
  await settle()
  expect(shard.reads()).toHaveLength(0)
  await events.next()
  await settle()
  expect(shard.reads()).toHaveLength(1)
})

test('while nothing comes there is an empty event every five seconds', async () => {
  const shard = new OneShard()
  const events = await shard.subscribe({ Type: 'LATEST' })
  for (let beat = 0; beat < 3; beat++) {
    const next = events.next()
    await settle()
    shard.pass(4999)
    await settle()
    expect(shard.waiting.size).toBe(1)
    shard.pass(1)
    expect(await eventOf(next)).toEqual({
      Records: [],
      MillisBehindLatest: 0,
      ContinuationSequenceNumber: startingSequenceNumber(SHARD),
    })
  }
  shard.put('a')
  await events.next()
  const next = events.next()
  await settle()
  shard.pass(5000)
  expect((await eventOf(next)).ContinuationSequenceNumber).toBe(numberAt(1, START + 15_000))
})

test('a subscription ends after five minutes, without an error', async () => {
  const shard = new OneShard()
  const events = await shard.subscribe()
  let beats = 0
  for (; beats < 100; beats++) {
    const next = events.next()
    await settle()
    shard.pass(5000)
    if ((await next).done) break
  }
  expect(beats).toBe(60)
  expect(await events.next()).toEqual({ done: true, value: undefined })
  expect(shard.waiting.size).toBe(0)
})

test("a closed shard's last event tells the shards that go on, and nothing to continue from", async () => {
  const shard = new OneShard()
  const events = await shard.subscribe()
  shard.put('a')
  shard.children = [
    {
      ...{ number: 4, parent: 3, adjacentParent: null, createdSecond: SHARD.createdSecond + 9, closed: null },
      ...{ startingHashKey: '0'.repeat(32), endingHashKey: 'f'.repeat(32) },
    },
  ]
  const last = await eventOf(events.next())
  expect(last).toEqual({
    ...{ Records: [expect.objectContaining({ SequenceNumber: numberAt(1) })], MillisBehindLatest: 0 },
    ChildShards: [
      {
        ...{ ShardId: 'shardId-000000000004', ParentShards: ['shardId-000000000003'] },
        HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) },
      },
    ],
  })
  expect('ContinuationSequenceNumber' in last).toBe(false)
  expect((await events.next()).done).toBe(true)
  // It can be read again, and also from its tip on.
  const again = await shard.subscribe({ Type: 'LATEST' })
  expect(await eventOf(again.next())).toHaveProperty('ChildShards')
})

test('a shard that is closed while its reader waits ends at once', async () => {
  const shard = new OneShard()
  const events = await shard.subscribe()
  const next = events.next()
  await settle()
  shard.children = []
  shard.look()
  expect(await eventOf(next)).toEqual({ Records: [], MillisBehindLatest: 0, ChildShards: [] })
})

test('a consumer has one subscription to a shard: it is held for five seconds, and then taken over', async () => {
  const shard = new OneShard()
  const first = await shard.subscribe()
  const next = told(first.next())
  await settle()
  expect(await shard.refusal()).toBe(IN_USE)
  shard.now += 4999
  expect(await shard.refusal()).toBe(IN_USE)
  shard.now += 1
  const second = await shard.subscribe()
  expect(await next).toBe(IN_USE)
  expect((await first.next()).done).toBe(true)
  shard.put('a')
  expect((await eventOf(second.next())).Records).toHaveLength(1)
})

test('one that is taken over while nobody asks for its events says so when asked', async () => {
  const shard = new OneShard()
  const first = await shard.subscribe()
  shard.now += 5000
  const second = await shard.subscribe()
  expect(await told(first.next())).toBe(IN_USE)
  expect(await first.return()).toEqual({ done: true, value: undefined })
  // The end of the former isn't that of its successor.
  expect(await shard.refusal()).toBe(IN_USE)
  await second.return()
  expect(await shard.refusal()).toBe('not refused')
})

test('of two that begin at the same time, one is refused', async () => {
  const shard = new OneShard()
  const outcomes = await Promise.all([shard.refusal(), shard.refusal()])
  expect(outcomes.sort()).toEqual([IN_USE, 'not refused'])
})

test('a client that goes ends its subscription, also while it waits, and may come back at once', async () => {
  const shard = new OneShard()
  const leave: (() => void)[] = []
  const connection = {
    closed: false,
    onClose: (listener: () => void) => {
      leave.push(listener)
      return () => {}
    },
  }
  const events = await shard.subscribe(undefined, { connection })
  const next = events.next()
  await settle()
  for (const listener of leave) listener()
  expect((await next).done).toBe(true)
  expect(shard.waiting.size).toBe(0)
  expect(await shard.refusal()).toBe('not refused')
})

test('a client that has gone before its subscription begins has none', async () => {
  const shard = new OneShard()
  const connection = { closed: true, onClose: () => () => {} }
  const events = await shard.subscribe(undefined, { connection })
  expect(await shard.refusal()).toBe('not refused')
  expect((await events.next()).done).toBe(true)
})

test('whoever stops taking events ends the wait for the next', async () => {
  const shard = new OneShard()
  const events = await shard.subscribe()
  const next = events.next()
  await settle()
  expect(await events.return()).toEqual({ done: true, value: undefined })
  expect((await next).done).toBe(true)
  expect(shard.waiting.size).toBe(0)
})

test('a server that stops ends its subscriptions instead of answering with nothing again and again', async () => {
  const shard = new OneShard()
  const events = await shard.subscribe()
  const next = events.next()
  await settle()
  shard.pass(1000)
  shard.isStopping = true
  shard.look()
  expect((await next).done).toBe(true)
})

test('a consumer that is deregistered has no subscription any more', async () => {
  const shard = new OneShard()
  const events = await shard.subscribe()
  shard.put('a')
  await events.next()
  const next = told(events.next())
  await settle()
  shard.refusals.set('readRecords', consumerNotFound('app', TEST_STREAM))
  shard.put('b')
  expect(await next).toBe('ResourceNotFoundException: Consumer app, account 000000000000 not found.')
  expect((await events.next()).done).toBe(true)
})

test('a stream that is deleted ends its subscriptions', async () => {
  const shard = new OneShard()
  const events = await shard.subscribe()
  const next = told(events.next())
  await settle()
  shard.refusals.set('readRecords', streamNotFound(TEST_STREAM))
  shard.put('a')
  expect(await next).toBe(
    'ResourceNotFoundException: Shard shardId-000000000003 in stream orders under account 000000000000 does not exist',
  )
})

test('a time to begin at goes on for what comes', async () => {
  const shard = new OneShard()
  shard.position = { index: 1, since: START - 5 }
  const events = await shard.subscribe({ Type: 'AT_TIMESTAMP', Timestamp: START - 5 })
  shard.put('a')
  await events.next()
  shard.put('b')
  await events.next()
  expect(shard.reads()[1]).toMatchObject({ position: { index: 2, since: START - 5 } })
})

test('a consumer that is not there, or not yet active, can not subscribe', async () => {
  const shard = new OneShard()
  shard.status = 'CREATING'
  expect(await shard.refusal()).toBe(
    'ResourceInUseException: Consumer app with creation timestamp 1767000100 under stream: orders , account 000000000000 is not in ACTIVE status.',
  )
  shard.refusals.set('getConsumer', consumerNotFound(ConsumerARN, TEST_STREAM))
  expect(await shard.refusal()).toBe(
    `ResourceNotFoundException: Consumer ${ConsumerARN}, account 000000000000 not found.`,
  )
})

test.each([
  [
    { Type: 'AT_SEQUENCE_NUMBER' },
    'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified AT_SEQUENCE_NUMBER and no StartingSequenceNumber.',
  ],
  [
    {
      Type: 'AT_SEQUENCE_NUMBER',
      SequenceNumber: sequenceNumber({ ...SHARD, number: 27 }, 1, 1_767_000_009),
    },
    'Invalid StartingSequenceNumber. It encodes shardId-000000000027, while it was used in a call to a shard with shardId-000000000003',
  ],
  [
    { Type: 'AT_TIMESTAMP' },
    'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
  ],
  [
    { Type: 'AT_SEQUENCE_NUMBER', SequenceNumber: '3' },
    'StartingSequenceNumber 21267647932558653966460912964485513219 used in SubscribeToShard on shard shardId-000000000003 in stream orders under account 000000000000 is invalid because it did not come from this stream.',
  ],
])('to begin at %j is refused', async (position, message) => {
  expect(await new OneShard().refusal(position)).toBe(`InvalidArgumentException: ${message}`)
})

test('a number of a shard that was there before is refused', async () => {
  const shard = new OneShard()
  shard.refusals.set('findPosition', invalidArgument('whatever the cell says'))
  const SequenceNumber = numberAt(4)
  expect(await shard.refusal({ Type: 'AFTER_SEQUENCE_NUMBER', SequenceNumber })).toBe(
    `InvalidArgumentException: StartingSequenceNumber ${SequenceNumber} used in SubscribeToShard on shard shardId-000000000003 in stream orders under account 000000000000 is invalid because it did not come from this stream.`,
  )
})

test.each(['before it is read', 'while it waits'])(
  'a client that loses its leave %s is told, and gets nothing more',
  async (when) => {
    const shard = new OneShard()
    let isLet = true
    const denial = new ServiceError(
      { code: 'AccessDeniedException', status: 400, fault: 'client' },
      'not any more',
    )
    const recheck = () => {
      if (!isLet) throw denial
    }
    const events = await shard.subscribe({ Type: 'TRIM_HORIZON' }, { recheck })
    shard.put('a')
    await eventOf(events.next())
    if (when === 'while it waits') {
      const next = events.next()
      await settle()
      isLet = false
      shard.put('b')
      await expect(next).rejects.toBe(denial)
    } else {
      isLet = false
      shard.put('b')
      await expect(events.next()).rejects.toBe(denial)
    }
    expect(await events.next()).toMatchObject({ done: true })
  },
)
