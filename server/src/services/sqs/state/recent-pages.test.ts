import { expect, test } from 'vitest'
import { RecentPages } from './recent-pages.ts'

test('a page is found until it goes, or another one takes its place', () => {
  const recent = new RecentPages<{ readonly number: number }>()
  const [early, late] = [{ number: 5 }, { number: 2 ** 44 + 5 }]
  expect(recent.find(5)).toBeUndefined()
  recent.note(early)
  expect(recent.find(5)).toBe(early)
  expect(recent.find(late.number)).toBeUndefined()
  recent.forget(late.number)
  expect(recent.find(5)).toBe(early)
  recent.note(late)
  expect(recent.find(5)).toBeUndefined()
  expect(recent.find(late.number)).toBe(late)
  recent.forget(late.number)
  expect(recent.find(late.number)).toBeUndefined()
})

test('what is forgotten together is found no more', () => {
  const recent = new RecentPages<{ readonly number: number }>()
  for (let number = 0; number < 10; number++) recent.note({ number })
  recent.forgetAll()
  for (let number = 0; number < 10; number++) expect(recent.find(number)).toBeUndefined()
})
