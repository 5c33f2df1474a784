import { expect, test } from 'vitest'
import { percentile, summarize } from './statistics.ts'

test('the median of an odd number of runs is the middle one, whatever their order', () => {
  expect(summarize([90, 7, 100, 8, 1000])).toEqual({ median: 90, min: 7, max: 1000 })
})

test('the median of an even number of runs is the mean of the middle two', () => {
  expect(summarize([4, 1, 2, 10])).toEqual({ median: 3, min: 1, max: 10 })
})

test('a percentile is the smallest measured value that enough others do not exceed', () => {
  const values = Array.from({ length: 100 }, (_, i) => 100 - i)
  expect(percentile(values, 0.5)).toBe(50)
  expect(percentile(values, 0.99)).toBe(99)
  expect(percentile(values, 1)).toBe(100)
  expect(percentile([5], 0.01)).toBe(5)
})

test('numbers are compared as numbers, not as text', () => {
  expect(percentile([10, 9, 100], 1)).toBe(100)
})

test('an empty series is refused', () => {
  expect(() => summarize([])).toThrow(RangeError)
  expect(() => percentile([], 0.5)).toThrow(RangeError)
})
