import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import {
  ScriptedKinesis,
  START,
  TEST_STREAM,
  TEST_STREAM_ARN,
} from '../../../../test/kinesis/scripted-kinesis.ts'
import type { RecordSlices, ShardDescription } from '../commands.ts'
import { shardRateExceeded, streamNotFound } from '../errors.ts'
import { sequenceNumber } from '../sequence-number.ts'

const CREATED = 1_767_000_000
const FOUND = { streamNumber: 9, position: { index: 5, since: 0 } }
const BODY = Buffer.from('\x01\x01ka\x01\x00l')

const slices = (more: Partial<RecordSlices> = {}): RecordSlices => ({
  slices: [
    {
      ...{ firstIndex: 5, count: 2, time: START - 1500, offset: 0, bytes: BODY.length },
      ...{ isPacked: false, isEncrypted: false, isSealed: false },
    },
  ],
  bodies: Promise.resolve([BODY]),
  ...{ trimmedBefore: 0, now: START, tip: 7, createdSecond: CREATED, children: null },
  ...more,
})
const NOTHING = slices({ slices: [], bodies: [] })

const child = (number: number, startingHashKey: string, endingHashKey: string): ShardDescription => ({
  ...{ number, parent: 3, adjacentParent: number === 5 ? 2 : null, createdSecond: CREATED + 1, closed: null },
  ...{ startingHashKey, endingHashKey },
})

async function iteratorOf(
  kinesis: ScriptedKinesis,
  stream: object = { StreamName: 'orders' },
): Promise<string> {
  const input = { ...stream, ShardId: 'shardId-000000000003', ShardIteratorType: 'TRIM_HORIZON' }
  return (await kinesis.run('GetShardIterator', input)).ShardIterator
}

test('records that can not be read hide none that come before them', async () => {
  const isLost = new Error('a block does not match its checksum')
  const [first] = slices().slices
  const unreadable = () => Promise.reject(isLost)
  const two = [first!, { ...first!, firstIndex: 7 }]
  const kinesis = new ScriptedKinesis(
    ...[FOUND, slices({ slices: two, bodies: unreadable(), tip: 9 }), slices({ tip: 9 })],
    slices({ slices: two.slice(1), bodies: unreadable(), tip: 9 }),
  )
  const ShardIterator = await iteratorOf(kinesis)
  const { Records, NextShardIterator } = await kinesis.run('GetRecords', { ShardIterator })
  expect(Records).toHaveLength(2)
  expect(kinesis.commands[2]).toMatchObject({ kind: 'readRecords', bytesMax: 1, position: { index: 5 } })
  // Nothing is before them any more, and a reader that went past them would never know.
  await expect(kinesis.run('GetRecords', { ShardIterator: NextShardIterator })).rejects.toBe(isLost)
})

test('records are given from where the iterator stands, with one that stands behind them', async () => {
  const kinesis = new ScriptedKinesis(FOUND, slices(), NOTHING)
  const ShardIterator = await iteratorOf(kinesis)
  const { NextShardIterator, ...rest } = await kinesis.run('GetRecords', { ShardIterator })
  const record = (index: number) => ({
    SequenceNumber: sequenceNumber({ number: 3, createdSecond: CREATED }, index, START / 1000 - 2),
    ApproximateArrivalTimestamp: START - 1500,
  })
  expect(rest).toEqual({
    Records: [
      { ...record(5), Data: Buffer.from('a'), PartitionKey: 'k' },
      { ...record(6), Data: Buffer.alloc(0), PartitionKey: 'l' },
    ],
    MillisBehindLatest: 0,
  })
  const read = {
    ...{ service: 'kinesis', kind: 'readRecords', stream: TEST_STREAM, streamNumber: 9, shard: 3 },
    ...{ limit: 10_000, bytesMax: 10 * 1024 * 1024, waitMs: 0, isMetered: false },
  }
  expect(kinesis.commands[1]).toEqual({ ...read, position: { index: 5, since: 0 } })
  const empty = await kinesis.run('GetRecords', { ShardIterator: NextShardIterator })
  expect(empty).toEqual({
    ...{ Records: [], MillisBehindLatest: 0, NextShardIterator: expect.any(String) },
  })
  expect(kinesis.commands[2]).toEqual({ ...read, position: { index: 7, since: 0 } })
  expect(empty.NextShardIterator).not.toBe(NextShardIterator)
})

test('a reader that is not at the tip is told how far behind it is', async () => {
  const kinesis = new ScriptedKinesis(FOUND, slices(), slices({ tip: 20 }))
  const ShardIterator = await iteratorOf(kinesis)
  const first = await kinesis.run('GetRecords', { ShardIterator, Limit: 1 })
  expect(first.Records).toHaveLength(1)
  expect(first.MillisBehindLatest).toBe(1500)
  expect(kinesis.commands[1]).toMatchObject({ limit: 1 })
  expect((await kinesis.run('GetRecords', { ShardIterator })).MillisBehindLatest).toBe(1500)
})

