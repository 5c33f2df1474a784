import { randomFillSync } from 'node:crypto'
// The global of this name is looked up anew for each reading, which takes half as long as the reading.
import { performance } from 'node:perf_hooks'
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

/** More than this has memory of its own. */
const POOLED_BYTES_MAX = 1024

/**
 * The operating system's randomness, drawn a pool at a time: a call for a few bytes costs a microsecond otherwise. Each part of a pool is handed out once, as it
 * lies there, so that nothing of it is to be found in memory a second time.
 */
export class SystemRandom implements Random {
  #pool = new Uint8Array(0)
  #used = 0

  bytes(length: number): Uint8Array {
    if (length > POOLED_BYTES_MAX) return randomFillSync(new Uint8Array(length))
    if (this.#used + length > this.#pool.length) {
      this.#pool = randomFillSync(new Uint8Array(POOL_BYTES))
      this.#used = 0
    }
    this.#used += length
    return this.#pool.subarray(this.#used - length, this.#used)
  }
}
