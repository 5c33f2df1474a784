import { expect, test } from 'vitest'
import { NumberedList } from './numbered-list.ts'

function listOf(...numbers: readonly number[]): NumberedList<{ readonly n: number }> {
  const list = new NumberedList<{ readonly n: number }>(({ n }) => n)
  for (const n of numbers) list.add({ n })
  return list
}

test('what is in the list is found by its number, and by it alone', () => {
  const list = listOf(2, 5, 9)
  expect([1, 2, 3, 5, 9, 10].map((n) => list.numbered(n)?.n)).toEqual([
    undefined,
    2,
    undefined,
    5,
    9,
    undefined,
  ])
})

test('a page begins after a number, whether or not that is there', () => {
  const list = listOf(2, 5, 9, 12)
  const page = (after: number, limit: number) => list.page(after, limit).map(({ n }) => n)
  expect([page(0, 2), page(2, 2), page(6, 9), page(12, 9)]).toEqual([[2, 5], [5, 9], [9, 12], []])
})

test('what is removed is gone, and nothing else', () => {
  const list = listOf(2, 5, 9)
  list.remove(5)
  expect(list.items.map(({ n }) => n)).toEqual([2, 9])
})

test('what comes back takes the place that its number has', () => {
  const list = listOf(2, 9, 12, 5)
  expect(list.items.map(({ n }) => n)).toEqual([2, 5, 9, 12])
  expect(list.numbered(5)?.n).toBe(5)
})
