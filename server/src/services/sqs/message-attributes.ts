import { Buffer } from 'node:buffer'
import { hash } from 'node:crypto'
import type { MessageAttributeValue, MessageSystemAttributeValue } from '../../api/generated/sqs.ts'
import { ServiceError } from '../../api/service-error.ts'
import { checkAttributeName, checkAttributeType } from './attribute-names.ts'
import { checkNumber } from './attribute-number.ts'
import { InvalidParameterValue, UnsupportedOperation } from './errors.ts'
import { MESSAGE_ATTRIBUTES_MAX, TRACE_HEADER_BYTES_MAX } from './limits.ts'
import { ALLOWED_CHARACTERS, isMessageText } from './message-text.ts'

/** One attribute of a message: its value is a string, or bytes where the type begins with `Binary`. */
export interface MessageAttribute {
  readonly name: string
  readonly type: string
  readonly value: string | Uint8Array
}

export type AttributeMap = Readonly<Record<string, MessageAttributeValue>>
export type SystemAttributeMap = Readonly<Record<string, MessageSystemAttributeValue>>

const TRACE_HEADER = 'AWSTraceHeader'

/** How the digest tells values apart. */
export const STRING_VALUE = 1
export const BINARY_VALUE = 2
/** Three lengths and one byte for the kind of value. */
const DIGEST_OVERHEAD_BYTES = 13

/** The checked attributes of a message to be sent, sorted by name. `operation` is named in an error text. */
export function parseMessageAttributes(
  attributes: AttributeMap | undefined,
  operation: string,
): readonly MessageAttribute[] {
  if (attributes === undefined) return []
  const names = Object.keys(attributes)
  if (names.length > MESSAGE_ATTRIBUTES_MAX) {
    throw invalid(
      `Number of message attributes [${names.length}] exceeds the allowed maximum [${MESSAGE_ATTRIBUTES_MAX}].`,
    )
  }
  for (const name of names) checkAttributeName(name)
  return names.sort().map((name) => parseMessageAttribute(name, attributes[name]!, operation))
}

/** The trace header among the system attributes of a message to be sent: the only one there is. */
export function parseSystemAttributes(
  attributes: SystemAttributeMap | undefined,
  operation: string,
): string | undefined {
  if (attributes === undefined) return undefined
  let traceHeader: string | undefined
  for (const [name, given] of Object.entries(attributes)) {
    if (name !== TRACE_HEADER) throw invalid(`Message system attribute name '${name}' is invalid.`)
    refuseLists(given, operation)
    if (given.DataType !== 'String' || given.BinaryValue !== undefined) {
      throw invalid(`Message system attribute '${TRACE_HEADER}' must be of type 'String'.`)
    }
    if (given.StringValue === undefined || given.StringValue === '') {
      throw invalid(
        `Message system attribute '${TRACE_HEADER}' must contain a non-empty value of type 'String'.`,
      )
    }
    if (!isMessageText(given.StringValue) || Buffer.byteLength(given.StringValue) > TRACE_HEADER_BYTES_MAX) {
      throw invalid(
        `Message system attribute '${TRACE_HEADER}' must be a trace header of at most ${TRACE_HEADER_BYTES_MAX} bytes.`,
      )
    }
    traceHeader = given.StringValue
  }
  return traceHeader
}

/** What the attributes count towards a message's size: names, types and values. */
export function attributesSize(attributes: readonly MessageAttribute[]): number {
  let bytes = 0
  for (const { name, type, value } of attributes) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(type) + Buffer.byteLength(value)
  }
  return bytes
}

/** How many bytes `writeAttributes` writes. */
export function attributesLength(attributes: readonly MessageAttribute[]): number {
  return attributesSize(attributes) + attributes.length * DIGEST_OVERHEAD_BYTES
}

/**
 * Writes attributes, which are sorted by name, in the form that SQS and its clients take the digest of, and returns where
 * they end. For each: name, type and value, each behind its length in 4 bytes, most significant first, and before the
 * value one byte that says whether it's a string or bytes.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function writeAttributes(bytes: Buffer, start: number, sorted: readonly MessageAttribute[]): number {
  let at = start
  for (const { name, type, value } of sorted) {
    at = writeText(bytes, at, name)
    at = writeText(bytes, at, type)
    if (typeof value === 'string') {
      bytes[at] = STRING_VALUE
      at = writeText(bytes, at + 1, value)
    } else {
      bytes[at] = BINARY_VALUE
      bytes.writeUInt32BE(value.length, at + 1)
      bytes.set(value, at + 5)
      at += 5 + value.length
    }
  }
  return at
}

/** The MD5 of attributes, which are sorted by name, in hexadecimal: clients compare it with their own. */
export function attributesMd5(sorted: readonly MessageAttribute[]): string {
  const bytes = Buffer.allocUnsafe(attributesLength(sorted))
  writeAttributes(bytes, 0, sorted)
  return hash('md5', bytes, 'hex')
}

export function systemAttributesMd5(traceHeader: string): string {
  return attributesMd5([{ name: TRACE_HEADER, type: 'String', value: traceHeader }])
}

function parseMessageAttribute(
  name: string,
  given: MessageAttributeValue,
  operation: string,
): MessageAttribute {
  refuseLists(given, operation)
  const type = given.DataType
  const base = checkAttributeType(name, type)
  const { StringValue: text, BinaryValue: bytes } = given
  if (text === undefined && bytes === undefined) {
    throw invalid(`The message (user) attribute '${name}' must contain a non-empty message attribute value.`)
  }
  const value = base === 'Binary' ? bytes : text
  if (value === undefined || (text !== undefined && bytes !== undefined)) {
    const field = base === 'Binary' ? 'Binary' : 'String'
    throw invalid(`The message (user) attribute '${name}' with type '${type}' must use field '${field}'.`)
  }
  if (value.length === 0) {
    throw invalid(`Message (user) attribute '${name}' must contain a non-empty value of type '${type}'.`)
  }
  if (typeof value === 'string' && !isMessageText(value)) {
    throw invalid(`Invalid characters found. Valid unicode characters are ${ALLOWED_CHARACTERS}`)
  }
  if (base === 'Number' && typeof value === 'string') checkNumber(name, value)
  return { name, type, value }
}

function writeText(bytes: Buffer, at: number, text: string): number {
  const length = bytes.write(text, at + 4)
  bytes.writeUInt32BE(length, at)
  return at + 4 + length
}

function refuseLists(given: MessageAttributeValue | MessageSystemAttributeValue, operation: string): void {
  const lists = (given.StringListValues?.length ?? 0) + (given.BinaryListValues?.length ?? 0)
  if (lists === 0) return
  throw new ServiceError(
    UnsupportedOperation,
    `Message attribute list values in ${operation} operation are not supported.`,
  )
}

function invalid(message: string): ServiceError {
  return new ServiceError(InvalidParameterValue, message)
}
