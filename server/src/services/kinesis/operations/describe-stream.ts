import type { DescribeStreamInput, DescribeStreamOutput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { SHARDS_DESCRIBED_MAX } from '../limits.ts'
import { renderShard } from '../listed-shard.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { resolveShard } from '../shard-id.ts'
import { resolveStream } from '../stream-arn.ts'
import { renderStream } from '../stream-description.ts'

const NAME = 'DescribeStream'

export const describeStream = (ports: KinesisPorts) =>
  operation<DescribeStreamInput, DescribeStreamOutput>(NAME, async (input, request) => {
    const stream = resolveStream(input, NAME, request)
    const { ExclusiveStartShardId: after, Limit = SHARDS_DESCRIBED_MAX } = input
    const from = after === undefined ? 0 : resolveShard(after, stream) + 1
    const limit = Math.min(Limit, SHARDS_DESCRIBED_MAX)
    const description = await ask(ports, { service: 'kinesis', kind: 'getStream', stream })
    const { shards, next } = await ask(ports, {
      ...{ service: 'kinesis', kind: 'listShards', stream, created: description.created },
      ...{ filter: null, from, limit },
    } as const)
    return {
      StreamDescription: {
        ...renderStream(stream, description),
        Shards: shards.map(renderShard),
        HasMoreShards: next !== null,
      },
    }
  })
