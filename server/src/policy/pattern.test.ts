import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  concatPatterns,
  literalPattern,
  matcherOf,
  matchesPattern,
  splitPattern,
  wildcardPattern,
} from './pattern.ts'

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
  expect(matcherOf(literalPattern('a*'))('a*')).toBe(true)
  expect(matcherOf(literalPattern('a*'))('ab')).toBe(false)
  const mixed = concatPatterns([wildcardPattern('*'), literalPattern('?'), wildcardPattern('?')])
  expect(matchesPattern(mixed, 'ab?c')).toBe(true)
  expect(matchesPattern(mixed, 'abcc')).toBe(false)
})

const patterns = fc.string({ unit: fc.constantFrom('a', ':', '*', '?'), maxLength: 12 })

test('patterns one after the other are the pattern of both texts', () => {
  fc.assert(
    fc.property(patterns, patterns, (one, other) => {
      const both = [wildcardPattern(one), wildcardPattern(other)]
      expect(concatPatterns(both)).toEqual(wildcardPattern(one + other))
    }),
  )
})

test('the patterns between colons are those of the texts between them', () => {
  fc.assert(
    fc.property(patterns, fc.integer({ min: 1, max: 4 }), (text, countMax) => {
      const parts = text.split(':')
      const expected = [...parts.slice(0, countMax - 1), parts.slice(countMax - 1).join(':')]
      const split = splitPattern(wildcardPattern(text), ':', countMax)
      expect(split).toEqual(expected.slice(0, parts.length).map(wildcardPattern))
    }),
  )
})

test('a piece is looked for at every place', () => {
  expect(matchesPattern(wildcardPattern('*a?b*'), 'aaxbc')).toBe(true)
  expect(matchesPattern(wildcardPattern('*a?b'), 'aaxb')).toBe(true)
  expect(matchesPattern(wildcardPattern('ab*bc'), 'abc')).toBe(false)
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
  ['a long part that fails at its end', `*${'a'.repeat(4000)}b*c`, 'a'.repeat(8000)],
])(
  'a hostile pattern takes no time: %s',
  (_, pattern, text) => {
    expect(matchesPattern(wildcardPattern(pattern), `${text}c`)).toBe(false)
  },
  2_000,
)
