import { interned } from '../base/interned.ts'

/** A part of a head that does not change, and the value behind it that does. */
interface Cut {
  /** Up to where the value begins to differ. */
  readonly text: string
  /** Which field's value it is; -1 behind the last one, where the text ends the head. */
  readonly field: number
  /** How much of the value stands in `text`. */
  readonly sharedCharacters: number
}

const SPACE = 0x20
const DELETE = 0x7f

/**
 * What the heads that a client sends on a connection have in common, which is nearly all of them:
 *
 * ```
 *   POST / HTTP/1.1 … content-length: │4031│ content-type: … x-amz-date: 20261126T07│3610Z│ … Signature=│6f3a…│
 *   └────────────── text ────────────┘ value └──────────────── text ───────────────┘ value └─── text ──┘ value
 * ```
 *
 * A head that fits is plain because those before it were: only what stands at the cuts is looked at, and the other values are the very
 * strings that they were, interned, so that all connections have the same. It is told apart from others by comparing whole texts, which is
 * several times as fast as reading them.
 */
export class HeadPattern {
  readonly #line: string
  readonly #written: readonly string[]
  readonly #values: readonly string[]
  /** How many characters of each value all heads so far had in common; -1 where it is all of the value. */
  readonly #shared: readonly number[]
  readonly #cuts: readonly Cut[]

  /** Of one head without two spaces in a row: its first line, and the names and values of its fields. */
  constructor(
    line: string,
    written: readonly string[],
    values: readonly string[],
    shared: readonly number[] = values.map(() => -1),
  ) {
    this.#line = line
    this.#written = written
    this.#values = values.map((value, i) => (shared[i]! < 0 ? interned(value) : value))
    this.#shared = shared
    this.#cuts = cutsOf(line, written, values, shared)
  }

  /** The values of a head, which `bytes` begin with; null for one that does not fit, which may be plain all the same. Whatever fits has no two spaces in
   * a row. */
  valuesOf(head: string, bytes: Uint8Array): string[] | null {
    const values = this.#values.slice()
    let at = 0
    for (let i = 0; i < this.#cuts.length; i++) {
      const { text, field, sharedCharacters } = this.#cuts[i]!
      const from = at + text.length
      if (head.slice(at, from) !== text) return null
      at = from
      if (field < 0) break
      at = endOfValue(bytes, from, head.length)
      // Two spaces in a row, which is for who reads heads anew to see.
      if (at < 0) return null
      const start = from - sharedCharacters
      // Spaces around a value are no part of it.
      if (bytes[start] === SPACE || bytes[at - 1] === SPACE) return null
      values[field] = head.slice(start, at)
    }
    return at === head.length ? values : null
  }

  /**
   * One that fits this head too, which is plain; this one if it can't be made to, by a head with as many cuts, and null where line or names are
   * others.
   */
  widened(line: string, written: readonly string[], values: readonly string[]): HeadPattern | null {
    if (line !== this.#line || written !== this.#written) return null
    const shared = values.map((value, i) => sharedBy(this.#values[i]!, value, this.#shared[i]!))
    if (shared.every((count, i) => count === this.#shared[i])) return this
    return new HeadPattern(line, written, values, shared)
  }
}

function sharedBy(known: string, value: string, shared: number): number {
  if (shared < 0 && known === value) return shared
  const most = Math.min(value.length, shared < 0 ? known.length : shared)
  let count = 0
  while (count < most && known.charCodeAt(count) === value.charCodeAt(count)) count++
  return count
}

function cutsOf(
  line: string,
  written: readonly string[],
  values: readonly string[],
  shared: readonly number[],
): readonly Cut[] {
  const cuts: Cut[] = []
  let text = line
  for (const [field, name] of written.entries()) {
    const value = values[field]!
    const sharedCharacters = shared[field]!
    text += `\r\n${name}: ${sharedCharacters < 0 ? value : value.slice(0, sharedCharacters)}`
    if (sharedCharacters < 0) continue
    cuts.push({ text: flat(text), field, sharedCharacters })
    text = ''
  }
  if (text !== '') cuts.push({ text: flat(text), field: -1, sharedCharacters: 0 })
  return cuts
}

/** In one piece, as it is compared the fastest. Heads have a byte in each character. */
function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1')
}

/**
 * Behind the last character that may stand in a value; -1 where there are two spaces in a row. To ask a string for each character takes several
 * times as long as to ask its bytes.
 */
function endOfValue(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  let before = bytes[from - 1]
  while (at < to) {
    const byte = bytes[at]!
    if (byte < SPACE || byte >= DELETE) break
    if (byte === SPACE && before === SPACE) return -1
    before = byte
    at++
  }
  return at
}
