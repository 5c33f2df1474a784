import { expect, test } from 'vitest'
import { readAdvance } from './advance.ts'

const NOW = Date.UTC(2030, 0, 1)

test('a clock is set forward by any span up to 400 days', () => {
  expect(['5m', 0, '400d'].map((duration) => readAdvance(duration, NOW))).toEqual([
    300_000, 0, 34_560_000_000,
  ])
  expect(() => readAdvance('400d1ms', NOW)).toThrow('must be at most 400 days')
})

test('what is no span is refused, and so is a year with five digits', () => {
  for (const duration of ['soon', -1, '', undefined])
    expect(() => readAdvance(duration, NOW)).toThrow(RangeError)
  expect(() => readAdvance('2d', Date.UTC(9999, 11, 30))).toThrow('must not lead beyond the year 9999')
})
