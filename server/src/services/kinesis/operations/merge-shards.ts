import type { MergeShardsInput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { resolveShard } from '../shard-id.ts'
import { resolveStream } from '../stream-arn.ts'

const NAME = 'MergeShards'

export const mergeShards = (ports: KinesisPorts) =>
  operation<MergeShardsInput, object>(NAME, async (input, request) => {
    const stream = resolveStream(input, NAME, request)
    const shard = resolveShard(input.ShardToMerge, stream)
    const adjacent = resolveShard(input.AdjacentShardToMerge, stream)
    await ask(ports, {
      service: 'kinesis',
      kind: 'mergeShards',
      stream,
      shard,
      adjacent,
      settleMs: ports.transitionMs,
    })
    return {}
  })
