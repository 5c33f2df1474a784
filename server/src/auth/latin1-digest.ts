import { hash } from 'node:crypto'

/** Longer texts are rare, and get a buffer of their own. */
const KEPT_BYTES = 4096

/**
 * Makes SHA-256 digests of texts that hold one byte in each character. They are written into the same memory again and again: making a buffer for
 * each takes longer than filling it.
 */
export class Latin1Digest {
  readonly #bytes = Buffer.alloc(KEPT_BYTES)
  /** What the last text took: the next one of a client is often as long. */
  #written = this.#bytes

  /** As 64 hexadecimal digits. */
  of(text: string): string {
    if (text.length > KEPT_BYTES) return hash('sha256', Buffer.from(text, 'latin1'))
    this.#bytes.write(text, 'latin1')
    if (this.#written.length !== text.length) this.#written = this.#bytes.subarray(0, text.length)
    return hash('sha256', this.#written)
  }
}
