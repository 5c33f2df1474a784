import { expect, test } from 'vitest'
import {
  ScriptedKinesis,
  START,
  TEST_STREAM,
  TEST_STREAM_ARN,
} from '../../../../test/kinesis/scripted-kinesis.ts'
import { invalidArgument, shardNotFound, streamNotFound } from '../errors.ts'
import { endingSequenceNumber, sequenceNumber, startingSequenceNumber } from '../sequence-number.ts'

const SHARD = { number: 3, createdSecond: 1_767_000_000 }
const FOUND = { streamNumber: 9, position: { index: 5, since: 0 } }
const ASKED = { StreamName: 'orders', ShardId: 'shardId-000000000003' }
const decimal = (digits: string) => BigInt(`0x${digits}`).toString()
const WHERE = 'shard shardId-000000000003 in stream orders under account 000000000000'

test.each([
  ['TRIM_HORIZON', {}, { type: 'oldest' }],
  ['LATEST', {}, { type: 'latest' }],
  ['LATEST', { Timestamp: START + 1 }, { type: 'latest' }],
  ['AT_TIMESTAMP', { Timestamp: START - 5 }, { type: 'time', time: START - 5 }],
  ['AT_TIMESTAMP', { Timestamp: START }, { type: 'time', time: START }],
  ['AT_TIMESTAMP', { Timestamp: 0 }, { type: 'time', time: 0 }],
  [
    'AT_SEQUENCE_NUMBER',
    { StartingSequenceNumber: sequenceNumber(SHARD, 41, 1_767_000_009) },
    { type: 'index', index: 41, createdSecond: SHARD.createdSecond },
  ],
  [
    'AFTER_SEQUENCE_NUMBER',
    { StartingSequenceNumber: sequenceNumber(SHARD, 41, 1_767_000_009) },
    { type: 'index', index: 42, createdSecond: SHARD.createdSecond },
  ],
  [
    'AT_SEQUENCE_NUMBER',
    { StartingSequenceNumber: startingSequenceNumber(SHARD) },
    { type: 'index', index: 0, createdSecond: SHARD.createdSecond },
  ],
  [
    'AFTER_SEQUENCE_NUMBER',
    { StartingSequenceNumber: endingSequenceNumber(SHARD, START) },
    { type: 'index', index: Number.MAX_SAFE_INTEGER, createdSecond: SHARD.createdSecond },
  ],
])('a reader begins at %s %j', async (ShardIteratorType, position, start) => {
  const kinesis = new ScriptedKinesis(FOUND, FOUND)
  const input = { ShardId: 'shardId-000000000003', ShardIteratorType, ...position }
  for (const stream of [{ StreamName: 'orders' }, { StreamARN: TEST_STREAM_ARN }]) {
    const { ShardIterator } = await kinesis.run('GetShardIterator', { ...stream, ...input })
    expect(ShardIterator).toMatch(/^[\w-]{50,512}$/)
  }
  const command = { service: 'kinesis', kind: 'findPosition', stream: TEST_STREAM, shard: 3, start }
  expect(kinesis.commands).toEqual([command, command])
})

const EITHER =
  'InvalidArgumentException: Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified'

