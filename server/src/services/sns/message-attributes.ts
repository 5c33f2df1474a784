import { Buffer } from 'node:buffer'
import type { MessageAttributeValue } from '../../api/generated/sns.ts'
import { ServiceError } from '../../api/service-error.ts'
import type { LandedAttribute } from '../../core/landing.ts'
import { ParameterValueInvalid } from './errors.ts'
import { ATTRIBUTE_NAME_BYTES_MAX, ATTRIBUTE_TYPE_CHARACTERS_MAX, MESSAGE_ATTRIBUTES_MAX } from './limits.ts'

export type AttributeMap = Readonly<Record<string, MessageAttributeValue>>

/** The checked attributes of a message to be published, in the order in which they came. */
export function parseMessageAttributes(attributes: AttributeMap | undefined): readonly LandedAttribute[] {
  const entries = Object.entries(attributes ?? {})
  if (entries.length > MESSAGE_ATTRIBUTES_MAX) {
    throw invalid(`The number of message attributes must be at most ${MESSAGE_ATTRIBUTES_MAX}.`)
  }
  return entries.map(([name, given]) => {
    checkName(name)
    return parseAttribute(name, given)
  })
}

/** What the attributes count towards a message's size: names, types and values. */
export function attributesSize(attributes: readonly LandedAttribute[]): number {
  let bytes = 0
  for (const { name, type, value } of attributes) {
    bytes += Buffer.byteLength(name) + Buffer.byteLength(type) + Buffer.byteLength(value)
  }
  return bytes
}

function checkName(name: string): void {
  if (Buffer.byteLength(name) > ATTRIBUTE_NAME_BYTES_MAX) {
    throw invalid(`Length of message attribute name must be less than ${ATTRIBUTE_NAME_BYTES_MAX} bytes.`)
  }
  const stranger = /[^A-Za-z0-9_.-]/u.exec(name)?.[0].codePointAt(0)
  if (stranger !== undefined) {
    const code = stranger.toString(16).toUpperCase()
    throw invalid(
      `Invalid non-alphanumeric character '#x${code}' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.`,
    )
  }
  if (name.startsWith('.')) {
    throw invalid("Invalid message attribute name starting with character '.' was found.")
  }
  if (name.endsWith('.')) throw invalid("Invalid message attribute name ending with character '.' was found.")
  if (name.includes('..')) throw invalid("Message attribute name can not have successive '.' character.")
}

function parseAttribute(name: string, given: MessageAttributeValue): LandedAttribute {
  const { DataType: type, StringValue: text, BinaryValue: bytes } = given
  const base = /^(Binary|Number|String)(?:\.|$)/.exec(type)?.[1]
  if (base === undefined || type.length > ATTRIBUTE_TYPE_CHARACTERS_MAX) {
    throw invalid(
      `The message attribute '${name}' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.`,
    )
  }
  const field = base === 'Binary' ? 'Binary' : 'String'
  const value = base === 'Binary' ? bytes : text
  const other = base === 'Binary' ? text : bytes
  if (value === undefined && other !== undefined) {
    throw invalid(`The message attribute '${name}' with type '${type}' must use field '${field}'.`)
  }
  if (value === undefined || value.length === 0) {
    throw invalid(
      `The message attribute '${name}' must contain non-empty message attribute value for message attribute type '${type}'.`,
    )
  }
  if (base === 'Number' && typeof value === 'string' && !NUMBER.test(value)) {
    throw invalid(`Could not cast message attribute '${name}' value to number.`)
  }
  return { name, type, value }
}

/** There is one way to read any digits by it: with two, as in `\d+\.?\d*`, a long value that is none would be tried in all. */
const NUMBER = /^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/

const invalid = (message: string) => new ServiceError(ParameterValueInvalid, message)
