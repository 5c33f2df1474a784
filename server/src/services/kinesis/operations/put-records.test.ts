import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import {
  ScriptedKinesis,
  START,
  TEST_STREAM,
  TEST_STREAM_ARN,
} from '../../../../test/kinesis/scripted-kinesis.ts'
import type { ShardMap } from '../commands.ts'
import { streamNotFound } from '../errors.ts'
import { sequenceNumber } from '../sequence-number.ts'

const CREATED = 1_767_000_000
const SECOND = START / 1000
const HALF = `8${'0'.repeat(31)}`

const shard = (number: number, startingHashKey: string) => ({
  number,
  startingHashKey,
  createdSecond: CREATED,
})
const ONE: ShardMap = {
  ...{ version: 1, maxRecordKiB: 1024, keyId: null },
  shards: [shard(0, '0'.repeat(32))],
}
const TWO: ShardMap = { ...ONE, version: 2, shards: [shard(1, '0'.repeat(32)), shard(2, HALF)] }

const put = (firstIndexes: readonly (number | null)[], isEncrypted = false) => ({
  ...{ kind: 'put', now: START, isEncrypted, firstIndexes },
})
const stale = (map: ShardMap) => ({ kind: 'stale', map })
const numberOf = (shard: number, index: number) =>
  sequenceNumber({ number: shard, createdSecond: CREATED }, index, SECOND)

const text = (word: string) => new Uint8Array(Buffer.from(word))
/** Goes to the first half with `low`, to the second with `high`. */
const record = (half: 'low' | 'high', word: string) => ({
  ...{ PartitionKey: 'k', Data: text(word) },
  ExplicitHashKey: half === 'low' ? '0' : (2n ** 128n - 1n).toString(),
})

test('records are stored as one body, and told in the order of the request where they are', async () => {
  const kinesis = new ScriptedKinesis(TWO, put([7, 41]))
  const Records = [record('high', 'a'), record('low', 'bc'), record('high', 'd')]
  expect(await kinesis.run('PutRecords', { StreamName: 'orders', Records })).toEqual({
    FailedRecordCount: 0,
    Records: [
      { ShardId: 'shardId-000000000002', SequenceNumber: numberOf(2, 41) },
      { ShardId: 'shardId-000000000001', SequenceNumber: numberOf(1, 7) },
      { ShardId: 'shardId-000000000002', SequenceNumber: numberOf(2, 42) },
    ],
  })
  expect(kinesis.commands).toEqual([
    { service: 'kinesis', kind: 'getShardMap', stream: TEST_STREAM },
    {
      ...{ service: 'kinesis', kind: 'putRecords', stream: TEST_STREAM, map: 2, isMetered: false },
      isSealed: false,
      groups: { shards: [1, 2], counts: [1, 2], bytes: [5, 8], payloadBytes: [3, 4] },
      bodies: [Buffer.from('\x01\x02kbc\x01\x01ka\x01\x01kd')],
    },
  ])
})

test('the shards of a stream are asked for once, and again only when the cell says that they are others', async () => {
  const kinesis = new ScriptedKinesis(ONE, put([1]), put([2]), stale(TWO), put([1]), put([2]))
  const Records = [record('high', 'a')]
  const shardOf = async (reference: object) =>
    (await kinesis.run('PutRecords', { ...reference, Records })).Records[0].ShardId
  expect(await shardOf({ StreamName: 'orders' })).toBe('shardId-000000000000')
  expect(await shardOf({ StreamARN: TEST_STREAM_ARN })).toBe('shardId-000000000000')
  expect(await shardOf({ StreamName: 'orders' })).toBe('shardId-000000000002')
  expect(await shardOf({ StreamName: 'orders' })).toBe('shardId-000000000002')
  expect(kinesis.commands.map(({ kind }) => kind)).toEqual(['getShardMap', ...Array(5).fill('putRecords')])
  expect(kinesis.commands.map((command) => 'map' in command && command.map)).toEqual([false, 1, 1, 1, 2, 2])
})

test('shards that never stay as they are are given up on', async () => {
  const kinesis = new ScriptedKinesis(ONE, ...Array(20).fill(stale(TWO)))
  const Records = [record('high', 'a')]
  expect(await kinesis.refusal('PutRecords', { StreamName: 'orders', Records })).toBe(
    'ProvisionedThroughputExceededException: The shards of stream orders under account 000000000000 are changing too fast.',
  )
  expect(kinesis.commands).toHaveLength(9)
})

test('where throughput is limited, a record is refused for itself', async () => {
  const kinesis = new ScriptedKinesis(TWO, put([5, null, 9]))
  kinesis.throughputLimits = true
  const Records = [record('high', 'a'), record('low', 'b'), record('low', 'c')]
  expect(await kinesis.run('PutRecords', { StreamName: 'orders', Records })).toEqual({
    FailedRecordCount: 1,
    Records: [
      { ShardId: 'shardId-000000000002', SequenceNumber: numberOf(2, 9) },
      { ShardId: 'shardId-000000000001', SequenceNumber: numberOf(1, 5) },
      {
        ErrorCode: 'ProvisionedThroughputExceededException',
        ErrorMessage:
          'Rate exceeded for shard shardId-000000000001 in stream orders under account 000000000000.',
      },
    ],
  })
  expect(kinesis.commands[1]).toMatchObject({
    isMetered: true,
    groups: { shards: [1, 1, 2], counts: [1, 1, 1] },
  })
})

