import { Buffer } from 'node:buffer'
import { hash } from 'node:crypto'
import { formatUuid, UUID_BYTES } from '../../base/uuid.ts'
import {
  DIGEST_PADDING_BYTES,
  DIGESTS_MAX,
  type DigestMemory,
  digestMemory,
} from '../../digests/digest-memory.ts'
import { attributesLength, type MessageAttribute, writeAttributes } from './message-attributes.ts'
import {
  DEDUPLICATES_BY_CONTENT,
  type DeduplicationId,
  FORM,
  HAS_ATTRIBUTES,
  HAS_DEDUPLICATION_ID,
  HAS_GROUP_ID,
  HAS_TRACE_HEADER,
  ID_AT,
  MD5_AT,
  MD5_BYTES,
  SENDER_AT,
  SENDER_ID_BYTES_MAX,
} from './message-body.ts'
import { roomForMessages } from './message-room.ts'
import { BYTES_PER_UNIT_MAX } from './message-text.ts'

export interface NewMessage {
  /** 16 bytes. */
  readonly id: Uint8Array
  readonly text: string
  /** At most 255 bytes. */
  readonly senderId: string
  readonly traceHeader: string | undefined
  readonly groupId: string | undefined
  /** Undefined in standard queues, which do not deduplicate. */
  readonly deduplicationId: DeduplicationId | undefined
  /** Sorted by name. */
  readonly attributes: readonly MessageAttribute[]
}

/** Digests are in hexadecimal. */
export interface EncodedMessage {
  /** What is stored (message-body.ts); belongs to the caller. */
  readonly bytes: Uint8Array
  /** Of these, the last are the text. */
  readonly textBytes: number
  /** As its sender is told. */
  readonly id: string
  readonly textMd5: string
  /** Undefined where there are no attributes. */
  readonly attributesMd5: string | undefined
}

const UUID_CHARACTERS = 36
const FIRST_BEYOND_ASCII = 0x80
const HEX_CHARACTERS = 2 * MD5_BYTES
const DIGITS_PER_MESSAGE = UUID_CHARACTERS + HEX_CHARACTERS

/**
 * Encodes the messages of one request. They are written one behind the other, and their digests and digits made for all of them at
 * once, where there is room for that; large ones are encoded one by one.
 */
export function encodeMessages(messages: readonly NewMessage[]): readonly EncodedMessage[] {
  const heads = messages.map(headOf)
  const memory = digestMemory()
  return memory !== null && fit(memory, messages, heads)
    ? encodeTogether(memory, messages, heads)
    : messages.map((message, i) => encodeAlone(message, heads[i]!))
}

function fit({ from, to }: DigestMemory, messages: readonly NewMessage[], heads: readonly Head[]): boolean {
  if (messages.length > DIGESTS_MAX) return false
  let bytesMax = messages.length * (DIGEST_PADDING_BYTES + DIGITS_PER_MESSAGE)
  for (let i = 0; i < messages.length; i++) {
    bytesMax += heads[i]!.bytes + messages[i]!.text.length * BYTES_PER_UNIT_MAX
  }
  return bytesMax <= to - from
}

/**
 * ```
 *   digits of all messages │ head │ text │ padding │ head │ text │ padding │ …
 *                            └───────── one copy of it is what is stored ──────┘
 * ```
 */
