import type { Happening, HappeningKind } from '../services/sqs/state/observed-sqs-state.ts'
import type { QueueMessage } from './queue-message.ts'

/**
 * What can happen to a message. Of time alone, a timeout that passed or a message that expired, nothing is told.
 *
 * - `sent`: it is in the queue. A duplicate that a FIFO queue takes no notice of is not sent.
 * - `deadLettered`: it was received too often and went to the dead-letter queue.
 * - `moved`: a message move task took it to another queue, where it is a new message.
 * - `receiveUndone`: its receiver was gone before the answer was there: it is available again, and the receive doesn't count.
 */
export type QueueEvent = (typeof QUEUE_EVENTS)[number]

export const QUEUE_EVENTS = [
  'sent',
  'received',
  'deleted',
  'deadLettered',
  'moved',
  'visibilityChanged',
  'receiveUndone',
] as const satisfies readonly HappeningKind[]

/** Something that happened to one message. */
export interface Happened {
  readonly event: QueueEvent
  /** The name of the queue that the message was in. */
  readonly queue: string
  /** The name of the queue that it went to, if it did. */
  readonly to?: string
  /** As it was then. */
  readonly message: QueueMessage
  /** Milliseconds since the epoch, by the server's clock. */
  readonly at: number
}

/** One of the messages of a happening, as a test is told of it. */
export function happened({ kind, queue, to, at }: Happening, message: QueueMessage): Happened {
  return { event: kind, queue: queue.name, ...(to !== null && { to: to.name }), message, at }
}
