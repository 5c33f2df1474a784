import { hasWasmVectors, instantiate } from '../base/wasm-module.ts'
import { BLOCK_BYTES, HEAD_BYTES, LANES, SPREAD_CONSTANTS, sha256HeadsOfFour } from './sha256-code.ts'

/** The most that are digested at once: two of each message of a request. */
const TEXTS_MAX = 20
/** What SHA-256 adds to a text at least: a bit, and behind zeros the text's length in bits. */
const MARK = 0x80
const LENGTH_BYTES = 8
/** The longest text that is one block. */
const TEXT_BYTES_MAX = BLOCK_BYTES - 1 - LENGTH_BYTES
const FIRST_BEYOND_ASCII = 0x80
const HEAD_WORDS = HEAD_BYTES / 4

/**
 * ```
 *      0  four times each constant of SHA-256
 *   1024  20 blocks, a padded text each
 *   2304  20 halves of digests
 * ```
 */
const BLOCKS_AT = SPREAD_CONSTANTS.byteLength
const HEADS_AT = BLOCKS_AT + TEXTS_MAX * BLOCK_BYTES
const MEMORY_BYTES = HEADS_AT + TEXTS_MAX * HEAD_BYTES

/**
 * The first 16 bytes of the SHA-256 of short texts, four at once. To ask OpenSSL for the digest of a text of a few bytes takes several times as long as
 * to compute it.
 */
export class ShortDigests {
  readonly #bytes: Uint8Array
  readonly #heads: Uint32Array
  /** Null where there is no WebAssembly, or it has no vectors: nothing is added then. */
  readonly #digest: ((from: number, to: number) => unknown) | null
  /** For each text that was added: to where its digest is to be written, and from where on. */
  readonly #targets = new Array<Uint32Array>(TEXTS_MAX).fill(new Uint32Array(0))
  readonly #places = new Array<number>(TEXTS_MAX).fill(0)
  // A block is written over the one before it, which mostly has the same prefix and about the same length.
  /** What each block begins with. */
  readonly #prefixes = new Array<string>(TEXTS_MAX).fill('')
  /** From where on each block has zeros, up to the text's length. */
  readonly #ends = new Array<number>(TEXTS_MAX).fill(0)
  #texts = 0

  constructor() {
    const module = hasWasmVectors()
      ? instantiate([sha256HeadsOfFour('digest', { constantsAt: 0 })], MEMORY_BYTES)
      : null
    const memory = module?.memory ?? new ArrayBuffer(MEMORY_BYTES)
    this.#bytes = new Uint8Array(memory)
    this.#heads = new Uint32Array(memory, HEADS_AT, TEXTS_MAX * HEAD_WORDS)
    this.#digest = module?.functions.digest ?? null
    new Uint32Array(memory, 0, SPREAD_CONSTANTS.length).set(SPREAD_CONSTANTS)
  }

  /** Whether `write` comes before the next `add`. */
  get isFull(): boolean {
    return this.#texts === TEXTS_MAX
  }

  /**
   * The digest of prefix and text is to be written to four of `words` from `place` on, the first byte the least significant one of the first
   * word. False where that is not ASCII or too long for this: it's not done then.
   */
  add(prefix: string, text: string, words: Uint32Array, place: number): boolean {
    const textBytes = prefix.length + text.length
    if (this.#digest === null || textBytes > TEXT_BYTES_MAX) return false
    const bytes = this.#bytes
    const block = this.#texts
    const start = BLOCKS_AT + block * BLOCK_BYTES
    const textAt = start + prefix.length
    // Character by character: for so few, a call out of JavaScript takes longer.
    if (this.#prefixes[block] !== prefix) {
      for (let i = 0; i < prefix.length; i++) bytes[start + i] = prefix.charCodeAt(i)
      this.#prefixes[block] = prefix
    }
    let units = 0
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i)
      units |= unit
      bytes[textAt + i] = unit
    }
    bytes[start + textBytes] = MARK
    for (let at = textBytes + 1; at < this.#ends[block]!; at++) bytes[start + at] = 0
    this.#ends[block] = textBytes + 1
    if (units >= FIRST_BEYOND_ASCII) return false
    bytes[start + BLOCK_BYTES - 2] = textBytes >> 5
    bytes[start + BLOCK_BYTES - 1] = textBytes << 3
    this.#targets[block] = words
    this.#places[block] = place
    this.#texts++
    return true
  }

  /** Writes the digests of all that was added, and forgets it. */
  write(): void {
    const texts = this.#texts
    const heads = this.#heads
    this.#texts = 0
    for (let first = 0; first < texts; first += LANES) {
      this.#digest?.(BLOCKS_AT + first * BLOCK_BYTES, HEADS_AT + first * HEAD_BYTES)
    }
    for (let i = 0; i < texts; i++) {
      const words = this.#targets[i]!
      const place = this.#places[i]!
      for (let word = 0; word < HEAD_WORDS; word++) words[place + word] = heads[i * HEAD_WORDS + word]!
    }
  }
}

let shared: ShortDigests | undefined

/** Made on first need, which takes some milliseconds. Whoever adds to it has it write before anything else runs. */
export function shortDigests(): ShortDigests {
  shared ??= new ShortDigests()
  return shared
}
