import fc from 'fast-check'
import { expect, test } from 'vitest'
import { UnderWay } from './under-way.ts'

test('has what was added and not deleted, whatever is deleted, also twice', () => {
  const step = fc.tuple(fc.constantFrom('add', 'delete'), fc.nat(7))
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const items = Array.from({ length: 8 }, () => ({ place: 0 }))
      const list = new UnderWay<{ place: number }>()
      const expected = new Set<{ place: number }>()
      for (const [what, i] of steps) {
        const item = items[i]!
        if (what === 'delete') {
          list.delete(item)
          expected.delete(item)
        } else if (!expected.has(item)) {
          list.add(item)
          expected.add(item)
        }
        expect(list.size).toBe(expected.size)
        expect(new Set(list.all())).toEqual(expected)
      }
    }),
  )
})
