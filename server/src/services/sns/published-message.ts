import { Buffer } from 'node:buffer'
import type { LandedAttribute } from '../../core/landing.ts'

/**
 * A published message as its body is stored, once for all subscriptions. Lengths are in bytes, numbers least significant byte
 * first; texts are UTF-8; what stands in brackets is there only where its flag is set.
 *
 * ```
 *   form 2 (u8)   flags (u8)   message id (16)   landing seed (16)   published at (f64)*   sequence (f64)*
 *   base URL: length (u16), text      topic ARN: length (u16), text
 *   [1 subject: length (u16), text]
 *   [2 group id: length (u8), text]
 *   [4 deduplication id: length (u8), text]
 *   [8 trace header: length (u16), text]
 *   [16 it is no notification, but asks for a confirmation: 1 of a subscription, 2 of its end (u8), token: length (u8), text]
 *   attributes: count (u16), for each: name (u16, text), type (u16, text), 0 for text or 1 for bytes (u8), value (u32, bytes)
 *   texts: count (u8), for each: protocol (u8, text), text (u32, text)
 * ```
 *
 * The text of no protocol is the default one. The two with a star are the cell's: it writes them when it publishes the message
 * (`stamp`). The sequence is 0 on standard topics.
 */
export const PUBLISHED_FORM = 2
const HAS_SUBJECT = 1
const HAS_GROUP_ID = 2
const HAS_DEDUPLICATION_ID = 4
const HAS_TRACE_HEADER = 8
const ASKS = 16
const FLAGS = HAS_SUBJECT | HAS_GROUP_ID | HAS_DEDUPLICATION_ID | HAS_TRACE_HEADER | ASKS

const QUESTIONS = ['SubscriptionConfirmation', 'UnsubscribeConfirmation'] as const

/** What is asked of the owner of an endpoint. Who has the token may answer. */
export interface Question {
  readonly type: (typeof QUESTIONS)[number]
  readonly token: string
}

const ID_AT = 2
const SEED_AT = 18
const PUBLISHED_AT_AT = 34
const SEQUENCE_AT = 42
const TEXTS_AT = 50

/** So many bytes at the beginning say nothing of what was published, and the cell writes some of them: they are never sealed. */
export const CLEAR_BYTES = TEXTS_AT

export interface NewPublishedMessage {
  /** 16 bytes each. */
  readonly id: Uint8Array
  readonly landingSeed: Uint8Array
  /** Of the server, as the publisher called it. */
  readonly baseUrl: string
  readonly topicArn: string
  readonly subject: string | undefined
  readonly groupId: string | undefined
  readonly deduplicationId: string | undefined
  readonly traceHeader: string | undefined
  readonly attributes: readonly LandedAttribute[]
  /** By protocol; that of the empty name is the default. */
  readonly texts: ReadonlyMap<string, string>
  /** In the place of a notification; left out for one. */
  readonly asks?: Question | undefined
}

export interface PublishedMessage extends NewPublishedMessage {
  /** Milliseconds since the epoch. */
  readonly publishedAt: number
  readonly sequence: number
}

export function encodePublishedMessage(message: NewPublishedMessage): Uint8Array {
  const { subject, groupId, deduplicationId, traceHeader, attributes, texts, asks } = message
  const parts: Part[] = [sized(2, message.baseUrl), sized(2, message.topicArn)]
  if (subject !== undefined) parts.push(sized(2, subject))
  if (groupId !== undefined) parts.push(sized(1, groupId))
  if (deduplicationId !== undefined) parts.push(sized(1, deduplicationId))
  if (traceHeader !== undefined) parts.push(sized(2, traceHeader))
  if (asks !== undefined) parts.push(number(1, QUESTIONS.indexOf(asks.type) + 1), sized(1, asks.token))
  parts.push(number(2, attributes.length))
  for (const { name, type, value } of attributes) {
    parts.push(sized(2, name), sized(2, type), number(1, typeof value === 'string' ? 0 : 1), sized(4, value))
  }
  parts.push(number(1, texts.size))
  for (const [protocol, text] of texts) parts.push(sized(1, protocol), sized(4, text))

  let length = TEXTS_AT
  for (const part of parts) length += part.numberBytes + (part.content === null ? 0 : part.number)
  const bytes = Buffer.allocUnsafe(length)
  bytes.fill(0, 0, TEXTS_AT)
  bytes[0] = PUBLISHED_FORM
  bytes[1] =
    (subject === undefined ? 0 : HAS_SUBJECT) |
    (groupId === undefined ? 0 : HAS_GROUP_ID) |
    (deduplicationId === undefined ? 0 : HAS_DEDUPLICATION_ID) |
    (traceHeader === undefined ? 0 : HAS_TRACE_HEADER) |
    (asks === undefined ? 0 : ASKS)
  bytes.set(message.id, ID_AT)
  bytes.set(message.landingSeed, SEED_AT)
  let at = TEXTS_AT
  for (const { numberBytes, number, content } of parts) {
    at = bytes.writeUIntLE(number, at, numberBytes)
    if (content === null) continue
    if (typeof content === 'string') bytes.write(content, at)
    else bytes.set(content, at)
    at += number
  }
  return bytes
}