function encodeTogether(
  memory: DigestMemory,
  messages: readonly NewMessage[],
  heads: readonly Head[],
): readonly EncodedMessage[] {
  const { bytes } = memory
  const start = memory.from + messages.length * DIGITS_PER_MESSAGE
  const attributesMd5s: (string | undefined)[] = []
  const textsBytes: number[] = []
  let at = start
  for (let i = 0; i < messages.length; i++) {
    const message = messages[i]!
    const head = heads[i]!
    attributesMd5s.push(writeHead(bytes, at, message, head))
    const textAt = at + head.bytes
    const textBytes = bytes.write(message.text, textAt)
    textsBytes.push(textBytes)
    memory.setText(i, textAt, textBytes, at + MD5_AT)
    at = textAt + textBytes + DIGEST_PADDING_BYTES
  }
  memory.writeDigests(messages.length)

  const copied = roomForMessages(at - start)
  copied.set(bytes.subarray(start, at))
  const { buffer, byteOffset } = copied
  const digits = digitsOf(memory, start, heads, textsBytes)
  const encoded: EncodedMessage[] = []
  at = byteOffset
  for (let i = 0; i < messages.length; i++) {
    const textBytes = textsBytes[i]!
    const storedBytes = heads[i]!.bytes + textBytes
    const digitsAt = i * DIGITS_PER_MESSAGE
    encoded.push({
      bytes: new Uint8Array(buffer, at, storedBytes),
      textBytes,
      id: digits.slice(digitsAt, digitsAt + UUID_CHARACTERS),
      textMd5: digits.slice(digitsAt + UUID_CHARACTERS, digitsAt + DIGITS_PER_MESSAGE),
      attributesMd5: attributesMd5s[i],
    })
    at += storedBytes + DIGEST_PADDING_BYTES
  }
  return encoded
}

/** Ids and digests of the messages from `start` on, as their senders are told. */
function digitsOf(
  memory: DigestMemory,
  start: number,
  heads: readonly Head[],
  textsBytes: readonly number[],
): string {
  let at = start
  let to = memory.from
  for (let i = 0; i < heads.length; i++) {
    memory.writeUuid(at + ID_AT, to)
    memory.writeHex(at + MD5_AT, to + UUID_CHARACTERS)
    at += heads[i]!.bytes + textsBytes[i]! + DIGEST_PADDING_BYTES
    to += DIGITS_PER_MESSAGE
  }
  return memory.bytes.toString('latin1', memory.from, to)
}

function encodeAlone(message: NewMessage, head: Head): EncodedMessage {
  const textBytes = Buffer.byteLength(message.text)
  const bytes = Buffer.allocUnsafeSlow(head.bytes + textBytes)
  const attributesMd5 = writeHead(bytes, 0, message, head)
  bytes.write(message.text, head.bytes)
  const textMd5 = hash('md5', bytes.subarray(head.bytes), 'hex')
  bytes.write(textMd5, MD5_AT, 'hex')
  return { bytes, textBytes, id: formatUuid(message.id), textMd5, attributesMd5 }
}

/** What comes before a message's text, in bytes. */
interface Head {
  /** Length and text of the sender's id. */
  readonly sender: Uint8Array
  readonly traceBytes: number
  readonly groupBytes: number
  readonly givenIdBytes: number
  /** With their digest. */
  readonly attributesBytes: number
  /** All of it. */
  readonly bytes: number
}

function headOf({ senderId, traceHeader, groupId, deduplicationId, attributes }: NewMessage): Head {
  const givenId = typeof deduplicationId === 'object' ? deduplicationId.given : undefined
  const sender = senderBytesOf(senderId)
  const traceBytes = traceHeader === undefined ? 0 : Buffer.byteLength(traceHeader)
  const groupBytes = groupId === undefined ? 0 : shortBytes(groupId)
  const givenIdBytes = givenId === undefined ? 0 : shortBytes(givenId)
  const attributesBytes = attributes.length === 0 ? 0 : MD5_BYTES + attributesLength(attributes)
  const bytes =
    SENDER_AT +
    sender.length +
    (traceHeader === undefined ? 0 : 2 + traceBytes) +
    (groupId === undefined ? 0 : 1 + groupBytes) +
    (givenId === undefined ? 0 : 1 + givenIdBytes) +
    (attributes.length === 0 ? 0 : 4 + attributesBytes)
  return { sender, traceBytes, groupBytes, givenIdBytes, attributesBytes, bytes }
}

/** What stands before the text of each message of a request, where they have no more than this. */
export type CommonHead = Pick<NewMessage, 'senderId' | 'traceHeader'>

