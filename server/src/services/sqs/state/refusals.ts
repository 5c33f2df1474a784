import type { ErrorShape } from '../../../api/service-error.ts'
import type { Refusal } from '../commands.ts'
import { InvalidParameterValue, ReceiptHandleIsInvalid } from '../errors.ts'
import type { QueueSettings } from '../queue-settings.ts'

/** What one message or receipt of several is refused with. */
export function refusal(error: ErrorShape, message: string): Refusal {
  return { error, message }
}

export function tooLarge({ maximumMessageSizeBytes }: QueueSettings): Refusal {
  return refusal(
    InvalidParameterValue,
    `One or more parameters are invalid. Reason: Message must be shorter than ${maximumMessageSizeBytes} bytes.`,
  )
}

/** Told of a receipt whose message became visible again, where that matters. */
export const EXPIRED_RECEIPT: Refusal = {
  error: InvalidParameterValue,
  message:
    'Value {ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.',
  inBatch: { error: ReceiptHandleIsInvalid, message: 'The receipt handle has expired' },
}
