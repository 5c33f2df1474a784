import { CHANGES_PERIOD_MS } from '../limits.ts'

/** The changes of the last day with one more; null where it would be one too many. Times are milliseconds since the epoch, the oldest first. */
export function withChange(
  changes: readonly number[] | undefined,
  now: number,
  max: number,
): readonly number[] | null {
  const recent = (changes ?? []).filter((time) => time > now - CHANGES_PERIOD_MS)
  return recent.length < max ? [...recent, now] : null
}
