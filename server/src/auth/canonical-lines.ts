import { interned } from '../base/interned.ts'
import { SIGNED_VALUES_KEPT_CHARACTERS_MAX } from './limits.ts'

const SPACE = 0x20

/**
 * The lines of signed headers that each came once, as they stand in the canonical request. From request to request most values are the very
 * same, so that a text is put together of a few long pieces instead of two for each header:
 *
 * ```
 *   amz-sdk-request:attempt=1 … content-length:│4031│ content-type: … x-amz-content-sha256:│6f3a…│ x-amz-date: …
 *   └──────────────── text ───────────────────┘ value └────────────────── text ──────────────┘ value └── text ──┘
 * ```
 *
 * The fewer pieces a text has, the sooner it is in one piece for its digest: with twenty, that takes as long as the digest.
 */
export class CanonicalLines {
  /** What stands before each value: the end of the line before, the name, and a colon. */
  readonly #starts: readonly string[]
  /** Where the values stand among those of a request. */
  readonly #places: readonly number[]
  /** The values that have been the same in all requests so far, and are canonical; null for one that has not. */
  #same: (string | null)[] | null = null
  /** Texts and, between them, the places of the values that differ. */
  #texts: string[] = []
  #differing: number[] = []

  constructor(starts: readonly string[], places: readonly number[]) {
    this.#starts = starts
    this.#places = places
  }

  /** Null where a value isn't canonical as it came, and where values are too long to be kept. `areCanonical`: it is known that all are. */
  of(values: readonly string[], areCanonical: boolean): string | null {
    if (!this.#areSame(values) && !this.#learn(values)) return null
    let lines = this.#texts[0]!
    for (let i = 0; i < this.#differing.length; i++) {
      const value = values[this.#differing[i]!]!
      if (!areCanonical && !isCanonical(value)) return null
      lines += value
      lines += this.#texts[i + 1]!
    }
    return lines
  }

  /** Whether those values are the same that have always been. */
  #areSame(values: readonly string[]): boolean {
    const same = this.#same
    if (same === null) return false
    for (let i = 0; i < same.length; i++) {
      const value = same[i]!
      if (value !== null && value !== values[this.#places[i]!]) return false
    }
    return true
  }

  /** False where a value that was thought to be the same always isn't canonical, or where they are too long: nothing is learnt then. */
  #learn(values: readonly string[]): boolean {
    const same: (string | null)[] = []
    let characters = 0
    for (let i = 0; i < this.#places.length; i++) {
      const value = values[this.#places[i]!]!
      const known = this.#same === null ? value : this.#same[i]!
      if (known !== null && !isCanonical(value)) return false
      same.push(known === value ? known : null)
      characters += value.length
    }
    if (characters > SIGNED_VALUES_KEPT_CHARACTERS_MAX) return false
    this.#same = same
    this.#texts = []
    this.#differing = []
    let text = ''
    for (let i = 0; i < same.length; i++) {
      text += this.#starts[i]!
      const value = same[i]!
      if (value !== null) {
        text += value
      } else {
        this.#texts.push(interned(text))
        this.#differing.push(this.#places[i]!)
        text = ''
      }
    }
    this.#texts.push(interned(`${text}\n`))
    return true
  }
}

function isCanonical(value: string): boolean {
  if (value.charCodeAt(0) === SPACE || value.charCodeAt(value.length - 1) === SPACE) return false
  return !value.includes('  ') && !value.includes('\t')
}
