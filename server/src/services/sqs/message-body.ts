import { Buffer } from 'node:buffer'
import { hash } from 'node:crypto'
import { formatUuid, toUuid, uuidOf } from '../../base/uuid.ts'
import { BINARY_VALUE, type MessageAttribute } from './message-attributes.ts'

/**
 * A message as its body is stored. Lengths are in bytes, least significant byte first but for those inside the attributes;
 * texts are UTF-8; what stands in brackets is there only where its flag is set.
 *
 * ```
 *   form 1 (u8)   flags (u8)   message id (16)   MD5 of the text (16)   sender id: length (u8), text
 *   [1 trace header: length (u16), text]
 *   [2 group id: length (u8), text]
 *   [8 deduplication id: length (u8), text]
 *   [4 attributes: length of what follows (u32), MD5 of the attributes (16), the attributes as `writeAttributes` has them]
 *   text, to the end
 * ```
 *
 * Flag 16 says that the deduplication id is the SHA-256 of the text, in hexadecimal, which is not stored.
 *
 * Attributes are kept in the very form their digest is taken of, so that a send writes them once.
 */
export const FORM = 1
export const HAS_TRACE_HEADER = 1
export const HAS_GROUP_ID = 2
export const HAS_ATTRIBUTES = 4
export const HAS_DEDUPLICATION_ID = 8
export const DEDUPLICATES_BY_CONTENT = 16
export const FLAGS =
  HAS_TRACE_HEADER | HAS_GROUP_ID | HAS_ATTRIBUTES | HAS_DEDUPLICATION_ID | DEDUPLICATES_BY_CONTENT

export const FLAGS_AT = 1
export const ID_AT = 2
export const MD5_AT = 18
export const SENDER_AT = 34
export const MD5_BYTES = 16

export const SENDER_ID_BYTES_MAX = 255

/** As the sender gave it, at most 255 bytes; or the SHA-256 of the text. */
export type DeduplicationId = { readonly given: string } | 'SHA-256 of the text'

/** Where things are in a stored message, and what stands before its text. */
interface Parts {
  readonly bytes: Buffer
  readonly senderEnd: number
  readonly traceHeader: string | undefined
  readonly groupId: string | undefined
  readonly deduplicationId: DeduplicationId | undefined
  /** Where the attributes' block begins, behind its length; 0 where there is none. */
  readonly attributesAt: number
  readonly textAt: number
}

/**
 * A stored message, read as far as it's asked for. What it is asked for throws a `RangeError` where the bytes are not such a message: they
 * passed the journal's checksum, so somebody else wrote them.
 */
export class StoredMessage {
  /** As they are stored. */
  readonly bytes: Uint8Array
  #parts: Parts | null = null
  #digits: string | null = null

  constructor(bytes: Uint8Array) {
    this.bytes = bytes
  }

