import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Units } from '../../../core/units.ts'
import { Origins } from './origins.ts'
import { EMPTY, FRESH, SLOTS_PER_PAGE, Slots } from './slots.ts'

interface Record {
  readonly bodyId: number
  readonly sentAt: number
  readonly bytes: number
  occupancy: number
}

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant('put' as const),
      count: fc.integer({ min: 1, max: 200 }),
      occupancy: fc.constantFrom(FRESH, 17, 4_000_000_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('clear' as const), from: fc.nat(), count: fc.nat(300) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('track' as const), which: fc.nat() }) },
)

function slotsOf(units: Units, beforePagesChange: () => void): Slots {
  return new Slots(units, new Origins(units, () => {}), beforePagesChange)
}

test('slots hold what was put, in any order of puts and clears', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.nat(), (steps, start) => {
      const slots = slotsOf(new Units(), () => {})
      const model = new Map<number, Record>()
      const first = start % 1000
      let next = first
      for (const action of steps) {
        if (action.kind === 'put') {
          for (let i = 0; i < action.count; i++, next++) {
            const record = {
              bodyId: 2 ** 45 + next,
              sentAt: 1e12 - next,
              bytes: next,
              occupancy: action.occupancy,
            }
            slots.put(next, record.bodyId, record.sentAt, record.bytes, record.occupancy)
            model.set(next, record)
          }
        } else if (model.size > 0) {
          const held = [...model.keys()]
          if (action.kind === 'track') {
            const slot = held[action.which % held.length]!
            slots.setOccupancy(slot, 99)
            model.get(slot)!.occupancy = 99
          } else {
            const at = action.from % held.length
            for (const slot of held.slice(at, at + action.count)) {
              slots.clear(slot, Math.floor(next / SLOTS_PER_PAGE))
              model.delete(slot)
            }
          }
        }
      }
      for (let slot = Math.max(0, first - 3); slot < next + 3; slot++) {
        const record = model.get(slot)
        expect(slots.occupancy(slot)).toBe(record?.occupancy ?? EMPTY)
        if (record === undefined) continue
        const page = slots.page(slot)!
        const index = slot - page.firstSlot
        expect([page.bodyId(index), page.sentAt(index), page.bytes(index)]).toEqual([
          record.bodyId,
          record.sentAt,
          record.bytes,
        ])
      }
      const fresh = [...model].filter(([, record]) => record.occupancy === FRESH).map(([slot]) => slot)
      const found: number[] = []
      for (let at = slots.nextFresh(0, next); at >= 0; at = slots.nextFresh(at + 1, next)) found.push(at)
      expect(found).toEqual(fresh)
      // A page is there while it holds a message, and where the next message goes.
      const needed = new Set([...model.keys()].map((slot) => Math.floor(slot / SLOTS_PER_PAGE)))
      for (const page of slots.pages()) {
        expect(needed.has(page.number) || page.number === Math.floor(next / SLOTS_PER_PAGE)).toBe(true)
        let occupied = 0
        let earliest = Number.POSITIVE_INFINITY
        for (let i = 0; i < SLOTS_PER_PAGE; i++) {
          if (page.occupancy(i) === EMPTY) continue
          occupied++
          earliest = Math.min(earliest, page.sentAt(i))
        }
        expect(page.occupied).toBe(occupied)
        expect(page.earliestSentAt).toBeLessThanOrEqual(earliest)
      }
    }),
    { numRuns: 40 },
  )
})

test('the search for a fresh slot stops before its end', () => {
  const slots = slotsOf(new Units(), () => {})
  for (const slot of [3, 254, 255, 256, 700]) slots.put(slot, slot, 1, 1, FRESH)
  expect(slots.nextFresh(0, 3)).toBe(-1)
  expect(slots.nextFresh(0, 4)).toBe(3)
  expect(slots.nextFresh(4, 1000)).toBe(254)
  expect(slots.nextFresh(255, 1000)).toBe(255)
  expect(slots.nextFresh(256, 1000)).toBe(256)
  expect(slots.nextFresh(257, 700)).toBe(-1)
  expect(slots.nextFresh(257, 701)).toBe(700)
})

test('every change of a page is announced before it, and a page that comes or goes too', () => {
  const changes: [string, (slots: Slots) => void][] = [
    ['put', (slots) => slots.put(1, 5, 6, 7, FRESH)],
    ['setOccupancy', (slots) => slots.setOccupancy(0, 9)],
    ['clear', (slots) => slots.clear(0, 0)],
    ['clear the last one', (slots) => slots.clear(0, 1)],
    ['detach', (slots) => slots.detach()],
  ]
  for (const [name, change] of changes) {
    const units = new Units()
    const slots = slotsOf(units, () => {})
    slots.put(0, 1, 2, 3, FRESH)
    const expected = slots.page(0)!.encode()
    const cut = units.cut()
    change(slots)
    expect(Buffer.compare(cut.next()!.bytes!, expected), name).toBe(0)
  }
  const pageCounts: number[] = []
  const slots: Slots = slotsOf(new Units(), () => pageCounts.push(slots.pageCount))
  slots.put(0, 1, 2, 3, FRESH)
  slots.put(256, 1, 2, 3, FRESH)
  slots.clear(0, 1)
  slots.detach()
  expect(pageCounts).toEqual([0, 1, 2, 1])
})

test('a page that is brought back knows how much it holds and since when', () => {
  const before = slotsOf(new Units(), () => {})
  before.put(300, 1, 50, 3, FRESH)
  before.put(301, 2, 40, 3, 8)
  before.put(302, 3, 30, 3, FRESH)
  before.clear(302, 1)
  const units = new Units()
  const slots = slotsOf(units, () => {})
  slots.restorePage(1, 77, before.page(300)!.encode())
  expect(slots.page(300)).toMatchObject({
    id: 77,
    number: 1,
    occupied: 2,
    earliestSentAt: 40,
    firstSlot: 256,
  })
})

test('an origin is counted for as long as its message is there, and stands in a column of its own', () => {
  const units = new Units()
  const origins = new Origins(units, () => {})
  const slots = new Slots(units, origins, () => {})
  for (const text of ['a', 'b']) origins.note(origins.next, text)
  for (const slot of [0, 1, 256]) slots.put(slot, slot, 1, 1, FRESH)
  slots.setOrigin(0, 1)
  slots.setOrigin(256, 2)
  expect([slots.origin(0), slots.origin(1), slots.origin(256), slots.origin(700)]).toEqual([1, 0, 2, 0])
  expect(slots.columns().map(({ number }) => number)).toEqual([0, 1])
  const restored = new Slots(new Units(), origins, () => {})
  restored.restorePage(1, 70, slots.page(256)!.encode())
  restored.restoreColumn(1, 71, slots.columns()[1]!.encode())
  expect(restored.origin(256)).toBe(2)
  restored.clear(256, 0)
  expect(origins.used).toBe(2)
  slots.clear(0, 0)
  expect([origins.used, slots.origin(0)]).toEqual([1, 0])
  const unit = slots.columns()[1]!
  slots.clear(256, 0)
  expect([origins.used, slots.columns().length, unit.id < 0]).toEqual([0, 1, true])
  // A slot that is put anew has none of what was there.
  slots.put(257, 9, 1, 1, FRESH)
  expect(slots.columns()).toHaveLength(1)
})
