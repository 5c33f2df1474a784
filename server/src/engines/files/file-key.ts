import assert from 'node:assert/strict'
import { NONCE_BYTES } from '../../journal/frame-format.ts'
import { CIPHER_NONCE_BYTES, type Cipher, type Sealed, TAG_BYTES } from './cipher.ts'
import type { KeySlot } from './key-slot.ts'

/** What is sealed begins in different stretches of so many bytes: no two seals are shorter together. */
const STRETCH_BYTES = TAG_BYTES

/**
 * The key of one file: what is sealed with it opens at the place in that file where it was sealed, and nowhere else.
 *
 * ```
 *   nonce    0  8  nonce of the file
 *            8  4  offset in the file, divided by 16 and rounded down
 * ```
 *
 * A file that is written anew gets a new key, so that no place in it is sealed twice.
 */
export class FileKey {
  /** As it stands in the file's header. */
  readonly slot: KeySlot
  readonly #cipher: Cipher
  readonly #key: Uint8Array
  /** That of the file, and behind it the place of what is sealed or opened now. */
  readonly #nonce = new Uint8Array(CIPHER_NONCE_BYTES)

  constructor(cipher: Cipher, key: Uint8Array, fileNonce: Uint8Array, slot: KeySlot) {
    this.#cipher = cipher
    this.#key = key
    this.#nonce.set(fileNonce)
    this.slot = slot
  }

  /** `bound` is what the bytes are besides their place: it has to be the same when they are opened. */
  seal(offset: number, bound: Uint8Array, plain: Uint8Array): Sealed {
    return this.#cipher.seal(this.#key, this.#nonceAt(offset), bound, plain)
  }

  /** Null if these are not the bytes that were sealed there. */
  open(offset: number, bound: Uint8Array, sealed: Uint8Array): Uint8Array | null {
    if (sealed.length < TAG_BYTES) return null
    return this.#cipher.open(this.#key, this.#nonceAt(offset), bound, sealed)
  }

  #nonceAt(offset: number): Uint8Array {
    const stretch = Math.floor(offset / STRETCH_BYTES)
    assert(stretch <= 0xffff_ffff, 'an encrypted file has at most 64 GiB')
    for (let i = 0; i < CIPHER_NONCE_BYTES - NONCE_BYTES; i++) {
      this.#nonce[NONCE_BYTES + i] = stretch >>> (8 * i)
    }
    return this.#nonce
  }
}

/** The checksum of sealed bytes: the first four bytes of their tag, which says more than a CRC. */
export function tagChecksum(tag: Uint8Array): number {
  return (tag[0]! | (tag[1]! << 8) | (tag[2]! << 16) | (tag[3]! << 24)) >>> 0
}
