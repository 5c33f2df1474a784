import { createCipheriv, createDecipheriv } from 'node:crypto'
import type { Random } from '../base/random.ts'
import type { Sealer } from '../base/sealer.ts'

/**
 * Seals with AES-256-GCM. Layouts are for ever: what was sealed lies in journals.
 *
 * ```
 *   u8 version 1 │ 12 nonce │ as many bytes as the secret has │ 16 tag
 * ```
 *
 * Nonces are random: one key is good for 2^32 secrets (NIST SP 800-38D, 8.3), of which a server has a few thousand.
 */
const VERSION = 1
const NONCE_BYTES = 12
const TAG_BYTES = 16
const HEAD_BYTES = 1 + NONCE_BYTES
const ALGORITHM = 'aes-256-gcm'

export class AesSealer implements Sealer {
  readonly #key: Uint8Array
  readonly #random: Random

  /** 32 bytes of a key that nothing else is done with. */
  constructor(key: Uint8Array, random: Random) {
    this.#key = key
    this.#random = random
  }

  seal(secret: Uint8Array, context: string): Uint8Array {
    const nonce = this.#random.bytes(NONCE_BYTES)
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce)
    cipher.setAAD(Buffer.from(context))
    const parts = [Uint8Array.of(VERSION), nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]
    return new Uint8Array(Buffer.concat(parts))
  }

  open(sealed: Uint8Array, context: string): Uint8Array | null {
    if (sealed[0] !== VERSION || sealed.length < HEAD_BYTES + TAG_BYTES) return null
    const decipher = createDecipheriv(ALGORITHM, this.#key, sealed.subarray(1, HEAD_BYTES), {
      authTagLength: TAG_BYTES,
    })
    decipher.setAAD(Buffer.from(context))
    decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES))
    const secret = decipher.update(sealed.subarray(HEAD_BYTES, sealed.length - TAG_BYTES))
    try {
      return new Uint8Array(Buffer.concat([secret, decipher.final()]))
    } catch {
      return null
    }
  }
}