test('records of a stream with a key of its own are said to be encrypted', async () => {
  const kinesis = new ScriptedKinesis(ONE, put([1], true), ONE, put([2], true))
  const Records = [record('low', 'a')]
  expect(await kinesis.run('PutRecords', { StreamName: 'orders', Records })).toMatchObject({
    EncryptionType: 'KMS',
  })
  const { PartitionKey, Data } = Records[0]!
  expect(await kinesis.run('PutRecord', { StreamName: 'orders', PartitionKey, Data })).toMatchObject({
    EncryptionType: 'KMS',
  })
})

test('a record may be as large as the stream takes, its partition key included', async () => {
  const words = 'Member must have length less than or equal to'
  const record = (bytes: number) => ({ PartitionKey: 'ä', Data: new Uint8Array(bytes - 2) })
  const MIB = 1024 * 1024
  const kinesis = new ScriptedKinesis(ONE, put([1]), ONE, { ...ONE, maxRecordKiB: 2048 }, put([2]))
  const many = (Records: readonly object[]) =>
    kinesis.refusal('PutRecords', { StreamName: 'orders', Records })
  expect(await many([record(MIB)])).toBe('not refused')
  expect(await many([record(MIB), record(MIB + 1), record(10)])).toBe(
    `ValidationException: 1 validation error detected: Value at 'records.2.member.data' failed to satisfy constraint: ${words} 1048576`,
  )
  const single = new ScriptedKinesis(ONE, ONE)
  expect(await single.refusal('PutRecord', { StreamName: 'orders', ...record(MIB + 1) })).toBe(
    `ValidationException: 1 validation error detected: Value at 'data' failed to satisfy constraint: ${words} 1048576`,
  )
  // What was too large a moment ago may not be any more.
  expect(await many([record(2 * MIB)])).toBe('not refused')
})

test('a request may hold ten mebibytes and five hundred records', async () => {
  const MIB = 1024 * 1024
  const kinesis = new ScriptedKinesis({ ...ONE, maxRecordKiB: 10_240 }, put([1]))
  const refusal = (Records: readonly object[]) =>
    kinesis.refusal('PutRecords', { StreamName: 'orders', Records })
  const half = { PartitionKey: 'k', Data: new Uint8Array(5 * MIB - 1) }
  expect(await refusal([half, half])).toBe('not refused')
  expect(await refusal([half, { ...half, PartitionKey: 'kk' }])).toBe(
    'InvalidArgumentException: Records size exceeds 10 MB limit',
  )
  expect(await refusal(Array(501).fill({ PartitionKey: 'k', Data: new Uint8Array() }))).toMatch(
    /^ValidationException: 1 validation error detected: Value '.*' at 'records' failed to satisfy constraint: Member must have length less than or equal to 500$/s,
  )
  expect(await refusal([])).toBe(
    "ValidationException: 1 validation error detected: Value '[]' at 'records' failed to satisfy constraint: Member must have length greater than or equal to 1",
  )
})

test('the greatest hash key is 2^128 - 1', async () => {
  const kinesis = new ScriptedKinesis(TWO, put([1]))
  const record = { PartitionKey: 'k', Data: text('a') }
  const greatest = 2n ** 128n - 1n
  const refusal = (ExplicitHashKey: bigint) =>
    kinesis.refusal('PutRecords', {
      ...{ StreamName: 'orders', Records: [record, { ...record, ExplicitHashKey: String(ExplicitHashKey) }] },
    })
  expect(await refusal(greatest + 1n)).toBe(
    `InvalidArgumentException: Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${greatest + 1n}`,
  )
  expect(await refusal(greatest)).toBe('not refused')
})

test('a stream that is not there is told before what else is wrong, and looked for again', async () => {
  const kinesis = new ScriptedKinesis(streamNotFound(TEST_STREAM), ONE, put([1]))
  const record = { PartitionKey: 'k', Data: text('a'), ExplicitHashKey: (2n ** 128n).toString() }
  expect(await kinesis.refusal('PutRecords', { StreamName: 'orders', Records: [record] })).toBe(
    'ResourceNotFoundException: Stream orders under account 000000000000 not found.',
  )
  const { ExplicitHashKey, ...sound } = record
  expect(await kinesis.refusal('PutRecords', { StreamName: 'orders', Records: [sound] })).toBe('not refused')
})

test.each([
  [{}, "Value null at 'records' failed to satisfy constraint: Member must not be null"],
  [
    { Records: [{ Data: text('a') }] },
    "Value null at 'records.1.member.partitionKey' failed to satisfy constraint: Member must not be null",
  ],
  [
    { Records: [{ Data: text('a'), PartitionKey: 'k', ExplicitHashKey: '01' }] },
    "Value '01' at 'records.1.member.explicitHashKey' failed to satisfy constraint: Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})",
  ],
  [
    { Records: [{ Data: text('a'), PartitionKey: '' }] },
    "Value '' at 'records.1.member.partitionKey' failed to satisfy constraint: Member must have length greater than or equal to 1",
  ],
  [
    { Records: [{ PartitionKey: 'k' }] },
    "Value null at 'records.1.member.data' failed to satisfy constraint: Member must not be null",
  ],
])('the input %j is refused', async (input, message) => {
  const refusal = await new ScriptedKinesis().refusal('PutRecords', { StreamName: 'orders', ...input })
  expect(refusal).toBe(`ValidationException: 1 validation error detected: ${message}`)
})
