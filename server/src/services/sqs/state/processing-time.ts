/**
 * How much time consumers spent on messages of late: from each message's receive until it's deleted or visible again. That is how
 * many were in flight, summed up over time, so it needs no record of the single message and includes those that are still
 * being worked on.
 *
 * "Of late" is the minute of the clock that a moment is in, and the minute before: one to two minutes.
 *
 * ```
 *   ── before ──┬── current ──·            ·  until here it was counted (`countedUntil`)
 *   minute n-1  │ minute n
 * ```
 *
 * All in milliseconds, and whole numbers: what was counted in one step and in several comes to the same.
 */
export interface ProcessingTime {
  readonly countedUntil: number
  /** Spent in the minute that `countedUntil` is in. */
  readonly current: number
  /** Spent in the minute before. */
  readonly before: number
}

const INTERVAL_MS = 60_000

export const NO_PROCESSING_TIME: ProcessingTime = { countedUntil: 0, current: 0, before: 0 }

/** Goes on counting until `now`, with so many messages in flight since. A time that was counted already changes nothing. */
export function countedOn(spent: ProcessingTime, inFlight: number, now: number): ProcessingTime {
  if (now <= spent.countedUntil) return spent
  const minute = Math.floor(spent.countedUntil / INTERVAL_MS)
  const minutesOn = Math.floor(now / INTERVAL_MS) - minute
  if (minutesOn === 0) {
    return { ...spent, countedUntil: now, current: spent.current + inFlight * (now - spent.countedUntil) }
  }
  const end = (minute + 1) * INTERVAL_MS
  return {
    countedUntil: now,
    current: inFlight * (now % INTERVAL_MS),
    before: minutesOn === 1 ? spent.current + inFlight * (end - spent.countedUntil) : inFlight * INTERVAL_MS,
  }
}

/** The time spent of late, at a moment up to which so many messages are in flight. */
export function recentTime(spent: ProcessingTime, inFlight: number, now: number): number {
  const { current, before } = countedOn(spent, inFlight, now)
  return current + before
}
