import { expect, test } from 'vitest'
import { SeededRandom } from '../../base/random.ts'
import { newStreamId } from './stream-id.ts'

test('a stream gets an id of its own, as AWS writes them', () => {
  const random = new SeededRandom(1)
  const ids = Array.from({ length: 1000 }, () => newStreamId(random))
  for (const id of ids) expect(id).toMatch(/^[a-z0-9]{20}-[a-z0-9]{3}$/)
  expect(new Set(ids).size).toBe(1000)
})