  /** The id that its sender was told. */
  get id(): string {
    return uuidOf(this.#idAndMd5())
  }

  /**
   * The id after so many redrives, each of which made a new message of it: another one every time, made of the first, so that
   * nothing has to be stored anew.
   */
  idAfter(redrives: number): string {
    return idAfterRedrives(this.id, redrives)
  }

  get senderId(): string {
    const { bytes, senderEnd } = this.#read()
    return bytes.toString('utf8', SENDER_AT + 1, senderEnd)
  }

  get traceHeader(): string | undefined {
    return this.#read().traceHeader
  }

  get groupId(): string | undefined {
    return this.#read().groupId
  }

  get text(): string {
    const { bytes, textAt } = this.#read()
    return bytes.toString('utf8', textAt)
  }

  /** As the sender gave it, or made from the text; undefined in messages of standard queues. */
  get deduplicationId(): string | undefined {
    const { bytes, deduplicationId: id, textAt } = this.#read()
    if (id !== 'SHA-256 of the text') return id?.given
    return contentDeduplicationId(bytes.subarray(textAt))
  }

  get textMd5(): string {
    return textMd5Of(this.#idAndMd5())
  }

  get hasAttributes(): boolean {
    return (this.bytes[FLAGS_AT]! & HAS_ATTRIBUTES) !== 0
  }

  /** The attributes whose names are wanted, and the MD5 over just these; null where there are none. */
  attributes(isWanted: (name: string) => boolean): ChosenAttributes | null {
    const { bytes, attributesAt, textAt } = this.#read()
    if (attributesAt === 0) return null
    const chosen: MessageAttribute[] = []
    const chosenBytes: Uint8Array[] = []
    let isEveryOne = true
    let at = attributesAt + MD5_BYTES
    while (at < textAt) {
      const nameEnd = at + 4 + bytes.readUInt32BE(at)
      const typeEnd = nameEnd + 4 + bytes.readUInt32BE(nameEnd)
      const valueAt = typeEnd + 5
      const valueEnd = valueAt + bytes.readUInt32BE(typeEnd + 1)
      if (valueEnd > textAt) throw new RangeError('an attribute of a stored message is cut short')
      const name = bytes.toString('utf8', at + 4, nameEnd)
      if (isWanted(name)) {
        const isBinary = bytes[typeEnd] === BINARY_VALUE
        chosen.push({
          name,
          type: bytes.toString('utf8', nameEnd + 4, typeEnd),
          value: isBinary ? bytes.subarray(valueAt, valueEnd) : bytes.toString('utf8', valueAt, valueEnd),
        })
        chosenBytes.push(bytes.subarray(at, valueEnd))
      } else {
        isEveryOne = false
      }
      at = valueEnd
    }
    if (chosen.length === 0) return null
    const md5 = isEveryOne
      ? bytes.toString('hex', attributesAt, attributesAt + MD5_BYTES)
      : hash('md5', Buffer.concat(chosenBytes), 'hex')
    return { attributes: chosen, md5 }
  }

  #idAndMd5(): string {
    this.#digits ??= digitsOf(this.#read().bytes)
    return this.#digits
  }

  #read(): Parts {
    this.#parts ??= partsOf(this.bytes)
    return this.#parts
  }
}

function partsOf(stored: Uint8Array): Parts {
  const bytes =
    stored instanceof Buffer ? stored : Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength)
  const flags = bytes.readUInt8(FLAGS_AT)
  if (bytes.readUInt8(0) !== FORM || (flags & ~FLAGS) !== 0) {
    throw new RangeError('this build does not know the form of a stored message')
  }
  let traceHeader: string | undefined
  let groupId: string | undefined
  let deduplicationId: DeduplicationId | undefined
  const senderEnd = SENDER_AT + 1 + bytes.readUInt8(SENDER_AT)
  let at = senderEnd
  if ((flags & HAS_TRACE_HEADER) !== 0) {
    const end = at + 2 + bytes.readUInt16LE(at)
    traceHeader = bytes.toString('utf8', at + 2, end)
    at = end
  }
  if ((flags & HAS_GROUP_ID) !== 0) {
    const end = at + 1 + bytes.readUInt8(at)
    groupId = bytes.toString('utf8', at + 1, end)
    at = end
  }
  if ((flags & HAS_DEDUPLICATION_ID) !== 0) {
    const end = at + 1 + bytes.readUInt8(at)
    deduplicationId = { given: bytes.toString('utf8', at + 1, end) }
    at = end
  } else if ((flags & DEDUPLICATES_BY_CONTENT) !== 0) {
    deduplicationId = 'SHA-256 of the text'
  }
  const attributesAt = (flags & HAS_ATTRIBUTES) === 0 ? 0 : at + 4
  const textAt = attributesAt === 0 ? at : attributesAt + bytes.readUInt32LE(at)
  if (textAt > bytes.length) throw new RangeError('a stored message is cut short')
  return { bytes, senderEnd, traceHeader, groupId, deduplicationId, attributesAt, textAt }
}

export function idAfterRedrives(id: string, redrives: number): string {
  if (redrives === 0) return id
  const digest = hash('sha256', `${id} redriven ${redrives}`, 'hex')
  return formatUuid(toUuid(Buffer.from(digest, 'hex').subarray(0, MD5_AT - ID_AT)))
}

export interface ChosenAttributes {
  readonly attributes: readonly MessageAttribute[]
  readonly md5: string
}

export function textMd5(text: string): string {
  return hash('md5', text, 'hex')
}

/** The deduplication id of a message whose sender gave none. */
export function contentDeduplicationId(text: string | Uint8Array): string {
  return hash('sha256', text, 'hex')
}

/** Id and MD5 of a stored message, as one text in hexadecimal: it's the call that costs, not the digits. */
function digitsOf(stored: Buffer): string {
  return stored.toString('hex', ID_AT, SENDER_AT)
}

function textMd5Of(digits: string): string {
  return digits.slice(32)
}
