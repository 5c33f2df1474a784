import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodePageToken } from '../../api/page-token.ts'
import { decodeListToken, nextListToken, pageLimit } from './list-token.ts'
import { TEST_TOKEN_KEY as KEY } from './test-cell.ts'

const LIST = ['ListQueues', '000000000000', 'eu-west-1', 'or']

test('a token leads to where its list left off', () => {
  const token = encodePageToken(KEY, LIST, 'orders')
  expect(decodeListToken(KEY, LIST, token)).toBe('orders')
})

test('no token leads to the beginning', () => {
  expect(decodeListToken(KEY, LIST, undefined)).toBe('')
  expect(decodeListToken(KEY, LIST, '')).toBe('')
})

test('a token is only good for the list it came from', () => {
  const token = encodePageToken(KEY, LIST, 'orders')
  const others = [
    ['ListQueues', '000000000000', 'eu-west-1', 'o'],
    ['ListQueues', '000000000000', 'eu-west-2', 'or'],
    ['ListQueues', '000000000001', 'eu-west-1', 'or'],
    ['ListDeadLetterSourceQueues', '000000000000', 'eu-west-1', 'or'],
  ]
  for (const list of others)
    expect(() => decodeListToken(KEY, list, token)).toThrow('Invalid or expired next token.')
})

test('a token made with another key is refused', () => {
  const token = encodePageToken(new Uint8Array(32), LIST, 'orders')
  expect(() => decodeListToken(KEY, LIST, token)).toThrow('Invalid or expired next token.')
})

test('a token that was tampered with or made up is refused', () => {
  const token = encodePageToken(KEY, LIST, 'orders')
  fc.assert(
    fc.property(fc.nat({ max: token.length - 1 }), fc.constantFrom(...'Ab1-_='), (at, character) => {
      fc.pre(token[at] !== character)
      const forged = token.slice(0, at) + character + token.slice(at + 1)
      expect(() => decodeListToken(KEY, LIST, forged)).toThrow('Invalid or expired next token.')
    }),
  )
  fc.assert(
    fc.property(fc.string({ unit: 'binary', minLength: 1 }), (forged) => {
      expect(() => decodeListToken(KEY, LIST, forged)).toThrow('Invalid or expired next token.')
    }),
  )
})

test('there is a next token only if more is there and MaxResults was set', () => {
  expect(nextListToken(KEY, LIST, null, 10)).toEqual({})
  expect(nextListToken(KEY, LIST, 'orders', undefined)).toEqual({})
  expect(nextListToken(KEY, LIST, 'orders', 10)).toEqual({ NextToken: encodePageToken(KEY, LIST, 'orders') })
})

test('MaxResults is 1 to 1000', () => {
  expect(pageLimit(undefined)).toBe(1000)
  expect(pageLimit(1)).toBe(1)
  expect(pageLimit(1000)).toBe(1000)
  for (const wrong of [0, -1, 1001]) {
    expect(() => pageLimit(wrong)).toThrow(
      'Value for parameter MaxResults is invalid. Reason: MaxResults must be an integer between 1 and 1000.',
    )
  }
})
