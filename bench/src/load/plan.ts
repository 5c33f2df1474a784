import type { Lap } from '../stopwatch.ts'
import type { Credentials } from './sigv4.ts'

/** What a loader process is to do. Handed over as JSON in its only argument. */
export interface LoadPlan {
  readonly work: LoadWork
  readonly port: number
  readonly credentials: Credentials
  readonly region: string
  /** The queue is created if it isn't there. */
  readonly queueName: string
  readonly connections: number
  readonly bodyBytes: number
  /** How long the load runs before it is measured. */
  readonly warmUpSeconds: number
  /** How long it is measured. */
  readonly seconds: number
}

export type LoadWork =
  /** Sends, `batch` messages a request (1: SendMessage), until the time is over; `sealed`: to a queue with a key of KMS. */
  | { readonly kind: 'send'; readonly batch: number; readonly sealed?: boolean }
  /** Sends exactly this many messages in batches of 10; the first tenth is not measured. */
  | { readonly kind: 'fill'; readonly messages: number }
  /** Sends for the time, then receives and deletes in batches of 10 until the queue is empty; only that is measured. */
  | { readonly kind: 'drain' }
  /** Sends one message at a time to a consumer that waits for it, with pauses, until the time is over. */
  | { readonly kind: 'latency' }

/** What may be asked of a queue for as long as one likes. */
export type QueueWork = Extract<LoadWork, { kind: 'send' | 'drain' }>

/** What a loader process prints, as one line of JSON, when everything added up. */
export interface LoadResult extends Lap {
  /** Send to receive, in milliseconds, in order of measurement; empty for all work but `latency`. */
  readonly latenciesMs: readonly number[]
  /** Messages that the queue holds afterwards, by the server's own count. */
  readonly waiting: number
}
