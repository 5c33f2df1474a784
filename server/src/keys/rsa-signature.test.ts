import { Buffer } from 'node:buffer'
import { constants, createHash, generateKeyPairSync, privateEncrypt, verify } from 'node:crypto'
import { expect, test } from 'vitest'
import { SeededRandom } from '../base/random.ts'
import { signRsaDigest, verifyRsaDigest } from './rsa-signature.ts'

const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
const random = new SeededRandom(1)
const MESSAGE = Buffer.from('a message')
const DIGEST = createHash('sha256').update(MESSAGE).digest()
const BYTES = 256
const BLOCK_BYTES = BYTES - DIGEST.length - 1

/** Bits of one byte that are turned over. */
interface Change {
  readonly at: number
  readonly bits: number
}

interface Parts {
  /** In what stands before the hash, unmasked: zeros, a one and the salt. */
  readonly block?: Change
  /** In what is signed. */
  readonly encoded?: Change
}

function turnOver(bytes: Buffer, { at, bits }: Change = { at: 0, bits: 0 }): void {
  bytes[at]! ^= bits
}

/** A signature of PSS whose parts the owner of the key made otherwise, with a hash that is right for its salt. */
function signed(changes: Parts): Buffer {
  const sha256 = (...parts: readonly Uint8Array[]) =>
    createHash('sha256').update(Buffer.concat(parts)).digest()
  for (;;) {
    const block = Buffer.alloc(BLOCK_BYTES)
    const salt = random.bytes(DIGEST.length)
    block[BLOCK_BYTES - salt.length - 1] = 1
    block.set(salt, BLOCK_BYTES - salt.length)
    turnOver(block, changes.block)
    const hashed = sha256(Buffer.alloc(8), DIGEST, salt)
    const counts = Array.from({ length: Math.ceil(BLOCK_BYTES / 32) }, (_, count) =>
      Buffer.of(0, 0, 0, count),
    )
    const mask = Buffer.concat(counts.map((count) => sha256(hashed, count)))
    const masked = block.map((byte, i) => byte ^ mask[i]!)
    masked[0]! &= 0x7f
    const encoded = Buffer.concat([masked, hashed, Buffer.of(0xbc)])
    turnOver(encoded, changes.encoded)
    try {
      return privateEncrypt({ key: privateKey, padding: constants.RSA_NO_PADDING }, encoded)
    } catch {
      // It is more than the modulus: another salt may do.
    }
  }
}

function verdicts(signature: Uint8Array) {
  const padding = constants.RSA_PKCS1_PSS_PADDING
  return {
    here: verifyRsaDigest(publicKey, 'RSASSA_PSS_SHA_256', DIGEST, signature),
    byOpenSsl: verify('sha256', MESSAGE, { key: publicKey, padding, saltLength: 32 }, signature),
  }
}

test('a signature of PSS that is made by the book is valid', () => {
  expect(verdicts(signed({}))).toEqual({ here: true, byOpenSsl: true })
})

const ONE_AT = BLOCK_BYTES - DIGEST.length - 1

test.each<[string, Parts]>([
  ['something among the zeros', { block: { at: 5, bits: 1 } }],
  ['something in the first byte', { block: { at: 0, bits: 0x40 } }],
  ['something right before the one', { block: { at: ONE_AT - 1, bits: 1 } }],
  ['another number than one', { block: { at: ONE_AT, bits: 3 } }],
  ['no one at all', { block: { at: ONE_AT, bits: 1 } }],
  ['a bit above those that count', { encoded: { at: 0, bits: 0x80 } }],
  ['another trailer', { encoded: { at: BYTES - 1, bits: 0x70 } }],
  ['another hash', { encoded: { at: BYTES - 2, bits: 1 } }],
])('a signature of PSS with %s is invalid, though its owner made it', (_, parts) => {
  expect(verdicts(signed(parts))).toEqual({ here: false, byOpenSsl: false })
})

test('a signature of another length is invalid', () => {
  const signature = signed({})
  for (const wrong of [signature.subarray(1), Buffer.concat([Buffer.of(0), signature]), Buffer.alloc(0)]) {
    expect(verdicts(wrong)).toEqual({ here: false, byOpenSsl: false })
  }
})

test.each(['RSASSA_PSS_SHA_256', 'RSASSA_PKCS1_V1_5_SHA_256'])(
  '%s: a zero in front can not be left out',
  (algorithm) => {
    let digest: Buffer
    let signature: Uint8Array
    do {
      digest = Buffer.from(random.bytes(32))
      signature = signRsaDigest(privateKey, algorithm, digest)
    } while (signature[0] !== 0)
    expect(verifyRsaDigest(publicKey, algorithm, digest, signature)).toBe(true)
    expect(verifyRsaDigest(publicKey, algorithm, digest, signature.subarray(1))).toBe(false)
  },
)

test('a number beyond the modulus is no signature', () => {
  expect(verdicts(Buffer.alloc(BYTES, 0xff))).toEqual({ here: false, byOpenSsl: false })
})
