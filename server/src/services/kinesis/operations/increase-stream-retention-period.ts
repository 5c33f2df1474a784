import type { IncreaseStreamRetentionPeriodInput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { checkRetentionHours } from '../retention-period.ts'
import { resolveStream } from '../stream-arn.ts'

const NAME = 'IncreaseStreamRetentionPeriod'

export const increaseStreamRetentionPeriod = (ports: KinesisPorts) =>
  operation<IncreaseStreamRetentionPeriodInput, object>(NAME, async (input, request) => {
    const stream = resolveStream(input, NAME, request)
    const hours = checkRetentionHours(input.RetentionPeriodHours)
    await ask(ports, {
      ...{ service: 'kinesis', kind: 'setRetention', stream, hours, direction: 'increase' },
      settleMs: ports.transitionMs,
    } as const)
    return {}
  })
