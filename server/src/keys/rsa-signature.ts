import { Buffer } from 'node:buffer'
import {
  constants,
  createHash,
  type KeyObject,
  privateEncrypt,
  publicDecrypt,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'

/**
 * RSA signatures of digests that somebody else made, which Node.js signs no other way: the digest is encoded here, as RFC 8017
 * has it, and the modulus is applied to it by OpenSSL. The salt of PSS is as long as the digest.
 */
export function signRsaDigest(key: KeyObject, algorithm: string, digest: Uint8Array): Uint8Array {
  if (!isPss(algorithm)) {
    const info = digestInfo(digest)
    return new Uint8Array(privateEncrypt({ key, padding: constants.RSA_PKCS1_PADDING }, info))
  }
  const encoded = encodePss(digest, randomBytes(digest.length), bitsOf(key) - 1)
  const padded = Buffer.concat([Buffer.alloc(bitsOf(key) / 8 - encoded.length), encoded])
  return new Uint8Array(privateEncrypt({ key, padding: constants.RSA_NO_PADDING }, padded))
}

/** `key` is the public one. */
export function verifyRsaDigest(
  key: KeyObject,
  algorithm: string,
  digest: Uint8Array,
  signature: Uint8Array,
): boolean {
  if (signature.length !== bitsOf(key) / 8) return false
  const padding = isPss(algorithm) ? constants.RSA_NO_PADDING : constants.RSA_PKCS1_PADDING
  let encoded: Uint8Array
  try {
    encoded = publicDecrypt({ key, padding }, signature)
  } catch {
    return false
  }
  if (isPss(algorithm)) return verifyPss(digest, encoded, bitsOf(key) - 1)
  const expected = digestInfo(digest)
  return encoded.length === expected.length && timingSafeEqual(encoded, expected)
}

function isPss(algorithm: string): boolean {
  return algorithm.startsWith('RSASSA_PSS_')
}

/** Of the modulus: 2048, 3072 or 4096. */
function bitsOf(key: KeyObject): number {
  const bits = key.asymmetricKeyDetails?.modulusLength
  if (bits === undefined) throw new Error('the key is none of RSA')
  return bits
}

function hashNameOf(digest: Uint8Array): string {
  return `sha${digest.length * 8}`
}

/** RFC 8017, section 9.2: DigestInfo, whose beginning is the same for each hash. By the digest's length in bytes. */
const DIGEST_INFO: ReadonlyMap<number, string> = new Map([
  [32, '3031300d060960864801650304020105000420'],
  [48, '3041300d060960864801650304020205000430'],
  [64, '3051300d060960864801650304020305000440'],
])

function digestInfo(digest: Uint8Array): Buffer {
  const prefix = DIGEST_INFO.get(digest.length)
  if (prefix === undefined) throw new Error(`no digest has ${digest.length} bytes`)
  return Buffer.concat([Buffer.from(prefix, 'hex'), digest])
}

const TRAILER = 0xbc
const ZEROS = Buffer.alloc(8)

/** RFC 8017, section 9.1.1. */
function encodePss(digest: Uint8Array, salt: Uint8Array, bits: number): Buffer {
  const length = Math.ceil(bits / 8)
  const hashed = saltedHash(digest, salt)
  const block = Buffer.alloc(length - digest.length - 1)
  block[block.length - salt.length - 1] = 1
  block.set(salt, block.length - salt.length)
  const masked = xor(block, mask(hashed, block.length, hashNameOf(digest)))
  masked[0]! &= 0xff >>> (8 * length - bits)
  return Buffer.concat([masked, hashed, Buffer.of(TRAILER)])
}

/** RFC 8017, section 9.1.2. `encoded` is as long as the modulus, whose bits are a multiple of eight. */
function verifyPss(digest: Uint8Array, encoded: Uint8Array, bits: number): boolean {
  const { length } = encoded
  if (encoded[length - 1] !== TRAILER) return false
  const masked = encoded.subarray(0, length - digest.length - 1)
  const hashed = encoded.subarray(masked.length, length - 1)
  const unused = 8 * length - bits
  if (masked[0]! >>> (8 - unused) !== 0) return false
  const block = xor(masked, mask(hashed, masked.length, hashNameOf(digest)))
  block[0]! &= 0xff >>> unused
  const saltAt = block.length - digest.length
  for (let i = 0; i < saltAt - 1; i++) if (block[i] !== 0) return false
  if (block[saltAt - 1] !== 1) return false
  return timingSafeEqual(hashed, saltedHash(digest, block.subarray(saltAt)))
}

function saltedHash(digest: Uint8Array, salt: Uint8Array): Buffer {
  return createHash(hashNameOf(digest)).update(ZEROS).update(digest).update(salt).digest()
}

/** MGF1, RFC 8017 appendix B.2.1. */
function mask(seed: Uint8Array, length: number, hashName: string): Buffer {
  const parts: Buffer[] = []
  for (let made = 0, counter = 0; made < length; counter++) {
    const count = Buffer.alloc(4)
    count.writeUInt32BE(counter)
    const part = createHash(hashName).update(seed).update(count).digest()
    parts.push(part)
    made += part.length
  }
  return Buffer.concat(parts).subarray(0, length)
}

function xor(a: Uint8Array, b: Uint8Array): Buffer {
  return Buffer.from(a.map((byte, i) => byte ^ b[i]!))
}
