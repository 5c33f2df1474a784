import { describe, expect, test } from 'vitest'
import {
  ScriptedKinesis,
  START,
  TEST_STREAM,
  TEST_STREAM_ARN,
} from '../../../../test/kinesis/scripted-kinesis.ts'
import type { ShardDescription, StreamDescription } from '../commands.ts'
import { GREATEST_HASH_KEY, LEAST_HASH_KEY } from '../hash-key.ts'

const STREAM = { stream: TEST_STREAM }
const DESCRIPTION: StreamDescription = {
  ...{ name: 'orders', status: 'ACTIVE', mode: 'PROVISIONED', created: START, id: 'id', retentionHours: 24 },
  ...{ maxRecordKiB: 1024, warmThroughput: null, monitored: [], keyId: null, openShards: 1, consumers: 2 },
}
const SHARD: ShardDescription = {
  ...{ number: 0, parent: null, adjacentParent: null, createdSecond: START / 1000, closed: null },
  ...{ startingHashKey: LEAST_HASH_KEY, endingHashKey: GREATEST_HASH_KEY },
}

const refusal = (name: string, input: object) => new ScriptedKinesis().refusal(name, { ...input })

/** What the cell is asked for the input. */
async function asked(name: string, input: object, reply: unknown = null) {
  const kinesis = new ScriptedKinesis(reply)
  await kinesis.run(name, { ...input })
  return kinesis.commands
}

describe('CreateStream', () => {
  const created = { ...STREAM, service: 'kinesis', kind: 'createStream', settleMs: 7, tags: {} }

  test('a stream of as many shards as are asked for is provisioned', async () => {
    expect(await asked('CreateStream', { StreamName: 'orders', ShardCount: 3 })).toEqual([
      {
        ...{ ...created, mode: 'PROVISIONED', shards: 3, maxRecordKiB: 1024, warmThroughput: null },
        id: expect.stringMatching(/^[a-z0-9]{20}-[a-z0-9]{3}$/),
      },
    ])
  })

  test.each([
    [{}, { mode: 'ON_DEMAND', shards: 4, warmThroughput: null }],
    [
      { StreamModeDetails: { StreamMode: 'ON_DEMAND' }, WarmThroughputMiBps: 0 },
      { mode: 'ON_DEMAND', shards: 4, warmThroughput: 0 },
    ],
    [
      { StreamModeDetails: { StreamMode: 'PROVISIONED' }, ShardCount: 2, MaxRecordSizeInKiB: 10_240 },
      { mode: 'PROVISIONED', shards: 2, maxRecordKiB: 10_240 },
    ],
    [
      { ShardCount: 1, Tags: { a: '', 'ü0 _.:/=+-@': 'ü0 _.:/=+-@' } },
      { tags: { a: '', 'ü0 _.:/=+-@': 'ü0 _.:/=+-@' } },
    ],
  ])('%j is taken as it is meant', async (input, command) => {
    expect(await asked('CreateStream', { StreamName: 'orders', ...input })).toMatchObject([
      { ...created, ...command },
    ])
  })

  test.each([
    [
      { StreamName: 'a b' },
      "Value 'a b' at 'streamName'",
      'satisfy regular expression pattern: [a-zA-Z0-9_.-]+',
    ],
    [{ StreamName: 'x'.repeat(129) }, "at 'streamName'", 'have length less than or equal to 128'],
    [{ ShardCount: 0 }, "Value '0' at 'shardCount'", 'have value greater than or equal to 1'],
    [
      { StreamModeDetails: { StreamMode: 'x' } },
      "Value 'x' at 'streamModeDetails.streamMode'",
      'satisfy enum value set: [PROVISIONED, ON_DEMAND]',
    ],
    [{ StreamModeDetails: {} }, "Value null at 'streamModeDetails.streamMode'", 'not be null'],
    [
      { MaxRecordSizeInKiB: 1023 },
      "Value '1023' at 'maxRecordSizeInKiB'",
      'have value greater than or equal to 1024',
    ],
    [
      { MaxRecordSizeInKiB: 10_241 },
      "Value '10241' at 'maxRecordSizeInKiB'",
      'have value less than or equal to 10240',
    ],
    [
      { WarmThroughputMiBps: -1 },
      "Value '-1' at 'warmThroughputMiBps'",
      'have value greater than or equal to 0',
    ],
    [{ Tags: {} }, "Value '{}' at 'tags'", 'have length greater than or equal to 1'],
  ])('%j is refused in the words of the validator', async (input, at, constraint) => {
    const told = await refusal('CreateStream', { StreamName: 'orders', ...input })
    expect(told).toMatch(/^ValidationException: 1 validation error detected: Value /)
    expect(told).toContain(`${at} failed to satisfy constraint: Member must ${constraint}`)
  })

  test('everything that is wrong is told at once', async () => {
    expect(await refusal('CreateStream', { StreamName: '', ShardCount: 0 })).toBe(
      'ValidationException: 3 validation errors detected: ' +
        "Value '0' at 'shardCount' failed to satisfy constraint: Member must have value greater than or equal to 1; " +
        "Value '' at 'streamName' failed to satisfy constraint: " +
        'Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+; ' +
        "Value '' at 'streamName' failed to satisfy constraint: Member must have length greater than or equal to 1",
    )
  })

  test.each([
    [
      { ShardCount: 1, StreamModeDetails: { StreamMode: 'ON_DEMAND' } },
      'ShardCount is not expected when StreamMode=ON_DEMAND',
    ],
    [
      { StreamModeDetails: { StreamMode: 'PROVISIONED' } },
      'ShardCount is required when StreamMode=PROVISIONED',
    ],
    [
      { ShardCount: 1, WarmThroughputMiBps: 1 },
      'WarmThroughputMiBps is not expected when StreamMode=PROVISIONED',
    ],
    [
      { ShardCount: 1, Tags: { 'a;': '' } },
      'Some tags contain invalid characters. Valid characters: Unicode letters, digits, white space, _ . / = + - % @.',
    ],
  ])('%j is refused', async (input, message) => {
    expect(await refusal('CreateStream', { StreamName: 'orders', ...input })).toBe(
      `InvalidArgumentException: ${message}`,
    )
  })
})

