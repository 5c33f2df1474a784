import type {
  DisableEnhancedMonitoringInput,
  EnhancedMonitoringOutput,
} from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import type { KinesisPorts } from '../ports.ts'
import { changeMonitoring } from '../shard-metrics.ts'
import { resolveStream } from '../stream-arn.ts'

const NAME = 'DisableEnhancedMonitoring'

export const disableEnhancedMonitoring = (ports: KinesisPorts) =>
  operation<DisableEnhancedMonitoringInput, EnhancedMonitoringOutput>(NAME, async (input, request) =>
    changeMonitoring(ports, resolveStream(input, NAME, request), input.ShardLevelMetrics, 'disable'),
  )
