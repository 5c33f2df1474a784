import type { KeySpec, MacSpec, PairSpec } from './key-specs.ts'

/** A key's material, ready to be used. What it is only `Cryptography` knows. */
export type LoadedKey = object

/**
 * The cryptography that keys are used with, outside of here since it is random and slow. Material is 32 bytes of a symmetric key, 28 to
 * 64 of an HMAC key, and PKCS #8 (DER) of all others. Algorithms are named as KMS names them, and fit the key.
 */
export interface Cryptography {
  makeMaterial(spec: KeySpec): Promise<Uint8Array>
  load(spec: KeySpec, material: Uint8Array): LoadedKey
  /** As SubjectPublicKeyInfo (DER). */
  publicKeyOf(pair: LoadedKey): Uint8Array

  /** Encrypts and authenticates with a symmetric key; `associated` is authenticated alone. Another result each time. */
  seal(key: LoadedKey, plaintext: Uint8Array, associated: Uint8Array): Uint8Array
  /** Null for what `seal` didn't make with this key and these associated bytes. */
  open(key: LoadedKey, sealed: Uint8Array, associated: Uint8Array): Uint8Array | null

  /** With RSA; the plaintext isn't longer than `rsaPlaintextMax`. */
  encrypt(pair: LoadedKey, algorithm: string, plaintext: Uint8Array): Uint8Array
  /** Null for what isn't such a ciphertext. */
  decrypt(pair: LoadedKey, algorithm: string, ciphertext: Uint8Array): Uint8Array | null

  /** `isDigest` says that the message is its digest already, of the algorithm's length. ECDSA signatures are DER. */
  sign(pair: LoadedKey, algorithm: string, message: Uint8Array, isDigest: boolean): Promise<Uint8Array>
  verify(
    pair: LoadedKey,
    algorithm: string,
    message: Uint8Array,
    isDigest: boolean,
    signature: Uint8Array,
  ): Promise<boolean>

  mac(key: LoadedKey, spec: MacSpec, message: Uint8Array): Uint8Array

  /** ECDH: the X coordinate. Null where `publicKey` is no public key (SubjectPublicKeyInfo, DER) on the pair's curve. */
  agree(pair: LoadedKey, spec: PairSpec, publicKey: Uint8Array): Uint8Array | null
}

/** Bytes that RSA with OAEP encrypts at most: those of the modulus but for two digests and two bytes. */
export function rsaPlaintextMax(spec: KeySpec, algorithm: string): number {
  const modulusBytes = Number(spec.slice('RSA_'.length)) / 8
  const digestBytes = algorithm === 'RSAES_OAEP_SHA_1' ? 20 : 32
  return modulusBytes - 2 * digestBytes - 2
}
