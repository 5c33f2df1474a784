import { describe, expect, test } from 'vitest'
import {
  ScriptedKinesis,
  START,
  TEST_STREAM,
  TEST_STREAM_ARN,
} from '../../../../test/kinesis/scripted-kinesis.ts'
import type { ShardDescription } from '../commands.ts'
import { GREATEST_HASH_KEY, LEAST_HASH_KEY } from '../hash-key.ts'
import { endingSequenceNumber, startingSequenceNumber } from '../sequence-number.ts'

const CHILD: ShardDescription = {
  ...{ number: 3, parent: 0, adjacentParent: 1, createdSecond: START / 1000 },
  ...{ startingHashKey: LEAST_HASH_KEY, endingHashKey: GREATEST_HASH_KEY },
  closed: { lastIndex: 5, time: START + 5000 },
}
const PAGE = { shards: [CHILD], next: null, created: START }
const LISTED = { service: 'kinesis', kind: 'listShards', stream: TEST_STREAM }

const refusal = (name: string, input: object) => new ScriptedKinesis().refusal(name, { ...input })

describe('ListShards', () => {
  test('tells parents, range and both ends of a shard that is closed', async () => {
    expect(await new ScriptedKinesis(PAGE).run('ListShards', { StreamName: 'orders' })).toEqual({
      Shards: [
        {
          ShardId: 'shardId-000000000003',
          ParentShardId: 'shardId-000000000000',
          AdjacentParentShardId: 'shardId-000000000001',
          HashKeyRange: { StartingHashKey: '0', EndingHashKey: '340282366920938463463374607431768211455' },
          SequenceNumberRange: {
            StartingSequenceNumber: startingSequenceNumber(CHILD),
            EndingSequenceNumber: endingSequenceNumber(CHILD, START + 5000),
          },
        },
      ],
    })
  })

  test.each([
    [{}, { created: null, filter: null, from: 0, limit: 1000 }],
    [{ MaxResults: 10_000 }, { limit: 1000 }],
    [
      { MaxResults: 5, ExclusiveStartShardId: 'shardId-000000000007' },
      { from: 8, limit: 5 },
    ],
    [{ StreamCreationTimestamp: START }, { created: START }],
    [{ ShardFilter: { Type: 'AT_LATEST' } }, { filter: { type: 'AT_LATEST' } }],
    [{ ShardFilter: { Type: 'AT_TRIM_HORIZON' } }, { filter: { type: 'AT_TRIM_HORIZON' } }],
    [{ ShardFilter: { Type: 'FROM_TRIM_HORIZON' } }, { filter: { type: 'FROM_TRIM_HORIZON' } }],
    [{ ShardFilter: { Type: 'AT_TIMESTAMP', Timestamp: 5 } }, { filter: { type: 'AT_TIMESTAMP', time: 5 } }],
    [
      { ShardFilter: { Type: 'FROM_TIMESTAMP', Timestamp: 5 } },
      { filter: { type: 'FROM_TIMESTAMP', time: 5 } },
    ],
    [
      { ShardFilter: { Type: 'AFTER_SHARD_ID', ShardId: 'shardId-000000000002' } },
      { filter: { type: 'AFTER_SHARD_ID', shard: 2 } },
    ],
  ])('%j asks for %j', async (input, command) => {
    const kinesis = new ScriptedKinesis(PAGE)
    await kinesis.run('ListShards', { StreamARN: TEST_STREAM_ARN, ...input })
    expect(kinesis.commands).toMatchObject([{ ...LISTED, ...command }])
  })

  test('a token says all that the first request said', async () => {
    const kinesis = new ScriptedKinesis({ ...PAGE, next: 4 }, PAGE, PAGE)
    const ShardFilter = { Type: 'AT_TIMESTAMP', Timestamp: START }
    const { NextToken } = await kinesis.run('ListShards', { StreamName: 'orders', ShardFilter })
    expect(await kinesis.run('ListShards', { NextToken, MaxResults: 9 })).not.toHaveProperty('NextToken')
    expect(kinesis.commands[1]).toEqual({
      ...{ ...LISTED, created: START, filter: { type: 'AT_TIMESTAMP', time: START }, from: 4, limit: 9 },
    })
    kinesis.now += 300_000
    await kinesis.run('ListShards', { NextToken, StreamARN: TEST_STREAM_ARN })
    expect(await kinesis.refusal('ListShards', { NextToken, StreamARN: `${TEST_STREAM_ARN}2` })).toBe(
      'InvalidArgumentException: Invalid NextToken.',
    )
    kinesis.now++
    expect(await kinesis.refusal('ListShards', { NextToken })).toBe(
      'ExpiredNextTokenException: The NextToken has expired: it was made more than 300 seconds ago.',
    )
  })

  test.each([
    [{}, 'Either NextToken or StreamName should be provided.'],
    [{ NextToken: 'x' }, 'Invalid NextToken.'],
    [{ NextToken: 'x', StreamName: 'orders' }, 'NextToken and StreamName cannot be provided together.'],
    [
      { NextToken: 'x', ExclusiveStartShardId: 'shardId-000000000000' },
      'NextToken and ExclusiveStartShardId cannot be provided together.',
    ],
    [
      { NextToken: 'x', StreamCreationTimestamp: 0 },
      'NextToken and StreamCreationTimestamp cannot be provided together.',
    ],
    [
      { NextToken: 'x', ShardFilter: { Type: 'AT_LATEST' } },
      'NextToken and ShardFilter cannot be provided together.',
    ],
    [
      { StreamName: 'orders', ShardFilter: { Type: 'AFTER_SHARD_ID' } },
      'ShardId must be provided when ShardFilter Type is AFTER_SHARD_ID.',
    ],
    [
      { StreamName: 'orders', ShardFilter: { Type: 'FROM_TIMESTAMP' } },
      'Timestamp must be provided when ShardFilter Type is FROM_TIMESTAMP.',
    ],
  ])('%j is refused', async (input, message) => {
    expect(await refusal('ListShards', input)).toBe(`InvalidArgumentException: ${message}`)
  })

  test.each([
    [{ MaxResults: 0 }, "Value '0' at 'maxResults'", 'have value greater than or equal to 1'],
    [{ MaxResults: 10_001 }, "Value '10001' at 'maxResults'", 'have value less than or equal to 10000'],
    [{ NextToken: '' }, "Value '' at 'nextToken'", 'have length greater than or equal to 1'],
    [
      { ExclusiveStartShardId: 'a/' },
      "Value 'a/' at 'exclusiveStartShardId'",
      'satisfy regular expression pattern: [a-zA-Z0-9_.-]+',
    ],
    [
      { ShardFilter: { Type: 'x' } },
      "Value 'x' at 'shardFilter.type'",
      'satisfy enum value set: [AFTER_SHARD_ID, AT_TRIM_HORIZON, FROM_TRIM_HORIZON, AT_LATEST, AT_TIMESTAMP, FROM_TIMESTAMP]',
    ],
  ])('%j is refused in the words of the validator', async (input, at, constraint) => {
    expect(await refusal('ListShards', { StreamName: 'orders', ...input })).toBe(
      `ValidationException: 1 validation error detected: ${at} failed to satisfy constraint: Member must ${constraint}`,
    )
  })
})

