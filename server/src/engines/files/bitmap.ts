const INITIAL_WORDS = 8

/** A set of small whole numbers, a bit for each. Grows with the largest. */
export class Bitmap {
  #words = new Uint32Array(INITIAL_WORDS)

  has(index: number): boolean {
    const word = this.#words[index >>> 5]
    return word !== undefined && (word & (1 << (index & 31))) !== 0
  }

  set(index: number): void {
    const word = index >>> 5
    if (word >= this.#words.length) {
      const grown = new Uint32Array(Math.max(word + 1, this.#words.length * 2))
      grown.set(this.#words)
      this.#words = grown
    }
    this.#words[word] = this.#words[word]! | (1 << (index & 31))
  }

  /** The number has to be in the set. */
  clear(index: number): void {
    this.#words[index >>> 5] = this.#words[index >>> 5]! & ~(1 << (index & 31))
  }

  /** The first number of the set from `index` on, below `end`; -1 if there is none. */
  next(index: number, end: number): number {
    let at = index
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
