import fc from 'fast-check'
import { expect, test } from 'vitest'
import { sequenceNumber } from './sequence-number.ts'

test('numbers have 20 digits, and grow with the slot and with the incarnation of the queue', () => {
  const place = fc.tuple(fc.integer({ min: 1, max: 8_999_999 }), fc.nat(9_999_999_999_999))
  fc.assert(
    fc.property(place, place, (a, b) => {
      const [first, second] = [sequenceNumber(...a), sequenceNumber(...b)]
      expect(first).toMatch(/^\d{20}$/)
      const isLater = a[0] > b[0] || (a[0] === b[0] && a[1] > b[1])
      expect(BigInt(first) > BigInt(second)).toBe(isLater)
    }),
  )
})
