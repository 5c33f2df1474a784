import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decodeBase64, encodeBase64 } from './base64.ts'

test('what was encoded is decoded again', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(decodeBase64(encodeBase64(bytes))).toEqual(Buffer.from(bytes))
    }),
  )
})

test('every other text is refused, so that each value has one text', () => {
  const texts = fc.oneof(
    fc.string(),
    fc.base64String(),
    fc.string({ unit: fc.constantFrom(...'Aa09+/=-_ \n') }),
  )
  fc.assert(
    fc.property(texts, (text) => {
      const bytes = decodeBase64(text)
      return bytes === undefined || encodeBase64(bytes) === text
    }),
    { numRuns: 1000 },
  )
})

test.each(['A', 'AA', 'AAA', 'A===', 'AB==', 'AAB=', '-_==', '____', 'AA A', 'AAAA\n', 'AA==AAAA', '===='])(
  '%j is not base64',
  (text) => {
    expect(decodeBase64(text)).toBeUndefined()
  },
)
