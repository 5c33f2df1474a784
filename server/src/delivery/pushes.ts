import type { Delivery } from './transport.ts'

/**
 * What waits to be pushed, and what is to become of it: kept and decided by somebody else. A source is what waits for one
 * subscription, or for the endpoints of one protocol.
 */
export interface Pushes {
  /**
   * Up to `limit` sources that have something. Each is named once until something more happens to it: whoever is told looks
   * there until there is no more. Waits for a while if there is none, and then names none.
   */
  ready(limit: number): Promise<readonly ReadySource[]>
  /** Takes up to `limit` messages, which nobody else is given for `hiddenSeconds`: nor is anybody who starts after a crash. */
  take(source: string, limit: number, hiddenSeconds: number): Promise<PushBatch>
}

export interface ReadySource {
  readonly name: string
  readonly protocol: string
}

export interface PushBatch {
  readonly pushes: readonly Push[]
  /** Whether there may be more. */
  readonly more: boolean
  /** The least time between two attempts for this source, on average, in milliseconds; 0 for none. */
  readonly spacingMs: number
}

/** One delivery to be attempted. Exactly one of the three is to be called, once it is known how that went. */
export interface Push {
  readonly delivery: Delivery
  /** 1 for the first. */
  readonly attempt: number
  delivered(): Promise<PushEnding>
  failed(retryable: boolean): Promise<PushEnding>
  /** There was no attempt: it is not counted, and the message can be taken again at once. */
  putBack(): Promise<void>
}

/** What became of a message after an attempt: `redriven` are those that went to a dead-letter queue. */
export type PushEnding = 'delivered' | 'to be retried' | 'redriven' | 'not redriven' | 'discarded'
