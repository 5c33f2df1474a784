/** One line of the table: something measured several times, beside what it is held to. */
export interface Figure {
  readonly name: string
  readonly unit: 'messages/s' | 'records/s' | 'ms' | 'bytes' | 'MiB' | 's'
  /** One value per run. */
  readonly millrace: readonly number[]
  /** What the bare server, or whatever else it is held to, reached in the same runs; left out where there is nothing to compare with. */
  readonly ceiling?: readonly number[]
  readonly budget?: Budget
}

export type Budget =
  /** A fraction of the ceiling. */
  | { readonly kind: 'of ceiling'; readonly atLeast: number }
  /** A multiple of the ceiling: for what costs less the better. */
  | { readonly kind: 'times ceiling'; readonly atMost: number }
  | { readonly kind: 'at least'; readonly value: number }
  | { readonly kind: 'at most'; readonly value: number }
