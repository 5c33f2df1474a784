import { ServiceError } from '../../../api/service-error.ts'
import { keyAt, keyText } from '../../../core/key.ts'
import { RequestThrottled } from '../errors.ts'
import { FIFO_CALLS_PER_SECOND, GROUP_CALLS_PER_SECOND, highThroughputCallsPerSecond } from '../limits.ts'
import type { MeteredAction } from './call-rates.ts'
import type { FifoQueue } from './fifo-queue.ts'
import { refusal } from './refusals.ts'

/** What a message or a receipt of a group that had too many calls is refused with. */
export const THROTTLED = refusal(RequestThrottled, 'Request is throttled')

/** Whether what a call asks of the group whose key stands at `at` may be done; null where it may be done of any group. */
export type GroupAdmission = ((groupKeys: Uint32Array, at: number) => boolean) | null

/**
 * Refuses a metered call that is one too many for the queue, and says of each group whether the call is one too many for that.
 * A group counts once in a call, whatever the call asks of it.
 */
export function admitCall(
  queue: FifoQueue,
  action: MeteredAction,
  command: { readonly isMetered?: boolean | undefined },
  now: number,
): GroupAdmission {
  if (command.isMetered !== true) return null
  const isHigh = queue.settings.fifoThroughputLimit === 'perMessageGroupId'
  const callsMax = isHigh ? highThroughputCallsPerSecond(queue.address.region) : FIFO_CALLS_PER_SECOND
  if (!queue.callRates.admit(action, command, now, callsMax)) {
    throw new ServiceError(THROTTLED.error, THROTTLED.message)
  }
  if (!isHigh) return null
  const admitted = new Map<string, boolean>()
  return (groupKeys, at) => {
    const groupKey = keyAt(groupKeys, at)
    const group = keyText(groupKey)
    const known = admitted.get(group)
    if (known !== undefined) return known
    const isAdmitted = queue.callRates.admitGroup(action, groupKey, now, GROUP_CALLS_PER_SECOND)
    admitted.set(group, isAdmitted)
    return isAdmitted
  }
}
