import { expect, test } from 'vitest'
import { Units } from '../../../core/units.ts'
import { OriginColumn, Origins } from './origins.ts'

test('an origin has its number as long as a message has it, and is found by its text', () => {
  const origins = new Origins(new Units(), () => {})
  expect(origins.numberOf('a')).toBe(0)
  origins.note(origins.next, 'a')
  origins.note(origins.next, 'b')
  expect([origins.numberOf('a'), origins.numberOf('b'), origins.next]).toEqual([1, 2, 3])
  expect([origins.text(0), origins.text(2)]).toEqual([null, 'b'])
  expect(() => origins.text(3)).toThrow('no origin has the number 3')
})

test('what no message has is dropped only when many others are unused too, the longest unused first', () => {
  const origins = new Origins(new Units(), () => {})
  for (let i = 1; i <= 12_002; i++) origins.note(i, String(i))
  origins.retain(1)
  origins.retain(2)
  origins.release(2)
  expect(origins.tidy()).toBe(true)
  while (origins.tidy());
  expect(origins.size).toBe(10_001)
  expect(['1', '2', '2003', '2004'].map((text) => origins.numberOf(text) > 0)).toEqual([
    true,
    true,
    false,
    true,
  ])
  // Its number is not given again.
  origins.note(origins.next, '2003')
  expect(origins.numberOf('2003')).toBe(12_003)
})

test('a whole column of messages is let go of at once', () => {
  const origins = new Origins(new Units(), () => {})
  for (let i = 1; i <= 10_003; i++) origins.note(i, String(i))
  const column = new OriginColumn(0, 256)
  column.words.set([1, 2, 2, 0, 3])
  for (const number of column.words) if (number > 0) origins.retain(number)
  origins.releaseColumn(column)
  origins.retain(3)
  origins.tidy()
  expect(origins.size).toBe(10_001)
  // The longest unused went first: those that nothing ever had.
  expect([1, 2, 3].map((number) => origins.text(number))).toEqual(['1', '2', '3'])
})

test('a snapshot has all of them, and the number that comes next', () => {
  const units = new Units()
  const origins = new Origins(units, () => {})
  for (let i = 1; i <= 130; i++) origins.note(i, `from ${i}`)
  const bytes = new Map<number, Uint8Array>()
  const cut = units.cut()
  for (let unit = cut.next(); unit !== null; unit = cut.next()) bytes.set(unit.id, unit.bytes!)
  const restored = new Origins(new Units(), () => {})
  restored.restore(origins.record(), (unit) => bytes.get(unit)!)
  expect(restored.next).toBe(131)
  expect([1, 64, 130].map((number) => restored.text(number))).toEqual(['from 1', 'from 64', 'from 130'])
  expect(restored.numberOf('from 129')).toBe(129)
})
