import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isMessageText } from './message-text.ts'

/** What XML 1.0 allows, code point by code point: https://www.w3.org/TR/xml/#charsets */
function isAllowed(codePoint: number): boolean {
  return (
    [0x9, 0xa, 0xd].includes(codePoint) ||
    (codePoint >= 0x20 && codePoint <= 0xd7ff) ||
    (codePoint >= 0xe000 && codePoint <= 0xfffd) ||
    codePoint >= 0x10000
  )
}

test('every character is allowed that XML allows, and no other', () => {
  for (let codePoint = 0; codePoint <= 0xffff; codePoint++) {
    const character = String.fromCodePoint(codePoint)
    const text = `a text that is longer than a vector, ${character}, and goes on`
    if (isMessageText(text) !== isAllowed(codePoint)) expect(codePoint).toBe('right')
    if (isMessageText(character) !== isAllowed(codePoint)) expect(codePoint).toBe('right')
  }
  expect(isMessageText('🎉')).toBe(true)
  expect(isMessageText('\ud83c alone')).toBe(false)
})

test('a text is allowed if all of its characters are, long or short', () => {
  const unit = fc.oneof(
    { weight: 200, arbitrary: fc.constantFrom('a', ' ', '\n', '~') },
    { weight: 5, arbitrary: fc.constantFrom('é', '\ud7ff', '🎉') },
    { weight: 1, arbitrary: fc.constantFrom('\0', '\x1f', '\x0b', '\ufffe', '\ud800', '\udfff') },
  )
  fc.assert(
    fc.property(fc.array(unit, { maxLength: 400 }), fc.constantFrom(1, 200), (units, times) => {
      const text = units.join('').repeat(times)
      const codePoints = Array.from(text, (character) => character.codePointAt(0)!)
      expect(isMessageText(text)).toBe(codePoints.every(isAllowed))
    }),
  )
})
