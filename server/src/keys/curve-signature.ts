import { Buffer } from 'node:buffer'
import type { JsonWebKey, KeyObject } from 'node:crypto'

/**
 * Signatures on elliptic curves that Node.js has no call for: ECDSA of a digest that somebody else made, and Ed25519ph. Rarely
 * wanted, so the curves are loaded only then. Signatures of ECDSA are DER, and k is deterministic (RFC 6979).
 */
export async function signDigest(key: KeyObject, digest: Uint8Array): Promise<Uint8Array> {
  const jwk = key.export({ format: 'jwk' })
  const curve = await ecdsaOf(jwk)
  return new Uint8Array(curve.sign(digest, bytesOf(jwk.d), { ...RAW, format: 'der' }))
}

/** `key` is the public one. */
export async function verifyDigest(
  key: KeyObject,
  digest: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const jwk = key.export({ format: 'jwk' })
  const curve = await ecdsaOf(jwk)
  const point = new Uint8Array(Buffer.concat([Buffer.of(UNCOMPRESSED), bytesOf(jwk.x), bytesOf(jwk.y)]))
  return falseIfMalformed(() =>
    curve.verify(new Uint8Array(signature), digest, point, { ...RAW, format: 'der' }),
  )
}

/** Ed25519ph, which hashes the message itself. RFC 8032, section 5.1 */
export async function signPrehashed(key: KeyObject, message: Uint8Array): Promise<Uint8Array> {
  const { ed25519ph } = await import('@noble/curves/ed25519.js')
  return new Uint8Array(ed25519ph.sign(message, bytesOf(key.export({ format: 'jwk' }).d)))
}

export async function verifyPrehashed(
  key: KeyObject,
  message: Uint8Array,
  signature: Uint8Array,
): Promise<boolean> {
  const { ed25519ph } = await import('@noble/curves/ed25519.js')
  const publicKey = bytesOf(key.export({ format: 'jwk' }).x)
  return falseIfMalformed(() => ed25519ph.verify(new Uint8Array(signature), message, publicKey))
}

/** The digest as it is; either of the two values of S that a signature may have, as at AWS and in OpenSSL. */
const RAW = { prehash: false, lowS: false } as const

/** The first byte of a point of which both coordinates follow. */
const UNCOMPRESSED = 4

async function ecdsaOf({ crv }: JsonWebKey) {
  if (crv === 'secp256k1') return (await import('@noble/curves/secp256k1.js')).secp256k1
  const { p256, p384, p521 } = await import('@noble/curves/nist.js')
  switch (crv) {
    case 'P-256':
      return p256
    case 'P-384':
      return p384
    case 'P-521':
      return p521
    default:
      throw new Error(`no digest is signed on the curve ${crv}`)
  }
}

function bytesOf(coordinate: string | undefined): Uint8Array {
  if (coordinate === undefined) throw new Error('the key lacks a part')
  return new Uint8Array(Buffer.from(coordinate, 'base64url'))
}

/** What isn't even a signature's form is thrown about. */
function falseIfMalformed(isValid: () => boolean): boolean {
  try {
    return isValid()
  } catch {
    return false
  }
}
