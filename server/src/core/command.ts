/** What a client asks of a cell, as plain data; everything random in it was decided before. */
export interface Command {
  /** The service whose state decides it, e.g. `sqs`. */
  readonly service: string
  readonly kind: string
  /** Bodies that the command wants stored; steps refer to them by position. Left out when there are none. */
  readonly bodies?: readonly Uint8Array[]
  /** Stored bodies that a chore asked for, in its order; null for one that is lost for good. */
  readonly read?: readonly (Uint8Array | null)[]
}
