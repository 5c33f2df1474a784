import { describe, expect, test } from 'vitest'
import type { MessageAttributeValue } from '../../api/generated/sqs.ts'
import { ServiceError } from '../../api/service-error.ts'
import {
  attributesMd5,
  attributesSize,
  parseMessageAttributes,
  parseSystemAttributes,
  systemAttributesMd5,
} from './message-attributes.ts'

const md5 = (attributes: Record<string, MessageAttributeValue>) =>
  attributesMd5(parseMessageAttributes(attributes, 'SendMessage'))
const text = (StringValue: string, DataType = 'String'): MessageAttributeValue => ({ StringValue, DataType })
const bytes = (value: string, DataType = 'Binary'): MessageAttributeValue => ({
  BinaryValue: Buffer.from(value, 'latin1'),
  DataType,
})

const refusal = (parse: () => unknown) => {
  try {
    parse()
  } catch (error) {
    if (error instanceof ServiceError) return `${error.shape.code}: ${error.message}`
    throw error
  }
  return 'accepted'
}
const refused = (name: string, value: MessageAttributeValue) =>
  refusal(() => parseMessageAttributes({ [name]: value }, 'SendMessage'))
const INVALID = 'InvalidParameterValueException: '

describe('the digest is the one AWS gives', () => {
  test.each<[string, Record<string, MessageAttributeValue>]>([
    [
      '4c360f3fdafd970e05fae2f149d997f5',
      { Hello: text('There'), General: text('Kenobi'), 'Help.Me': text('Me') },
    ],
    ['fca026605781cb4126a1e9044df24232', { General: text('Kenobi'), Hello: text('There') }],
    ['a311262e065454b75da111d535b8dacd', { Hello: text('There') }],
    ['83fee93c1bcd8b9a5a923ffacdc636c7', { 'Help.Me': text('Me'), Hello: text('There') }],
    ['ae7155c6026991b6d54b11589678bf9c', { Foo: text('Bar') }],
    ['7db7fb1ba7f41366a8ea5eb18220b26d', { Hello: text('World') }],
    ['797ab158d73dcb5242dedc4412c8e855', { UserId: text('1234567890123456789012', 'Number.bigint') }],
    [
      '8cbe4db156db8a94db8b801b7addb984',
      { attr1: bytes('traceparent\x1e00-774062d6c37081a5a0b9b5b88e30627c-2d2482211f6489da-01') },
    ],
  ])('%s', (expected, attributes) => {
    expect(md5(attributes)).toBe(expected)
  })

  test('for a trace header', () => {
    expect(systemAttributesMd5('some-trace-id')).toBe('fdce4f2818803f2f73becc09a54792c0')
  })
})

test('attributes come sorted by name, whatever order they were given in', () => {
  const parsed = parseMessageAttributes({ b: text('2'), B: text('1'), a: bytes('\xff') }, 'SendMessage')
  expect(parsed.map(({ name }) => name)).toEqual(['B', 'a', 'b'])
})

test('names, types and values count towards the size, in UTF-8', () => {
  expect(attributesSize(parseMessageAttributes({ n: text('é', 'String.€'), m: bytes('xy') }, 'X'))).toBe(
    1 + 10 + 2 + (1 + 6 + 2),
  )
})

test('an attribute called like a property of all objects is an attribute like others', () => {
  const attributes: Record<string, MessageAttributeValue> = JSON.parse(
    '{"__proto__":{"DataType":"String","StringValue":"x"},"constructor":{"DataType":"String","StringValue":"y"}}',
  )
  expect(parseMessageAttributes(attributes, 'X').map(({ name, value }) => [name, value])).toEqual([
    ['__proto__', 'x'],
    ['constructor', 'y'],
  ])
})