describe('a description', () => {
  test('has what there is to tell, and the shards', async () => {
    const kinesis = new ScriptedKinesis(DESCRIPTION, { shards: [SHARD], next: null, created: START })
    expect(await kinesis.run('DescribeStream', { StreamName: 'orders' })).toEqual({
      StreamDescription: {
        ...{ StreamName: 'orders', StreamARN: TEST_STREAM_ARN, StreamStatus: 'ACTIVE' },
        ...{ StreamModeDetails: { StreamMode: 'PROVISIONED' }, StreamCreationTimestamp: START },
        ...{
          RetentionPeriodHours: 24,
          EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
          EncryptionType: 'NONE',
        },
        HasMoreShards: false,
        Shards: [
          {
            ShardId: 'shardId-000000000000',
            HashKeyRange: {
              StartingHashKey: '0',
              EndingHashKey: '340282366920938463463374607431768211455',
            },
            SequenceNumberRange: { StartingSequenceNumber: expect.stringMatching(/^\d{56}$/) },
          },
        ],
      },
    })
  })

  test.each([
    [{}, 0, 100],
    [{ Limit: 10_000, ExclusiveStartShardId: 'shardId-000000000004' }, 5, 100],
    [{ Limit: 3 }, 0, 3],
  ])('of %j lists shards from %i on, %i at most', async (input, from, limit) => {
    const kinesis = new ScriptedKinesis(DESCRIPTION, { shards: [], next: 9, created: START })
    const { StreamDescription } = await kinesis.run('DescribeStream', { StreamName: 'orders', ...input })
    expect(StreamDescription.HasMoreShards).toBe(true)
    expect(kinesis.commands[1]).toEqual({
      ...{ ...STREAM, service: 'kinesis', kind: 'listShards', created: START, filter: null, from, limit },
    })
  })

  test('a summary counts shards and consumers', async () => {
    const encrypted = { ...DESCRIPTION, keyId: 'alias/k', warmThroughput: 9, monitored: ['IncomingBytes'] }
    const kinesis = new ScriptedKinesis(encrypted)
    const input = { StreamARN: TEST_STREAM_ARN }
    expect((await kinesis.run('DescribeStreamSummary', input)).StreamDescriptionSummary).toEqual({
      ...{ StreamName: 'orders', StreamARN: TEST_STREAM_ARN, StreamStatus: 'ACTIVE', StreamId: 'id' },
      ...{ StreamModeDetails: { StreamMode: 'PROVISIONED' }, StreamCreationTimestamp: START },
      ...{ RetentionPeriodHours: 24, EnhancedMonitoring: [{ ShardLevelMetrics: ['IncomingBytes'] }] },
      ...{ EncryptionType: 'KMS', KeyId: 'alias/k', OpenShardCount: 1, ConsumerCount: 2 },
      ...{ MaxRecordSizeInKiB: 1024, WarmThroughput: { TargetMiBps: 9, CurrentMiBps: 9 } },
    })
  })
})

