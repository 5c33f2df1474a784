import { expect, test } from 'vitest'
import type { Reason, Violation } from './model.ts'
import { describeViolations } from './validation-text.ts'

const at = { path: 'Tags.1.member.Key', queryPath: 'Tags.member.1.Key' }

test.each<[Violation, string]>([
  [{ ...at, kind: 'missing' }, "Value null at 'tags.1.member.key'~not be null"],
  [
    { ...at, kind: 'choice', value: 'c', choices: ['a', 'b'] },
    "Value 'c' at 'tags.1.member.key'~satisfy enum value set: [a, b]",
  ],
  [
    { ...at, kind: 'pattern', value: 'c', pattern: '^a$' },
    "Value 'c' at 'tags.1.member.key'~satisfy regular expression pattern: ^a$",
  ],
  [
    { ...at, kind: 'tooShort', value: 'c', min: 2 },
    "Value 'c' at 'tags.1.member.key'~have length greater than or equal to 2",
  ],
  [
    { ...at, kind: 'tooLong', value: 'c', max: 0 },
    "Value 'c' at 'tags.1.member.key'~have length less than or equal to 0",
  ],
  [
    { ...at, kind: 'tooSmall', value: 0, min: 1 },
    "Value '0' at 'tags.1.member.key'~have value greater than or equal to 1",
  ],
  [
    { ...at, kind: 'tooLarge', value: 2, max: 1 },
    "Value '2' at 'tags.1.member.key'~have value less than or equal to 1",
  ],
])('%j is told in the words of the validator', (violation, text) => {
  const [what, constraint] = text.split('~')
  const told = `${what} failed to satisfy constraint: Member must ${constraint}`
  expect(describeViolations([violation])).toBe(`1 validation error detected: ${told}`)
  expect(describeViolations([violation, violation])).toBe(`2 validation errors detected: ${told}; ${told}`)
})

const told = (reason: Reason) => describeViolations([{ path: 'Tags', queryPath: '', ...reason }])

test.each([
  ['element', ['a', 'bc'], "'[a, bc]'", 'Member must satisfy constraint'],
  ['key', { a: 'b', c: '' }, "'{a=b, c=}'", 'Map keys must satisfy constraint'],
  ['value', {}, "'{}'", 'Map value must satisfy constraint'],
] as const)('what an %s must be like is told of the whole', (part, value, written, constraint) => {
  const constraints = [
    { kind: 'tooLong', max: 128 },
    { kind: 'tooShort', min: 1 },
  ] as const
  expect(told({ kind: 'parts', part, value, constraints })).toBe(
    `1 validation error detected: Value ${written} at 'tags' failed to satisfy constraint: ${constraint}: ` +
      '[Member must have length less than or equal to 128, Member must have length greater than or equal to 1]',
  )
})

test('values are printed as Java prints them', () => {
  const value = [new Uint8Array(5), { Data: new Uint8Array(1), Key: 'k' }, [], 7, true]
  expect(told({ kind: 'tooLong', value, max: 1 })).toContain(
    "'[java.nio.HeapByteBuffer[pos=0 lim=5 cap=5], {Data=java.nio.HeapByteBuffer[pos=0 lim=1 cap=1], Key=k}, [], 7, true]'",
  )
})

test.each([
  ['text', 'x'.repeat(1_000_000)],
  ['list', Array.from({ length: 100_000 }, () => 'tag')],
])('no more than the beginning of a long %s is told', (_, value) => {
  const text = told({ kind: 'tooLong', value, max: 1 })
  expect(text.length).toBeLessThan(17_000)
  expect(text).toContain("...' at 'tags'")
})
