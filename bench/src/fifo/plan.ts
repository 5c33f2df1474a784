/** What the process that measures queues of one kind is to do. Handed over as JSON in its only argument. */
export interface FifoPlan {
  /** Empty, on the disk that is to be measured; null to measure the state alone, without a journal. */
  readonly directory: string | null
  /** How many groups the messages of a FIFO queue belong to in turn; null for a standard queue. */
  readonly groups: number | null
  /** How many messages are sent before any is received; a multiple of 10. */
  readonly messages: number
  readonly loops: number
  readonly bodyBytes: number
  /** The longest that receiving and deleting goes on. */
  readonly seconds: number
}

/** Messages per second. */
export interface FifoRates {
  readonly send: number
  readonly drain: number
}
