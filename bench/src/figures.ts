/** One line of the table: something measured several times, beside what it is held to. */
export interface Figure {
  readonly name: string
  readonly unit: 'messages/s' | 'records/s' | 'ms' | 'bytes' | 'MiB' | 's'
  /** One value per run. */
  readonly millrace: readonly number[]
  /** What the bare server reached, run by run in between; left out where there is nothing to compare with. */
  readonly ceiling?: readonly number[]
  readonly budget?: Budget
}

export type Budget =
  /** A fraction of the ceiling's median. */
  | { readonly kind: 'of ceiling'; readonly atLeast: number }
  /** A multiple of the ceiling's median: for what costs less the better. */
  | { readonly kind: 'times ceiling'; readonly atMost: number }
  | { readonly kind: 'at least'; readonly value: number }
  | { readonly kind: 'at most'; readonly value: number }
