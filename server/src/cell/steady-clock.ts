import type { Clock } from '../base/time.ts'

const SAMPLE_INTERVAL_MS = 1000
/** A difference above this isn't followed at once: it is more likely a mistake than the time. */
const JUMP_MS = 5 * 60_000
/** How fast a jump is caught up with, and how much the clock slows down to let the wall clock catch up. */
const SLEW_RATE = 0.1
const HOLD_RATE = 0.5

export interface ClockSources {
  /** Milliseconds since an arbitrary moment; never goes back. */
  monotonic(): number
  /** Milliseconds since the epoch, as the machine believes. */
  wall(): number
}

/**
 * Time for the cell: runs with the monotonic clock and is corrected by samples of the wall clock. It never goes back:
 * where the wall clock is behind, it runs at half speed until they meet. A jump of the wall clock by more than five
 * minutes is reported and followed slowly, a tenth faster or slower, so that a wrong clock can't expire everything at once.
 */
export class SteadyClock implements Clock {
  readonly #sources: ClockSources
  readonly #reportJump: (milliseconds: number) => void
  /** What to add to the monotonic clock. */
  #offset: number
  #lastMonotonic: number
  #sampledAt: number
  /** What is still to be added to the offset, slowly. */
  #slew = 0
  #last: number

  constructor(sources: ClockSources, reportJump: (milliseconds: number) => void) {
    this.#sources = sources
    this.#reportJump = reportJump
    this.#lastMonotonic = sources.monotonic()
    this.#sampledAt = this.#lastMonotonic
    this.#offset = sources.wall() - this.#lastMonotonic
    this.#last = Math.floor(this.#lastMonotonic + this.#offset)
  }

  now(): number {
    const monotonic = this.#sources.monotonic()
    const elapsed = monotonic - this.#lastMonotonic
    this.#lastMonotonic = monotonic
    if (monotonic - this.#sampledAt >= SAMPLE_INTERVAL_MS) this.#sample(monotonic)
    if (this.#slew !== 0) this.#correct(elapsed)
    this.#last = Math.max(this.#last, Math.floor(monotonic + this.#offset))
    return this.#last
  }

  #sample(monotonic: number): void {
    this.#sampledAt = monotonic
    const difference = this.#sources.wall() - (monotonic + this.#offset)
    if (Math.abs(difference) > JUMP_MS) {
      // Said once for each jump, not again while it is being caught up with.
      if (Math.abs(difference - this.#slew) > JUMP_MS) this.#reportJump(difference)
      this.#slew = difference
    } else if (difference >= 0) {
      this.#offset += difference
      this.#slew = 0
    } else {
      this.#slew = difference
    }
  }

  #correct(elapsed: number): void {
    const rate = this.#slew < 0 && this.#slew >= -JUMP_MS ? HOLD_RATE : SLEW_RATE
    const step = Math.min(Math.abs(this.#slew), elapsed * rate) * Math.sign(this.#slew)
    this.#offset += step
    this.#slew -= step
  }
}
