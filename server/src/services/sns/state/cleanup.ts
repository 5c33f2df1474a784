import type { Unit, Units } from '../../../core/units.ts'
import type { Topic } from './topic.ts'
import type { Topics } from './topics.ts'

/** Units that one call may let go of. */
const UNITS_PER_CALL = 512
const TOPICS_PER_CALL = 256
const PAGES_PER_TOPIC = 16
const SWEEP_INTERVAL_MS = 1000

/**
 * What is to be given back but nobody waits for: what deleted topics and applications held, and what FIFO topics need not remember any more.
 * None of it changes what a client sees, so it is neither journaled nor part of snapshots.
 */
export class Cleanup {
  readonly #units: Units
  readonly #topics: Topics
  readonly #detached: Iterator<Unit>[] = []
  #sweep: Iterator<Topic> | null = null
  #nextSweepAt = 0

  constructor(units: Units, topics: Topics) {
    this.#units = units
    this.#topics = topics
  }

  /** Takes over what is in no directory any more, with all that it holds. */
  add(resource: { allUnits(): Iterator<Unit> }): void {
    this.#detached.push(resource.allUnits())
  }

  /** Does a bounded piece of the work. True while there is more to do at once. */
  tidy(now: number): boolean {
    for (let i = 0; i < UNITS_PER_CALL && this.#detached.length > 0; i++) {
      const { value: unit, done } = this.#detached.at(-1)!.next()
      if (done === true) this.#detached.pop()
      else this.#units.remove(unit)
    }
    if (this.#sweep === null && now >= this.#nextSweepAt) {
      this.#sweep = this.#topics[Symbol.iterator]()
      this.#nextSweepAt = now + SWEEP_INTERVAL_MS
    }
    if (this.#sweep !== null) this.#sweepSome(this.#sweep, now)
    return this.#detached.length > 0 || this.#sweep !== null
  }

  #sweepSome(topics: Iterator<Topic>, now: number): void {
    for (let i = 0; i < TOPICS_PER_CALL; i++) {
      const next = topics.next()
      if (next.done === true) {
        this.#sweep = null
        return
      }
      const { isFifo, id, recent } = next.value
      if (isFifo && id >= 0) recent.expire(now, PAGES_PER_TOPIC)
    }
  }
}