test('streams are listed by pages of a hundred, after a name or a token', async () => {
  const summary = { name: 'orders', status: 'ACTIVE', mode: 'ON_DEMAND', created: START }
  const kinesis = new ScriptedKinesis(
    { streams: [summary], next: 'orders' },
    ...[0, 1].map(() => ({ streams: [], next: null })),
  )
  const first = await kinesis.run('ListStreams', { Limit: 1 })
  expect(first).toEqual({
    ...{ StreamNames: ['orders'], HasMoreStreams: true, NextToken: expect.any(String) },
    StreamSummaries: [
      {
        ...{ StreamName: 'orders', StreamARN: TEST_STREAM_ARN, StreamStatus: 'ACTIVE' },
        ...{ StreamModeDetails: { StreamMode: 'ON_DEMAND' }, StreamCreationTimestamp: START },
      },
    ],
  })
  const last = { StreamNames: [], HasMoreStreams: false, StreamSummaries: [] }
  expect(await kinesis.run('ListStreams', { NextToken: first.NextToken, Limit: 10_000 })).toEqual(last)
  await kinesis.run('ListStreams', { ExclusiveStartStreamName: 'a' })
  expect(kinesis.commands).toMatchObject([
    { kind: 'listStreams', region: 'eu-west-1', after: '', limit: 1 },
    { after: 'orders', limit: 100 },
    { after: 'a', limit: 100 },
  ])
  expect(await refusal('ListStreams', { NextToken: 'x' })).toBe(
    'InvalidArgumentException: Invalid NextToken.',
  )
  expect(await kinesis.refusal('ListStreams', { NextToken: first.NextToken }, otherRegion)).toBe(
    'InvalidArgumentException: Invalid NextToken.',
  )
  kinesis.now += 300_001
  expect(await kinesis.refusal('ListStreams', { NextToken: first.NextToken })).toBe(
    'ExpiredNextTokenException: The NextToken has expired: it was made more than 300 seconds ago.',
  )
})

const otherRegion = {
  caller: {
    ...{ accountId: '000000000000', region: 'us-east-1', userId: 'AIDAEXAMPLE' },
    principalArn: 'arn:aws:iam::000000000000:user/example',
  },
}

test.each([
  ['DeleteStream', {}, 'deleteStream', { withConsumers: false }],
  ['DeleteStream', { EnforceConsumerDeletion: true }, 'deleteStream', { withConsumers: true }],
  [
    ...['IncreaseStreamRetentionPeriod', { RetentionPeriodHours: 8760 }, 'setRetention'],
    { hours: 8760, direction: 'increase' },
  ],
  [
    ...['DecreaseStreamRetentionPeriod', { RetentionPeriodHours: 24 }, 'setRetention'],
    { hours: 24, direction: 'decrease' },
  ],
  ['UpdateMaxRecordSize', { MaxRecordSizeInKiB: 2000 }, 'setMaxRecordSize', { maxRecordKiB: 2000 }],
  ['StopStreamEncryption', { EncryptionType: 'KMS', KeyId: 'alias/k' }, 'setEncryption', { keyId: null }],
  [
    'UpdateStreamMode',
    { StreamModeDetails: { StreamMode: 'PROVISIONED' } },
    'setMode',
    { mode: 'PROVISIONED', warmThroughput: null },
  ],
  [
    ...[
      'UpdateStreamMode',
      { StreamModeDetails: { StreamMode: 'ON_DEMAND' }, WarmThroughputMiBps: 5 },
      'setMode',
    ],
    { mode: 'ON_DEMAND', warmThroughput: 5 },
  ],
] as const)('%s of %j asks for %s', async (name, input, kind, command) => {
  expect(await asked(name, { StreamARN: TEST_STREAM_ARN, ...input })).toEqual([
    { ...STREAM, service: 'kinesis', kind, settleMs: 7, ...command },
  ])
})