// As AWS answers them.
test.each([
  ['AT_SEQUENCE_NUMBER', {}, `${EITHER} AT_SEQUENCE_NUMBER and no StartingSequenceNumber.`],
  ['AFTER_SEQUENCE_NUMBER', {}, `${EITHER} AFTER_SEQUENCE_NUMBER and no StartingSequenceNumber.`],
  ['LATEST', { StartingSequenceNumber: '5' }, `${EITHER} LATEST and also a StartingSequenceNumber.`],
  [
    'TRIM_HORIZON',
    { StartingSequenceNumber: '5' },
    `${EITHER} TRIM_HORIZON and also a StartingSequenceNumber.`,
  ],
  [
    'AT_TIMESTAMP',
    {},
    'InvalidArgumentException: Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
  ],
  [
    'AT_TIMESTAMP',
    { Timestamp: START + 1 },
    `InvalidArgumentException: The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ${START + 1}, currentTimestampInMillis: ${START}`,
  ],
  [
    'AT_SEQUENCE_NUMBER',
    { StartingSequenceNumber: '5' },
    'InvalidArgumentException: Invalid StartingSequenceNumber. It encodes shardId-000000000005, while it was used in a call to a shard with shardId-000000000003',
  ],
  [
    'AFTER_SEQUENCE_NUMBER',
    { StartingSequenceNumber: sequenceNumber({ ...SHARD, number: 27 }, 1, 1_767_000_009) },
    'InvalidArgumentException: Invalid StartingSequenceNumber. It encodes shardId-000000000027, while it was used in a call to a shard with shardId-000000000003',
  ],
  [
    'AT_SEQUENCE_NUMBER',
    { StartingSequenceNumber: '3' },
    `InvalidArgumentException: StartingSequenceNumber 21267647932558653966460912964485513219 used in GetShardIterator on ${WHERE} is invalid because it did not come from this stream.`,
  ],
  [
    'AT_SEQUENCE_NUMBER',
    { StartingSequenceNumber: decimal('13bb2cc3d80000000000000000000003') },
    `InvalidArgumentException: StartingSequenceNumber 26227199374822427428162556223570313219 used in GetShardIterator on ${WHERE} is invalid.`,
  ],
  [
    'AT_SEQUENCE_NUMBER',
    { StartingSequenceNumber: decimal('20000000000800000000000000000000000000000000032') },
    `InvalidArgumentException: StartingSequenceNumber ${decimal('20000000000800000000000000000000000000000000032')} used in GetShardIterator on ${WHERE} is invalid.`,
  ],
  [
    'AT_SEQUENCE_NUMBER',
    { StartingSequenceNumber: decimal('20000000000000000000000000000000000000800000032') },
    `InvalidArgumentException: StartingSequenceNumber ${decimal('20000000000000000000000000000000000000800000032')} used in GetShardIterator on ${WHERE} is invalid.`,
  ],
])('to begin at %s %j is refused', async (ShardIteratorType, position, refusal) => {
  const kinesis = new ScriptedKinesis(FOUND)
  expect(await kinesis.refusal('GetShardIterator', { ...ASKED, ShardIteratorType, ...position })).toBe(
    refusal,
  )
  // Whether the shard is there is told before.
  const missing = new ScriptedKinesis(shardNotFound('shardId-000000000003', TEST_STREAM))
  expect(await missing.refusal('GetShardIterator', { ...ASKED, ShardIteratorType, ...position })).toBe(
    'ResourceNotFoundException: Shard shardId-000000000003 in stream orders under account 000000000000 does not exist',
  )
})

test('a number of a shard that was there before under the same name is refused', async () => {
  const StartingSequenceNumber = sequenceNumber(SHARD, 41, 1_767_000_009)
  const kinesis = new ScriptedKinesis(invalidArgument('whatever the cell says'))
  const input = { ...ASKED, ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber }
  expect(await kinesis.refusal('GetShardIterator', input)).toBe(
    `InvalidArgumentException: StartingSequenceNumber ${StartingSequenceNumber} used in GetShardIterator on ${WHERE} is invalid because it did not come from this stream.`,
  )
})

test.each([
  ['2147483647', 'Shard shardId-002147483647 in stream orders under account 000000000000 does not exist'],
  [
    'a-00002147483647',
    'Shard shardId-002147483647 in stream orders under account 000000000000 does not exist',
  ],
  ['2147483648', 'Could not find shard 2147483648 in stream orders under account 000000000000.'],
  ['ABKLFD8', 'Could not find shard ABKLFD8 in stream orders under account 000000000000.'],
  ['2.14E4', 'Could not find shard 2.14E4 in stream orders under account 000000000000.'],
])('a shard named %s is not there', async (ShardId, message) => {
  const kinesis = new ScriptedKinesis(streamNotFound(TEST_STREAM))
  const input = { StreamName: 'orders', ShardId, ShardIteratorType: 'LATEST' }
  expect(await kinesis.refusal('GetShardIterator', input)).toBe(`ResourceNotFoundException: ${message}`)
})

test.each([
  [{}, "Value null at 'shardId' failed to satisfy constraint: Member must not be null"],
  [{}, "Value null at 'shardIteratorType' failed to satisfy constraint: Member must not be null"],
  [
    { ShardIteratorType: 'SOMEWHERE' },
    "Value 'SOMEWHERE' at 'shardIteratorType' failed to satisfy constraint: Member must satisfy enum value set: [",
  ],
  [
    { StartingSequenceNumber: '01' },
    "Value '01' at 'startingSequenceNumber' failed to satisfy constraint: Member must satisfy regular expression pattern: 0|([1-9]\\d{0,128})",
  ],
  [
    { ShardId: 'a'.repeat(129) },
    `Value '${'a'.repeat(129)}' at 'shardId' failed to satisfy constraint: Member must have length less than or equal to 128`,
  ],
  [
    { StreamName: 'a b' },
    "Value 'a b' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
  ],
])('the input %j is refused', async (input, words) => {
  const refusal = await new ScriptedKinesis().refusal('GetShardIterator', input)
  expect(refusal).toMatch(/^ValidationException: \d validation errors? detected: /)
  expect(refusal).toContain(words)
})
