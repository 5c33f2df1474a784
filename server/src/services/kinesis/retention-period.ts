import type { StreamAddress } from './commands.ts'
import { invalidArgument, violates } from './errors.ts'
import { RETENTION_HOURS } from './limits.ts'
import { ask, type KinesisPorts } from './ports.ts'

/** The validator that comes first knows of no more than this. */
const HOURS_MIN = 1

export async function changeRetention(
  ports: KinesisPorts,
  stream: StreamAddress,
  hours: number,
  direction: 'increase' | 'decrease',
): Promise<object> {
  checkRetentionHours(hours)
  const { transitionMs: settleMs } = ports
  await ask(ports, { service: 'kinesis', kind: 'setRetention', stream, hours, direction, settleMs })
  return {}
}

/** Refuses a retention period that no stream can have. Whether it is longer or shorter than the stream's is for the cell to say. */
function checkRetentionHours(hours: number): void {
  if (hours < HOURS_MIN) {
    throw violates('RetentionPeriodHours', { kind: 'tooSmall', value: hours, min: HOURS_MIN })
  }
  const { min, max } = RETENTION_HOURS
  const requested = `Requested retention period (${hours} hours)`
  if (hours < min)
    throw invalidArgument(`Minimum allowed retention period is ${min} hours. ${requested} is too short.`)
  if (hours > max)
    throw invalidArgument(`Maximum allowed retention period is ${max} hours. ${requested} is too long.`)
}
