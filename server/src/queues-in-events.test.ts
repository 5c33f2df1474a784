import { expect, test } from 'vitest'
import { ByteWriter } from './base/byte-writer.ts'
import { queuesIn } from './queues-in-events.ts'
import { DEFAULT_QUEUE_SETTINGS } from './services/sqs/queue-settings.ts'
import { encodeEvent } from './services/sqs/state/event-layouts.ts'
import { EVENT, type SqsEvent } from './services/sqs/state/events.ts'

const TICK = 1

/** Events as the machine journals them, a tick before them. */
function journaled(...events: readonly SqsEvent[]): Uint8Array {
  const all = new ByteWriter()
  const add = (kind: number, payload: Uint8Array) => {
    all.reserve(8 + payload.length)
    all.uint16(kind)
    all.uint16(1)
    all.uint32(payload.length)
    all.bytes(payload)
  }
  add(TICK, new Uint8Array(8))
  for (const event of events) {
    const payload = new ByteWriter()
    encodeEvent(event, payload)
    add(event.kind, payload.take())
  }
  return all.take()
}

const address = { accountId: '000000000000', region: 'us-east-1', name: 'orders' }
const created: SqsEvent = {
  kind: EVENT.queueCreated,
  queue: 7,
  address,
  settings: DEFAULT_QUEUE_SETTINGS,
  tags: {},
}
const purged: SqsEvent = { kind: EVENT.queuePurged, queue: 9 }

test('each queue is told once, by its name where the events say it', () => {
  expect([...queuesIn(journaled(created, purged, purged))]).toEqual([
    'queue number 7, created as orders (us-east-1, 000000000000)',
    'queue number 9',
  ])
})

test('what is cut short is told as far as it goes', () => {
  const events = journaled(purged, created)
  expect([...queuesIn(events.subarray(0, events.length - 1))]).toEqual(['queue number 9'])
})
