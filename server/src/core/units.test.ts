import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CapturedUnit, type Cut, Page, Unit, Units } from './units.ts'

/** A unit with one number in it. */
class Cell extends Unit {
  #value: number
  constructor(value: number) {
    super()
    this.#value = value
  }
  get value(): number {
    return this.#value
  }
  change(units: Units, value: number): void {
    units.touch(this)
    this.#value = value
  }
  encode(): Uint8Array {
    return new Uint8Array(new Float64Array([this.#value]).buffer)
  }
}

const valueIn = (bytes: Uint8Array) => new Float64Array(bytes.slice().buffer)[0]!

/** Snapshots as an engine keeps them: what a cut leaves as it is comes from the one before. */
class Store {
  newest = new Map<number, Uint8Array>()
  #next = new Map<number, Uint8Array>()

  begin(): void {
    this.#next = new Map()
  }

  take(unit: CapturedUnit): void {
    expect(this.#next.has(unit.id), `unit ${unit.id} came twice`).toBe(false)
    const bytes = unit.bytes ?? this.newest.get(unit.id)
    if (bytes === undefined) throw new Error(`unit ${unit.id} is to be kept, but was never written`)
    this.#next.set(unit.id, bytes)
  }

  finish(): Record<number, number> {
    this.newest = this.#next
    return this.values()
  }

  values(): Record<number, number> {
    return Object.fromEntries([...this.newest].map(([id, bytes]) => [id, valueIn(bytes)]))
  }
}

function takeAll(cut: Cut, store: Store): Record<number, number> {
  store.begin()
  for (let unit = cut.next(); unit !== null; unit = cut.next()) store.take(unit)
  return store.finish()
}

const actions = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('change' as const), which: fc.nat(), value: fc.nat() }),
    },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('add' as const), value: fc.nat() }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('remove' as const), which: fc.nat() }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('cut' as const) }) },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('next' as const), count: fc.nat(6) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('abandon' as const) }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  ),
  { maxLength: 120 },
)

