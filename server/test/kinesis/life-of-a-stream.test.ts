import { expect, test } from 'vitest'
import { KinesisOnState } from './kinesis-on-state.ts'
import { TEST_STREAM_ARN } from './scripted-kinesis.ts'

const StreamName = 'orders'
const StreamARN = TEST_STREAM_ARN
const LAST_KEY = '340282366920938463463374607431768211455'

async function world(ShardCount = 1): Promise<KinesisOnState> {
  const kinesis = new KinesisOnState()
  await kinesis.run('CreateStream', { StreamName, ShardCount })
  return kinesis
}

const summary = async (kinesis: KinesisOnState) =>
  (await kinesis.run('DescribeStreamSummary', { StreamName })).StreamDescriptionSummary

const shardsOf = async (kinesis: KinesisOnState, input: object = {}) =>
  (await kinesis.run('ListShards', { StreamName, ...input })).Shards as readonly {
    readonly ShardId: string
    readonly ParentShardId?: string
    readonly AdjacentParentShardId?: string
    readonly HashKeyRange: { readonly StartingHashKey: string; readonly EndingHashKey: string }
    readonly SequenceNumberRange: {
      readonly StartingSequenceNumber: string
      readonly EndingSequenceNumber?: string
    }
  }[]

const idsOf = async (kinesis: KinesisOnState, input: object = {}) =>
  (await shardsOf(kinesis, input)).map(({ ShardId }) => Number(ShardId.slice(-3)))

test('three shards share the hash keys as at AWS', async () => {
  expect((await shardsOf(await world(3))).map(({ HashKeyRange }) => HashKeyRange)).toEqual([
    { StartingHashKey: '0', EndingHashKey: '113427455640312821154458202477256070484' },
    {
      StartingHashKey: '113427455640312821154458202477256070485',
      EndingHashKey: '226854911280625642308916404954512140969',
    },
    { StartingHashKey: '226854911280625642308916404954512140970', EndingHashKey: LAST_KEY },
  ])
})

test('a shard is split and its children are merged again', async () => {
  const kinesis = await world()
  await kinesis.run('SplitShard', {
    StreamName,
    ShardToSplit: 'shardId-000000000000',
    NewStartingHashKey: '2',
  })
  await kinesis.run('MergeShards', {
    ...{ StreamName, ShardToMerge: 'shardId-000000000001', AdjacentShardToMerge: 'shardId-000000000002' },
  })
  const shards = await shardsOf(kinesis)
  expect(
    shards.map(({ ParentShardId, AdjacentParentShardId, HashKeyRange: range }) => [
      ...[ParentShardId?.slice(-1), AdjacentParentShardId?.slice(-1)],
      ...[range.StartingHashKey, range.EndingHashKey],
    ]),
  ).toEqual([
    [undefined, undefined, '0', LAST_KEY],
    ['0', undefined, '0', '1'],
    ['0', undefined, '2', LAST_KEY],
    ['1', '2', '0', LAST_KEY],
  ])
  const [root, left, , merged] = shards.map(({ SequenceNumberRange: range }) => range)
  expect(BigInt(root!.EndingSequenceNumber!)).toBeLessThan(BigInt(left!.StartingSequenceNumber))
  expect(BigInt(left!.EndingSequenceNumber!)).toBeLessThan(BigInt(merged!.StartingSequenceNumber))
  expect(merged!.EndingSequenceNumber).toBeUndefined()
  expect(await idsOf(kinesis, { ShardFilter: { Type: 'AT_LATEST' } })).toEqual([3])
  expect(await idsOf(kinesis, { ExclusiveStartShardId: 'shardId-000000000001' })).toEqual([2, 3])
  const after = { Type: 'AFTER_SHARD_ID', ShardId: 'shardId-000000000002' }
  expect(await idsOf(kinesis, { ShardFilter: after })).toEqual([3])
})

const ONE_SHARD = 'shard shardId-000000000000 in stream orders under account 000000000000'
const NOT_WITHIN = `used in SplitShard() on ${ONE_SHARD} is not both greater than one plus the shard's StartingHashKey 0 and less than the shard's EndingHashKey ${LAST_KEY}.`
const NO_SHARD_5 =
  'ResourceNotFoundException: Could not find shard shardId-000000000005 in stream orders under account 000000000000.'

