import { ByteReader } from './base/byte-reader.ts'
import { decodeEvent } from './services/sqs/state/event-layouts.ts'
import { EVENT, type OriginNoted, type SqsEvent } from './services/sqs/state/events.ts'

const SQS_NUMBER = 1

/**
 * The queues that a stretch of journaled events is about, for the report of a repair, as far as the bytes can be read. Only the
 * creation of a queue says its name; all else knows it by its number, which is never used again.
 */
export function queuesIn(events: Uint8Array): ReadonlySet<string> {
  const queues = new Set<string>()
  const reader = new ByteReader(events)
  try {
    while (reader.remaining > 0) {
      const kind = reader.uint16()
      const version = reader.uint16()
      const payload = new ByteReader(reader.bytes(reader.uint32()))
      if (kind >>> 8 !== SQS_NUMBER) continue
      const event = decodeEvent(kind, version, payload)
      // What an origin is noted for tells the event behind it.
      if (event.kind !== EVENT.originNoted) queues.add(describeQueue(event))
    }
  } catch {
    // The stretch is from a damaged frame: what was read up to here is told, the lost frames are in the report anyway.
  }
  return queues
}

function describeQueue(event: Exclude<SqsEvent, OriginNoted>): string {
  if (event.kind === EVENT.allQueuesDeleted) return 'all queues, which a reset deleted'
  if (event.kind !== EVENT.queueCreated) return `queue number ${event.queue}`
  const { name, region, accountId } = event.address
  return `queue number ${event.queue}, created as ${name} (${region}, ${accountId})`
}