test('a shard is split where the second child is to begin', async () => {
  const kinesis = new ScriptedKinesis(null)
  const input = { StreamName: 'orders', ShardToSplit: 'shardId-000000000002', NewStartingHashKey: '255' }
  expect(await kinesis.run('SplitShard', input)).toEqual({})
  expect(kinesis.commands).toEqual([
    {
      ...{ service: 'kinesis', kind: 'splitShard', stream: TEST_STREAM, shard: 2, settleMs: 7 },
      at: `${'0'.repeat(30)}ff`,
    },
  ])
})

test('a hash key beyond all there are is outside of every shard', async () => {
  const NewStartingHashKey = '9'.repeat(39)
  const input = { StreamName: 'orders', ShardToSplit: 'shard-3', NewStartingHashKey }
  expect(await new ScriptedKinesis(PAGE).refusal('SplitShard', input)).toBe(
    `InvalidArgumentException: NewStartingHashKey ${NewStartingHashKey} used in SplitShard() on shard shardId-000000000003 ` +
      "in stream orders under account 000000000000 is not both greater than one plus the shard's StartingHashKey 0 " +
      "and less than the shard's EndingHashKey 340282366920938463463374607431768211455.",
  )
  expect(await new ScriptedKinesis(PAGE).refusal('SplitShard', { ...input, ShardToSplit: 'shard-2' })).toBe(
    'ResourceNotFoundException: Could not find shard shardId-000000000002 in stream orders under account 000000000000.',
  )
})

