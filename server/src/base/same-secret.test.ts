import { expect, test } from 'vitest'
import { isSameSecret } from './same-secret.ts'

test.each([
  ['', ''],
  ['a', 'a'],
  ['\u{1f600}', '\u{1f600}'],
])('%j is %j', (given, secret) => {
  expect(isSameSecret(given, secret)).toBe(true)
})

test.each([
  ['', 'a'],
  ['a', ''],
  ['ab', 'a'],
  ['ab', 'aa'],
  ['ba', 'aa'],
  ['\u0161', 'a'],
])('%j is not %j', (given, secret) => {
  expect(isSameSecret(given, secret)).toBe(false)
})
