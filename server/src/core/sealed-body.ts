import { Buffer } from 'node:buffer'
import type { DataKeyUse } from './data-keys.ts'
import type { Scope } from './scope.ts'

/**
 * A body that was sealed under a data key, as it is stored. It says by itself what it needs to be opened, so that it can be moved to
 * another resource, into another file or out of a backup unopened, and keeps the key that it was sent under. Numbers are little-endian.
 *
 * ```
 *      0   1  form, 3
 *      1   1  bytes of the body that are not sealed, h
 *      2   2  bytes of the data key, k
 *      4   2  bytes of the context, c
 *      6   k  the data key, encrypted by KMS, which binds it to the context
 *    6+k   c  the context: a JSON list of pairs of key and value, sorted by key
 *  6+k+c   h  the beginning of the body, as it is: what the cell writes there later is not to be authenticated
 *         12  nonce: 8 random bytes, and the seal's number under them
 *          n  the rest of the body, encrypted
 *         16  tag, of that and of the first 6+k+c bytes
 * ```
 *
 * docs/formats/bodies.md
 */
export const SEALED_FORM = 3
const LENGTHS_BYTES = 6
export const SEAL_NONCE_BYTES = 12
export const SEAL_TAG_BYTES = 16

type Context = Readonly<Record<string, string>>

/** The parts of a sealed body. They share its memory. */
export interface SealedBody {
  /** Up to the context, which it ends with: the same for all bodies of a kind that were sealed with one data key. */
  readonly header: Uint8Array
  readonly encryptedKey: Uint8Array
  readonly context: Context
  /** The beginning of the body. */
  readonly clear: Uint8Array
  readonly nonce: Uint8Array
  readonly text: Uint8Array
  readonly tag: Uint8Array
}

export function isSealed(body: Uint8Array): boolean {
  return body[0] === SEALED_FORM
}

/** `clearBytes`: how many bytes at the beginning of the body are not to be sealed, 0 to 255. */
export function sealHeader(encryptedKey: Uint8Array, context: Context, clearBytes: number): Uint8Array {
  const entries = Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))
  const contextBytes = Buffer.from(JSON.stringify(entries))
  const lengths = Buffer.alloc(LENGTHS_BYTES)
  lengths[0] = SEALED_FORM
  lengths.writeUInt8(clearBytes, 1)
  lengths.writeUInt16LE(encryptedKey.length, 2)
  lengths.writeUInt16LE(contextBytes.length, 4)
  return Buffer.concat([lengths, encryptedKey, contextBytes])
}

/** Null for what has not this form. */
export function readSealedBody(body: Uint8Array): SealedBody | null {
  if (!isSealed(body) || body.length < LENGTHS_BYTES) return null
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.length)
  const keyEnd = LENGTHS_BYTES + bytes.readUInt16LE(2)
  const headerEnd = keyEnd + bytes.readUInt16LE(4)
  const clearEnd = headerEnd + bytes.readUInt8(1)
  const textAt = clearEnd + SEAL_NONCE_BYTES
  const textEnd = bytes.length - SEAL_TAG_BYTES
  if (textEnd < textAt) return null
  const context = readContext(bytes.toString('utf8', keyEnd, headerEnd))
  if (context === null) return null
  return {
    header: bytes.subarray(0, headerEnd),
    encryptedKey: bytes.subarray(LENGTHS_BYTES, keyEnd),
    context,
    clear: bytes.subarray(headerEnd, clearEnd),
    nonce: bytes.subarray(clearEnd, textAt),
    text: bytes.subarray(textAt, textEnd),
    tag: bytes.subarray(textEnd),
  }
}

/** The beginning of the body that a sealed body has as it is; of one that isn't sealed the body itself. Shares its memory. */
export function clearPartOf(body: Uint8Array): Uint8Array {
  if (!isSealed(body)) return body
  const view = new DataView(body.buffer, body.byteOffset, body.length)
  const at = LENGTHS_BYTES + view.getUint16(2, true) + view.getUint16(4, true)
  return body.subarray(at, at + view.getUint8(1))
}

/** Where the resource is that a body was sealed for, which its context names by an ARN; null where it names none. */
export function placeOfSeal(body: Uint8Array): Scope | null {
  for (const value of Object.values(readSealedBody(body)?.context ?? {})) {
    const [prefix, , , region, accountId] = value.split(':')
    if (prefix === 'arn' && region && accountId) return { accountId, region }
  }
  return null
}

function readContext(text: string): Context | null {
  let pairs: unknown
  try {
    pairs = JSON.parse(text)
  } catch {
    return null
  }
  const isPair = (pair: unknown): pair is [string, string] =>
    Array.isArray(pair) && pair.length === 2 && pair.every((part) => typeof part === 'string')
  return Array.isArray(pairs) && pairs.every(isPair) ? Object.fromEntries(pairs) : null
}

/** Where and for whom a sealed body is read, and for how long what is found of its key counts. Its context it has itself. */
export type SealReading = Omit<DataKeyUse, 'keyId' | 'context'>

/** Seals bodies under keys of KMS, and opens them. */
export interface BodySeals {
  /**
   * Each of the bodies as it is to be stored, under the data key that is used now: the key of KMS is asked once for all of them, if at
   * all. The first `clearBytes` of each stay as they are, 0 to 255; none if left out. Rejects with `DataKeyRefused`, also where there
   * are no bodies.
   */
  seal(use: DataKeyUse, bodies: readonly Uint8Array[], clearBytes?: number): Promise<readonly Uint8Array[]>
  /**
   * What was sealed, with the key that sealed it, whichever seals now. Rejects with `DataKeyRefused`: as an invalid ciphertext where
   * it isn't as it was sealed.
   */
  open(reading: SealReading, sealed: Uint8Array): Promise<Uint8Array>
  /** Whether what was sealed under the key could be opened now. Rejects with `DataKeyRefused` where not. */
  check(use: DataKeyUse): Promise<void>
}
