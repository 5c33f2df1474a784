import assert from 'node:assert/strict'
import { Bitmap } from './bitmap.ts'

/** Which bodies of one file are still referred to, by ordinal, and what they come to. */
export class LiveBodies {
  readonly #live = new Bitmap()
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

  has(ordinal: number): boolean {
    return this.#live.has(ordinal)
  }

  add(ordinal: number, bytes: number): void {
    // Called for each body there is: `assert` itself would cost more than the rest.
    if (this.#live.has(ordinal)) assert.fail('a body comes to life once')
    this.#live.set(ordinal)
    this.#count++
    this.#bytes += bytes
  }

  /** Takes a body that is live. */
  remove(ordinal: number, bytes: number): void {
    if (!this.#live.has(ordinal)) assert.fail('only a body that is live can be let go of')
    this.#live.clear(ordinal)
    this.#count--
    this.#bytes -= bytes
  }

  /** The first live ordinal from `ordinal` on, below `end`; -1 if there is none. */
  next(ordinal: number, end: number): number {
    return this.#live.next(ordinal, end)
  }
}
