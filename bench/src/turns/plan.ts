import type { QueueWork } from '../load/plan.ts'
import type { Credentials } from '../load/sigv4.ts'
import type { PartitionKeys } from '../streams/put-records.ts'

/** What the loader process of several servers in turns is to do. Handed over as JSON in its only argument. */
export interface TurnsPlan {
  readonly sides: readonly SidePlan[]
  readonly region: string
  readonly connections: number
  readonly bodyBytes: number
  /** How long each side has the load before it is measured, and how long it is measured. */
  readonly warmUpSeconds: number
  readonly seconds: number
}

/** A server, and what it is asked. */
export interface SidePlan {
  readonly work: TurnWork
  readonly port: number
  /** Of the server's process. */
  readonly pid: number
  readonly credentials: Credentials
}

export type TurnWork = QueueWork | GroupedWork | PutWork

/** Puts 100 records a request to a stream of so many shards. */
export interface PutWork {
  readonly kind: 'put'
  readonly shards: number
  readonly keys: PartitionKeys
  /** The stream is asked how many it has in the end. */
  readonly isChecked: boolean
}

/** What is asked of a queue whose messages belong to so many groups in turn, ten at a time; with null for groups it is a standard queue. */
export type GroupedWork =
  /** All groups are there before it is measured. */
  | { readonly kind: 'grouped send'; readonly groups: number | null }
  /** Receives and deletes on so many of the connections. */
  | { readonly kind: 'grouped drain'; readonly groups: number | null; readonly receivers: number }

/** What a loader process prints, as one line of JSON, when everything added up. */
export interface TurnsResult {
  /** Messages, or records, per second of each side. */
  readonly rates: readonly number[]
  /** What this process used of its core meanwhile, as a fraction. */
  readonly ownCpu: number
}
