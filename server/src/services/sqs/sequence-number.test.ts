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

test('a number is that of its queue and slot alone, whichever were asked for before it', () => {
  const places = fc.array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.nat(350)), { maxLength: 30 })
  fc.assert(
    fc.property(fc.constantFrom(0, 9_999_999_999_600), places, (first, asked) => {
      for (const [incarnation, slot] of asked) {
        const expected = 10n ** 19n + BigInt(incarnation) * 10n ** 13n + BigInt(first + slot)
        expect(sequenceNumber(incarnation, first + slot)).toBe(String(expected))
      }
    }),
  )
})
