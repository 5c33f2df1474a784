import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchesWildcard, parseWildcard } from './wildcard.ts'

// Two letters, so that pieces begin like themselves again and again.
const letters = (maxLength: number) => fc.string({ unit: fc.constantFrom('a', 'b'), maxLength })

test('a pattern matches what trying every length for each wildcard matches', () => {
  fc.assert(
    fc.property(fc.array(letters(7), { minLength: 1, maxLength: 5 }), letters(24), (pieces, value) => {
      const pattern = pieces.filter((piece, i) => piece !== '' || i === 0 || i === pieces.length - 1)
      expect(matchesWildcard(parseWildcard(pattern.join('*')), value)).toBe(tryAll(pattern, value))
    }),
    { numRuns: 20_000 },
  )
})

test('a piece that begins like itself is found where it overlaps what was given up', () => {
  for (const [pattern, value] of [
    ['*aabaaab*', 'aabaabaaab'],
    ['*abababb*', 'abababababb'],
    ['*aaab*', 'aaaaaaab'],
    ['*abaabaa*', 'abaababaabaa'],
  ] as const) {
    expect(matchesWildcard(parseWildcard(pattern), value)).toBe(true)
    expect(matchesWildcard(parseWildcard(pattern), value.slice(0, -1))).toBe(false)
  }
})

function tryAll(pieces: readonly string[], value: string): boolean {
  const [first, ...rest] = pieces
  if (first === undefined || !value.startsWith(first)) return false
  const left = value.slice(first.length)
  if (rest.length === 0) return left === ''
  return Array.from({ length: left.length + 1 }, (_, skipped) => left.slice(skipped)).some((each) =>
    tryAll(rest, each),
  )
}
