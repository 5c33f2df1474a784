import { Buffer } from 'node:buffer'
import {
  constants,
  createCipheriv,
  createDecipheriv,
  createHmac,
  createPrivateKey,
  createPublicKey,
  createSecretKey,
  diffieHellman,
  generateKeyPair,
  hkdfSync,
  KeyObject,
  privateDecrypt,
  publicEncrypt,
  sign,
  verify,
} from 'node:crypto'
import { promisify } from 'node:util'
import type { Random } from '../base/random.ts'
import type { Cryptography, LoadedKey } from '../services/kms/cryptography.ts'
import {
  digestBitsOf,
  isMacSpec,
  isRsaSpec,
  type KeySpec,
  type MacSpec,
  type PairSpec,
} from '../services/kms/key-specs.ts'
import { signDigest, signPrehashed, verifyDigest, verifyPrehashed } from './curve-signature.ts'
import { signRsaDigest, verifyRsaDigest } from './rsa-signature.ts'

const makeKeyPair = promisify(generateKeyPair)
const signInPool = promisify(sign)
const verifyInPool = promisify(verify)

const SYMMETRIC_BYTES = 32
const NONCE_BYTES = 16
const IV_BYTES = 12
const TAG_BYTES = 16

const CURVES = {
  ECC_NIST_P256: 'prime256v1',
  ECC_NIST_P384: 'secp384r1',
  ECC_NIST_P521: 'secp521r1',
  ECC_SECG_P256K1: 'secp256k1',
} as const

/** On what Node.js has, which is OpenSSL's; digests that were made elsewhere are signed as `rsa-signature` and `curve-signature` do it. */
export class NodeCryptography implements Cryptography {
  readonly #random: Random

  constructor(random: Random) {
    this.#random = random
  }

  async makeMaterial(spec: KeySpec): Promise<Uint8Array> {
    if (spec === 'SYMMETRIC_DEFAULT') return this.#random.bytes(SYMMETRIC_BYTES)
    if (isMacSpec(spec)) return this.#random.bytes(digestBitsOf(spec) / 8)
    const { privateKey } = await makePair(spec)
    return new Uint8Array(privateKey.export({ type: 'pkcs8', format: 'der' }))
  }

  load(spec: KeySpec, material: Uint8Array): LoadedKey {
    if (spec === 'SYMMETRIC_DEFAULT' || isMacSpec(spec)) return createSecretKey(material)
    return createPrivateKey({ key: Buffer.from(material), type: 'pkcs8', format: 'der' })
  }

  publicKeyOf(pair: LoadedKey): Uint8Array {
    return new Uint8Array(createPublicKey(keyOf(pair)).export({ type: 'spki', format: 'der' }))
  }

