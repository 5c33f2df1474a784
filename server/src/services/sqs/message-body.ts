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
const FLAGS =
  HAS_TRACE_HEADER | HAS_GROUP_ID | HAS_ATTRIBUTES | HAS_DEDUPLICATION_ID | DEDUPLICATES_BY_CONTENT

export const FLAGS_AT = 1
export const ID_AT = 2
export const MD5_AT = 18
export const SENDER_AT = 34
export const MD5_BYTES = 16

export const SENDER_ID_BYTES_MAX = 255

/** As the sender gave it, at most 255 bytes; or the SHA-256 of the text. */
export type DeduplicationId = { readonly given: string } | 'SHA-256 of the text'

/**
 * A stored message, read as far as it's asked for. Throws a `RangeError` where the bytes are not such a message: they
 * passed the journal's checksum, so somebody else wrote them.
 */
export class StoredMessage {
  /** As they are stored. */
  readonly bytes: Buffer
  /** Where the text begins among them. */
  readonly textAt: number
  #digits: string | null = null
  readonly #senderEnd: number
  /** Where the lengths of these stand, each before its text; 0 where there is none. */
  readonly #traceHeaderAt: number
  readonly #groupIdAt: number
  readonly #deduplicationIdAt: number
  /** Where the attributes' block begins, behind its length; 0 where there is none. */
  readonly #attributesAt: number

  constructor(stored: Uint8Array) {
    const bytes =
      stored instanceof Buffer ? stored : Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength)
    if (bytes.readUInt8(0) !== FORM || (bytes.readUInt8(1) & ~FLAGS) !== 0) {
      throw new RangeError('this build does not know the form of a stored message')
    }
    const flags = bytes.readUInt8(1)
    this.bytes = bytes
    let at = SENDER_AT + 1 + bytes.readUInt8(SENDER_AT)
    this.#senderEnd = at
    this.#traceHeaderAt = (flags & HAS_TRACE_HEADER) === 0 ? 0 : at
    if (this.#traceHeaderAt !== 0) at += 2 + bytes.readUInt16LE(at)
    this.#groupIdAt = (flags & HAS_GROUP_ID) === 0 ? 0 : at
    if (this.#groupIdAt !== 0) at += 1 + bytes.readUInt8(at)
    this.#deduplicationIdAt = (flags & HAS_DEDUPLICATION_ID) === 0 ? 0 : at
    if (this.#deduplicationIdAt !== 0) at += 1 + bytes.readUInt8(at)
    this.#attributesAt = (flags & HAS_ATTRIBUTES) === 0 ? 0 : at + 4
    if (this.#attributesAt !== 0) at += 4 + bytes.readUInt32LE(at)
    if (at > bytes.length) throw new RangeError('a stored message is cut short')
    this.textAt = at
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
    return this.bytes.toString('utf8', SENDER_AT + 1, this.#senderEnd)
  }

  get text(): string {
    return this.bytes.toString('utf8', this.textAt)
  }

  get traceHeader(): string | undefined {
    const at = this.#traceHeaderAt
    return at === 0 ? undefined : this.bytes.toString('utf8', at + 2, at + 2 + this.bytes.readUInt16LE(at))
  }

  get groupId(): string | undefined {
    return this.#shortText(this.#groupIdAt)
  }

  /** As the sender gave it, or made from the text; undefined in messages of standard queues. */
  get deduplicationId(): string | undefined {
    if ((this.bytes[FLAGS_AT]! & DEDUPLICATES_BY_CONTENT) === 0) {
      return this.#shortText(this.#deduplicationIdAt)
    }
    return contentDeduplicationId(this.bytes.subarray(this.textAt))
  }

  get textMd5(): string {
    return textMd5Of(this.#idAndMd5())
  }

  get hasAttributes(): boolean {
    return this.#attributesAt !== 0
  }

  /** The attributes whose names are wanted, and the MD5 over just these; null where there are none. */
  attributes(isWanted: (name: string) => boolean): ChosenAttributes | null {
    if (this.#attributesAt === 0) return null
    const bytes = this.bytes
    const chosen: MessageAttribute[] = []
    const chosenBytes: Uint8Array[] = []
    let isEveryOne = true
    let at = this.#attributesAt + MD5_BYTES
    while (at < this.textAt) {
      const nameEnd = at + 4 + bytes.readUInt32BE(at)
      const typeEnd = nameEnd + 4 + bytes.readUInt32BE(nameEnd)
      const valueAt = typeEnd + 5
      const valueEnd = valueAt + bytes.readUInt32BE(typeEnd + 1)
      if (valueEnd > this.textAt) throw new RangeError('an attribute of a stored message is cut short')
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
      ? bytes.toString('hex', this.#attributesAt, this.#attributesAt + MD5_BYTES)
      : hash('md5', Buffer.concat(chosenBytes), 'hex')
    return { attributes: chosen, md5 }
  }

  /** The text whose length stands at this place, in one byte before it; none at 0. */
  #shortText(at: number): string | undefined {
    return at === 0 ? undefined : this.bytes.toString('utf8', at + 1, at + 1 + this.bytes.readUInt8(at))
  }

  #idAndMd5(): string {
    this.#digits ??= digitsOf(this.bytes)
    return this.#digits
  }
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
