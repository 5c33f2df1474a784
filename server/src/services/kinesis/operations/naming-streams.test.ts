import { describe, expect, test } from 'vitest'
import { ScriptedKinesis, TEST_STREAM_ARN } from '../../../../test/kinesis/scripted-kinesis.ts'
import { streamNotFound } from '../errors.ts'

/** What each operation that names a stream needs beside. */
const BY_NAME_OR_ARN: Readonly<Record<string, object>> = {
  AddTagsToStream: { Tags: { a: 'b' } },
  DecreaseStreamRetentionPeriod: { RetentionPeriodHours: 24 },
  DeleteStream: {},
  DescribeStream: {},
  DescribeStreamSummary: {},
  DisableEnhancedMonitoring: { ShardLevelMetrics: ['ALL'] },
  EnableEnhancedMonitoring: { ShardLevelMetrics: ['ALL'] },
  IncreaseStreamRetentionPeriod: { RetentionPeriodHours: 24 },
  ListTagsForStream: {},
  MergeShards: { ShardToMerge: 'shard-0', AdjacentShardToMerge: 'shard-1' },
  RemoveTagsFromStream: { TagKeys: ['a'] },
  SplitShard: { ShardToSplit: 'shard-0', NewStartingHashKey: '5' },
  StartStreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/k' },
  StopStreamEncryption: { EncryptionType: 'KMS', KeyId: 'alias/k' },
  UpdateShardCount: { TargetShardCount: 2, ScalingType: 'UNIFORM_SCALING' },
  UpdateStreamWarmThroughput: { WarmThroughputMiBps: 1 },
}
const BY_ARN: Readonly<Record<string, object>> = {
  ...BY_NAME_OR_ARN,
  ListShards: {},
  ListStreamConsumers: {},
  RegisterStreamConsumer: { ConsumerName: 'app' },
  UpdateMaxRecordSize: { MaxRecordSizeInKiB: 1024 },
  UpdateStreamMode: { StreamModeDetails: { StreamMode: 'ON_DEMAND' } },
}

const refusal = (name: string, input: object, reply?: unknown) =>
  new ScriptedKinesis(reply).refusal(name, { ...input })

describe.each(Object.entries(BY_NAME_OR_ARN))('%s', (name, rest) => {
  test('needs to know of which stream', async () => {
    expect(await refusal(name, rest)).toBe(
      'InvalidArgumentException: Either StreamName or StreamARN should be provided.',
    )
  })

  test.each([
    [
      '',
      "Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      'a b',
      "Value 'a b' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+",
    ],
    [
      'x'.repeat(129),
      "at 'streamName' failed to satisfy constraint: Member must have length less than or equal to 128",
    ],
  ])('refuses the name %j', async (StreamName, constraint) => {
    const told = await refusal(name, { ...rest, StreamName })
    expect(told).toMatch(/^ValidationException: /)
    expect(told).toContain(constraint)
  })

  test('says that a stream is not there', async () => {
    const missing = streamNotFound({ name: 'orders', accountId: '000000000000' })
    expect(await refusal(name, { ...rest, StreamName: 'orders' }, missing)).toBe(
      'ResourceNotFoundException: Stream orders under account 000000000000 not found.',
    )
  })
})

describe.each(Object.entries(BY_ARN))('%s', (name, rest) => {
  test('finds the stream of an ARN', async () => {
    const kinesis = new ScriptedKinesis(streamNotFound({ name: 'orders', accountId: '000000000000' }))
    const StreamARN = 'arn:aws:kinesis:us-east-1:000000000000:stream/orders'
    await kinesis.refusal(name, { ...rest, StreamARN })
    const stream = { accountId: '000000000000', region: 'us-east-1', name: 'orders' }
    const [command] = kinesis.commands
    expect(command).toMatchObject(/Tags/.test(name) ? { resource: { stream, consumer: null } } : { stream })
  })

  test('refuses what is no ARN of a stream, and ids that can be none', async () => {
    for (const StreamARN of [
      '',
      'orders',
      'arn:aws:sqs:eu-west-1:000000000000:orders',
      `${TEST_STREAM_ARN} x`,
    ]) {
      const told = await refusal(name, { ...rest, StreamARN })
      expect(told).toMatch(/^ValidationException: /)
      expect(told).toContain(
        `Value '${StreamARN}' at 'streamARN' failed to satisfy constraint: Member must satisfy regular expression pattern: ` +
          'arn:aws.*:kinesis:.*:\\d{12}:stream/\\S+',
      )
    }
    expect(await refusal(name, { ...rest, StreamARN: TEST_STREAM_ARN, StreamId: 'x' })).toBe(
      "ValidationException: 1 validation error detected: Value 'x' at 'streamId' failed to satisfy constraint: " +
        'Member must satisfy regular expression pattern: [a-z0-9]{20}-[a-z0-9]{3}',
    )
  })

  test('does not reach into other accounts', async () => {
    const StreamARN = 'arn:aws:kinesis:eu-west-1:111111111111:stream/orders'
    expect(await refusal(name, { ...rest, StreamARN })).toBe(
      `AccessDeniedException: User: arn:aws:iam::000000000000:user/example is not authorized to perform: kinesis:${name} ` +
        `on resource: ${StreamARN} because no resource-based policy allows the kinesis:${name} action`,
    )
  })
})