test('two shards are merged', async () => {
  const kinesis = new ScriptedKinesis(null)
  await kinesis.run('MergeShards', {
    StreamName: 'orders',
    ShardToMerge: 'shard-0',
    AdjacentShardToMerge: 'x-1',
  })
  expect(kinesis.commands).toEqual([
    { service: 'kinesis', kind: 'mergeShards', stream: TEST_STREAM, shard: 0, adjacent: 1, settleMs: 7 },
  ])
})

test.each([
  ['SplitShard', { ShardToSplit: 'x', NewStartingHashKey: '0' }],
  ['MergeShards', { ShardToMerge: 'x', AdjacentShardToMerge: 'shard-0' }],
  ['MergeShards', { ShardToMerge: 'shard-0', AdjacentShardToMerge: 'x' }],
  ['DescribeStream', { ExclusiveStartShardId: 'x' }],
  ['ListShards', { ExclusiveStartShardId: 'x' }],
  ['ListShards', { ShardFilter: { Type: 'AFTER_SHARD_ID', ShardId: 'x' } }],
])('%s of %j names no shard', async (name, input) => {
  expect(await refusal(name, { StreamName: 'orders', ...input })).toBe(
    'ResourceNotFoundException: Could not find shard x in stream orders under account 000000000000.',
  )
})

test.each(['01', '-1', '1e5', '', '1'.repeat(40)])('%s is no hash key', async (NewStartingHashKey) => {
  expect(
    await refusal('SplitShard', { StreamName: 'orders', ShardToSplit: 'shard-0', NewStartingHashKey }),
  ).toBe(
    `ValidationException: 1 validation error detected: Value '${NewStartingHashKey}' at 'newStartingHashKey' ` +
      'failed to satisfy constraint: Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})',
  )
})

test('the number of shards is changed', async () => {
  const kinesis = new ScriptedKinesis({ stream: TEST_STREAM, before: 2 })
  const input = { StreamName: 'orders', TargetShardCount: 4, ScalingType: 'UNIFORM_SCALING' }
  expect(await kinesis.run('UpdateShardCount', input)).toEqual({
    ...{ StreamName: 'orders', StreamARN: TEST_STREAM_ARN, CurrentShardCount: 2, TargetShardCount: 4 },
  })
  expect(kinesis.commands).toEqual([
    { service: 'kinesis', kind: 'setShardCount', stream: TEST_STREAM, shards: 4, settleMs: 7 },
  ])
})

test.each([
  [{ TargetShardCount: 0 }, "Value '0' at 'targetShardCount'", 'have value greater than or equal to 1'],
  [
    { TargetShardCount: 100_001 },
    "Value '100001' at 'targetShardCount'",
    'have value less than or equal to 100000',
  ],
  [{ ScalingType: 'x' }, "Value 'x' at 'scalingType'", 'satisfy enum value set: [UNIFORM_SCALING]'],
])('a number of shards of %j is refused', async (input, at, constraint) => {
  const rest = { StreamName: 'orders', TargetShardCount: 1, ScalingType: 'UNIFORM_SCALING' }
  expect(await refusal('UpdateShardCount', { ...rest, ...input })).toBe(
    `ValidationException: 1 validation error detected: ${at} failed to satisfy constraint: Member must ${constraint}`,
  )
})
