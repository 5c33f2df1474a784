import { expect, test } from 'vitest'
import { jsonTokens } from './json-tokens.ts'

const laidOut = (text: string) =>
  jsonTokens(text)
    ?.map((token) => token.text)
    .join('') ?? null

test('JSON is laid out as JSON.stringify would', () => {
  for (const value of [
    {},
    [],
    [[], {}],
    { a: 1, b: [true, null, 'x:{},"\\'], 'c d': { e: { f: -1.5e-3 } } },
    [{ a: [] }, [[1]]],
  ]) {
    for (const text of [JSON.stringify(value), JSON.stringify(value, null, '\t')]) {
      expect(laidOut(text)).toBe(JSON.stringify(value, null, 2))
    }
  }
})

test('numbers, names that are there twice and escapes stay as they were written', () => {
  expect(laidOut('{"id":12345678901234567890,"id":1.0,"x":"\\u0041\\/"}')).toBe(
    '{\n  "id": 12345678901234567890,\n  "id": 1.0,\n  "x": "\\u0041\\/"\n}',
  )
})

test('names, texts, numbers and words are told apart', () => {
  const kinds = jsonTokens('{"a":["b",1,true,{"c":null}]}')?.filter(({ kind }) => kind !== 'space')
  expect(kinds?.filter(({ kind }) => kind !== 'mark').map(({ kind, text }) => `${kind} ${text}`)).toEqual([
    ...['key "a"', 'text "b"', 'number 1', 'word true', 'key "c"', 'word null'],
  ])
})

test('what is no object or list in JSON is left alone', () => {
  for (const text of ['', 'two millstones', '"text"', '12', '{"a":1', '[1,]', '<b>', '{a:1}', 'null']) {
    expect(laidOut(text)).toBeNull()
  }
})

test('a megabyte of brackets stays of that order', () => {
  const text = '['.repeat(20_000) + ']'.repeat(20_000)
  expect(laidOut(text)?.length ?? 0).toBeLessThan(text.length * 70)
})
