import { expect, test } from 'vitest'
import { LimitedList } from './limited-list.ts'

test('the oldest entries go when there are too many', () => {
  const list = new LimitedList<number>({ entries: 3, bytes: 1000 })
  for (let i = 0; i < 100; i++) {
    list.add(i, 1)
    expect(list.toArray()).toEqual([i - 2, i - 1, i].filter((each) => each >= 0))
  }
})

test('the oldest entries go when there are too many bytes, but never the newest', () => {
  const list = new LimitedList<string>({ entries: 100, bytes: 10 })
  for (const text of ['aaaa', 'bbbb', 'cc']) list.add(text, text.length)
  expect(list.toArray()).toEqual(['aaaa', 'bbbb', 'cc'])
  list.add('d', 1)
  expect(list.toArray()).toEqual(['bbbb', 'cc', 'd'])
  list.add('e'.repeat(50), 50)
  expect(list.toArray()).toEqual(['e'.repeat(50)])
  list.add('f', 1)
  expect(list.toArray()).toEqual(['f'])
})
