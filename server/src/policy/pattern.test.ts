import fc from 'fast-check'
import { expect, test } from 'vitest'
import { codesOf, matcherOf, matchesPattern, wildcardPattern } from './pattern.ts'

test('a prepared test says what the pattern says, and both what a regular expression says', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', 'b', ':', '😀', '.'), maxLength: 12 })
  const patterns = fc.string({ unit: fc.constantFrom('a', 'b', ':', '😀', '.', '*', '?'), maxLength: 10 })
  fc.assert(
    fc.property(patterns, texts, (written, text) => {
      const expression = written.replaceAll('.', '\\.').replaceAll('*', '.*').replaceAll('?', '.')
      const expected = new RegExp(`^${expression}$`, 'su').test(text)
      expect(matchesPattern(wildcardPattern(written), text)).toBe(expected)
      expect(matcherOf(wildcardPattern(written))(text)).toBe(expected)
    }),
    { numRuns: 2000 },
  )
})

test('stars that are characters match stars alone', () => {
  expect(matcherOf(codesOf('a*'))('a*')).toBe(true)
  expect(matcherOf(codesOf('a*'))('ab')).toBe(false)
  expect(matchesPattern([...wildcardPattern('*'), ...codesOf('?')], 'ab?')).toBe(true)
  expect(matchesPattern([...wildcardPattern('*'), ...codesOf('?')], 'abc')).toBe(false)
})

test('half a surrogate pair is a character', () => {
  expect(matchesPattern(wildcardPattern('?b'), '\ud83db')).toBe(true)
  expect(matchesPattern(wildcardPattern('?'), '\ud83d')).toBe(true)
})

test.each([
  ['stars after letters', `${'a*'.repeat(3000)}b`, 'a'.repeat(8000)],
  ['stars before letters', `${'*a'.repeat(3000)}b`, 'a'.repeat(8000)],
  ['stars and question marks', `${'*?'.repeat(3000)}b`, 'a'.repeat(8000)],
  ['stars alone', `${'*'.repeat(6000)}b`, 'a'.repeat(8000)],
  ['a long part that fails at its end', `*${'a'.repeat(400)}b*c`, 'a'.repeat(8000)],
])('a hostile pattern takes no more than the product of both lengths: %s', (_, written, text) => {
  let looks = 0
  const counting = new Proxy(wildcardPattern(written), {
    get(units, name, receiver) {
      if (typeof name === 'string' && /^\d+$/.test(name)) looks += 1
      return Reflect.get(units, name, receiver)
    },
  })
  // Only shorter ones, since a proxy takes a hundred times longer than the array.
  const short = text.slice(0, 800)
  matchesPattern(counting, short)
  expect(looks).toBeLessThan(2 * short.length * written.length)
  expect(matchesPattern(wildcardPattern(written), `${text}c`)).toBe(false)
})