test.each([
  [
    'IncreaseStreamRetentionPeriod',
    23,
    'InvalidArgumentException: Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.',
  ],
  [
    'DecreaseStreamRetentionPeriod',
    8761,
    'InvalidArgumentException: Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long.',
  ],
  [
    'IncreaseStreamRetentionPeriod',
    -1,
    "ValidationException: 1 validation error detected: Value '-1' at 'retentionPeriodHours' failed to satisfy constraint: Member must have value greater than or equal to 1",
  ],
])('%s to %i hours is refused', async (name, RetentionPeriodHours, message) => {
  expect(await refusal(name, { StreamName: 'orders', RetentionPeriodHours })).toBe(message)
})

test('a key is looked at before it is taken, once the stream is known to be there', async () => {
  const kinesis = new ScriptedKinesis(null, null)
  const KeyId = 'alias/k'
  const input = { StreamARN: TEST_STREAM_ARN, EncryptionType: 'KMS', KeyId }
  await kinesis.run('StartStreamEncryption', input)
  expect(kinesis.commands).toEqual([
    { ...STREAM, service: 'kinesis', kind: 'getStream' },
    { ...STREAM, service: 'kinesis', kind: 'setEncryption', settleMs: 7, keyId: KeyId },
  ])
  expect(kinesis.keys.asked).toEqual([`Decrypt alias/k {"aws:kinesis:arn":"${TEST_STREAM_ARN}"}`])
})

test.each([
  ['not found', 'KMSNotFoundException'],
  ['disabled', 'KMSDisabledException'],
  ['invalid state', 'KMSInvalidStateException'],
  ['access denied', 'KMSAccessDeniedException'],
  ['invalid key usage', 'KMSInvalidStateException'],
  ['unavailable', 'KMSInvalidStateException'],
] as const)('a key that is %s is refused as %s', async (problem, code) => {
  const kinesis = new ScriptedKinesis(null)
  kinesis.keys.problems.set('alias/k', problem)
  const input = { StreamName: 'orders', EncryptionType: 'KMS', KeyId: 'alias/k' }
  expect(await kinesis.refusal('StartStreamEncryption', input)).toBe(`${code}: alias/k is ${problem}.`)
  expect(kinesis.commands.map(({ kind }) => kind)).toEqual(['getStream'])
})

test.each([
  'alias/aws/kinesis',
  '12345678-1234-1234-1234-123456789012',
  'mrk-12345678123412341234123456789012',
  'arn:aws:kms:us-east-1:123456789012:key/12345678-1234-1234-1234-123456789012',
  'arn:aws:kms:us-east-1:123456789012:alias/MyAliasName',
])('%s is a key to encrypt with', async (KeyId) => {
  const input = { StreamName: 'orders', EncryptionType: 'KMS', KeyId }
  expect((await asked('StartStreamEncryption', input)).at(-1)).toMatchObject({ keyId: KeyId })
})

test.each([
  'key',
  'alias/',
  'alias/a b',
  'arn:aws:kms:us-east-1:1:key/k',
  'arn:aws:kms:us-east-1:123456789012:key/k',
])('%s is none', async (KeyId) => {
  for (const name of ['StartStreamEncryption', 'StopStreamEncryption']) {
    expect(await refusal(name, { StreamName: 'orders', EncryptionType: 'KMS', KeyId })).toBe(
      `KMSNotFoundException: Invalid keyId '${KeyId}'`,
    )
  }
})

test('a stream is encrypted with KMS or not at all', async () => {
  const input = { StreamName: 'orders', KeyId: 'alias/k' }
  expect(await refusal('StartStreamEncryption', { ...input, EncryptionType: 'NONE' })).toBe(
    'InvalidArgumentException: EncryptionType NONE is invalid. The only valid value is KMS.',
  )
  expect(await refusal('StartStreamEncryption', { ...input, EncryptionType: 'AES' })).toContain(
    "Value 'AES' at 'encryptionType' failed to satisfy constraint: Member must satisfy enum value set: [NONE, KMS]",
  )
})

