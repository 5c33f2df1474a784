import { createCipheriv, createDecipheriv, createSecretKey, type KeyObject } from 'node:crypto'
import { type Cipher, TAG_BYTES } from './engines/files/cipher.ts'

const ALGORITHM = 'aes-256-gcm'

/** A key that OpenSSL knows already saves a sixth of sealing a small block. */
const keyObjects = new WeakMap<Uint8Array, KeyObject>()

function keyObjectOf(key: Uint8Array): KeyObject {
  const known = keyObjects.get(key)
  if (known !== undefined) return known
  const made = createSecretKey(key)
  keyObjects.set(key, made)
  return made
}

/** The journal's cipher, by OpenSSL. */
export const aesGcm: Cipher = {
  seal(key, nonce, bound, plain) {
    const cipher = createCipheriv(ALGORITHM, keyObjectOf(key), nonce)
    cipher.setAAD(bound)
    const text = cipher.update(plain)
    // A stream cipher keeps nothing back.
    cipher.final()
    return { text, tag: cipher.getAuthTag() }
  },

  open(key, nonce, bound, sealed) {
    const decipher = createDecipheriv(ALGORITHM, keyObjectOf(key), nonce, { authTagLength: TAG_BYTES })
    decipher.setAAD(bound)
    const end = sealed.length - TAG_BYTES
    decipher.setAuthTag(sealed.subarray(end))
    const plain = decipher.update(sealed.subarray(0, end))
    try {
      decipher.final()
      return plain
    } catch {
      // All that it says is that the tag does not match.
      return null
    }
  },
}