/** Writes into an encoded message when it was published and as which of its topic's; 0 on standard topics. */
export function stamp(bytes: Uint8Array, publishedAt: number, sequence: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  view.setFloat64(PUBLISHED_AT_AT, publishedAt, true)
  view.setFloat64(SEQUENCE_AT, sequence, true)
}

/** What tells a stored message from every other: all that it was given when it was prepared and published, as text. */
export function stampsOf(stored: Uint8Array): string {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength)
  return bytes.toString('latin1', ID_AT, TEXTS_AT)
}

/** The first four bytes of a stored message's landing seed, as an unsigned number. */
export function seedWordOf(stored: Uint8Array): number {
  const [a, b, c, d] = [stored[SEED_AT]!, stored[SEED_AT + 1]!, stored[SEED_AT + 2]!, stored[SEED_AT + 3]!]
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0
}

/** Throws a `RangeError` where the bytes are not such a message: they passed the journal's checksum, so somebody else wrote them. */
export function decodePublishedMessage(stored: Uint8Array): PublishedMessage {
  const bytes = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength)
  const flags = bytes.readUInt8(1)
  if (bytes.readUInt8(0) !== PUBLISHED_FORM || (flags & ~FLAGS) !== 0) {
    throw new RangeError('this build does not know the form of a published message')
  }
  let at = TEXTS_AT
  /** Goes past what comes next, and says where it began. */
  const pass = (lengthBytes: number): number => {
    const start = at + lengthBytes
    at = start + bytes.readUIntLE(at, lengthBytes)
    if (at > bytes.length) throw new RangeError('a published message is cut short')
    return start
  }
  const text = (lengthBytes: number): string => {
    const start = pass(lengthBytes)
    return bytes.toString('utf8', start, at)
  }
  const baseUrl = text(2)
  const topicArn = text(2)
  const subject = (flags & HAS_SUBJECT) === 0 ? undefined : text(2)
  const groupId = (flags & HAS_GROUP_ID) === 0 ? undefined : text(1)
  const deduplicationId = (flags & HAS_DEDUPLICATION_ID) === 0 ? undefined : text(1)
  const traceHeader = (flags & HAS_TRACE_HEADER) === 0 ? undefined : text(2)
  const asks = (flags & ASKS) === 0 ? undefined : question(bytes.readUInt8(at++), text(1))
  const attributes: LandedAttribute[] = []
  at += 2
  for (let left = bytes.readUInt16LE(at - 2); left > 0; left--) {
    const [name, type] = [text(2), text(2)]
    const isText = bytes.readUInt8(at++) === 0
    const start = pass(4)
    attributes.push({
      name,
      type,
      value: isText ? bytes.toString('utf8', start, at) : bytes.subarray(start, at),
    })
  }
  const texts = new Map<string, string>()
  at += 1
  for (let left = bytes.readUInt8(at - 1); left > 0; left--) texts.set(text(1), text(4))
  return {
    id: bytes.subarray(ID_AT, SEED_AT),
    landingSeed: bytes.subarray(SEED_AT, PUBLISHED_AT_AT),
    publishedAt: bytes.readDoubleLE(PUBLISHED_AT_AT),
    sequence: bytes.readDoubleLE(SEQUENCE_AT),
    ...{ baseUrl, topicArn, subject, groupId, deduplicationId, traceHeader, attributes, texts, asks },
  }
}

function question(number: number, token: string): Question {
  const type = QUESTIONS[number - 1]
  if (type === undefined) throw new RangeError('this build does not know what a stored message asks')
  return { type, token }
}

/** The text for a protocol: its own, or the default. */
export function textFor(texts: ReadonlyMap<string, string>, protocol: string): string {
  return texts.get(protocol) ?? texts.get('') ?? ''
}

/** A number, and what has that length in bytes, if anything has. */
interface Part {
  readonly numberBytes: number
  readonly number: number
  readonly content: string | Uint8Array | null
}

function sized(lengthBytes: number, content: string | Uint8Array): Part {
  const length = typeof content === 'string' ? Buffer.byteLength(content) : content.length
  return { numberBytes: lengthBytes, number: length, content }
}

function number(bytes: number, value: number): Part {
  return { numberBytes: bytes, number: value, content: null }
}
