import type { Credentials } from '../load/sigv4.ts'
import type { Lap } from '../stopwatch.ts'

/** What the loader process of topics is to do. Handed over as JSON in its only argument. */
export interface TopicPlan {
  readonly work: TopicWork
  readonly port: number
  readonly credentials: Credentials
  readonly region: string
  /** How many queues are subscribed; null for one queue without a topic, which messages are sent to. */
  readonly subscribers: number | null
  /** Whether each queue has a filter policy of its own, so that a message is for one of them alone. */
  readonly isFiltered: boolean
  readonly connections: number
  readonly bodyBytes: number
  /** How long the load runs before it is measured. */
  readonly warmUpSeconds: number
  /** How long it is measured. */
  readonly seconds: number
}

export type TopicWork =
  /** Publishes one message a request, until the time is over. */
  | { readonly kind: 'publish' }
  /**
   * Publishes so many messages (a multiple of 10) in batches of 10, then receives and deletes them, 10 at a time, from one
   * queue after the other, until the time is over; only that is measured, but for its first tenth.
   */
  | { readonly kind: 'take'; readonly messages: number }

/** What a loader process prints, as one line of JSON, when everything added up. */
export interface TopicResult extends Lap {
  /** Messages that were published in all, warm-up included. */
  readonly published: number
}