const NO_ID = new Uint8Array(UUID_BYTES)
const NO_ATTRIBUTES: readonly MessageAttribute[] = []

/** Writes it, without id and digest, and returns its bytes. */
export function writeCommonHead(bytes: Buffer, start: number, { senderId, traceHeader }: CommonHead): number {
  const message: NewMessage = {
    id: NO_ID,
    text: '',
    senderId,
    traceHeader,
    groupId: undefined,
    deduplicationId: undefined,
    attributes: NO_ATTRIBUTES,
  }
  const head = headOf(message)
  writeHead(bytes, start, message, head)
  return head.bytes
}

/** Writes all but the text's digest. Returns the one of the attributes, if there are any. */
function writeHead(bytes: Buffer, start: number, message: NewMessage, head: Head): string | undefined {
  const { id, traceHeader, groupId, deduplicationId, attributes } = message
  const givenId = typeof deduplicationId === 'object' ? deduplicationId.given : undefined
  bytes[start] = FORM
  bytes[start + 1] =
    (traceHeader === undefined ? 0 : HAS_TRACE_HEADER) |
    (groupId === undefined ? 0 : HAS_GROUP_ID) |
    (givenId === undefined ? 0 : HAS_DEDUPLICATION_ID) |
    (deduplicationId === 'SHA-256 of the text' ? DEDUPLICATES_BY_CONTENT : 0) |
    (attributes.length === 0 ? 0 : HAS_ATTRIBUTES)
  // Byte by byte, which for so few takes half as long.
  for (let i = 0; i < UUID_BYTES; i++) bytes[start + ID_AT + i] = id[i]!
  bytes.set(head.sender, start + SENDER_AT)
  let at = start + SENDER_AT + head.sender.length
  if (traceHeader !== undefined) {
    at = bytes.writeUInt16LE(head.traceBytes, at)
    at += bytes.write(traceHeader, at)
  }
  if (groupId !== undefined) {
    at = writeShort(bytes, at, groupId, head.groupBytes)
  }
  if (givenId !== undefined) {
    at = writeShort(bytes, at, givenId, head.givenIdBytes)
  }
  if (attributes.length === 0) return undefined
  const md5At = bytes.writeUInt32LE(head.attributesBytes, at)
  const end = writeAttributes(bytes, md5At + MD5_BYTES, attributes)
  const md5 = hash('md5', bytes.subarray(md5At + MD5_BYTES, end), 'hex')
  bytes.write(md5, md5At, 'hex')
  return md5
}

/** How many bytes an id has. It's ASCII where SQS took it, and looked at sooner than a call out of JavaScript is made. */
function shortBytes(text: string): number {
  let units = 0
  for (let i = 0; i < text.length; i++) units |= text.charCodeAt(i)
  return units < FIRST_BEYOND_ASCII ? text.length : Buffer.byteLength(text)
}

/** Writes a text of so many bytes behind their number, and returns where it ends. */
function writeShort(bytes: Buffer, start: number, text: string, textBytes: number): number {
  const at = bytes.writeUInt8(textBytes, start)
  if (textBytes === text.length) {
    // It's ASCII. Most are so short that a call out of JavaScript takes longer.
    for (let i = 0; i < textBytes; i++) bytes[at + i] = text.charCodeAt(i)
  } else {
    bytes.write(text, at)
  }
  return at + textBytes
}

let latestSender: { readonly id: string; readonly bytes: Uint8Array } = { id: '', bytes: new Uint8Array(1) }

/** Length and text. Senders are few, and the one of the message before most likely the one of this. */
function senderBytesOf(id: string): Uint8Array {
  if (id === latestSender.id) return latestSender.bytes
  const text = Buffer.from(id)
  if (text.length > SENDER_ID_BYTES_MAX) throw new RangeError('a sender id is at most 255 bytes long')
  latestSender = { id, bytes: Buffer.concat([Buffer.from([text.length]), text]) }
  return latestSender.bytes
}
