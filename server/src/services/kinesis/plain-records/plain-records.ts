import { ByteSlabs } from '../../../base/byte-slabs.ts'
import { JSON_PADDING_BYTES } from '../../../base/plain-json-code.ts'
import { hasWasmVectors, instantiate } from '../../../base/wasm-module.ts'
import type { PackedRecords } from '../packed-records.ts'
import {
  BEHIND_JSON,
  INVALID,
  JSON_AT,
  readerFunctions,
  SEXTETS_AT,
  TOTAL,
  TOTALS_AT,
} from './reader-code.ts'

/** Longer JSON is not plain. */
export const PLAIN_BYTES_MAX = 1024 * 1024
/** As the model has them. */
const RECORDS_MAX = 500
const KEY_CHARACTERS_MAX = 256

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
/** Stored records are never longer than their JSON; a block may be written across their end. */
const RECORDS_AT = JSON_AT + PLAIN_BYTES_MAX + 2 * JSON_PADDING_BYTES
const MEMORY_BYTES = RECORDS_AT + PLAIN_BYTES_MAX + 2 * JSON_PADDING_BYTES

/**
 * Reads the JSON of PutRecords' records straight from its bytes into how they are stored, where it's plain: members of these names,
 * each once, in any order; nothing in texts that stands for something else; ASCII; spaces at most between. So clients send it. Whatever
 * else there is, the model's readers read. They make texts of 40 KB of base64, then bytes, then records, which takes five times as long.
 */
export class PlainRecordsReader {
  readonly #memory: Uint8Array
  readonly #slabs = new ByteSlabs()
  readonly #totals: Uint32Array
  readonly #read: (at: number, to: number) => number

  constructor() {
    const { memory, functions } = instantiate(
      readerFunctions({ countMax: RECORDS_MAX, keyMax: KEY_CHARACTERS_MAX }),
      MEMORY_BYTES,
    )
    this.#memory = new Uint8Array(memory)
    this.#totals = new Uint32Array(memory, TOTALS_AT, Object.keys(TOTAL).length)
    this.#read = functions.read as (at: number, to: number) => number
    this.#memory.fill(INVALID, SEXTETS_AT, SEXTETS_AT + 256)
    for (let i = 0; i < BASE64.length; i++) this.#memory[SEXTETS_AT + BASE64.charCodeAt(i)] = i
  }

  /** `at` is behind the bracket of the list, and the result's `end` behind that which ends it. Null where it isn't plain. */
  read(body: Uint8Array, at: number): { readonly records: PackedRecords; readonly end: number } | null {
    if (body.length > PLAIN_BYTES_MAX) return null
    const memory = this.#memory
    const jsonEnd = JSON_AT + body.length
    memory.set(body, JSON_AT)
    memory.set(BEHIND_JSON, jsonEnd)
    const end = this.#read(JSON_AT + at, RECORDS_AT)
    if (end === 0) return null
    const totals = this.#totals
    const bytes = this.#slabs.take(totals[TOTAL.bytes]!)
    bytes.set(memory.subarray(RECORDS_AT, RECORDS_AT + bytes.length))
    const count = totals[TOTAL.records]!
    const payloadBytes = totals[TOTAL.payload]!
    const largest = totals[TOTAL.largest]!
    return { records: { count, bytes, payloadBytes, largest, hashKeys: null }, end: end - JSON_AT }
  }
}

let shared: PlainRecordsReader | null | undefined

/**
 * The one for all requests: nothing waits while it reads. Made on first need, which takes some milliseconds. Null where there is no
 * WebAssembly with vectors: then nothing is plain.
 */
export function plainRecordsReader(): PlainRecordsReader | null {
  if (shared === undefined) shared = hasWasmVectors() ? new PlainRecordsReader() : null
  return shared
}