test('a cut yields the state as it was, whatever changes, comes or goes while it is drained', () => {
  fc.assert(
    fc.property(actions, (steps) => {
      let units = new Units()
      let cells: Cell[] = []
      const store = new Store()
      let cut: Cut | null = null
      let expected: Record<number, number> = {}
      const drain = (count: number) => {
        for (let i = 0; i < count && cut !== null; i++) {
          const unit = cut.next()
          if (unit !== null) {
            store.take(unit)
            continue
          }
          cut = null
          expect(store.finish()).toEqual(expected)
        }
      }
      for (const step of steps) {
        switch (step.kind) {
          case 'add': {
            const cell = new Cell(step.value)
            units.add(cell)
            cells.push(cell)
            break
          }
          case 'change':
            cells[step.which % cells.length]?.change(units, step.value)
            break
          case 'remove': {
            const [cell] = cells.splice(step.which % Math.max(1, cells.length), 1)
            if (cell !== undefined) units.remove(cell)
            break
          }
          case 'cut':
            if (cut !== null) break
            expected = Object.fromEntries(cells.map((cell) => [cell.id, cell.value]))
            cut = units.cut()
            store.begin()
            break
          case 'next':
            drain(step.count)
            break
          case 'abandon':
            cut?.abandon(units)
            cut = null
            break
          case 'restart': {
            if (cut !== null) break
            // What happened since the newest snapshot is lost here; a journal would replay it.
            units = new Units()
            cells = []
            for (const [id, bytes] of store.newest) {
              const cell = new Cell(valueIn(bytes))
              units.addAs(id, cell)
              cells.push(cell)
            }
            units.settleIds()
            break
          }
          default:
            step satisfies never
        }
      }
      drain(Number.POSITIVE_INFINITY)
      expected = Object.fromEntries(cells.map((cell) => [cell.id, cell.value]))
      expect(takeAll(units.cut(), store)).toEqual(expected)
      expect(new Set(cells.map((cell) => cell.id)).size).toBe(cells.length)
      expect(cells.every((cell) => cell.id >= Units.ROOTS)).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('a unit that comes while those of a snapshot are brought back gets the id of none of them', () => {
  const units = new Units()
  const ids = [Units.ROOTS + 3, Units.ROOTS, Units.ROOTS + 7]
  units.reserve(ids)
  const [early, late] = [new Cell(8), new Cell(9)]
  const restored = ids.map((id) => new Cell(id))
  units.addAs(ids[0]!, restored[0]!)
  units.add(early)
  units.addAs(ids[1]!, restored[1]!)
  units.add(late)
  units.addAs(ids[2]!, restored[2]!)
  units.settleIds()
  for (const cell of restored) units.touch(cell)
  const values = takeAll(units.cut(), new Store())
  expect(values).toEqual({ ...Object.fromEntries(ids.map((id) => [id, id])), [early.id]: 8, [late.id]: 9 })
  // Those in between are given afterwards.
  const next = new Cell(1)
  units.add(next)
  expect(next.id).toBe(Units.ROOTS + 1)
})

test('what comes and goes between two cuts is not held until the second', () => {
  const units = new Units()
  const kept = [new Cell(1), new Cell(2)]
  for (const cell of kept) units.add(cell)
  for (let i = 0; i < 1000; i++) {
    const passing = new Cell(i)
    units.add(passing)
    kept[0]!.change(units, i)
    units.remove(passing)
  }
  expect(units.dirty).toBe(kept.length)
  units.remove(kept[0]!)
  expect(units.dirty).toBe(1)
  expect(Object.values(takeAll(units.cut(), new Store()))).toEqual([2])
})

test('a unit that was not touched since the cut before is kept and not written again', () => {
  const units = new Units()
  const [a, b] = [new Cell(1), new Cell(2)]
  units.add(a)
  units.add(b)
  const store = new Store()
  takeAll(units.cut(), store)
  a.change(units, 3)
  const taken: CapturedUnit[] = []
  const cut = units.cut()
  for (let unit = cut.next(); unit !== null; unit = cut.next()) taken.push(unit)
  expect(taken.map(({ id, bytes }) => [id, bytes === null ? null : valueIn(bytes)])).toEqual([
    [b.id, null],
    [a.id, 3],
  ])
})

test('what an abandoned cut held is written by the next one', () => {
  const units = new Units()
  const cells = [new Cell(1), new Cell(2), new Cell(3)]
  for (const cell of cells) units.add(cell)
  const abandoned = units.cut()
  abandoned.next()
  cells[1]!.change(units, 20)
  abandoned.abandon(units)
  expect(Object.values(takeAll(units.cut(), new Store()))).toEqual([1, 20, 3])
})

test('what a drained cut held is written again when its snapshot came to nothing', () => {
  const units = new Units()
  const cells = [new Cell(1), new Cell(2)]
  for (const cell of cells) units.add(cell)
  const store = new Store()
  takeAll(units.cut(), store)
  cells[0]!.change(units, 10)
  const failed = units.cut()
  for (let unit = failed.next(); unit !== null; unit = failed.next());
  failed.abandon(units)
  expect(Object.values(takeAll(units.cut(), store))).toEqual([10, 2])
})

test('the id of a removed unit is used again, also while a cut still has to write the old unit', () => {
  const units = new Units()
  const old = new Cell(1)
  units.add(old)
  const id = old.id
  const cut = units.cut()
  units.remove(old)
  const young = new Cell(2)
  units.add(young)
  expect(young.id).toBe(id)
  const store = new Store()
  expect(takeAll(cut, store)).toEqual({ [id]: 1 })
  expect(takeAll(units.cut(), store)).toEqual({ [id]: 2 })
})

test('there is one cut at a time', () => {
  const units = new Units()
  units.add(new Cell(1))
  const cut = units.cut()
  expect(() => units.cut()).toThrow(/cut/)
  cut.abandon(units)
  expect(() => units.cut()).not.toThrow()
})

test('the bytes of a page are a copy', () => {
  const page = new Page(16, new Uint8Array([1, 2, 3, 4]))
  const bytes = page.encode()
  page.words[0] = 0
  expect([...bytes.subarray(0, 4)]).toEqual([1, 2, 3, 4])
  expect(bytes.length).toBe(16)
})
