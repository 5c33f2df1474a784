import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isInRange, type NumberRange } from './condition.ts'
import { RangeIndex } from './range-index.ts'

const bound = fc.oneof(
  fc.integer({ min: -20, max: 20 }).map((steps) => steps / 8),
  fc.integer({ min: -1e9, max: 1e9 }),
  fc.constantFrom(-1e9, 0, 0.00001, 0.00002, 999_999_999.99999, 1e9),
)
const range: fc.Arbitrary<NumberRange> = fc
  .record({ bottom: bound, isBottomOpen: fc.boolean(), top: bound, isTopOpen: fc.boolean() })
  .filter(({ bottom, top }) => bottom < top)

test('a number finds all ranges that it lies in, at their very ends too, and none that was taken away', () => {
  fc.assert(
    fc.property(
      fc.array(range, { minLength: 1, maxLength: 20 }),
      fc.array(bound),
      fc.nat(),
      (ranges, more, cut) => {
        const index = new RangeIndex<number>()
        for (const [i, each] of ranges.entries()) index.add(each, i)
        const removed = cut % ranges.length
        for (let i = 0; i < removed; i++) index.remove(ranges[i]!, i)
        for (const value of [...more, ...ranges.flatMap(({ bottom, top }) => [bottom, top])]) {
          const found = new Set<number>()
          index.visit(value, (i) => found.add(i))
          for (const [i, each] of ranges.entries()) {
            if (i < removed) expect(found.has(i)).toBe(false)
            else if (isInRange(each, value)) expect(found.has(i)).toBe(true)
          }
        }
      },
    ),
    { numRuns: 2000 },
  )
})

test('a number finds no range with two ends that it misses by more than the width of it', () => {
  fc.assert(
    fc.property(range, bound, (each, value) => {
      const index = new RangeIndex<number>()
      index.add(each, 1)
      let found = false
      index.visit(value, () => {
        found = true
      })
      // Narrower than the finest cell, a range takes a cell of its own.
      const width = Math.max(each.top - each.bottom, 0.00001)
      if (value < each.bottom - width || value > each.top + width)
        expect(found && each.top < 1e9 && each.bottom > -1e9).toBe(false)
    }),
    { numRuns: 5000 },
  )
})
