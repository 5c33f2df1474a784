import { expect, test } from 'vitest'
import type { Violation } from '../../api/model.ts'
import { refuseInput } from './refuse-input.ts'

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
  expect(refuseInput(violation, [violation]).message).toBe(`1 validation error detected: ${told}`)
  expect(refuseInput(violation, [violation, violation]).message).toBe(
    `2 validation errors detected: ${told}; ${told}`,
  )
})
