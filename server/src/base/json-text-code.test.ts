import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  ESCAPED_BYTES_MAX,
  LETTERS,
  LETTERS_BYTES,
  OVERWRITTEN_BYTES_MAX,
  writeEscaped,
} from './json-text-code.ts'
import { instantiate } from './wasm-module.ts'

const { memory, functions } = instantiate([writeEscaped('write', 0)], 65_536)
const bytes = Buffer.from(memory)
bytes.set(LETTERS)
const SOURCE_AT = LETTERS_BYTES
const TARGET_AT = 8192

/** What the writer makes of a text that begins somewhere in its memory, with what has to be escaped around it. */
function written(text: string, offset = 0): string {
  const source = SOURCE_AT + offset
  const target = TARGET_AT + offset
  bytes.fill('"', SOURCE_AT)
  bytes.fill('!', TARGET_AT)
  const end = functions.write!(source, source + bytes.write(text, source), target)
  expect(end - target).toBeLessThanOrEqual(Buffer.byteLength(text) * ESCAPED_BYTES_MAX)
  expect(bytes.toString('latin1', TARGET_AT, target)).toBe('!'.repeat(offset))
  const behind = bytes.toString('latin1', end + OVERWRITTEN_BYTES_MAX)
  expect(behind).toBe('!'.repeat(behind.length))
  return bytes.toString('utf8', target, end)
}

function expected(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

test('every character of one byte is escaped as JSON.stringify does, wherever it stands among sixteen', () => {
  for (let code = 0; code < 128; code++) {
    for (let before = 0; before < 18; before++) {
      for (const around of ['a', '~', 'é', String.fromCharCode(code)]) {
        const text = around.repeat(before) + String.fromCharCode(code) + around.repeat(16)
        expect(written(text)).toBe(expected(text))
      }
    }
  }
})

test('any text is written as JSON.stringify does', () => {
  const units = fc.oneof(
    fc.constantFrom(
      '"',
      '\\',
      '\n',
      '\r',
      '\t',
      '\b',
      '\f',
      '\0',
      '\u001f',
      '\u007f',
      ' ',
      '!',
      '#',
      '[',
      ']',
    ),
    fc.constantFrom('é', 'ÿ', '\u0800', '\u2028', '\ufffd', '\uffff', '💛', '\u{10ffff}'),
    fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 19 }),
  )
  fc.assert(
    fc.property(fc.array(units, { maxLength: 40 }), fc.nat({ max: 17 }), (parts, offset) => {
      const text = parts.join('')
      expect(written(text, offset)).toBe(expected(text))
    }),
    { numRuns: 2000 },
  )
})

test('whatever stands behind the text is not written', () => {
  expect(written('')).toBe('')
  for (let length = 1; length < 36; length++) expect(written('a'.repeat(length))).toBe('a'.repeat(length))
})
