import {
  DecreaseStreamRetentionPeriodCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  IncreaseStreamRetentionPeriodCommand,
  PutRecordsCommand,
  SplitShardCommand,
} from '@aws-sdk/client-kinesis'
import { afterEach, expect, test } from 'vitest'
import { errorOf } from './error-of.ts'
import { FIRST_SHARD, TestStreams, textsOf } from './test-streams.ts'

/** What time does to streams, and what limits do. */
const HOUR = 3_600_000

let streams: TestStreams
afterEach(() => streams.destroy())

async function advance(milliseconds: number): Promise<void> {
  const body = JSON.stringify({ advance: `${milliseconds / 1000}s` })
  const { status } = await fetch(`${streams.server.url}/_millrace/clock`, { method: 'POST', body })
  expect(status).toBe(200)
}

test('records are there until the retention passes, and so is a shard that was closed', async () => {
  streams = await TestStreams.start('--auth', 'off', '--allow-clock-control')
  const stream = await streams.newStream()
  await streams.put(stream, 'of the first day')
  await streams.kinesis.send(
    new SplitShardCommand({ StreamName: stream, ShardToSplit: FIRST_SHARD, NewStartingHashKey: '7' }),
  )
  await advance(23 * HOUR)
  expect(textsOf(await streams.read(stream))).toEqual(['of the first day'])
  await streams.kinesis.send(
    new IncreaseStreamRetentionPeriodCommand({ StreamName: stream, RetentionPeriodHours: 48 }),
  )
  await advance(23 * HOUR)
  expect(textsOf(await streams.read(stream))).toEqual(['of the first day'])
  await streams.kinesis.send(
    new DecreaseStreamRetentionPeriodCommand({ StreamName: stream, RetentionPeriodHours: 24 }),
  )
  expect((await streams.shards(stream)).map(({ ShardId }) => ShardId)).toEqual([
    'shardId-000000000001',
    'shardId-000000000002',
  ])
  expect((await errorOf(streams.iterator(stream))).name).toBe('ResourceNotFoundException')
})

test('an iterator is good for five minutes', async () => {
  streams = await TestStreams.start('--auth', 'off', '--allow-clock-control')
  const stream = await streams.newStream()
  const ShardIterator = await streams.iterator(stream)
  await advance(299_000)
  await streams.kinesis.send(new GetRecordsCommand({ ShardIterator }))
  await advance(2000)
  const expired = await errorOf(streams.kinesis.send(new GetRecordsCommand({ ShardIterator })))
  expect(expired.name).toBe('ExpiredIteratorException')
})

test('a shard takes 1,000 records a second where throughput is limited, and refuses the others one by one', async () => {
  streams = await TestStreams.start('--kinesis-throughput-limits', 'on')
  const stream = await streams.newStream()
  const Records = Array.from({ length: 500 }, (_, i) => ({
    PartitionKey: 'key',
    Data: Buffer.from(String(i)),
  }))
  const put = () => streams.kinesis.send(new PutRecordsCommand({ StreamName: stream, Records }))
  const answers = await Promise.all([put(), put(), put(), put()])
  const failed = answers.flatMap(({ Records = [] }) =>
    Records.filter(({ ErrorCode }) => ErrorCode !== undefined),
  )
  expect(failed.length).toBeGreaterThan(0)
  expect(answers.reduce((sum, { FailedRecordCount }) => sum + FailedRecordCount!, 0)).toBe(failed.length)
  expect(failed[0]).toMatchObject({
    ErrorCode: 'ProvisionedThroughputExceededException',
    ErrorMessage: `Rate exceeded for shard ${FIRST_SHARD} in stream ${stream} under account 000000000000.`,
  })
  expect((await streams.read(stream)).length).toBe(2000 - failed.length)
})

test('a stream is CREATING for as long as it is told to take', async () => {
  streams = await TestStreams.start('--kinesis-transition-ms', '400')
  const stream = await streams.newStream()
  const status = async () =>
    (await streams.kinesis.send(new DescribeStreamSummaryCommand({ StreamName: stream })))
      .StreamDescriptionSummary!.StreamStatus
  expect(await status()).toBe('CREATING')
  expect((await errorOf(streams.put(stream, 'too early'))).name).toBe('ResourceNotFoundException')
  await new Promise((resolve) => setTimeout(resolve, 600))
  expect(await status()).toBe('ACTIVE')
  await streams.put(stream, 'in time')
})
