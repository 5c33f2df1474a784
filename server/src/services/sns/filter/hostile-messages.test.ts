import { expect, test } from 'vitest'
import { FilterIndex } from './filter-index.ts'
import { FilterMessage } from './filter-message.ts'
import { parseFilterPolicy } from './filter-policy.ts'
import { satisfiesPolicy } from './satisfies-policy.ts'

const BODY_BYTES_MAX = 262_144

/** Whether the message is delivered, by the policy alone and by the index, which must agree. */
function isDelivered(policy: unknown, body: string): boolean {
  const parsed = parseFilterPolicy(JSON.stringify(policy), 'MessageBody')
  const index = new FilterIndex<number>()
  index.add(1, parsed)
  const alone = satisfiesPolicy(parsed, new FilterMessage([], body))
  expect(index.match(new FilterMessage([], body))).toEqual(alone ? [1] : [])
  return alone
}

test('bodies as deep as the reader of JSON behind AWS takes them are looked into, deeper ones are none', () => {
  const inArrays = (depth: number) => `{"a":${'['.repeat(depth - 1)}"x"${']'.repeat(depth - 1)}}`
  expect(isDelivered({ a: ['x'] }, inArrays(1000))).toBe(true)
  expect(isDelivered({ a: ['x'] }, inArrays(1001))).toBe(false)
  expect(isDelivered({ a: ['x'] }, `{"a":"x","b":${'['.repeat(1000)}${']'.repeat(1000)}}`)).toBe(false)
  expect(isDelivered({ a: ['x'] }, `{"a":${'['.repeat(BODY_BYTES_MAX)}`)).toBe(false)
  expect(isDelivered({ a: ['x'] }, `${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}`)).toBe(false)
  const inObjects = `${'{"a":'.repeat(999)}{"a":"x"}${'}'.repeat(999)}`
  expect(isDelivered({ [Array(1000).fill('a').join('.')]: ['x'] }, inObjects)).toBe(true)
})

test('brackets in texts are no depth', () => {
  expect(
    isDelivered({ a: ['x'] }, JSON.stringify({ a: 'x', b: '['.repeat(5000), c: '"[\\'.repeat(2000) })),
  ).toBe(true)
})

test('very many values are looked up once each', () => {
  const numbers = JSON.stringify({ a: Array.from({ length: 40_000 }, (_, i) => i) })
  expect(isDelivered({ a: [39_999] }, numbers)).toBe(true)
  expect(isDelivered({ a: [40_000] }, numbers)).toBe(false)
  const same = `{"a":[${'"x",'.repeat(60_000)}"y"]}`
  expect(isDelivered({ a: [{ 'anything-but': ['x', 'y'] }] }, same)).toBe(false)
  const keys = JSON.stringify(Object.fromEntries(Array.from({ length: 20_000 }, (_, i) => [`k${i}`, i])))
  expect(isDelivered({ k19999: [19_999] }, keys)).toBe(true)
})

test('very many objects in arrays in arrays are looked at once each', () => {
  const policy = { a: { b: { c: ['x'], d: ['x'] }, e: ['x'] } }
  const few = { b: Array.from({ length: 100 }, (_, i) => (i % 2 ? { c: 'x' } : { d: 'x' })), e: 'x' }
  const body = JSON.stringify({ a: Array(80).fill(few) })
  expect(body.length).toBeGreaterThan(60_000)
  expect(isDelivered(policy, body)).toBe(false)
})

test('arrays and fields that points in names bring together in one place are looked at once each', () => {
  const wide = Array.from({ length: 5000 }, () => ({ c: 'x' }))
  const body = JSON.stringify({ 'a.b': wide, a: Array.from({ length: 5000 }, () => ({ d: 'x' })) })
  expect(isDelivered({ a: { b: { c: ['x'], e: ['x'] }, d: ['y'] } }, body)).toBe(false)
})

test('wildcards that nearly match everywhere take time that grows with the text alone', () => {
  const almost = 'a'.repeat(60_000)
  const text = JSON.stringify({ a: 'a'.repeat(200_000) })
  expect(isDelivered({ a: [{ wildcard: `*b${almost}*` }] }, text)).toBe(false)
  expect(isDelivered({ a: [{ wildcard: `*${almost}b*` }] }, text)).toBe(false)
  expect(isDelivered({ a: [{ wildcard: `*${almost}*${almost}*` }] }, text)).toBe(true)
})

test('one hundred wildcards on one hundred thousand characters', () => {
  const index = new FilterIndex<number>()
  for (let id = 0; id < 100; id++) {
    index.add(id, parseFilterPolicy(`{"a":[{"wildcard":"*a*aa${'a'.repeat(id)}*b${id}"}]}`, 'MessageBody'))
  }
  const message = new FilterMessage([], JSON.stringify({ a: `${'a'.repeat(100_000)}b77` }))
  expect(index.match(message)).toEqual([77])
})

test('prefixes, and bounds of ranges, that are all the same', () => {
  const index = new FilterIndex<number>()
  for (let id = 0; id < 2000; id++) {
    index.add(
      id,
      parseFilterPolicy(`{"a":[{"prefix":"${'a'.repeat(20)}${id}"},{"numeric":[">",7]}]}`, 'MessageBody'),
    )
  }
  expect(index.match(new FilterMessage([], `{"a":"${'a'.repeat(20)}1999x"}`))).toEqual([1, 19, 199, 1999])
  expect(index.match(new FilterMessage([], '{"a":8}'))).toHaveLength(2000)
  for (let id = 0; id < 2000; id += 2) index.remove(id)
  expect(index.match(new FilterMessage([], '{"a":8}'))).toHaveLength(1000)
})

test('one condition may have the same range, or prefix, twice', () => {
  const index = new FilterIndex<number>()
  const twice = '{"numeric":[">",1]},{"numeric":[">",1]},{"numeric":[">",1,"<",2]},{"numeric":[">",1,"<",2]}'
  index.add(1, parseFilterPolicy(`{"a":[${twice},{"prefix":"x"},{"prefix":"x"}]}`, 'MessageBody'))
  index.add(2, parseFilterPolicy('{"a":[{"numeric":[">",3]},{"prefix":"xy"}]}', 'MessageBody'))
  index.remove(1)
  expect(index.match(new FilterMessage([], '{"a":4}'))).toEqual([2])
  expect(index.match(new FilterMessage([], '{"a":"xyz"}'))).toEqual([2])
})
