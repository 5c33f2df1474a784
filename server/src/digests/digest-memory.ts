import { Buffer } from 'node:buffer'
import { hasWasmVectors, instantiate } from '../base/wasm-module.ts'
import {
  ENTRY,
  ENTRY_BYTES,
  LANE_WORDS_BYTES,
  md5OfEight,
  md5OfOne,
  md5OfSome,
  PADDING_BYTES_MAX,
  SPREAD_CONSTANTS,
} from './md5-code.ts'
import { hexDigits, isOtherThanPlain, uuidDigits } from './text-code.ts'

/** How many texts can be digested at once. */
export const DIGESTS_MAX = 16

/**
 * ```
 *      0  16 entries of a text each: where it is, its bytes, where its digest is to be (u32 each)
 *    192  four times each constant of MD5
 *   1216  blocks of eight texts, word by word
 *   1728  free for texts, and what they are a part of
 * ```
 */
const ENTRY_WORDS = ENTRY_BYTES / 4
const CONSTANTS_AT = DIGESTS_MAX * ENTRY_BYTES
const WORDS_AT = CONSTANTS_AT + SPREAD_CONSTANTS.byteLength
const FREE_AT = WORDS_AT + LANE_WORDS_BYTES
const MEMORY_BYTES = 65_536

/** Each text that is to be digested is followed by so many bytes that are written over. */
export const DIGEST_PADDING_BYTES = PADDING_BYTES_MAX

/**
 * Memory in which texts are checked and digested, eight at once, and digits are made. To ask OpenSSL for the MD5 of a short text takes
 * twice as long as to compute it.
 *
 * There is one for all. Whoever writes into it is done with it before anything else runs.
 */
export class DigestMemory {
  /** The whole of it, of which what lies between `from` and `to` is free for texts. */
  readonly bytes: Buffer
  readonly from = FREE_AT
  readonly to = MEMORY_BYTES
  readonly #entries: Uint32Array
  readonly #functions: Readonly<
    Record<'isOtherThanPlain' | 'md5OfSome' | 'hexDigits' | 'uuidDigits', WasmCall>
  >

  constructor() {
    const { memory, functions } = instantiate(
      [
        md5OfOne('md5OfOne'),
        md5OfEight('md5OfEight', { constantsAt: CONSTANTS_AT, wordsAt: WORDS_AT }),
        md5OfSome('md5OfSome', { entriesAt: 0, one: 0, eight: 1 }),
        isOtherThanPlain('isOtherThanPlain'),
        hexDigits('hexDigits'),
        uuidDigits('uuidDigits'),
      ],
      MEMORY_BYTES,
    )
    this.#functions = functions
    this.bytes = Buffer.from(memory)
    this.#entries = new Uint32Array(memory, 0, CONSTANTS_AT / 4)
    new Uint32Array(memory, CONSTANTS_AT, SPREAD_CONSTANTS.length).set(SPREAD_CONSTANTS)
  }

  /** Whether a text that lies there is ASCII, without control characters but tabs and line ends. */
  isPlain(at: number, bytes: number): boolean {
    return this.#functions.isOtherThanPlain(at, bytes) === 0
  }

  /** The text of that number, below `DIGESTS_MAX`, is to have its MD5 written to `digestAt`, which is not in a text nor in its padding. */
  setText(number: number, at: number, bytes: number, digestAt: number): void {
    const entry = number * ENTRY_WORDS
    this.#entries[entry + ENTRY.textAt / 4] = at
    this.#entries[entry + ENTRY.textBytes / 4] = bytes
    this.#entries[entry + ENTRY.digestAt / 4] = digestAt
  }

  /** Writes the digests of the first so many texts. */
  writeDigests(texts: number): void {
    this.#functions.md5OfSome(texts)
  }

  /** Writes the 32 hexadecimal digits of 16 bytes. */
  writeHex(from: number, to: number): void {
    this.#functions.hexDigits(from, to)
  }

  /** Writes the 36 characters of a UUID of 16 bytes. */
  writeUuid(from: number, to: number): void {
    this.#functions.uuidDigits(from, to)
  }
}

type WasmCall = (...parameters: number[]) => number

let shared: DigestMemory | null | undefined

/** Made on first need, which takes some milliseconds; null where there is no WebAssembly, or it has no vectors. */
export function digestMemory(): DigestMemory | null {
  if (shared === undefined) shared = hasWasmVectors() ? new DigestMemory() : null
  return shared
}
