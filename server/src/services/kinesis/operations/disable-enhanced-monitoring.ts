import type {
  DisableEnhancedMonitoringInput,
  EnhancedMonitoringOutput,
} from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { parseShardMetrics, renderMonitoring } from '../shard-metrics.ts'
import { resolveStream } from '../stream-arn.ts'

const NAME = 'DisableEnhancedMonitoring'

export const disableEnhancedMonitoring = (ports: KinesisPorts) =>
  operation<DisableEnhancedMonitoringInput, EnhancedMonitoringOutput>(NAME, async (input, request) => {
    const stream = resolveStream(input, NAME, request)
    const disable = parseShardMetrics(input.ShardLevelMetrics)
    const metrics = await ask(ports, {
      ...{ service: 'kinesis', kind: 'setMonitoring', stream, enable: [], disable },
      settleMs: ports.transitionMs,
    } as const)
    return renderMonitoring(stream, metrics)
  })