test('the end of a closed shard has no next iterator, and tells the shards that go on', async () => {
  const children = [
    child(4, '0'.repeat(32), `7${'f'.repeat(31)}`),
    child(5, `8${'0'.repeat(31)}`, 'f'.repeat(32)),
  ]
  const kinesis = new ScriptedKinesis(FOUND, slices({ children }), slices({ children }))
  const ShardIterator = await iteratorOf(kinesis)
  const before = await kinesis.run('GetRecords', { ShardIterator, Limit: 1 })
  expect(Object.keys(before)).toEqual(['Records', 'MillisBehindLatest', 'NextShardIterator'])
  const { ChildShards, ...last } = await kinesis.run('GetRecords', { ShardIterator })
  expect(Object.keys(last)).toEqual(['Records', 'MillisBehindLatest'])
  const half = 2n ** 127n
  expect(ChildShards).toEqual([
    {
      ...{ ShardId: 'shardId-000000000004', ParentShards: ['shardId-000000000003'] },
      HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(half - 1n) },
    },
    {
      ShardId: 'shardId-000000000005',
      ParentShards: ['shardId-000000000003', 'shardId-000000000002'],
      HashKeyRange: { StartingHashKey: String(half), EndingHashKey: String(2n * half - 1n) },
    },
  ])
})

test('records that arrived under a key of the stream are said to be encrypted', async () => {
  const found = slices()
  const encrypted = slices({ slices: found.slices.map((slice) => ({ ...slice, isEncrypted: true })) })
  const kinesis = new ScriptedKinesis(FOUND, encrypted)
  const { Records } = await kinesis.run('GetRecords', { ShardIterator: await iteratorOf(kinesis) })
  expect(Records[0].EncryptionType).toBe('KMS')
})

test('an iterator is good for five minutes by the cell clock', async () => {
  const kinesis = new ScriptedKinesis(FOUND, NOTHING)
  const ShardIterator = await iteratorOf(kinesis)
  kinesis.now += 300_000
  expect(await kinesis.refusal('GetRecords', { ShardIterator })).toBe('not refused')
  kinesis.now += 1
  expect(await kinesis.refusal('GetRecords', { ShardIterator })).toBe(
    'ExpiredIteratorException: Iterator expired. The iterator was created at time Thu Jan 01 00:00:00 UTC 2026 while right now it is Thu Jan 01 00:05:00 UTC 2026 which is further in the future than the tolerated delay of 300000 milliseconds.',
  )
  expect(kinesis.commands).toHaveLength(2)
})

test("an iterator is its account's, whatever region the request is sent to", async () => {
  const kinesis = new ScriptedKinesis(FOUND, NOTHING)
  const ShardIterator = await iteratorOf(kinesis)
  const as = (accountId: string) => ({
    caller: { accountId, region: 'us-east-1', userId: 'u', principalArn: 'p' },
  })
  expect(await kinesis.refusal('GetRecords', { ShardIterator }, as('111111111111'))).toBe(
    'InvalidArgumentException: Invalid ShardIterator.',
  )
  expect(await kinesis.refusal('GetRecords', { ShardIterator }, as('000000000000'))).toBe('not refused')
  expect(kinesis.commands[1]).toMatchObject({ stream: TEST_STREAM })
})

test("an ARN has to be that of the iterator's stream", async () => {
  const kinesis = new ScriptedKinesis(FOUND, NOTHING)
  const ShardIterator = await iteratorOf(kinesis, { StreamARN: TEST_STREAM_ARN })
  const refusal = (StreamARN: string) => kinesis.refusal('GetRecords', { ShardIterator, StreamARN })
  expect(await refusal(TEST_STREAM_ARN)).toBe('not refused')
  expect(await refusal(`${TEST_STREAM_ARN}2`)).toBe('InvalidArgumentException: Invalid ShardIterator.')
})

test('a stream that has gone is told by the shard', async () => {
  const kinesis = new ScriptedKinesis(FOUND, streamNotFound(TEST_STREAM))
  expect(await kinesis.refusal('GetRecords', { ShardIterator: await iteratorOf(kinesis) })).toBe(
    'ResourceNotFoundException: Shard shardId-000000000003 in stream orders under account 000000000000 does not exist',
  )
})

test('where throughput is limited, so are readers', async () => {
  const kinesis = new ScriptedKinesis(FOUND, shardRateExceeded('shardId-000000000003', TEST_STREAM))
  kinesis.throughputLimits = true
  expect(await kinesis.refusal('GetRecords', { ShardIterator: await iteratorOf(kinesis) })).toBe(
    'ProvisionedThroughputExceededException: Rate exceeded for shard shardId-000000000003 in stream orders under account 000000000000.',
  )
  expect(kinesis.commands[1]).toMatchObject({ isMetered: true })
})

test.each([
  [{}, "Value null at 'shardIterator' failed to satisfy constraint: Member must not be null"],
  [
    { ShardIterator: '' },
    "Value '' at 'shardIterator' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
  [
    { ShardIterator: 'a'.repeat(513) },
    `Value '${'a'.repeat(513)}' at 'shardIterator' failed to satisfy constraint: Member must have length less than or equal to 512`,
  ],
  [
    { ShardIterator: 'a', Limit: 0 },
    "Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1",
  ],
  [
    { ShardIterator: 'a', Limit: 10_001 },
    "Value '10001' at 'limit' failed to satisfy constraint: Member must have value less than or equal to 10000",
  ],
])('the input %j is refused', async (input, words) => {
  expect(await new ScriptedKinesis().refusal('GetRecords', input)).toBe(
    `ValidationException: 1 validation error detected: ${words}`,
  )
})

test('an iterator that was made up is none', async () => {
  expect(await new ScriptedKinesis().refusal('GetRecords', { ShardIterator: 'AAAAAAAAAAF2mM' })).toBe(
    'InvalidArgumentException: Invalid ShardIterator.',
  )
})
