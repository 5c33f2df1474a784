import type { EnhancedMonitoringOutput } from '../../api/generated/kinesis.ts'
import type { ShardMetric, StreamAddress, StreamReplies } from './commands.ts'
import { streamArn } from './stream-arn.ts'

const SHARD_METRICS: readonly ShardMetric[] = [
  'IncomingBytes',
  'IncomingRecords',
  'OutgoingBytes',
  'OutgoingRecords',
  'WriteProvisionedThroughputExceeded',
  'ReadProvisionedThroughputExceeded',
  'IteratorAgeMilliseconds',
]

/** The metrics that a request names, each once; `ALL` is all of them. */
export function parseShardMetrics(names: readonly string[]): readonly ShardMetric[] {
  return names.includes('ALL') ? SHARD_METRICS : SHARD_METRICS.filter((metric) => names.includes(metric))
}

export function renderMonitoring(
  stream: StreamAddress,
  { before, after }: StreamReplies['setMonitoring'],
): EnhancedMonitoringOutput {
  return {
    StreamName: stream.name,
    StreamARN: streamArn(stream),
    CurrentShardLevelMetrics: before,
    DesiredShardLevelMetrics: after,
  }
}
