import assert from 'node:assert/strict'

const INITIAL_WORDS = 8

/** Which bodies of one file are still referred to, by ordinal: a bit for each, and what they come to. */
export class LiveBodies {
  #words = new Uint32Array(INITIAL_WORDS)
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
    const word = this.#words[ordinal >>> 5]
    return word !== undefined && (word & (1 << (ordinal & 31))) !== 0
  }

  add(ordinal: number, bytes: number): void {
    const word = ordinal >>> 5
    if (word >= this.#words.length) {
      const grown = new Uint32Array(Math.max(word + 1, this.#words.length * 2))
      grown.set(this.#words)
      this.#words = grown
    }
    assert(!this.has(ordinal), 'a body comes to life once')
    this.#words[word] = this.#words[word]! | (1 << (ordinal & 31))
    this.#count++
    this.#bytes += bytes
  }

  /** Takes a body that is live. */
  remove(ordinal: number, bytes: number): void {
    assert(this.has(ordinal), 'only a body that is live can be let go of')
    const word = ordinal >>> 5
    this.#words[word] = this.#words[word]! & ~(1 << (ordinal & 31))
    this.#count--
    this.#bytes -= bytes
  }

  /** The first live ordinal from `ordinal` on, below `end`; -1 if there is none. */
  next(ordinal: number, end: number): number {
    let at = ordinal
    while (at < end) {
      const word = this.#words[at >>> 5]
      if (word === undefined) return -1
      const rest = word & (-1 << (at & 31))
      if (rest !== 0) {
        const found = (at & ~31) + 31 - Math.clz32(rest & -rest)
        return found < end ? found : -1
      }
      at = (at & ~31) + 32
    }
    return -1
  }
}
