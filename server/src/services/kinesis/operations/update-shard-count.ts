import type { UpdateShardCountInput, UpdateShardCountOutput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { violates } from '../errors.ts'
import { TARGET_SHARDS_MAX } from '../limits.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { resolveStream, streamArn } from '../stream-arn.ts'

const NAME = 'UpdateShardCount'

export const updateShardCount = (ports: KinesisPorts) =>
  operation<UpdateShardCountInput, UpdateShardCountOutput>(NAME, async (input, request) => {
    const { TargetShardCount: shards } = input
    if (shards > TARGET_SHARDS_MAX) {
      throw violates('TargetShardCount', { kind: 'tooLarge', value: shards, max: TARGET_SHARDS_MAX })
    }
    const stream = resolveStream(input, NAME, request)
    const { before } = await ask(ports, {
      ...{ service: 'kinesis', kind: 'setShardCount', stream, shards, settleMs: ports.transitionMs },
    } as const)
    return {
      StreamName: stream.name,
      StreamARN: streamArn(stream),
      CurrentShardCount: before,
      TargetShardCount: shards,
    }
  })
