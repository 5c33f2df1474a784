import type { CreateStreamInput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { RECORD_KIB } from '../limits.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { newStreamId } from '../stream-id.ts'
import { parseCapacity, parseWarmThroughput } from '../stream-mode.ts'
import { problemOfTags } from '../tags.ts'

export const createStream = (ports: KinesisPorts) =>
  operation<CreateStreamInput, object>('CreateStream', async (input, request) => {
    const { accountId, region } = request.caller
    const stream = { accountId, region, name: input.StreamName }
    const { mode, shards } = parseCapacity(input.StreamModeDetails, input.ShardCount)
    const warmThroughput = parseWarmThroughput(mode, input.WarmThroughputMiBps)
    const { MaxRecordSizeInKiB: maxRecordKiB = RECORD_KIB.min, Tags: tags = {} } = input
    const problem = problemOfTags({ stream, consumer: null }, tags)
    if (problem !== undefined) throw problem
    await ask(ports, {
      ...{ service: 'kinesis', kind: 'createStream', stream, id: newStreamId(ports.random) },
      ...{ mode, shards, maxRecordKiB, warmThroughput, tags, settleMs: ports.transitionMs },
    } as const)
    return {}
  })