test.each<[string, object, string]>([
  ...['1', LAST_KEY, '9'.repeat(39)].map((NewStartingHashKey): [string, object, string] => [
    'SplitShard',
    { ShardToSplit: 'shard-0', NewStartingHashKey },
    `InvalidArgumentException: NewStartingHashKey ${NewStartingHashKey} ${NOT_WITHIN}`,
  ]),
  ['SplitShard', { ShardToSplit: 'shardId-5', NewStartingHashKey: '5' }, NO_SHARD_5],
  ['MergeShards', { ShardToMerge: 'shard-0', AdjacentShardToMerge: 'shard-5' }, NO_SHARD_5],
  [
    'UpdateShardCount',
    { TargetShardCount: 3, ScalingType: 'UNIFORM_SCALING' },
    'LimitExceededException: UpdateShardCount cannot scale up over double your current open shard count. Current open shard count: 1, Target shard count: 3',
  ],
  ['IncreaseStreamRetentionPeriod', { RetentionPeriodHours: 24 }, 'not refused'],
  [
    'DecreaseStreamRetentionPeriod',
    { RetentionPeriodHours: 25 },
    'InvalidArgumentException: Requested retention period (25 hours) for stream orders can not be longer than existing retention period (24 hours). Use IncreaseRetentionPeriod API.',
  ],
  [
    'CreateStream',
    { ShardCount: 1 },
    'ResourceInUseException: Stream orders under account 000000000000 already exists.',
  ],
  [
    'AddTagsToStream',
    { Tags: Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`tag-${i}`, ''])) },
    'InvalidArgumentException: Failed to add tags to stream orders under account 000000000000 because a given stream cannot have more than 50 tags associated with it.',
  ],
])('%s of %j is answered with what AWS answers', async (name, input, message) => {
  expect(await (await world()).refusal(name, { StreamName, ...input })).toBe(message)
})

test('shards that are not side by side do not merge, nor in the wrong order', async () => {
  const kinesis = await world(3)
  for (const [a, b] of [
    [0, 2],
    [1, 0],
  ]) {
    const pair = { ShardToMerge: `shard-${a}`, AdjacentShardToMerge: `shard-${b}` }
    expect(await kinesis.refusal('MergeShards', { StreamName, ...pair })).toBe(
      `InvalidArgumentException: Shards shardId-00000000000${a} and shardId-00000000000${b} in stream orders under account 000000000000 are not an adjacent pair of shards eligible for merging`,
    )
  }
})

test('a stream shows its changes for as long as they take, and refuses others', async () => {
  const kinesis = new KinesisOnState()
  kinesis.transitionMs = 1000
  await kinesis.run('CreateStream', { StreamName, ShardCount: 1 })
  expect(await summary(kinesis)).toMatchObject({ StreamStatus: 'CREATING' })
  const described = await kinesis.run('DescribeStream', { StreamName })
  expect(described.StreamDescription).toMatchObject({ Shards: [], HasMoreShards: false })
  const split = { StreamName, ShardToSplit: 'shard-0', NewStartingHashKey: '9' }
  expect(await kinesis.refusal('SplitShard', split)).toBe(
    'ResourceInUseException: Stream orders under account 000000000000 not ACTIVE, instead in state CREATING',
  )
  kinesis.now += 1000
  expect(await kinesis.refusal('SplitShard', split)).toBe('not refused')
  expect(await summary(kinesis)).toMatchObject({ StreamStatus: 'UPDATING' })
  kinesis.now += 1000
  await kinesis.run('DeleteStream', { StreamName })
  expect(await summary(kinesis)).toMatchObject({ StreamStatus: 'DELETING' })
  kinesis.now += 1000
  expect(await kinesis.refusal('DescribeStreamSummary', { StreamName })).toBe(
    'ResourceNotFoundException: Stream orders under account 000000000000 not found.',
  )
})

