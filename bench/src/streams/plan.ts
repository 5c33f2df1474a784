import type { Credentials } from '../load/sigv4.ts'
import type { Lap } from '../stopwatch.ts'

/** What the loader process of streams is to do. Handed over as JSON in its only argument. */
export interface StreamPlan {
  readonly work: StreamWork
  readonly port: number
  readonly credentials: Credentials
  readonly region: string
  /** How many the stream has, if it isn't there yet. */
  readonly shards: number
  readonly connections: number
  readonly recordBytes: number
  /** How long the load runs before it is measured. */
  readonly warmUpSeconds: number
  /** How long it is measured. */
  readonly seconds: number
}

export type StreamWork =
  /** Puts exactly so many records, a multiple of 100. */
  | { readonly kind: 'fill'; readonly records: number }
  /** Reads what is in the first shard, from its beginning to its end and again, 1,000 records a request. */
  | { readonly kind: 'get' }
  /** As `get`, once, on one connection. */
  | { readonly kind: 'scan' }
  /** One record after the other to a consumer that waits for it. */
  | { readonly kind: 'propagate'; readonly to: 'subscriber' | 'poller' }

/** What a loader process prints, as one line of JSON, when everything added up. Records are the messages. */
export interface StreamResult extends Lap {
  readonly latenciesMs: readonly number[]
}
