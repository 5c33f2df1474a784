import { isWithin } from '../../base/range.ts'
import { invalidParameter, missingParameter } from './errors.ts'
import { VISIBILITY_TIMEOUT_SECONDS } from './limits.ts'

/** What ChangeMessageVisibility and each entry of its batch form set, checked. */
export function parseVisibilityTimeout(seconds: number | undefined): number {
  if (seconds === undefined) throw missingParameter('VisibilityTimeout')
  if (isWithin(seconds, VISIBILITY_TIMEOUT_SECONDS)) return seconds
  const { min, max } = VISIBILITY_TIMEOUT_SECONDS
  throw invalidParameter(
    'VisibilityTimeout',
    seconds,
    `VisibilityTimeout must be an integer between ${min} and ${max}.`,
  )
}
