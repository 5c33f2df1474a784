import { Buffer } from 'node:buffer'
import { attributesMd5, type MessageAttribute } from './message-attributes.ts'

/**
 * A message as its body is stored, least significant byte first. Lengths are in bytes, texts are UTF-8; what stands in
 * brackets is there only where its flag is set.
 *
 * ```
 *   form 1 (u8)   flags (u8)   message id (16)   MD5 of the text (16)   sender id: length (u8), text
 *   [1 trace header: length (u16), text]
 *   [2 group id: length (u8), text]
 *   [4 attributes: length of what follows here (u32), MD5 over all (16), count (u8), then for each in the order of the names
 *        name: length (u16), text   type: length (u16), text   kind: 1 string, 2 bytes (u8)   value: length (u32), bytes]
 *   text, to the end
 * ```
 */
const FORM = 1
const HAS_TRACE_HEADER = 1
const HAS_GROUP_ID = 2
const HAS_ATTRIBUTES = 4
const FLAGS = HAS_TRACE_HEADER | HAS_GROUP_ID | HAS_ATTRIBUTES

const ID_AT = 2
const MD5_AT = 18
const SENDER_AT = 34

const STRING = 1
const BYTES = 2

const SENDER_ID_BYTES_MAX = 255

export interface NewMessage {
  /** 16 bytes. */
  readonly id: Uint8Array
  readonly text: string
  /** In hexadecimal. */
  readonly textMd5: string
  /** At most 255 bytes. */
  readonly senderId: string
  readonly traceHeader: string | undefined
  readonly groupId: string | undefined
  /** Sorted by name. */
  readonly attributes: readonly MessageAttribute[]
  /** In hexadecimal; of no account where there are no attributes. */
  readonly attributesMd5: string
}

/** The bytes to store. They belong to the caller. */
export function encodeMessageBody(message: NewMessage): Uint8Array {
  const { traceHeader, groupId, attributes } = message
  const senderBytes = Buffer.byteLength(message.senderId)
  if (senderBytes > SENDER_ID_BYTES_MAX) throw new RangeError('a sender id is at most 255 bytes long')
  const traceBytes = traceHeader === undefined ? 0 : Buffer.byteLength(traceHeader)
  const groupBytes = groupId === undefined ? 0 : Buffer.byteLength(groupId)
  const attributesBytes = attributes.length === 0 ? 0 : attributesLength(attributes)
  const head =
    SENDER_AT +
    (1 + senderBytes) +
    (traceHeader === undefined ? 0 : 2 + traceBytes) +
    (groupId === undefined ? 0 : 1 + groupBytes) +
    (attributes.length === 0 ? 0 : 4 + attributesBytes)
  // Not `allocUnsafeSlow`: small ones share a pool of 8 KiB, which costs a sixth of an allocation of their own.
  const bytes = Buffer.allocUnsafe(head + Buffer.byteLength(message.text))

  bytes[0] = FORM
  bytes[1] =
    (traceHeader === undefined ? 0 : HAS_TRACE_HEADER) |
    (groupId === undefined ? 0 : HAS_GROUP_ID) |
    (attributes.length === 0 ? 0 : HAS_ATTRIBUTES)
  bytes.set(message.id, ID_AT)
  bytes.write(message.textMd5, MD5_AT, 'hex')
  let at = bytes.writeUInt8(senderBytes, SENDER_AT)
  at += bytes.write(message.senderId, at)
  if (traceHeader !== undefined) {
    at = bytes.writeUInt16LE(traceBytes, at)
    at += bytes.write(traceHeader, at)
  }
  if (groupId !== undefined) {
    at = bytes.writeUInt8(groupBytes, at)
    at += bytes.write(groupId, at)
  }
  if (attributes.length > 0) {
    at = bytes.writeUInt32LE(attributesBytes, at)
    at += bytes.write(message.attributesMd5, at, 'hex')
    at = bytes.writeUInt8(attributes.length, at)
    for (const attribute of attributes) at = writeAttribute(bytes, at, attribute)
  }
  bytes.write(message.text, at)
  return bytes
}

/**
 * A stored message, read as far as it's asked for. Throws a `RangeError` where the bytes are not such a message: they
 * passed the journal's checksum, so somebody else wrote them.
 */
export class StoredMessage {
  readonly #bytes: Buffer
  readonly #senderEnd: number
  readonly traceHeader: string | undefined
  readonly groupId: string | undefined
  /** Where the attributes' block begins, behind its length; 0 where there is none. */
  readonly #attributesAt: number
  readonly #textAt: number

