import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatHashKey, GREATEST_HASH_KEY, LEAST_HASH_KEY, parseHashKey } from './hash-key.ts'

const GREATEST = '340282366920938463463374607431768211455'

test('hash keys go from 0 to 2^128 - 1', () => {
  expect(parseHashKey('0')).toBe(LEAST_HASH_KEY)
  expect(parseHashKey(GREATEST)).toBe(GREATEST_HASH_KEY)
  expect(parseHashKey('340282366920938463463374607431768211456')).toBeNull()
  expect(parseHashKey('9'.repeat(39))).toBeNull()
})

test('every hash key is exact to the last digit, and in order as text', () => {
  const number = fc.bigInt({ min: 0n, max: BigInt(GREATEST) })
  fc.assert(
    fc.property(number, number, (a, b) => {
      const [first, second] = [parseHashKey(a.toString())!, parseHashKey(b.toString())!]
      expect(formatHashKey(first)).toBe(a.toString())
      expect(first < second).toBe(a < b)
    }),
  )
})
