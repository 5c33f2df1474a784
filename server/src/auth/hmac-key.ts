import { createHash, hash } from 'node:crypto'

const BLOCK_BYTES = 64
const DIGEST_BYTES = 32

/**
 * A key of HMAC-SHA256 that signs many short texts, most of which begin alike (RFC 2104):
 *
 * ```
 *   inner = SHA-256(key ^ 0x36…, start, rest)      HMAC = SHA-256(key ^ 0x5c…, inner)
 * ```
 *
 * What the key and the start contribute is written once and only the rest is put behind it. `createHmac` would make an object with a
 * stream's worth of fields for each text, which takes twice as long.
 */
export class HmacKey {
  /** One block of the key, the start, and room for the rest. In memory of its own, as all that the key is in: `Buffer.from` shares. */
  #bytes: Buffer
  #restAt = BLOCK_BYTES
  /** Of these bytes, as many as the last text took. */
  #inner: Buffer
  /** One block of the key, and the inner digest. */
  readonly #outer: Buffer

  constructor(key: Uint8Array) {
    const short = key.length > BLOCK_BYTES ? createHash('sha256').update(key).digest() : key
    this.#bytes = Buffer.alloc(4 * BLOCK_BYTES)
    this.#inner = this.#bytes.subarray(0, BLOCK_BYTES)
    this.#outer = Buffer.alloc(BLOCK_BYTES + DIGEST_BYTES)
    for (let i = 0; i < BLOCK_BYTES; i++) {
      const byte = short[i] ?? 0
      this.#bytes[i] = byte ^ 0x36
      this.#outer[i] = byte ^ 0x5c
    }
  }

  /** All texts begin with this from now on. */
  startWith(start: string): void {
    this.#restAt = BLOCK_BYTES + Buffer.byteLength(start)
    this.#setEnd(this.#restAt)
    this.#bytes.write(start, BLOCK_BYTES)
  }

  /** The HMAC of the start with the rest behind it, as 64 hexadecimal digits. Each character of the rest is one byte. */
  sign(rest: string): string {
    const end = this.#restAt + rest.length
    if (end !== this.#inner.length) this.#setEnd(end)
    this.#bytes.write(rest, this.#restAt, 'latin1')
    this.#outer.write(hash('sha256', this.#inner, 'binary'), BLOCK_BYTES, 'latin1')
    return hash('sha256', this.#outer)
  }

  #setEnd(end: number): void {
    if (end > this.#bytes.length) {
      const longer = Buffer.alloc(end)
      this.#bytes.copy(longer)
      this.#bytes = longer
    }
    this.#inner = this.#bytes.subarray(0, end)
  }
}
