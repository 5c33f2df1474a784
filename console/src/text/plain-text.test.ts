import { expect, test } from 'vitest'
import { firstLine, plainText } from './plain-text.ts'

test('characters that hide or turn text are shown by their numbers', () => {
  expect(plainText('a\u0000b\u202Ec\u200B\r\n\td')).toBe('a\\u0000b\\u202ec\\u200b\\u000d\n\td')
  expect(plainText('Grüße 👩‍🚀 שלום <b>&amp;')).toBe('Grüße 👩‍🚀 שלום <b>&amp;')
})

test('a body is shortened to one line', () => {
  expect(firstLine(' two\n  millstones ', 20)).toBe('two millstones')
  expect(firstLine('two millstones', 3)).toBe('two…')
  expect(firstLine(`a${' '.repeat(100)}b`, 10)).toBe('a…')
})
