import type { DescribeLimitsInput, DescribeLimitsOutput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { ON_DEMAND_STREAMS_MAX, SHARDS_MAX } from '../limits.ts'
import { ask, type KinesisPorts } from '../ports.ts'

export const describeLimits = (ports: KinesisPorts) =>
  operation<DescribeLimitsInput, DescribeLimitsOutput>('DescribeLimits', async (_input, request) => {
    const { accountId, region } = request.caller
    const scope = { accountId, region }
    const { openShards, onDemandStreams } = await ask(ports, {
      service: 'kinesis',
      kind: 'getLimits',
      ...scope,
    })
    return {
      ShardLimit: SHARDS_MAX,
      OpenShardCount: openShards,
      OnDemandStreamCount: onDemandStreams,
      OnDemandStreamCountLimit: ON_DEMAND_STREAMS_MAX,
    }
  })
