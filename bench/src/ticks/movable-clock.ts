import type { Clock } from '../../../server/src/base/time.ts'

/** The machine's clock, which can be put forward: retention is a minute at least. */
export class MovableClock implements Clock {
  #ahead = 0

  now(): number {
    return Math.floor(performance.timeOrigin + performance.now()) + this.#ahead
  }

  putForward(milliseconds: number): void {
    this.#ahead += milliseconds
  }
}
