import { expect, test } from 'vitest'
import { parseMessageTexts } from './message-texts.ts'

const texts = (message: string, structure?: string) => [...parseMessageTexts(message, structure)]

test('without a structure all get the message as it is, JSON or not', () => {
  expect(texts('{"default":"x"}')).toEqual([['', '{"default":"x"}']])
})

test('each protocol gets its own text, and all others the default', () => {
  const message = JSON.stringify({
    ...{ default: 'd', sqs: 's', 'email-json': 'e', http: '' },
    ...{ lambda: { not: 'a text' }, sms: 5, pigeon: 'no protocol' },
  })
  expect(texts(message, 'json').sort()).toEqual([
    ['', 'd'],
    ['email-json', 'e'],
    ['http', ''],
    ['sqs', 's'],
  ])
})

test.each(['nothing', '[]', '"text"', 'null', '1', '{"default":"x"', ''])('%j is no object', (message) => {
  expect(() => texts(message, 'json')).toThrow(
    'Invalid parameter: Message Structure - JSON message body failed to parse',
  )
})

test.each(['{}', '{"sqs":"x"}', '{"default":1}', '{"__proto__":{"default":"x"}}'])(
  '%s has no default entry',
  (message) => {
    expect(() => texts(message, 'json')).toThrow(
      'Invalid parameter: Message Structure - No default entry in JSON message body',
    )
  },
)

test('no other structure is known', () => {
  expect(() => texts('{}', 'xml')).toThrow('Invalid parameter: MessageStructure')
})
