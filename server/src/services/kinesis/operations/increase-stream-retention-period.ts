import type { IncreaseStreamRetentionPeriodInput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import type { KinesisPorts } from '../ports.ts'
import { changeRetention } from '../retention-period.ts'
import { resolveStream } from '../stream-arn.ts'

const NAME = 'IncreaseStreamRetentionPeriod'

export const increaseStreamRetentionPeriod = (ports: KinesisPorts) =>
  operation<IncreaseStreamRetentionPeriodInput, object>(NAME, async (input, request) =>
    changeRetention(ports, resolveStream(input, NAME, request), input.RetentionPeriodHours, 'increase'),
  )
