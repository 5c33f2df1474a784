import { expect, test } from 'vitest'
import { UsageError } from './on-server.ts'
import { parseAttributes } from './send.ts'

test('an attribute is a string, unless a type stands before its value', () => {
  expect(
    parseAttributes(['kind=stone', 'count:Number=3', 'raw:Binary=AAE=', 'mine:String.url=http://a:1/?b=c']),
  ).toEqual({
    kind: { DataType: 'String', StringValue: 'stone' },
    count: { DataType: 'Number', StringValue: '3' },
    raw: { DataType: 'Binary', BinaryValue: 'AAE=' },
    mine: { DataType: 'String.url', StringValue: 'http://a:1/?b=c' },
  })
})

test('a value may be empty, and may have colons, equal signs and newlines', () => {
  expect(parseAttributes(['a=', 'b=c=d:e\nf'])).toMatchObject({
    a: { StringValue: '' },
    b: { StringValue: 'c=d:e\nf' },
  })
})

test.each(['kind', '=stone', ':Number=3', 'a:=b'])('%j is no attribute', (typed) => {
  expect(() => parseAttributes([typed])).toThrow(UsageError)
})
