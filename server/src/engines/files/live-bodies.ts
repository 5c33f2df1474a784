import assert from 'node:assert/strict'
import type { Lifetime } from '../../journal/journal.ts'
import { Bitmap } from './bitmap.ts'

/** From the shortest on. */
export const LIFETIMES: readonly Lifetime[] = [0, 1, 2, 3]

/** Bodies of one lifetime. */
class LiveClass {
  readonly lifetime: Lifetime
  readonly ordinals = new Bitmap()
  bytes = 0

  constructor(lifetime: Lifetime) {
    this.lifetime = lifetime
  }
}

/** Which bodies of one file are still referred to, by ordinal, for how long they are likely to be, and what they come to. */
export class LiveBodies {
  readonly #short = new LiveClass(0)
  /** Of longer lifetimes, those that the file ever had. Most files have none. */
  readonly #longer: LiveClass[] = []
  #count = 0
  #bytes = 0

  /** How many bodies are live. */
  get count(): number {
    return this.#count
  }

  /** What the live bodies measure as they were appended. */
  get bytes(): number {
    return this.#bytes
  }

  /** What those of one lifetime measure. */
  bytesOf(lifetime: Lifetime): number {
    return this.#classOf(lifetime)?.bytes ?? 0
  }

  has(ordinal: number): boolean {
    return this.#short.ordinals.has(ordinal) || this.#longerWith(ordinal) !== undefined
  }

  /** The body has to be live. */
  lifetimeOf(ordinal: number): Lifetime {
    return this.#longerWith(ordinal)?.lifetime ?? 0
  }

  add(ordinal: number, bytes: number, lifetime: Lifetime = 0): void {
    // Called for each body there is: `assert` itself would cost more than the rest.
    if (this.has(ordinal)) assert.fail('a body comes to life once')
    const its = this.#classOf(lifetime) ?? this.#begin(lifetime)
    its.ordinals.set(ordinal)
    its.bytes += bytes
    this.#count++
    this.#bytes += bytes
  }

  /** Takes a body that is live. Returns its lifetime. */
  remove(ordinal: number, bytes: number): Lifetime {
    const its = this.#short.ordinals.has(ordinal) ? this.#short : this.#longerWith(ordinal)
    if (its === undefined) assert.fail('only a body that is live can be let go of')
    its.ordinals.clear(ordinal)
    its.bytes -= bytes
    this.#count--
    this.#bytes -= bytes
    return its.lifetime
  }

  /** The first live ordinal of this lifetime from `ordinal` on, below `end`; -1 if there is none. */
  next(ordinal: number, end: number, lifetime: Lifetime): number {
    return this.#classOf(lifetime)?.ordinals.next(ordinal, end) ?? -1
  }

  #classOf(lifetime: Lifetime): LiveClass | undefined {
    return lifetime === 0 ? this.#short : this.#longer.find((each) => each.lifetime === lifetime)
  }

  #longerWith(ordinal: number): LiveClass | undefined {
    // Asked of every body that goes, mostly where there is nothing to look through.
    if (this.#longer.length === 0) return undefined
    return this.#longer.find(({ ordinals }) => ordinals.has(ordinal))
  }

  #begin(lifetime: Lifetime): LiveClass {
    const begun = new LiveClass(lifetime)
    this.#longer.push(begun)
    return begun
  }
}
