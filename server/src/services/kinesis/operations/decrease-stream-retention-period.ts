import type { DecreaseStreamRetentionPeriodInput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import type { KinesisPorts } from '../ports.ts'
import { changeRetention } from '../retention-period.ts'
import { resolveStream } from '../stream-arn.ts'

const NAME = 'DecreaseStreamRetentionPeriod'

export const decreaseStreamRetentionPeriod = (ports: KinesisPorts) =>
  operation<DecreaseStreamRetentionPeriodInput, object>(NAME, async (input, request) =>
    changeRetention(ports, resolveStream(input, NAME, request), input.RetentionPeriodHours, 'decrease'),
  )