test('what is set is described', async () => {
  const kinesis = await world(2)
  const shards = { StreamName, TargetShardCount: 4, ScalingType: 'UNIFORM_SCALING' }
  expect(await kinesis.run('UpdateShardCount', shards)).toMatchObject({ CurrentShardCount: 2 })
  await kinesis.run('IncreaseStreamRetentionPeriod', { StreamName, RetentionPeriodHours: 48 })
  await kinesis.run('UpdateMaxRecordSize', { StreamARN, MaxRecordSizeInKiB: 2048 })
  const encryption = { StreamName, EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' }
  await kinesis.run('StartStreamEncryption', encryption)
  const metrics = { StreamName, ShardLevelMetrics: ['ALL'] }
  expect((await kinesis.run('EnableEnhancedMonitoring', metrics)).DesiredShardLevelMetrics).toHaveLength(7)
  await kinesis.run('DisableEnhancedMonitoring', { StreamName, ShardLevelMetrics: ['OutgoingBytes'] })
  const described = await summary(kinesis)
  expect(described).toMatchObject({
    ...{ OpenShardCount: 4, RetentionPeriodHours: 48, MaxRecordSizeInKiB: 2048, ConsumerCount: 0 },
    ...{ EncryptionType: 'KMS', KeyId: 'alias/aws/kinesis' },
  })
  expect(described.EnhancedMonitoring[0].ShardLevelMetrics).toHaveLength(6)
  await kinesis.run('StopStreamEncryption', encryption)
  expect(await summary(kinesis)).toMatchObject({ EncryptionType: 'NONE' })
  expect(await kinesis.run('DescribeLimits')).toMatchObject({ OpenShardCount: 4, OnDemandStreamCount: 0 })
})

test('an on-demand stream keeps its shards to itself, and warm with a commitment', async () => {
  const kinesis = new KinesisOnState()
  await kinesis.run('CreateStream', { StreamName })
  expect(await summary(kinesis)).toMatchObject({
    OpenShardCount: 4,
    StreamModeDetails: { StreamMode: 'ON_DEMAND' },
  })
  const refused =
    'ValidationException: Request is invalid. Stream orders under account 000000000000 is in On-Demand mode.'
  const count = { TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' }
  expect(await kinesis.refusal('UpdateShardCount', { StreamName, ...count })).toBe(refused)
  const warm = { StreamName, WarmThroughputMiBps: 100 }
  expect(await kinesis.refusal('UpdateStreamWarmThroughput', warm)).toMatch(/^ValidationException: /)
  const MinimumThroughputBillingCommitment = { Status: 'ENABLED' }
  await kinesis.run('UpdateAccountSettings', { MinimumThroughputBillingCommitment })
  await kinesis.run('UpdateStreamWarmThroughput', warm)
  expect(await summary(kinesis)).toMatchObject({ WarmThroughput: { TargetMiBps: 100 } })
  const ended = { MinimumThroughputBillingCommitment: { Status: 'DISABLED' } }
  await kinesis.run('UpdateAccountSettings', ended)
  const { MinimumThroughputBillingCommitment: state } = await kinesis.run('DescribeAccountSettings')
  expect(state).toMatchObject({ Status: 'ENABLED_UNTIL_EARLIEST_ALLOWED_END' })
  kinesis.now = state.EarliestAllowedEndAt
  expect((await kinesis.run('DescribeAccountSettings')).MinimumThroughputBillingCommitment).toMatchObject({
    Status: 'DISABLED',
  })
  await kinesis.run('UpdateStreamMode', { StreamARN, StreamModeDetails: { StreamMode: 'PROVISIONED' } })
  expect(await kinesis.refusal('UpdateShardCount', { StreamName, ...count })).toBe('not refused')
})

test('consumers come and go, and keep their stream', async () => {
  const kinesis = await world()
  for (const ConsumerName of ['b', 'a', 'c'])
    await kinesis.run('RegisterStreamConsumer', { StreamARN, ConsumerName })
  expect(await kinesis.refusal('RegisterStreamConsumer', { StreamARN, ConsumerName: 'a' })).toMatch(
    /^ResourceInUseException: Consumer a .* already exists\.$/,
  )
  const { Consumers, NextToken } = await kinesis.run('ListStreamConsumers', { StreamARN, MaxResults: 2 })
  expect(Consumers.map(({ ConsumerName }: { ConsumerName: string }) => ConsumerName)).toEqual(['a', 'b'])
  const rest = await kinesis.run('ListStreamConsumers', { StreamARN, NextToken })
  expect(rest.Consumers).toMatchObject([{ ConsumerName: 'c', ConsumerStatus: 'ACTIVE' }])
  const { ConsumerARN } = Consumers[0]
  await kinesis.run('TagResource', { ResourceARN: ConsumerARN, Tags: { a: 'b' } })
  expect(await kinesis.run('ListTagsForResource', { ResourceARN: ConsumerARN })).toEqual({
    Tags: [{ Key: 'a', Value: 'b' }],
  })
  expect(await kinesis.refusal('DeleteStream', { StreamName })).toBe(
    "ResourceInUseException: DeleteStream can't delete 000000000000:orders because there are consumers associated with this data stream. To delete orders anyway, set the EnforceConsumerDeletion parameter to true to force the deletion of all the consumers that are associated with it.",
  )
  await kinesis.run('DeregisterStreamConsumer', { ConsumerARN })
  expect(await kinesis.refusal('DescribeStreamConsumer', { ConsumerARN })).toBe(
    'ResourceNotFoundException: Consumer a, account 000000000000 not found.',
  )
  await kinesis.run('DeleteStream', { StreamName, EnforceConsumerDeletion: true })
  expect((await kinesis.run('ListStreams')).StreamNames).toEqual([])
})

test('a policy is there until it is deleted, and is missed when it is deleted again', async () => {
  const kinesis = await world()
  const ResourceARN = StreamARN
  const Policy = '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"kinesis:*"}]}'
  await kinesis.run('PutResourcePolicy', { ResourceARN, Policy })
  expect(await kinesis.run('GetResourcePolicy', { ResourceARN })).toEqual({ Policy })
  await kinesis.run('DeleteResourcePolicy', { ResourceARN })
  expect(await kinesis.run('GetResourcePolicy', { ResourceARN })).toEqual({ Policy: '{}' })
  expect(await kinesis.refusal('DeleteResourcePolicy', { ResourceARN })).toBe(
    `ResourceNotFoundException: No resource policy found for resource ARN ${ResourceARN}.`,
  )
})

test('a stream of a thousand shards and more is listed by pages, without a gap and without one twice', async () => {
  const kinesis = await world(2500)
  const seen: string[] = []
  let input: object = { StreamName }
  for (;;) {
    const { Shards, NextToken } = await kinesis.run('ListShards', { ...input })
    seen.push(...Shards.map(({ ShardId }: { ShardId: string }) => ShardId))
    if (NextToken === undefined) break
    expect(Shards).toHaveLength(1000)
    input = { NextToken }
  }
  expect(seen).toHaveLength(2500)
  expect(new Set(seen).size).toBe(2500)
  expect(seen).toEqual([...seen].sort())
})

test('a token of a stream that was deleted and created anew is none of its', async () => {
  const kinesis = await world(3)
  const { NextToken } = await kinesis.run('ListShards', { StreamName, MaxResults: 1 })
  await kinesis.run('DeleteStream', { StreamName })
  kinesis.now += 5000
  await kinesis.run('CreateStream', { StreamName, ShardCount: 3 })
  expect(await kinesis.refusal('ListShards', { NextToken })).toBe(
    'ResourceNotFoundException: Stream orders under account 000000000000 not found.',
  )
})

test('streams are listed by their names, in the region and account that asks', async () => {
  const kinesis = new KinesisOnState()
  for (const name of ['c', 'a', 'b']) await kinesis.run('CreateStream', { StreamName: name, ShardCount: 1 })
  const first = await kinesis.run('ListStreams', { Limit: 2 })
  expect(first).toMatchObject({ StreamNames: ['a', 'b'], HasMoreStreams: true })
  const last = { StreamNames: ['c'], HasMoreStreams: false }
  expect(await kinesis.run('ListStreams', { NextToken: first.NextToken })).toMatchObject(last)
  expect(await kinesis.run('ListStreams', { ExclusiveStartStreamName: 'b' })).toMatchObject(last)
})
