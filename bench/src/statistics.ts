/** What is told of a series of runs. The middle one counts; the others say how far to trust it. */
export interface Summary {
  readonly median: number
  readonly min: number
  readonly max: number
}

/** The median of an even number of values is the mean of the middle two. Fails on an empty series. */
export function summarize(values: readonly number[]): Summary {
  const sorted = ascending(values)
  const upper = Math.floor(sorted.length / 2)
  const median = sorted.length % 2 === 1 ? sorted[upper]! : (sorted[upper - 1]! + sorted[upper]!) / 2
  return { median, min: sorted[0]!, max: sorted[sorted.length - 1]! }
}

/**
 * The smallest value that at least `fraction` (over 0, up to 1) of the values do not exceed (nearest rank): always one
 * that was measured, never one in between. Fails on an empty series.
 */
export function percentile(values: readonly number[], fraction: number): number {
  const sorted = ascending(values)
  return sorted[Math.ceil(sorted.length * fraction) - 1]!
}

function ascending(values: readonly number[]): Float64Array {
  if (values.length === 0) throw new RangeError('a series without values has no statistics')
  return Float64Array.from(values).sort()
}
