import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Deadlines } from './deadlines.ts'
import { NOWHERE, type Positioned } from './entry-heap.ts'

class Positions implements Positioned {
  readonly #positions = new Map<number, number>()
  position(entry: number): number {
    return this.#positions.get(entry) ?? NOWHERE
  }
  setPosition(entry: number, position: number): void {
    this.#positions.set(entry, position)
  }
}

const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ kind: fc.constant('set' as const), entry: fc.nat(60), deadline: fc.nat(40) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), entry: fc.nat(60) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('take first' as const) }) },
)

test('the earliest deadline comes first, as in a sorted array', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300 }), (steps) => {
      const deadlines = new Deadlines(new Positions())
      const model = new Map<number, number>()
      for (const action of steps) {
        if (action.kind === 'set') {
          deadlines.set(action.entry, action.deadline)
          model.set(action.entry, action.deadline)
        } else if (action.kind === 'remove') {
          deadlines.remove(action.entry)
          model.delete(action.entry)
        } else if (deadlines.size > 0) {
          expect(model.get(deadlines.first)).toBe(deadlines.earliest)
          model.delete(deadlines.first)
          deadlines.remove(deadlines.first)
        }
        expect(deadlines.size).toBe(model.size)
        expect(deadlines.earliest).toBe(Math.min(...model.values()))
      }
      const drained: number[] = []
      while (deadlines.size > 0) {
        expect(model.get(deadlines.first)).toBe(deadlines.earliest)
        drained.push(deadlines.earliest)
        deadlines.remove(deadlines.first)
      }
      expect(drained).toEqual([...model.values()].sort((a, b) => a - b))
    }),
    { numRuns: 300 },
  )
})

test('an order over several pages of memory holds', () => {
  const deadlines = new Deadlines(new Positions())
  const count = 20_000
  for (let i = 0; i < count; i++) deadlines.set(i, (i * 7919) % count)
  for (let i = 0; i < count; i += 3) deadlines.remove(i)
  for (let i = 1; i < count; i += 3) deadlines.set(i, ((i * 7919) % count) + 0.5)
  let last = -1
  let left = 0
  for (; deadlines.size > 0; left++) {
    expect(deadlines.earliest).toBeGreaterThanOrEqual(last)
    last = deadlines.earliest
    deadlines.remove(deadlines.first)
  }
  expect(left).toBe(count - Math.ceil(count / 3))
})
