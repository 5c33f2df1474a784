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
const STRING = 1
const BINARY = 2

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

/**
 * The MD5 that clients compare with their own, in hexadecimal: over each attribute in the order of the names, name, type and
 * value each behind a 4-byte length, most significant byte first, and one byte for string or binary before the value.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function attributesMd5(sorted: readonly MessageAttribute[]): string {
  const bytes = Buffer.allocUnsafe(attributesSize(sorted) + sorted.length * 13)
  let at = 0
  const put = (value: string | Uint8Array) => {
    const length = typeof value === 'string' ? bytes.write(value, at + 4) : value.length
    if (typeof value !== 'string') bytes.set(value, at + 4)
    bytes.writeUInt32BE(length, at)
    at += 4 + length
  }
  for (const { name, type, value } of sorted) {
    put(name)
    put(type)
    bytes[at++] = typeof value === 'string' ? STRING : BINARY
    put(value)
  }
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