  /**
   * ```
   *   16 bytes random nonce │ ciphertext │ 16 bytes tag
   * ```
   *
   * AES-256-GCM with a key and an IV of the message's own, derived with the nonce: a key may encrypt as much as it likes.
   */
  seal(key: LoadedKey, plaintext: Uint8Array, associated: Uint8Array): Uint8Array {
    const nonce = this.#random.bytes(NONCE_BYTES)
    const own = messageKey(keyOf(key), nonce)
    const cipher = createCipheriv('aes-256-gcm', own.key, own.iv)
    cipher.setAAD(associated)
    return new Uint8Array(
      Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]),
    )
  }

  open(key: LoadedKey, sealed: Uint8Array, associated: Uint8Array): Uint8Array | null {
    const end = sealed.length - TAG_BYTES
    if (end < NONCE_BYTES) return null
    const own = messageKey(keyOf(key), sealed.subarray(0, NONCE_BYTES))
    const decipher = createDecipheriv('aes-256-gcm', own.key, own.iv, { authTagLength: TAG_BYTES })
    decipher.setAAD(associated)
    decipher.setAuthTag(sealed.subarray(end))
    const plaintext = decipher.update(sealed.subarray(NONCE_BYTES, end))
    try {
      return new Uint8Array(Buffer.concat([plaintext, decipher.final()]))
    } catch {
      return null
    }
  }

  encrypt(pair: LoadedKey, algorithm: string, plaintext: Uint8Array): Uint8Array {
    const key = createPublicKey(keyOf(pair))
    return new Uint8Array(publicEncrypt({ key, ...oaep(algorithm) }, plaintext))
  }

  decrypt(pair: LoadedKey, algorithm: string, ciphertext: Uint8Array): Uint8Array | null {
    try {
      return new Uint8Array(privateDecrypt({ key: keyOf(pair), ...oaep(algorithm) }, ciphertext))
    } catch {
      return null
    }
  }

  async sign(
    pair: LoadedKey,
    algorithm: string,
    message: Uint8Array,
    isDigest: boolean,
  ): Promise<Uint8Array> {
    const key = keyOf(pair)
    if (algorithm === 'ED25519_PH_SHA_512') return signPrehashed(key, message)
    if (isDigest) return isRsa(algorithm) ? signRsaDigest(key, algorithm, message) : signDigest(key, message)
    return new Uint8Array(
      await signInPool(digestNameOf(algorithm), message, { key, ...paddingOf(algorithm) }),
    )
  }

  async verify(
    pair: LoadedKey,
    algorithm: string,
    message: Uint8Array,
    isDigest: boolean,
    signature: Uint8Array,
  ): Promise<boolean> {
    const key = createPublicKey(keyOf(pair))
    if (algorithm === 'ED25519_PH_SHA_512') return verifyPrehashed(key, message, signature)
    if (isDigest) {
      return isRsa(algorithm)
        ? verifyRsaDigest(key, algorithm, message, signature)
        : verifyDigest(key, message, signature)
    }
    return verifyInPool(digestNameOf(algorithm), message, { key, ...paddingOf(algorithm) }, signature)
  }

  mac(key: LoadedKey, spec: MacSpec, message: Uint8Array): Uint8Array {
    return new Uint8Array(
      createHmac(`sha${digestBitsOf(spec)}`, keyOf(key))
        .update(message)
        .digest(),
    )
  }

  agree(pair: LoadedKey, spec: PairSpec, publicKey: Uint8Array): Uint8Array | null {
    try {
      const theirs = createPublicKey({ key: Buffer.from(publicKey), type: 'spki', format: 'der' })
      if (theirs.asymmetricKeyDetails?.namedCurve !== curveOf(spec)) return null
      return new Uint8Array(diffieHellman({ privateKey: keyOf(pair), publicKey: theirs }))
    } catch {
      return null
    }
  }
}

function makePair(spec: PairSpec): Promise<{ readonly privateKey: KeyObject }> {
  if (isRsaSpec(spec)) return makeKeyPair('rsa', { modulusLength: digestBitsOf(spec) })
  if (spec === 'ECC_NIST_EDWARDS25519') return makeKeyPair('ed25519', undefined)
  return makeKeyPair('ec', { namedCurve: CURVES[spec] })
}

function curveOf(spec: PairSpec): string | undefined {
  return Object.hasOwn(CURVES, spec) ? CURVES[spec as keyof typeof CURVES] : undefined
}

/** What `load` made. */
function keyOf(loaded: LoadedKey): KeyObject {
  if (loaded instanceof KeyObject) return loaded
  throw new Error('the key was not loaded here')
}

function messageKey(
  key: KeyObject,
  nonce: Uint8Array,
): { readonly key: Uint8Array; readonly iv: Uint8Array } {
  const derived = hkdfSync('sha256', key, nonce, 'millrace kms ciphertext', SYMMETRIC_BYTES + IV_BYTES)
  return {
    key: new Uint8Array(derived, 0, SYMMETRIC_BYTES),
    iv: new Uint8Array(derived, SYMMETRIC_BYTES, IV_BYTES),
  }
}

function oaep(algorithm: string) {
  const oaepHash = algorithm === 'RSAES_OAEP_SHA_1' ? 'sha1' : 'sha256'
  return { padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash }
}

function isRsa(algorithm: string): boolean {
  return algorithm.startsWith('RSASSA_')
}

/** Null for Ed25519, which has its own within. */
function digestNameOf(algorithm: string): string | null {
  return algorithm.startsWith('ED25519') ? null : `sha${digestBitsOf(algorithm)}`
}

/** The salt is as long as the digest, as at AWS. */
function paddingOf(algorithm: string) {
  if (!algorithm.startsWith('RSASSA_PSS_')) return {}
  return { padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
}
