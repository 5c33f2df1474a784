import { randomFillSync } from 'node:crypto'
import type { Random } from './base/random.ts'
import type { Timers } from './base/time.ts'
import type { ClockSources } from './cell/steady-clock.ts'

/** The real clocks of this machine. */
export const systemClocks: ClockSources = {
  monotonic: () => performance.now(),
  wall: () => Date.now(),
}

/** The timers of this process's event loop. */
export const systemTimers: Timers = {
  after(milliseconds, task) {
    const timer = setTimeout(task, milliseconds)
    return () => clearTimeout(timer)
  },
  soon(task) {
    setImmediate(task)
  },
}

const POOL_BYTES = 16 * 1024

/** The operating system's randomness, drawn a pool at a time: a call for a few bytes costs a microsecond otherwise. */
export class SystemRandom implements Random {
  #pool = new Uint8Array(POOL_BYTES)
  #used = POOL_BYTES

  bytes(length: number): Uint8Array {
    if (length > POOL_BYTES) return randomFillSync(new Uint8Array(length))
    if (this.#used + length > POOL_BYTES) {
      randomFillSync(this.#pool)
      this.#used = 0
    }
    const bytes = this.#pool.slice(this.#used, this.#used + length)
    // What was handed out is not to be found in memory a second time.
    this.#pool.fill(0, this.#used, this.#used + length)
    this.#used += length
    return bytes
  }
}
