import { expect, test } from 'vitest'
import { ServiceError } from '../../api/service-error.ts'
import { attributesSize, parseMessageAttributes } from './message-attributes.ts'

const refusal = (name: string, value: object): string => {
  try {
    parseMessageAttributes({ [name]: value as never })
  } catch (error) {
    if (error instanceof ServiceError) return `${error.shape.code}: ${error.message}`
    throw error
  }
  return 'not refused'
}
const text = { DataType: 'String', StringValue: 'v' }

test.each([
  [
    'a^b',
    text,
    "Invalid non-alphanumeric character '#x5E' was found in the message attribute name. Can only include alphanumeric characters, hyphens, underscores, or dots.",
  ],
  ['.a', text, "Invalid message attribute name starting with character '.' was found."],
  ['a.', text, "Invalid message attribute name ending with character '.' was found."],
  ['a..b', text, "Message attribute name can not have successive '.' character."],
  ['a'.repeat(257), text, 'Length of message attribute name must be less than 256 bytes.'],
  [
    'attr1',
    { DataType: 'Strings', StringValue: 'v' },
    "The message attribute 'attr1' has an invalid message attribute type, the set of supported type prefixes is Binary, Number, and String.",
  ],
  [
    'attr1',
    { DataType: 'String' },
    "The message attribute 'attr1' must contain non-empty message attribute value for message attribute type 'String'.",
  ],
  [
    'attr1',
    { DataType: 'String', StringValue: '' },
    "The message attribute 'attr1' must contain non-empty message attribute value for message attribute type 'String'.",
  ],
  [
    'attr1',
    { DataType: 'Binary', BinaryValue: new Uint8Array() },
    "The message attribute 'attr1' must contain non-empty message attribute value for message attribute type 'Binary'.",
  ],
  [
    'attr1',
    { DataType: 'Binary', StringValue: 'v' },
    "The message attribute 'attr1' with type 'Binary' must use field 'Binary'.",
  ],
  [
    'attr1',
    { DataType: 'Number', BinaryValue: new Uint8Array([1]) },
    "The message attribute 'attr1' with type 'Number' must use field 'String'.",
  ],
  [
    'attr1',
    { DataType: 'String', BinaryValue: new Uint8Array([1]) },
    "The message attribute 'attr1' with type 'String' must use field 'String'.",
  ],
])('an attribute %s of %j is refused in the words of AWS', (name, value, message) => {
  expect(refusal(name, value)).toBe(`ParameterValueInvalid: ${message}`)
})

test.each(['x', '1,5', '--1', '', '1e'])('%j is no number', (StringValue) => {
  expect(refusal('n', { DataType: 'Number.own', StringValue })).toMatch(/^ParameterValueInvalid: /)
})

test.each(['1', '-1.5', '+.5', '1e-7'])('%s is a number', (StringValue) => {
  expect(refusal('n', { DataType: 'Number', StringValue })).toBe('not refused')
})

test('attributes keep their order and types, and count with names, types and values', () => {
  const attributes = parseMessageAttributes({
    b: { DataType: 'String.Array', StringValue: '["é"]' },
    a: { DataType: 'Binary.own', BinaryValue: new Uint8Array([1, 2]) },
  })
  expect(attributes).toEqual([
    { name: 'b', type: 'String.Array', value: '["é"]' },
    { name: 'a', type: 'Binary.own', value: new Uint8Array([1, 2]) },
  ])
  expect(attributesSize(attributes)).toBe(1 + 12 + 6 + 1 + 10 + 2)
  expect(parseMessageAttributes(undefined)).toEqual([])
})
