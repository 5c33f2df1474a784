import type { EnhancedMonitoringOutput } from '../../api/generated/kinesis.ts'
import type { ShardMetric, StreamAddress } from './commands.ts'
import { ask, type KinesisPorts } from './ports.ts'
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

/** Whether metrics of a stream's shards are collected from now on; `names` as a request has them. */
export async function changeMonitoring(
  ports: KinesisPorts,
  stream: StreamAddress,
  names: readonly string[],
  change: 'enable' | 'disable',
): Promise<EnhancedMonitoringOutput> {
  const none: readonly ShardMetric[] = []
  const { before, after } = await ask(ports, {
    ...{ service: 'kinesis', kind: 'setMonitoring', stream, settleMs: ports.transitionMs },
    ...{ enable: none, disable: none, [change]: parseShardMetrics(names) },
  } as const)
  return {
    StreamName: stream.name,
    StreamARN: streamArn(stream),
    CurrentShardLevelMetrics: before,
    DesiredShardLevelMetrics: after,
  }
}

/** The metrics that a request names, each once; `ALL` is all of them. */
function parseShardMetrics(names: readonly string[]): readonly ShardMetric[] {
  return names.includes('ALL') ? SHARD_METRICS : SHARD_METRICS.filter((metric) => names.includes(metric))
}
