import { Buffer } from 'node:buffer'
import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import type { Random } from '../base/random.ts'
import { type DataKey, DataKeyRefused, type DataKeys, type DataKeyUse } from '../core/data-keys.ts'
import {
  type BodySeals,
  readSealedBody,
  SEAL_NONCE_BYTES,
  SEAL_TAG_BYTES,
  type SealReading,
  sealHeader,
} from '../core/sealed-body.ts'

const ALGORITHM = 'aes-256-gcm'
const NONCE_PREFIX_BYTES = 8
/** Seals of one prefix: the last four bytes of the nonce number them. */
const SEALS_MAX = 2 ** 32

/**
 * Seals bodies with AES-256-GCM by OpenSSL.
 *
 * A data key seals for up to a day, a hundred thousand messages a second: more than random nonces are good for (2^32, NIST SP 800-38D,
 * 8.3). So a nonce is built (8.2.1): of a prefix, and of the seal's number under it. The prefix is random and drawn anew when the
 * numbers are used up, so that a second sealer with the same data key would not collide either.
 */
export class AesBodySeals implements BodySeals {
  readonly #keys: DataKeys
  readonly #random: Random
  readonly #sealsMax: number
  /** They live as long as the data keys they are of. */
  readonly #sealers = new WeakMap<DataKey, Sealer>()
  readonly #openers = new WeakMap<Uint8Array, KeyObject>()

  /** `sealsMax`: how many seals share a prefix of nonces. */
  constructor(keys: DataKeys, random: Random, sealsMax = SEALS_MAX) {
    this.#keys = keys
    this.#random = random
    this.#sealsMax = sealsMax
  }

  async seal(use: DataKeyUse, bodies: readonly Uint8Array[], clearBytes = 0): Promise<readonly Uint8Array[]> {
    const key = await this.#keys.current(use)
    const sealer = this.#sealerOf(key)
    const header = sealHeader(key.encrypted, use.context, clearBytes)
    return bodies.map((body) => sealer.seal(header, body, clearBytes))
  }

  async open(reading: SealReading, sealed: Uint8Array): Promise<Uint8Array> {
    const parts = readSealedBody(sealed)
    if (parts === null) throw unopened()
    const { header, encryptedKey, context, clear, nonce, text, tag } = parts
    const { accountId, region, reuseMs, user } = reading
    const secret = await this.#keys.open({ accountId, region, reuseMs, user, context }, encryptedKey)
    const decipher = createDecipheriv(ALGORITHM, this.#openerOf(secret), nonce, {
      authTagLength: SEAL_TAG_BYTES,
    })
    decipher.setAAD(header)
    decipher.setAuthTag(tag)
    const plain = decipher.update(text)
    try {
      decipher.final()
    } catch {
      throw unopened()
    }
    return clear.length === 0 ? plain : Buffer.concat([clear, plain])
  }

  check(use: DataKeyUse): Promise<void> {
    return this.#keys.check(use)
  }

  #sealerOf(key: DataKey): Sealer {
    let sealer = this.#sealers.get(key)
    if (sealer === undefined) {
      sealer = new Sealer(key, this.#random, this.#sealsMax)
      this.#sealers.set(key, sealer)
    }
    return sealer
  }

  #openerOf(secret: Uint8Array): KeyObject {
    let opener = this.#openers.get(secret)
    if (opener === undefined) {
      opener = createSecretKey(secret)
      this.#openers.set(secret, opener)
    }
    return opener
  }
}

class Sealer {
  readonly #key: KeyObject
  readonly #random: Random
  readonly #sealsMax: number
  #prefix: Uint8Array
  #seals = 0

  constructor({ secret }: DataKey, random: Random, sealsMax: number) {
    this.#key = createSecretKey(secret)
    this.#random = random
    this.#sealsMax = sealsMax
    this.#prefix = random.bytes(NONCE_PREFIX_BYTES)
  }

  seal(header: Uint8Array, body: Uint8Array, clearBytes: number): Uint8Array {
    const nonce = this.#nextNonce()
    const cipher = createCipheriv(ALGORITHM, this.#key, nonce)
    cipher.setAAD(header)
    const text = cipher.update(clearBytes === 0 ? body : body.subarray(clearBytes))
    // A stream cipher keeps nothing back.
    cipher.final()
    const tag = cipher.getAuthTag()
    return clearBytes === 0
      ? Buffer.concat([header, nonce, text, tag])
      : Buffer.concat([header, body.subarray(0, clearBytes), nonce, text, tag])
  }

  #nextNonce(): Uint8Array {
    if (this.#seals === this.#sealsMax) {
      this.#prefix = this.#random.bytes(NONCE_PREFIX_BYTES)
      this.#seals = 0
    }
    const nonce = Buffer.allocUnsafe(SEAL_NONCE_BYTES)
    nonce.set(this.#prefix)
    nonce.writeUInt32LE(this.#seals++, NONCE_PREFIX_BYTES)
    return nonce
  }
}

function unopened(): DataKeyRefused {
  return new DataKeyRefused('invalid ciphertext', 'A stored body is not as it was sealed.')
}