test('metrics of shards are switched on and off by their names, or all', async () => {
  const input = {
    StreamName: 'orders',
    ShardLevelMetrics: ['OutgoingBytes', 'IncomingBytes', 'IncomingBytes'],
  }
  const kinesis = new ScriptedKinesis({ before: [], after: ['IncomingBytes'] }, { before: [], after: [] })
  expect(await kinesis.run('EnableEnhancedMonitoring', input)).toEqual({
    ...{ StreamName: 'orders', StreamARN: TEST_STREAM_ARN },
    ...{ CurrentShardLevelMetrics: [], DesiredShardLevelMetrics: ['IncomingBytes'] },
  })
  await kinesis.run('DisableEnhancedMonitoring', { ...input, ShardLevelMetrics: ['ALL'] })
  expect(kinesis.commands).toMatchObject([
    {
      ...STREAM,
      kind: 'setMonitoring',
      enable: ['IncomingBytes', 'OutgoingBytes'],
      disable: [],
      settleMs: 7,
    },
    { enable: [], disable: expect.objectContaining({ length: 7 }) },
  ])
  expect(await refusal('EnableEnhancedMonitoring', { ...input, ShardLevelMetrics: ['x'] })).toBe(
    "ValidationException: 1 validation error detected: Value '[x]' at 'shardLevelMetrics' failed to satisfy constraint: " +
      'Member must satisfy constraint: [Member must satisfy enum value set: [IncomingBytes, IncomingRecords, OutgoingBytes, ' +
      'OutgoingRecords, WriteProvisionedThroughputExceeded, ReadProvisionedThroughputExceeded, IteratorAgeMilliseconds, ALL]]',
  )
  expect(await refusal('DisableEnhancedMonitoring', { ...input, ShardLevelMetrics: [] })).toContain(
    "Value '[]' at 'shardLevelMetrics' failed to satisfy constraint: Member must have length greater than or equal to 1",
  )
})

test('warm throughput is told as it was and as it is to be', async () => {
  const kinesis = new ScriptedKinesis({ before: 4 })
  expect(
    await kinesis.run('UpdateStreamWarmThroughput', { StreamName: 'orders', WarmThroughputMiBps: 8 }),
  ).toEqual({
    ...{ StreamName: 'orders', StreamARN: TEST_STREAM_ARN },
    WarmThroughput: { TargetMiBps: 8, CurrentMiBps: 4 },
  })
  expect(kinesis.commands).toEqual([
    { ...STREAM, service: 'kinesis', kind: 'setWarmThroughput', warmThroughput: 8, settleMs: 7 },
  ])
  const toProvisioned = { StreamModeDetails: { StreamMode: 'PROVISIONED' }, WarmThroughputMiBps: 1 }
  expect(await refusal('UpdateStreamMode', { StreamARN: TEST_STREAM_ARN, ...toProvisioned })).toBe(
    'InvalidArgumentException: WarmThroughputMiBps is not expected when StreamMode=PROVISIONED',
  )
})

test('an account commits itself, and ends that', async () => {
  const states = [
    { commitment: false, since: null, until: null, endsAt: null },
    { commitment: true, since: 1, until: 2, endsAt: null },
    { commitment: true, since: 1, until: 2, endsAt: 2 },
    { commitment: false, since: 1, until: 2, endsAt: 3 },
  ]
  const kinesis = new ScriptedKinesis(...states)
  const update = (Status: string) =>
    kinesis.run('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status } })
  const answers = [
    await kinesis.run('DescribeAccountSettings'),
    await update('ENABLED'),
    await update('DISABLED'),
    await kinesis.run('DescribeAccountSettings'),
  ]
  expect(answers.map((answer) => answer.MinimumThroughputBillingCommitment)).toEqual([
    { Status: 'DISABLED' },
    { Status: 'ENABLED', StartedAt: 1, EarliestAllowedEndAt: 2 },
    { Status: 'ENABLED_UNTIL_EARLIEST_ALLOWED_END', StartedAt: 1, EarliestAllowedEndAt: 2 },
    { Status: 'DISABLED', StartedAt: 1, EndedAt: 3 },
  ])
  const account = { service: 'kinesis', accountId: '000000000000', region: 'eu-west-1' }
  expect(kinesis.commands.slice(0, 3)).toEqual([
    { ...account, kind: 'getAccount' },
    { ...account, kind: 'setAccount', commitment: true },
    { ...account, kind: 'setAccount', commitment: false },
  ])
  expect(
    await refusal('UpdateAccountSettings', { MinimumThroughputBillingCommitment: { Status: 'x' } }),
  ).toContain(
    "at 'minimumThroughputBillingCommitment.status' failed to satisfy constraint: Member must satisfy enum value set: [ENABLED, DISABLED]",
  )
})

test('limits are told with how much of them is used', async () => {
  const kinesis = new ScriptedKinesis({ openShards: 3, onDemandStreams: 1 })
  expect(await kinesis.run('DescribeLimits')).toMatchObject({ OpenShardCount: 3, OnDemandStreamCount: 1 })
})