describe('an attribute is refused', () => {
  test('when there are more than ten', () => {
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`a${i}`, text('v')]))
    expect(refusal(() => parseMessageAttributes(many, 'X'))).toBe(
      `${INVALID}Number of message attributes [12] exceeds the allowed maximum [10].`,
    )
  })

  test.each([
    ['', 'The request must contain non-empty message (user) attribute names.'],
    ['a'.repeat(257), 'Message (user) attribute names must be shorter than 256 Bytes'],
    ...['a b', 'a:b', 'é', 'a\n'].map((name) => [
      name,
      'Message (user) attributes name can only contain upper and lower score characters, digits, periods, hyphens and underscores. ',
    ]),
    ...['AWS.x', 'aws.x', 'AmAzOn.x'].map((name) => [
      name,
      "You can't use message attribute names beginning with 'AWS.' or 'Amazon.'. These strings are reserved for internal use.",
    ]),
    ...['.a', 'a.', 'a..b'].map((name) => [
      name,
      "Message (user) attribute names can't begin or end with a period or have periods in succession.",
    ]),
  ])('for its name %j', (name, message) => {
    expect(refused(name, text('v'))).toBe(INVALID + message)
  })

  test.each(['a'.repeat(256), 'AWSx', 'a.b-c_D9'])('not for its name %j', (name) => {
    expect(refused(name, text('v'))).toBe('accepted')
  })

  test.each(['string', 'Str', 'Stringy', ' String', 'Number,x'])('for its type %j', (type) => {
    expect(refused('n', text('1', type))).toBe(
      `${INVALID}The type of message (user) attribute 'n' is invalid. You must use only the following supported type prefixes: Binary, Number, String.`,
    )
  })

  test('for an empty type, and for one that is too long', () => {
    expect(refused('n', text('1', ''))).toBe(
      `${INVALID}Message (user) attribute 'n' must contain a non-empty attribute type.`,
    )
    expect(refused('n', text('1', `String.${'x'.repeat(249)}`))).toBe('accepted')
    expect(refused('n', text('1', `String.${'x'.repeat(250)}`))).toBe(
      `${INVALID}Message (user) attribute types must be shorter than 256 Bytes`,
    )
  })

  test('for an empty value, a missing one, or one in the wrong field', () => {
    const empty = (type: string) =>
      `${INVALID}Message (user) attribute 'n' must contain a non-empty value of type '${type}'.`
    expect(refused('n', text(''))).toBe(empty('String'))
    expect(refused('n', text('', 'Number.int'))).toBe(empty('Number.int'))
    expect(refused('n', bytes(''))).toBe(empty('Binary'))
    expect(refused('n', { DataType: 'String' })).toBe(
      `${INVALID}The message (user) attribute 'n' must contain a non-empty message attribute value.`,
    )
    const wrongField = (type: string, field: string) =>
      `${INVALID}The message (user) attribute 'n' with type '${type}' must use field '${field}'.`
    expect(refused('n', text('v', 'Binary.x'))).toBe(wrongField('Binary.x', 'Binary'))
    expect(refused('n', bytes('v', 'Number'))).toBe(wrongField('Number', 'String'))
    expect(refused('n', { ...text('v'), ...bytes('v'), DataType: 'String' })).toBe(
      wrongField('String', 'String'),
    )
  })

  test('for characters that messages cannot have', () => {
    for (const value of ['\0', 'a\u000bb', '\ud800', '\ufffe', '\uffff']) {
      expect(refused('n', text(value))).toMatch(/Invalid characters found\. Valid unicode characters are #x9/)
    }
    for (const value of ['\t\r\n', '\ud7ff\ue000\ufffd', '\u{10000}\u{10ffff}', '\u{1fffe}', '\x7f']) {
      expect(refused('n', text(value))).toBe('accepted')
    }
  })

  test('for a list value', () => {
    const message =
      'UnsupportedOperation: Message attribute list values in SendMessage operation are not supported.'
    expect(refused('n', { DataType: 'StringList', StringListValues: ['a'] })).toBe(message)
    expect(refused('n', { DataType: 'BinaryList', BinaryListValues: [new Uint8Array(1)] })).toBe(message)
    expect(refused('n', { ...text('v'), StringListValues: [] })).toBe('accepted')
  })
})

describe('a number', () => {
  const number = (value: string) => refused('n', text(value, 'Number'))

  test.each([
    ...['0', '-0', '007', '+42', '42.', '.5', '3.14', '1e5', '1.5E-10', '0e999999999', '9'.repeat(38)],
    ...[`1${'0'.repeat(126)}`, `-1${'0'.repeat(128)}`, '1e126', '10e125', '0.1e127', '-1.0e128', '1e-128'],
    ...['9.99e125', '-9.9e127', `0.${'0'.repeat(40)}1`],
  ])('is %s', (value) => {
    expect(number(value)).toBe('accepted')
  })

  test.each([
    ...['abc', '-', '.', 'e5', '1e', '1e+', '1.2.3', '42abc', '4 2', '1,000', '0x1f', '1_000', 'Inf', 'NaN'],
    ...[' 1', '1\n', '٣', '9'.repeat(39), `1.${'0'.repeat(37)}1`],
  ])('is not %j', (value) => {
    expect(number(value)).toBe(`${INVALID}Can't cast the value of message (user) attribute 'n' to a number.`)
  })

  test.each(['2e126', '1.1e126', '-2e128', '1e127', '9e-129', '1e999999999', '1e-999999999'])(
    'is out of range as %s',
    (value) => {
      expect(number(value)).toBe(`${INVALID}Number attribute value should be in range (-10**128..10**126)`)
    },
  )
})

describe('the system attributes', () => {
  const parse = (attributes: Record<string, MessageAttributeValue>) =>
    parseSystemAttributes(attributes, 'SendMessage')

  test('are the trace header, and nothing else', () => {
    expect(parse({ AWSTraceHeader: text('Root=1-5759e988') })).toBe('Root=1-5759e988')
    expect(refusal(() => parse({ Hello: text('World') }))).toBe(
      `${INVALID}Message system attribute name 'Hello' is invalid.`,
    )
  })

  test('are refused unless they hold a short text', () => {
    const invalid = `${INVALID}Message system attribute 'AWSTraceHeader' must `
    expect(refusal(() => parse({ AWSTraceHeader: bytes('x') }))).toBe(`${invalid}be of type 'String'.`)
    expect(refusal(() => parse({ AWSTraceHeader: text('') }))).toBe(
      `${invalid}contain a non-empty value of type 'String'.`,
    )
    expect(refusal(() => parse({ AWSTraceHeader: text('x'.repeat(2049)) }))).toBe(
      `${invalid}be a trace header of at most 2048 bytes.`,
    )
    expect(refusal(() => parse({ AWSTraceHeader: { DataType: 'String', StringListValues: ['x'] } }))).toMatch(
      /^UnsupportedOperation/,
    )
  })
})
