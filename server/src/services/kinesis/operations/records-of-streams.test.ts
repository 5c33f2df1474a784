import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { bytesOf, KinesisWorld, ORDERS } from '../../../../test/kinesis/kinesis-world.ts'
import { START, TEST_STREAM_ARN } from '../../../../test/kinesis/scripted-kinesis.ts'

const SHARD = 'shardId-000000000000'

async function words(world: KinesisWorld, start: object): Promise<readonly string[]> {
  const ShardIterator = await world.iterator(SHARD, start as Record<string, unknown>)
  const { Records } = await world.run('GetRecords', { ShardIterator })
  return Records.map(({ Data }: { Data: Uint8Array }) => Buffer.from(Data).toString())
}

test('a reader begins where it says', async () => {
  const world = await KinesisWorld.withStream()
  const [, second] = await world.put('a', 'b')
  await world.time.runFor(1000)
  const between = world.time.now()
  await world.time.runFor(1000)
  await world.put('c')
  const from = (ShardIteratorType: string, more = {}) => words(world, { ShardIteratorType, ...more })
  const at = { StartingSequenceNumber: second }
  const check = async () => {
    expect(await from('TRIM_HORIZON')).toEqual(['a', 'b', 'c'])
    expect(await from('LATEST')).toEqual([])
    expect(await from('AT_SEQUENCE_NUMBER', at)).toEqual(['b', 'c'])
    expect(await from('AFTER_SEQUENCE_NUMBER', at)).toEqual(['c'])
    expect(await from('AT_TIMESTAMP', { Timestamp: between })).toEqual(['c'])
    expect(await from('AT_TIMESTAMP', { Timestamp: START })).toEqual(['a', 'b', 'c'])
    expect(await from('AT_TIMESTAMP', { Timestamp: 0 })).toEqual(['a', 'b', 'c'])
  }
  await check()
  const { Shards } = await world.run('ListShards', ORDERS)
  const StartingSequenceNumber = Shards[0].SequenceNumberRange.StartingSequenceNumber
  for (const type of ['AT', 'AFTER']) {
    expect(await from(`${type}_SEQUENCE_NUMBER`, { StartingSequenceNumber })).toEqual(['a', 'b', 'c'])
  }
  // The same once the records have been put together.
  await world.time.runFor(30_000)
  await check()
})

test('records have outlived their time when it says so', async () => {
  const world = await KinesisWorld.withStream()
  await world.put('a')
  await world.time.runFor(12 * 3_600_000)
  await world.put('b')
  await world.time.runFor(12 * 3_600_000 + 1)
  expect(await words(world, { ShardIteratorType: 'TRIM_HORIZON' })).toEqual(['b'])
  expect(await words(world, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: START })).toEqual(['b'])
})

test('an iterator is for its stream, and for none of the same name that came after', async () => {
  const world = await KinesisWorld.withStream()
  const [number] = await world.put('a')
  const ShardIterator = await world.iterator(SHARD)
  await world.run('DeleteStream', ORDERS)
  const gone = `ResourceNotFoundException: Shard ${SHARD} in stream orders under account 000000000000 does not exist`
  expect(await world.refusal('GetRecords', { ShardIterator })).toBe(gone)
  await world.time.runFor(5000)
  await world.run('CreateStream', { ...ORDERS, ShardCount: 1 })
  await world.put('b')
  expect(await world.refusal('GetRecords', { ShardIterator })).toBe(gone)
  const start = { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: number }
  expect(await world.refusal('GetShardIterator', { ...ORDERS, ShardId: SHARD, ...start })).toBe(
    `InvalidArgumentException: StartingSequenceNumber ${number} used in GetShardIterator on shard ${SHARD} in stream orders under account 000000000000 is invalid because it did not come from this stream.`,
  )
})

test('what is not there is told so', async () => {
  const world = await KinesisWorld.withStream()
  const iterator = (input: object) =>
    world.refusal('GetShardIterator', {
      ...ORDERS,
      ShardId: 'shardId-5',
      ShardIteratorType: 'LATEST',
      ...input,
    })
  const missing = (stream: string) =>
    `ResourceNotFoundException: Shard shardId-000000000005 in stream ${stream} under account 000000000000 does not exist`
  expect(await iterator({})).toBe(missing('orders'))
  expect(await iterator({ StreamName: 'none' })).toBe(missing('none'))
  const Records = [{ PartitionKey: 'k', Data: bytesOf('a') }]
  expect(await world.refusal('PutRecords', { StreamName: 'none', Records })).toBe(
    'ResourceNotFoundException: Stream none under account 000000000000 not found.',
  )
})

test('a stream that takes larger records takes them at once, and smaller ones only likewise', async () => {
  const world = await KinesisWorld.withStream()
  await world.put('a')
  const record = { ...ORDERS, PartitionKey: 'k', Data: new Uint8Array(1024 * 1024) }
  expect(await world.refusal('PutRecord', record)).toContain('less than or equal to 1048576')
  await world.run('UpdateMaxRecordSize', { StreamARN: TEST_STREAM_ARN, MaxRecordSizeInKiB: 2048 })
  expect(await world.refusal('PutRecord', record)).toBe('not refused')
  await world.run('UpdateMaxRecordSize', { StreamARN: TEST_STREAM_ARN, MaxRecordSizeInKiB: 1024 })
  expect(await world.refusal('PutRecord', record)).toContain('less than or equal to 1048576')
})

test('where throughput is limited, a shard takes a thousand records a second and is read five times', async () => {
  const world = await KinesisWorld.open({ throughputLimits: true })
  await world.run('CreateStream', { ...ORDERS, ShardCount: 1 })
  const Records = Array.from({ length: 400 }, () => ({ PartitionKey: 'k', Data: bytesOf('a') }))
  const failed = async () => (await world.run('PutRecords', { ...ORDERS, Records })).FailedRecordCount
  expect([await failed(), await failed(), await failed()]).toEqual([0, 0, 200])
  expect(await world.refusal('PutRecord', { ...ORDERS, PartitionKey: 'k', Data: bytesOf('a') })).toBe(
    `ProvisionedThroughputExceededException: Rate exceeded for shard ${SHARD} in stream orders under account 000000000000.`,
  )
  const ShardIterator = await world.iterator(SHARD)
  for (let i = 0; i < 5; i++) expect(await world.refusal('GetRecords', { ShardIterator })).toBe('not refused')
  expect(await world.refusal('GetRecords', { ShardIterator })).toBe(
    `ProvisionedThroughputExceededException: Rate exceeded for shard ${SHARD} in stream orders under account 000000000000.`,
  )
  await world.time.runFor(1000)
  expect(await world.refusal('GetRecords', { ShardIterator })).toBe('not refused')
  expect(await failed()).toBe(0)
})
