import { Buffer } from 'node:buffer'
import { createCipheriv, createDecipheriv, hkdfSync } from 'node:crypto'
import type { Random } from '../base/random.ts'
import { SealError, type Sealer } from '../base/sealer.ts'

/**
 * Seals with AES-256-GCM, under a key that HKDF-SHA-256 derives from the secret of the root access key:
 *
 * ```
 *   u8 version (1) │ 4 bytes fingerprint of the key │ 12 bytes random IV │ ciphertext │ 16 bytes tag
 * ```
 *
 * What stands before the ciphertext is authenticated with the purpose. The fingerprint tells a secret that another root key sealed
 * from one that was damaged. docs/formats/keys.md
 */
const VERSION = 1
const FINGERPRINT_BYTES = 4
const IV_BYTES = 12
const TAG_BYTES = 16
const HEADER_BYTES = 1 + FINGERPRINT_BYTES + IV_BYTES
const KEY_BYTES = 32

export class RootSealer implements Sealer {
  readonly #key: Uint8Array
  readonly #fingerprint: Uint8Array
  readonly #random: Random

  constructor(rootSecret: string, random: Random) {
    const derived = new Uint8Array(
      hkdfSync('sha256', rootSecret, '', 'millrace sealed secrets', KEY_BYTES + FINGERPRINT_BYTES),
    )
    this.#key = derived.subarray(0, KEY_BYTES)
    this.#fingerprint = derived.subarray(KEY_BYTES)
    this.#random = random
  }

  seal(secret: Uint8Array, purpose: string): Uint8Array {
    const header = new Uint8Array(HEADER_BYTES)
    header[0] = VERSION
    header.set(this.#fingerprint, 1)
    header.set(this.#random.bytes(IV_BYTES), 1 + FINGERPRINT_BYTES)
    const cipher = createCipheriv('aes-256-gcm', this.#key, header.subarray(1 + FINGERPRINT_BYTES))
    cipher.setAAD(associated(header, purpose))
    return new Uint8Array(Buffer.concat([header, cipher.update(secret), cipher.final(), cipher.getAuthTag()]))
  }

  open(sealed: Uint8Array, purpose: string): Uint8Array {
    if (sealed.length < HEADER_BYTES + TAG_BYTES || sealed[0] !== VERSION) {
      throw new SealError(`the sealed secret (${purpose}) is none that this build reads`)
    }
    const header = sealed.subarray(0, HEADER_BYTES)
    const fingerprint = header.subarray(1, 1 + FINGERPRINT_BYTES)
    if (Buffer.compare(fingerprint, this.#fingerprint) !== 0) {
      throw new SealError(
        `the secret (${purpose}) was sealed under another root key: start the server with the root key it had then`,
      )
    }
    const end = sealed.length - TAG_BYTES
    const decipher = createDecipheriv('aes-256-gcm', this.#key, header.subarray(1 + FINGERPRINT_BYTES))
    decipher.setAAD(associated(header, purpose))
    decipher.setAuthTag(sealed.subarray(end))
    try {
      const opened = [decipher.update(sealed.subarray(HEADER_BYTES, end)), decipher.final()]
      return new Uint8Array(Buffer.concat(opened))
    } catch (cause) {
      throw new SealError(`the sealed secret (${purpose}) was changed, or is another one`, { cause })
    }
  }
}

function associated(header: Uint8Array, purpose: string): Uint8Array {
  return Buffer.concat([header, Buffer.from(purpose)])
}
