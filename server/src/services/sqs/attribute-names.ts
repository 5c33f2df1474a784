import { ServiceError } from '../../api/service-error.ts'
import { InvalidParameterValue } from './errors.ts'
import { ATTRIBUTE_NAME_CHARACTERS_MAX, ATTRIBUTE_TYPE_CHARACTERS_MAX } from './limits.ts'

export type AttributeBaseType = 'Binary' | 'Number' | 'String'

const NAME = /^[A-Za-z0-9_.-]+$/
const RESERVED = /^(?:aws|amazon)\./i
const TYPE = /^(Binary|Number|String)(?:\..*)?$/s

/**
 * Refuses what a message attribute can't be called.
 * https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
 */
export function checkAttributeName(name: string): void {
  if (name === '') throw invalid('The request must contain non-empty message (user) attribute names.')
  if (name.length > ATTRIBUTE_NAME_CHARACTERS_MAX) {
    throw invalid('Message (user) attribute names must be shorter than 256 Bytes')
  }
  if (!NAME.test(name)) {
    // With the slip of the pen and the space at the end that AWS's text has.
    throw invalid(
      'Message (user) attributes name can only contain upper and lower score characters, digits, periods, hyphens and underscores. ',
    )
  }
  if (RESERVED.test(name)) {
    throw invalid(
      "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use.",
    )
  }
  if (name.startsWith('.') || name.endsWith('.') || name.includes('..')) {
    throw invalid(
      "Message (user) attribute names can't begin or end with a period or have periods in succession.",
    )
  }
}

/** The base type of a data type such as `Number.java.lang.Long`; refuses what isn't one. */
export function checkAttributeType(name: string, type: string): AttributeBaseType {
  if (type === '')
    throw invalid(`Message (user) attribute '${name}' must contain a non-empty attribute type.`)
  if (type.length > ATTRIBUTE_TYPE_CHARACTERS_MAX) {
    throw invalid('Message (user) attribute types must be shorter than 256 Bytes')
  }
  const base = TYPE.exec(type)?.[1]
  if (base === 'Binary' || base === 'Number' || base === 'String') return base
  throw invalid(
    `The type of message (user) attribute '${name}' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
  )
}

function invalid(message: string): ServiceError {
  return new ServiceError(InvalidParameterValue, message)
}
