import { Buffer } from 'node:buffer'
import { hasWasmVectors, instantiate } from '../../../base/wasm-module.ts'
import { GATHERED_RECORDS_MAX } from '../limits.ts'
import { UNITS } from '../sequence-number.ts'
import type { SortedRecords } from '../sorted-records.ts'
import {
  AT,
  ENCRYPTED_TAIL,
  ENTRY_BYTES,
  fillConstants,
  GROUP,
  GROUP_WORDS,
  HEAD,
  LOW_PART,
  MEMORY_BYTES,
  NUMBER_LIMBS,
  putJsonFunctions,
  TAIL,
  writeLimbs,
} from './put-json-code.ts'

/**
 * The JSON of a PutRecords' answer, none of whose records was refused, written without a text for each number in between, in WebAssembly: an entry takes less time
 * than to add one to a number of 56 digits in JavaScript.
 */
export class PutJson {
  readonly #bytes: Buffer
  readonly #groups: Uint32Array
  readonly #places: Int32Array
  readonly #secondLimbs: Uint32Array
  readonly #write: (end: number) => number
  /** That of the answer before. */
  #second = 0
  /** Whose entries are in the memory; null for such as are not whole any more. */
  #written: SortedRecords | null = null
  /** An answer that has some of the entries. */
  readonly #part = Buffer.alloc(
    HEAD.length + GATHERED_RECORDS_MAX * ENTRY_BYTES + ENCRYPTED_TAIL.length,
    HEAD,
    'latin1',
  )

  constructor() {
    const { memory, functions } = instantiate(putJsonFunctions(), MEMORY_BYTES)
    fillConstants(memory)
    this.#write = functions.write
    this.#bytes = Buffer.from(memory)
    this.#bytes.write(HEAD, AT.json, 'latin1')
    this.#groups = new Uint32Array(memory, AT.groups, GATHERED_RECORDS_MAX * GROUP_WORDS)
    this.#places = new Int32Array(memory, AT.places, GATHERED_RECORDS_MAX)
    this.#secondLimbs = new Uint32Array(memory, AT.second, NUMBER_LIMBS)
  }

  /** `firstIndexes` has the index of each group's first record. The bytes are lent, until the next answer is written; null where there are too many records. */
  write(
    sorted: SortedRecords,
    firstIndexes: readonly (number | null)[],
    second: number,
    isEncrypted: boolean,
  ): Uint8Array | null {
    const { count } = sorted
    if (count > GATHERED_RECORDS_MAX) return null
    this.#writeEntries(sorted, firstIndexes, second)
    // What comes next overwrites the last comma.
    this.#written = null
    return closed(this.#bytes, AT.json, count, isEncrypted)
  }

  /**
   * As `write`, for `count` records from the place `first` on alone: those that one of several requests brought. The others are there for the answers that come next, in
   * whatever order.
   */
  writePart(
    sorted: SortedRecords,
    firstIndexes: readonly (number | null)[],
    second: number,
    first: number,
    count: number,
  ): Uint8Array | null {
    if (sorted.count > GATHERED_RECORDS_MAX) return null
    if (this.#written !== sorted) this.#writeEntries(sorted, firstIndexes, second)
    this.#written = sorted
    const from = AT.json + HEAD.length + first * ENTRY_BYTES
    this.#part.set(this.#bytes.subarray(from, from + count * ENTRY_BYTES), HEAD.length)
    return closed(this.#part, 0, count, false)
  }

  #writeEntries(
    { groups, map, positions, places, count }: SortedRecords,
    firstIndexes: readonly (number | null)[],
    second: number,
  ): void {
    this.#setSecond(second)
    const words = this.#groups
    let end = 0
    for (let i = 0; i < positions.length; i++) {
      const index = firstIndexes[i]!
      const indexHigh = index < LOW_PART ? 0 : Math.floor(index / LOW_PART)
      const head = map.heads[positions[i]!]!
      const headHigh = Math.floor(head / LOW_PART)
      words[end + GROUP.shard] = groups.shards[i]!
      words[end + GROUP.headLow] = head - headHigh * LOW_PART
      words[end + GROUP.headHigh] = headHigh
      words[end + GROUP.count] = groups.counts[i]!
      words[end + GROUP.indexLow] = index - indexHigh * LOW_PART
      words[end + GROUP.indexHigh] = indexHigh
      end += GROUP_WORDS
    }
    for (let i = 0; i < count; i++) this.#places[i] = places === null ? i : places[i]!
    this.#write(end * words.BYTES_PER_ELEMENT)
  }

  #setSecond(second: number): void {
    if (second === this.#second) return
    writeLimbs(BigInt(second) * UNITS.second, this.#secondLimbs)
    this.#second = second
  }
}

/** The answer that begins at `at` with its head and so many entries. */
function closed(bytes: Buffer, at: number, count: number, isEncrypted: boolean): Uint8Array {
  const tail = isEncrypted ? ENCRYPTED_TAIL : TAIL
  // In the place of the last comma.
  const tailAt = at + HEAD.length + count * ENTRY_BYTES - 1
  bytes.write(tail, tailAt, 'latin1')
  return bytes.subarray(at, tailAt + tail.length)
}

let shared: PutJson | null | undefined

/** The one for all answers, each of which is written before anything else runs. Made on first need; null where there is no WebAssembly with vectors. */
export function putJson(): PutJson | null {
  if (shared === undefined) shared = hasWasmVectors() ? new PutJson() : null
  return shared
}
