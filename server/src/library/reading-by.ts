import type { SealReading } from '../core/sealed-body.ts'
import type { QueueAddress } from '../services/sqs/commands.ts'
import { DEFAULT_QUEUE_SETTINGS } from '../services/sqs/queue-settings.ts'

/** How a test reads what a queue holds: whoever runs the server may see it all, as long as there is a key for it. */
export function readingBy({ accountId, region }: QueueAddress): SealReading {
  const reuseMs = DEFAULT_QUEUE_SETTINGS.kmsDataKeyReusePeriodSeconds * 1000
  return { accountId, region, reuseMs, user: null }
}
