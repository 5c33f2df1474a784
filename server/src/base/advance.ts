import { parseDuration } from './duration.ts'

const DAY_MS = 86_400_000
/** A clock is set forward by at most this at once: longer than anything is kept. */
const ADVANCE_DAYS_MAX = 400
/** A clock isn't set beyond the years that have four digits. */
const LATEST_MS = Date.UTC(9999, 11, 31)

/**
 * By how many milliseconds a clock that says `now` (milliseconds since the epoch) is to be set forward. Throws a `RangeError`
 * that says what is wrong with `duration`.
 */
export function readAdvance(duration: unknown, now: number): number {
  const milliseconds = parseDuration(duration)
  if (milliseconds === undefined) {
    throw new RangeError('must be a span of time, like "90s", "5m" or "1h30m", or whole milliseconds')
  }
  if (milliseconds > ADVANCE_DAYS_MAX * DAY_MS)
    throw new RangeError(`must be at most ${ADVANCE_DAYS_MAX} days`)
  if (now + milliseconds > LATEST_MS) throw new RangeError('must not lead beyond the year 9999')
  return milliseconds
}
