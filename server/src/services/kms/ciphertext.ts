import { Buffer } from 'node:buffer'
import { hash } from 'node:crypto'
import { uuidOf } from '../../base/uuid.ts'
import type { KeyAddress } from './commands.ts'

/**
 * A ciphertext of a symmetric key, as clients carry it. Numbers are big-endian.
 *
 * ```
 *    0   3  "MRK"
 *    3   1  version, 1
 *    4   1  1 for a multi-Region key, whose id is written otherwise; else 0
 *    5   5  account
 *   10  16  key id
 *   26   4  material: its place among the key's, from 1
 *   30   4  beginning of the SHA-256 of all before
 *   34      what `Cryptography.seal` made, with the header and the encryption context as associated bytes
 * ```
 *
 * Clients can change every byte. The digest is no secret: it only tells damage from a key that isn't there; all that counts is
 * authenticated by the seal. The region isn't in it, so that a key with the same id elsewhere may open it. docs/formats/keys.md
 */
const MAGIC = 'MRK'
const VERSION = 1
const DIGEST_AT = 30
const DIGEST_BYTES = 4
const HEADER_BYTES = DIGEST_AT + DIGEST_BYTES

/** Who encrypted: the key, but for its region, and which of its materials. */
export interface CiphertextOrigin {
  readonly key: Omit<KeyAddress, 'region'>
  /** From 1. */
  readonly material: number
}

export interface Ciphertext extends CiphertextOrigin {
  readonly header: Uint8Array
  readonly sealed: Uint8Array
}

export function ciphertextHeader({ key: { accountId, name }, material }: CiphertextOrigin): Uint8Array {
  const header = Buffer.alloc(HEADER_BYTES)
  header.write(MAGIC, 0, 'latin1')
  header[3] = VERSION
  const isMultiRegion = name.startsWith('mrk-')
  header[4] = Number(isMultiRegion)
  header.writeUIntBE(Number(accountId), 5, 5)
  header.write(isMultiRegion ? name.slice('mrk-'.length) : name.replaceAll('-', ''), 10, 'hex')
  header.writeUInt32BE(material, 26)
  header.write(digestOf(header), DIGEST_AT, 'hex')
  return header
}

/** Null for what is no such ciphertext, or was damaged where it says whose it is. */
export function readCiphertext(blob: Uint8Array): Ciphertext | null {
  if (blob.length < HEADER_BYTES) return null
  const header = Buffer.from(blob.buffer, blob.byteOffset, HEADER_BYTES)
  if (header.toString('latin1', 0, 3) !== MAGIC || header[3] !== VERSION) return null
  if (header.toString('hex', DIGEST_AT) !== digestOf(header)) return null
  const digits = header.toString('hex', 10, 26)
  return {
    key: {
      accountId: String(header.readUIntBE(5, 5)).padStart(12, '0'),
      name: header[4] === 1 ? `mrk-${digits}` : uuidOf(digits),
    },
    material: header.readUInt32BE(26),
    header,
    sealed: blob.subarray(HEADER_BYTES),
  }
}

function digestOf(header: Uint8Array): string {
  return hash('sha256', header.subarray(0, DIGEST_AT), 'hex').slice(0, DIGEST_BYTES * 2)
}
