import { isFifoName } from '../queue-name.ts'
import { FifoQueue, type FifoRecord } from './fifo-queue.ts'
import { decodeQueueRecord, type NewQueue, type Queue, type QueueCommons, type QueueRecord } from './queue.ts'
import { StandardQueue } from './standard-queue.ts'

/** A queue without messages, of the kind that its name tells. */
export function newQueue(commons: QueueCommons, record: NewQueue): Queue {
  return isFifoName(record.address.name) ? new FifoQueue(commons, record) : new StandardQueue(commons, record)
}

/** Rebuilds a queue and its pages; its entries call `adopt` afterwards, and `settle` comes last. */
export function restoreQueue(
  commons: QueueCommons,
  unit: number,
  snapshot: ReadonlyMap<number, Uint8Array>,
  bytes: Uint8Array,
): Queue {
  const record = decodeQueueRecord(bytes)
  if (isFifoRecord(record)) {
    const queue = new FifoQueue(commons, record)
    commons.units.addAs(unit, queue)
    queue.restoreFrom(record, snapshot)
    return queue
  }
  const queue = new StandardQueue(commons, record)
  commons.units.addAs(unit, queue)
  queue.restoreFrom(record, snapshot)
  return queue
}

function isFifoRecord(record: QueueRecord): record is FifoRecord {
  return 'fifo' in record
}
