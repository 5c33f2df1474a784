import type {
  UpdateStreamWarmThroughputInput,
  UpdateStreamWarmThroughputOutput,
} from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { resolveStream, streamArn } from '../stream-arn.ts'

const NAME = 'UpdateStreamWarmThroughput'

export const updateStreamWarmThroughput = (ports: KinesisPorts) =>
  operation<UpdateStreamWarmThroughputInput, UpdateStreamWarmThroughputOutput>(
    NAME,
    async (input, request) => {
      const stream = resolveStream(input, NAME, request)
      const { WarmThroughputMiBps: warmThroughput } = input
      const { before } = await ask(ports, {
        ...{ service: 'kinesis', kind: 'setWarmThroughput', stream, warmThroughput },
        settleMs: ports.transitionMs,
      } as const)
      return {
        StreamName: stream.name,
        StreamARN: streamArn(stream),
        WarmThroughput: { TargetMiBps: warmThroughput, CurrentMiBps: before },
      }
    },
  )
