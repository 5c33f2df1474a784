import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { ScriptedKinesis, START, TEST_STREAM } from '../../../../test/kinesis/scripted-kinesis.ts'
import { streamNotFound } from '../errors.ts'
import { sequenceNumber } from '../sequence-number.ts'

const SHARD = { number: 0, createdSecond: 1_767_000_000 }
const MAP = {
  ...{ version: 1, maxRecordKiB: 1024, keyId: null },
  shards: [{ ...SHARD, startingHashKey: '0'.repeat(32) }],
}
const put = (index: number | null) => ({ kind: 'put', now: START, isEncrypted: false, firstIndexes: [index] })
const RECORD = { StreamName: 'orders', PartitionKey: 'k', Data: new Uint8Array(Buffer.from('a')) }

const decimal = (digits: string) => BigInt(`0x${digits}`).toString()
const secondIn = (hex: string) => `2${'0'.repeat(29)}${hex}000000002`

test('a record is told where it is', async () => {
  const kinesis = new ScriptedKinesis(MAP, put(3))
  expect(await kinesis.run('PutRecord', RECORD)).toEqual({
    ShardId: 'shardId-000000000000',
    SequenceNumber: sequenceNumber(SHARD, 3, START / 1000),
  })
})

test('a record without data is one', async () => {
  const kinesis = new ScriptedKinesis(MAP, put(3))
  expect(await kinesis.refusal('PutRecord', { ...RECORD, Data: new Uint8Array() })).toBe('not refused')
  expect(kinesis.commands[1]).toMatchObject({ bodies: [Buffer.from('\x01\x00k')] })
})

test('a record that its shard has no throughput for is refused', async () => {
  expect(await new ScriptedKinesis(MAP, put(null)).refusal('PutRecord', RECORD)).toBe(
    'ProvisionedThroughputExceededException: Rate exceeded for shard shardId-000000000000 in stream orders under account 000000000000.',
  )
})

// As AWS answers them.
test.each([
  ['all digits set', '2ffffffffff7fffffffffffffff000000000007fffffff2'],
  ['no digit set', '20000000000000000000000000000000000000000000002'],
  ['the layout before', '20000000000000000000000000000000000000000000001'],
  ['the present second', secondIn((START / 1000).toString(16).padStart(8, '0'))],
])('a record may follow a number with %s', async (_, digits) => {
  const kinesis = new ScriptedKinesis(MAP, put(1))
  const input = { ...RECORD, SequenceNumberForOrdering: decimal(digits) }
  expect(await kinesis.refusal('PutRecord', input)).toBe('not refused')
})

test.each([
  ['version 0', '20000000000000000000000000000000000000000000000'],
  ['version 4', '20000000000000000000000000000000000000000000004'],
  ['another first digit', '30000000000000000000000000000000000000000000001'],
  ['no first digit', '1ffffffffff7fffffffffffffff000000000007fffffff2'],
  ['too high an index', '20000000000800000000000000000000000000000000002'],
  ['too high a shard', '20000000000000000000000000000000000000800000002'],
  ['a second to come', secondIn((START / 1000 + 1).toString(16).padStart(8, '0'))],
])('a record can not follow a number with %s', async (_, digits) => {
  const input = { ...RECORD, SequenceNumberForOrdering: decimal(digits) }
  expect(await new ScriptedKinesis(MAP).refusal('PutRecord', input)).toBe(
    `InvalidArgumentException: ExclusiveMinimumSequenceNumber ${decimal(digits)} used in PutRecord on stream orders under account 000000000000 is invalid.`,
  )
})

test('the oldest numbers are completed in what is said of them', async () => {
  const SequenceNumberForOrdering = decimal('13bb2cc3d80000000000000000000000')
  expect(await new ScriptedKinesis(MAP).refusal('PutRecord', { ...RECORD, SequenceNumberForOrdering })).toBe(
    'InvalidArgumentException: ExclusiveMinimumSequenceNumber 26227199374822427428162556223570313216 used in PutRecord on stream orders under account 000000000000 is invalid.',
  )
})

test('a stream that is not there is told before what else is wrong', async () => {
  const kinesis = new ScriptedKinesis(streamNotFound(TEST_STREAM))
  const input = { ...RECORD, SequenceNumberForOrdering: '0', ExplicitHashKey: (2n ** 128n).toString() }
  expect(await kinesis.refusal('PutRecord', input)).toBe(
    'ResourceNotFoundException: Stream orders under account 000000000000 not found.',
  )
})

test('all that is wrong with an input is told', async () => {
  const long = 'k'.repeat(257)
  const input = { PartitionKey: long, ExplicitHashKey: '-1', SequenceNumberForOrdering: 'x', StreamName: '' }
  expect(await new ScriptedKinesis().refusal('PutRecord', input)).toMatch(
    /^ValidationException: 6 validation errors/,
  )
  for (const words of [
    "Value null at 'data' failed to satisfy constraint: Member must not be null",
    `Value '${long}' at 'partitionKey' failed to satisfy constraint: Member must have length less than or equal to 256`,
    "Value '-1' at 'explicitHashKey' failed to satisfy constraint: Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})",
    "Value 'x' at 'sequenceNumberForOrdering' failed to satisfy constraint: Member must satisfy regular expression pattern: 0|([1-9]\\d{0,128})",
  ]) {
    expect(await new ScriptedKinesis().refusal('PutRecord', input)).toContain(words)
  }
})

test('a record needs a stream', async () => {
  const { StreamName, ...input } = RECORD
  expect(await new ScriptedKinesis().refusal('PutRecord', input)).toBe(
    'InvalidArgumentException: Either StreamName or StreamARN should be provided.',
  )
})
