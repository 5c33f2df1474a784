import fc from 'fast-check'
import { expect, test } from 'vitest'
import { lengthWithoutSpace, parseStrictJson } from './strict-json.ts'

test('JSON is what it says', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      expect(parseStrictJson(text, 100)).toEqual(JSON.parse(text))
    }),
  )
})

test.each([...['{"a":1,"a":1}', '{"a":{"b":1,"b":2}}', '[{"a":1,"\\u0061":2}]', '{"a":[{}],"b":1,"a":2}']])(
  'a name twice in one object is refused: %s',
  (text) => {
    expect(parseStrictJson(text, 16)).toBeUndefined()
  },
)

test.each([
  ...[
    '{"a":{"a":1}}',
    '[{"a":1},{"a":1}]',
    '{"a":"a","b":"a"}',
    '{"a":["a","a"]}',
    '{"a":"{\\"a\\":1","b":"\\""}',
  ],
])('a name in several objects, or as a value, is not: %s', (text) => {
  expect(parseStrictJson(text, 16)).toEqual(JSON.parse(text))
})

test('nesting has a limit', () => {
  const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
  expect(parseStrictJson(nested(16), 16)).toBeDefined()
  expect(parseStrictJson(nested(17), 16)).toBeUndefined()
  expect(parseStrictJson(nested(65_000), 16)).toBeUndefined()
  expect(parseStrictJson(`${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`, 16)).toBeUndefined()
})

test.each(['', 'This is no JSON', '{', '{"a":1,}', "{'a':1}", '{"a":1} {"b":2}', '"\\', '\ufeff{}'])(
  'what is no JSON is refused: %s',
  (text) => {
    expect(parseStrictJson(text, 16)).toBeUndefined()
  },
)

test('white space between elements has no length, in strings it has', () => {
  fc.assert(
    fc.property(fc.json(), (text) => {
      const compact = JSON.stringify(JSON.parse(text))
      expect(lengthWithoutSpace(JSON.stringify(JSON.parse(text), null, '\t'))).toBe(compact.length)
      expect(lengthWithoutSpace(compact)).toBe(compact.length)
    }),
  )
  expect(lengthWithoutSpace('{ "a b" : "c\\" d" }')).toBe('{"a b":"c\\" d"}'.length)
})

test('of what is no JSON too, quickly', () => {
  expect(lengthWithoutSpace(`"${'\\"'.repeat(50_000)}`)).toBe(100_001)
  expect(lengthWithoutSpace('"\\')).toBe(2)
})
