import { expect, test } from 'vitest'
import { SeededRandom } from '../base/random.ts'
import { RequestIds } from './request-ids.ts'

test('ids have the form of a random UUID and do not repeat, also beyond one prefix', () => {
  const ids = new RequestIds(new SeededRandom(1))
  const issued = new Set<string>()
  for (let i = 0; i < 70_000; i++) issued.add(ids.next())
  expect(issued.size).toBe(70_000)
  for (const id of [...issued].slice(65_530, 65_540)) {
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  }
})

test('two processes issue different ids', () => {
  expect(new RequestIds(new SeededRandom(1)).next()).not.toBe(new RequestIds(new SeededRandom(2)).next())
})