  constructor(stored: Uint8Array) {
    const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength)
    if (bytes.readUInt8(0) !== FORM || (bytes.readUInt8(1) & ~FLAGS) !== 0) {
      throw new RangeError('this build does not know the form of a stored message')
    }
    const flags = bytes.readUInt8(1)
    this.#bytes = bytes
    let at = SENDER_AT + 1 + bytes.readUInt8(SENDER_AT)
    this.#senderEnd = at
    if ((flags & HAS_TRACE_HEADER) !== 0) {
      const end = at + 2 + bytes.readUInt16LE(at)
      this.traceHeader = bytes.toString('utf8', at + 2, end)
      at = end
    }
    if ((flags & HAS_GROUP_ID) !== 0) {
      const end = at + 1 + bytes.readUInt8(at)
      this.groupId = bytes.toString('utf8', at + 1, end)
      at = end
    }
    this.#attributesAt = (flags & HAS_ATTRIBUTES) === 0 ? 0 : at + 4
    if (this.#attributesAt !== 0) at += 4 + bytes.readUInt32LE(at)
    if (at > bytes.length) throw new RangeError('a stored message is cut short')
    this.#textAt = at
  }

  get id(): string {
    return formatMessageId(this.#bytes.subarray(ID_AT, MD5_AT))
  }

  get senderId(): string {
    return this.#bytes.toString('utf8', SENDER_AT + 1, this.#senderEnd)
  }

  get text(): string {
    return this.#bytes.toString('utf8', this.#textAt)
  }

  get textMd5(): string {
    return this.#bytes.toString('hex', MD5_AT, SENDER_AT)
  }

  /** The attributes whose names are wanted, and the MD5 over just these; null where there are none. */
  attributes(isWanted: (name: string) => boolean): ChosenAttributes | null {
    if (this.#attributesAt === 0) return null
    const bytes = this.#bytes
    const count = bytes.readUInt8(this.#attributesAt + 16)
    const chosen: MessageAttribute[] = []
    let at = this.#attributesAt + 17
    for (let i = 0; i < count; i++) {
      const nameEnd = at + 2 + bytes.readUInt16LE(at)
      const typeEnd = nameEnd + 2 + bytes.readUInt16LE(nameEnd)
      const valueAt = typeEnd + 5
      const valueEnd = valueAt + bytes.readUInt32LE(typeEnd + 1)
      if (valueEnd > this.#textAt) throw new RangeError('an attribute of a stored message is cut short')
      const name = bytes.toString('utf8', at + 2, nameEnd)
      if (isWanted(name)) {
        const isBytes = bytes[typeEnd] === BYTES
        chosen.push({
          name,
          type: bytes.toString('utf8', nameEnd + 2, typeEnd),
          value: isBytes ? bytes.subarray(valueAt, valueEnd) : bytes.toString('utf8', valueAt, valueEnd),
        })
      }
      at = valueEnd
    }
    if (chosen.length === 0) return null
    const md5 =
      chosen.length === count
        ? bytes.toString('hex', this.#attributesAt, this.#attributesAt + 16)
        : attributesMd5(chosen)
    return { attributes: chosen, md5 }
  }
}

export interface ChosenAttributes {
  readonly attributes: readonly MessageAttribute[]
  readonly md5: string
}

/** A random (version 4) UUID out of 16 random bytes, which it changes to say so. */
export function toMessageId(random: Uint8Array): Uint8Array {
  random[6] = (random[6]! & 0x0f) | 0x40
  random[8] = (random[8]! & 0x3f) | 0x80
  return random
}

export function formatMessageId(id: Uint8Array): string {
  const hex = Buffer.from(id.buffer, id.byteOffset, id.byteLength).toString('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}

function attributesLength(attributes: readonly MessageAttribute[]): number {
  let bytes = 17
  for (const { name, type, value } of attributes) {
    bytes += 9 + Buffer.byteLength(name) + Buffer.byteLength(type) + Buffer.byteLength(value)
  }
  return bytes
}

function writeAttribute(bytes: Buffer, start: number, { name, type, value }: MessageAttribute): number {
  const nameEnd = start + 2 + bytes.write(name, start + 2)
  bytes.writeUInt16LE(nameEnd - start - 2, start)
  const typeEnd = nameEnd + 2 + bytes.write(type, nameEnd + 2)
  bytes.writeUInt16LE(typeEnd - nameEnd - 2, nameEnd)
  bytes[typeEnd] = typeof value === 'string' ? STRING : BYTES
  const valueAt = typeEnd + 5
  const length = typeof value === 'string' ? bytes.write(value, valueAt) : value.length
  if (typeof value !== 'string') bytes.set(value, valueAt)
  bytes.writeUInt32LE(length, typeEnd + 1)
  return valueAt + length
}
