import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ESCAPED_BYTES_MAX, writeJsonText } from './json-text.ts'

/** What the writer makes of a text that begins somewhere in a larger memory, and what `JSON.stringify` does. */
function written(text: string, offset = 0): string {
  const bytes = Buffer.from(text)
  const source = Buffer.concat([Buffer.alloc(offset, '"'), bytes, Buffer.from('"""')])
  const target = Buffer.alloc(offset + bytes.length * ESCAPED_BYTES_MAX + 1, '!')
  const end = writeJsonText(viewOf(source), offset, offset + bytes.length, viewOf(target), offset)
  expect(target.toString('latin1', 0, offset)).toBe('!'.repeat(offset))
  expect(target.toString('latin1', end)).toBe('!'.repeat(target.length - end))
  return target.toString('utf8', offset, end)
}

function viewOf(bytes: Buffer): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
}

function expected(text: string): string {
  return JSON.stringify(text).slice(1, -1)
}

test('every character of one byte is escaped as JSON.stringify does, wherever it stands among four', () => {
  for (let code = 0; code < 128; code++) {
    for (let before = 0; before < 5; before++) {
      for (const around of ['a', '~', ' ', '!', 'é', String.fromCharCode(code)]) {
        const text = around.repeat(before) + String.fromCharCode(code) + around.repeat(4)
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
    fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 9 }),
  )
  fc.assert(
    fc.property(fc.array(units, { maxLength: 40 }), fc.nat({ max: 9 }), (parts, offset) => {
      const text = parts.join('')
      expect(written(text, offset)).toBe(expected(text))
    }),
    { numRuns: 2000 },
  )
})

test('whatever stands behind the text is not looked at', () => {
  expect(written('')).toBe('')
  for (let length = 1; length < 9; length++) expect(written('a'.repeat(length))).toBe('a'.repeat(length))
})
