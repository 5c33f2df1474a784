import { hasWasmVectors, instantiate } from '../../../base/wasm-module.ts'
import {
  ENTRY_BYTES,
  LANE_WORDS_BYTES,
  md5OfEight,
  SPREAD_CONSTANTS,
  SPREAD_CONSTANTS_BYTES,
} from '../../../digests/md5-code.ts'
import { DIGEST_BYTES, gather, KEY_BLOCK_BYTES, measure } from './sorter-code.ts'

const LANES = 8
/** As the model has them, and lanes that are left over. */
const RECORDS_MAX = 500
const ROOM = Math.ceil(RECORDS_MAX / LANES) * LANES
/** Larger requests are not sorted here: they are not many. */
const BYTES_MAX = 1024 * 1024
const WORD_BYTES = 4

/**
 * ```
 *   constants of MD5 │ blocks of eight keys, word by word │ entries │ ends │ payloads │ places │ digests │ keys │ records │ records, sorted
 * ```
 */
const WORDS_AT = SPREAD_CONSTANTS_BYTES
const ENTRIES_AT = WORDS_AT + LANE_WORDS_BYTES
const ENDS_AT = ENTRIES_AT + ROOM * ENTRY_BYTES
const PAYLOADS_AT = ENDS_AT + ROOM * WORD_BYTES
const PLACES_AT = PAYLOADS_AT + ROOM * WORD_BYTES
const DIGESTS_AT = PLACES_AT + ROOM * WORD_BYTES
const BLOCKS_AT = DIGESTS_AT + ROOM * DIGEST_BYTES
const RECORDS_AT = BLOCKS_AT + ROOM * KEY_BLOCK_BYTES
// A key is read as a whole block, be it the last one.
const SORTED_AT = RECORDS_AT + BYTES_MAX + KEY_BLOCK_BYTES
const MEMORY_BYTES = SORTED_AT + BYTES_MAX

const PLACES = {
  entriesAt: ENTRIES_AT,
  blocksAt: BLOCKS_AT,
  digestsAt: DIGESTS_AT,
  endsAt: ENDS_AT,
  payloadsAt: PAYLOADS_AT,
  placesAt: PLACES_AT,
  recordsAt: RECORDS_AT,
}

/**
 * Digests the partition keys of a request's stored records, eight at once, and writes the records in another order. There is one for
 * all: whoever has it take records is done with them before anything else runs.
 */
export class RecordSorter {
  /** Of the records that were taken: where each ends, and its bytes of partition key and data. */
  readonly ends: Int32Array
  readonly payloads: Int32Array
  /** Four words for each record, the first byte of a digest the least significant one of its first word. */
  readonly digests: Uint32Array
  readonly #memory: Uint8Array
  readonly #entries: Uint8Array
  readonly #places: Int32Array
  readonly #functions: Readonly<Record<'measure' | 'md5OfEight' | 'gather', WasmCall>>

  constructor() {
    const { memory, functions } = instantiate(
      [
        { ...measure(PLACES), name: 'measure' as const },
        {
          ...md5OfEight('md5OfEight', { constantsAt: 0, wordsAt: WORDS_AT }),
          name: 'md5OfEight' as const,
        },
        { ...gather(PLACES), name: 'gather' as const },
      ],
      MEMORY_BYTES,
    )
    new Uint32Array(memory, 0, SPREAD_CONSTANTS.length).set(SPREAD_CONSTANTS)
    this.#functions = functions
    this.#memory = new Uint8Array(memory)
    this.#entries = new Uint8Array(memory, ENTRIES_AT, ROOM * ENTRY_BYTES)
    this.#places = new Int32Array(memory, PLACES_AT, ROOM)
    this.ends = new Int32Array(memory, ENDS_AT, ROOM)
    this.payloads = new Int32Array(memory, PAYLOADS_AT, ROOM)
    this.digests = new Uint32Array(memory, DIGESTS_AT, ROOM * (DIGEST_BYTES / WORD_BYTES))
  }

  /** False where they are too many, or a partition key is longer than one block of MD5: nothing can be asked of them then. */
  take(records: Uint8Array, count: number): boolean {
    if (count === 0 || count > RECORDS_MAX || records.length > BYTES_MAX) return false
    this.#memory.set(records, RECORDS_AT)
    const end = RECORDS_AT + records.length
    if (this.#functions.measure(RECORDS_AT, end) !== end) return false
    // Lanes that are left over do the last key again.
    const last = (count - 1) * ENTRY_BYTES
    for (let next = count; next % LANES !== 0; next++) {
      this.#entries.copyWithin(next * ENTRY_BYTES, last, last + ENTRY_BYTES)
    }
    for (let first = 0; first < count; first += LANES) {
      this.#functions.md5OfEight(ENTRIES_AT + first * ENTRY_BYTES)
    }
    return true
  }

  /** Writes all records that were taken, in the order of these places, into `sorted`, which has room for just as much. */
  writeInOrder(places: ArrayLike<number>, sorted: Uint8Array): void {
    this.#places.set(places)
    this.#functions.gather(places.length, SORTED_AT)
    sorted.set(this.#memory.subarray(SORTED_AT, SORTED_AT + sorted.length))
  }
}

type WasmCall = (...parameters: number[]) => number

let shared: RecordSorter | null | undefined

/** Made on first need, which takes some milliseconds; null where there is no WebAssembly, or it has no vectors. */
export function recordSorter(): RecordSorter | null {
  if (shared === undefined) shared = hasWasmVectors() ? new RecordSorter() : null
  return shared
}
