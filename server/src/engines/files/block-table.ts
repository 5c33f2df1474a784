const INITIAL_BLOCKS = 16

/** Columns of one block: the first body's ordinal, its offset in the file, its stored length, its CRC32. */
const COLUMNS = 4

/**
 * Where the body blocks of one file lie, ordered by the ordinals of their bodies (0 for the file's first). 16 bytes per
 * block: with one message to a frame this is memory per message, so there is no object per block.
 */
export class BlockTable {
  #words = new Uint32Array(INITIAL_BLOCKS * COLUMNS)
  #length = 0
  /** How many bodies the blocks hold together. */
  #bodies = 0

  get length(): number {
    return this.#length
  }

  get bodies(): number {
    return this.#bodies
  }

  /** The block behind the last one; its bodies follow those before it. */
  add(count: number, offset: number, length: number, checksum: number): void {
    const at = this.#length * COLUMNS
    if (at === this.#words.length) {
      const grown = new Uint32Array(this.#words.length * 2)
      grown.set(this.#words)
      this.#words = grown
    }
    this.#words[at] = this.#bodies
    this.#words[at + 1] = offset
    this.#words[at + 2] = length
    this.#words[at + 3] = checksum
    this.#length++
    this.#bodies += count
  }

  /** The block that holds the body with this ordinal, which must be less than `bodies`. */
  find(ordinal: number): number {
    let low = 0
    let high = this.#length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (this.#words[middle * COLUMNS]! <= ordinal) low = middle
      else high = middle - 1
    }
    return low
  }

  isIn(block: number, ordinal: number): boolean {
    return ordinal >= this.firstOrdinal(block) && ordinal < this.firstOrdinal(block + 1)
  }

  firstOrdinal(block: number): number {
    return block < this.#length ? this.#words[block * COLUMNS]! : this.#bodies
  }

  count(block: number): number {
    return this.firstOrdinal(block + 1) - this.firstOrdinal(block)
  }

  offset(block: number): number {
    return this.#words[block * COLUMNS + 1]!
  }

  storedLength(block: number): number {
    return this.#words[block * COLUMNS + 2]!
  }

  checksum(block: number): number {
    return this.#words[block * COLUMNS + 3]!
  }

  /** Gives back what was kept for growing. */
  trim(): void {
    this.#words = this.#words.slice(0, Math.max(1, this.#length) * COLUMNS)
  }
}
