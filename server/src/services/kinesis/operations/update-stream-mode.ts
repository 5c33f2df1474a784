import type { UpdateStreamModeInput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { resolveStream } from '../stream-arn.ts'
import { parseStreamMode, parseWarmThroughput } from '../stream-mode.ts'

const NAME = 'UpdateStreamMode'

export const updateStreamMode = (ports: KinesisPorts) =>
  operation<UpdateStreamModeInput, object>(NAME, async (input, request) => {
    const stream = resolveStream({ StreamARN: input.StreamARN }, NAME, request)
    const mode = parseStreamMode(input.StreamModeDetails)
    const warmThroughput = parseWarmThroughput(mode, input.WarmThroughputMiBps)
    await ask(ports, {
      service: 'kinesis',
      kind: 'setMode',
      stream,
      mode,
      warmThroughput,
      settleMs: ports.transitionMs,
    })
    return {}
  })
