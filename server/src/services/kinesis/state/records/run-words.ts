/**
 * The runs of one body, as events and pages have them: two words of 32 bits each, in the order in which they lie in the body.
 *
 * ```
 *   u24 offset │ u8 records, low byte                      u29 shard │ u1 the body's first run, in pages │ u2 records, high bits
 * ```
 *
 * A run ends where the next one begins, and the last one with the body. What lies between two runs and is nobody's, as records are that were refused, is a
 * run of `NOBODY`.
 */
export type RunWords = ArrayLike<number>

export const WORDS_PER_RUN = 2
/** No stream gets as far: with ten thousand new shards ten times a day it would take fourteen years. */
export const NOBODY = 2 ** 29 - 1
/** What a run can have: more than is put at once. */
export const WORDS_RECORDS_MAX = 1023
/** Of a body. */
export const WORDS_BYTES_MAX = 2 ** 24 - 1

const OFFSET_BITS = 24
const OFFSET_MASK = WORDS_BYTES_MAX
const BYTE_BITS = 8
const SHARD_MASK = NOBODY
const COUNT_SHIFT = 30
/** In the second word. */
export const FIRST_OF_BODY = 1 << 29

export function offsetIn(first: number): number {
  return first & OFFSET_MASK
}

export function countIn(first: number, second: number): number {
  return (first >>> OFFSET_BITS) | ((second >>> COUNT_SHIFT) << BYTE_BITS)
}

export function shardIn(second: number): number {
  return second & SHARD_MASK
}

/** Writes the runs of one body. */
export class RunWordsWriter {
  /** Signed, so that all are small integers to the virtual machine. */
  readonly words: number[] = []
  #end = -1

  /** The next run; what lies between it and the one before is nobody's. */
  add(shard: number, offset: number, bytes: number, count: number): void {
    if (this.#end >= 0 && this.#end < offset) this.#push(NOBODY, this.#end, 0)
    this.#push(shard, offset, count)
    this.#end = offset + bytes
  }

  /** To be called behind the last run: what lies behind it is nobody's. */
  end(bodyBytes: number): void {
    if (this.#end < bodyBytes) this.#push(NOBODY, this.#end, 0)
  }

  #push(shard: number, offset: number, count: number): void {
    if (count > WORDS_RECORDS_MAX || offset > WORDS_BYTES_MAX || shard > NOBODY) {
      throw new Error(`no run of shard ${shard} has ${count} records from byte ${offset} on`)
    }
    this.words.push(offset | (count << OFFSET_BITS), shard | ((count >>> BYTE_BITS) << COUNT_SHIFT))
  }
}
