import fc from 'fast-check'
import { expect, test } from 'vitest'
import { inRow } from './key.ts'
import { RecentKeys } from './recent-keys.ts'
import { Units } from './units.ts'

const LIFETIME_MS = 1000
const START = 1_700_000_000_000

interface Known {
  readonly key: number
  readonly slot: number
  readonly at: number
  readonly values: number[]
}

/** Differ in one of the four words, each some of them. */
const keyOf = (key: number) => {
  const words = Uint32Array.of(1, 2, 3, 4)
  words[key % 4] = 1000 + key
  return words
}

const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ kind: fc.constant('add' as const), key: fc.nat(40), slot: fc.nat(50) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('addAll' as const),
      key: fc.nat(40),
      count: fc.constantFrom(0, 1, 10, 100),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('forget' as const), key: fc.nat(40) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('change' as const), key: fc.nat(40) }) },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.constantFrom(1, 300, 1000) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('expire' as const) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('cut' as const) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('write' as const), units: fc.nat(3) }) },
)

/** Keys on units of their own, what is known of them by heart, and snapshots of both. */
class Rig {
  units = new Units()
  keys = this.#newKeys()
  known: Known[] = []
  now = START
  slots = 0
  #cut: ReturnType<Units['cut']> | null = null
  #writing = new Map<number, Uint8Array>()
  #kept = new Map<number, Uint8Array>()
  #atCut: { listed: readonly number[]; known: readonly Known[] } | null = null

  live(): readonly Known[] {
    return this.known.filter(({ at }) => at + LIFETIME_MS > this.now)
  }

  cut(): void {
    if (this.#cut !== null) return
    const known = this.known.map((each) => ({ ...each, values: [...each.values] }))
    this.#atCut = { listed: this.keys.pageUnits(), known }
    this.#cut = this.units.cut()
    this.#writing = new Map()
  }

  /** Writes some of the snapshot; when it is complete, starts again from it and looks. */
  write(count: number): void {
    for (let i = 0; i < count && this.#cut !== null; i++) {
      const unit = this.#cut.next()
      if (unit !== null) {
        this.#writing.set(unit.id, unit.bytes ?? this.#kept.get(unit.id)!)
        continue
      }
      this.#cut = null
      this.#kept = this.#writing
      const restored = new RecentKeys(new Units(), LIFETIME_MS, () => {})
      for (const id of this.#atCut!.listed) restored.restorePage(id, this.#kept.get(id)!)
      this.check(
        restored,
        this.#atCut!.known.filter(({ at }) => at + LIFETIME_MS > this.now),
      )
    }
  }

  check(keys = this.keys, known = this.live()): void {
    for (let key = 0; key <= 40; key++) {
      const expected = known.filter((each) => each.key === key)
      const found = keys.findAll(keyOf(key), 0, this.now)
      expect(
        found.map((entry) => ({
          key,
          slot: keys.slot(entry),
          at: keys.time(entry),
          values: [0, 1, 2, 3].map((word) => keys.value(entry, word)),
        })),
      ).toEqual(expected)
      expect(keys.find(keyOf(key), 0, this.now)).toBe(found.at(-1) ?? 0)
    }
  }

  #newKeys(): RecentKeys {
    return new RecentKeys(this.units, LIFETIME_MS, () => {})
  }
}

test('keys are known for as long as they live, with all that came with them, and in every snapshot', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 300, size: 'max' }), (steps) => {
      const rig = new Rig()
      for (const each of steps) {
        switch (each.kind) {
          case 'add':
            // Several at a time, so that pages fill up.
            for (let i = 0; i < 8; i++) {
              // Now and then far from those before, and below them.
              const slot = each.slot === 0 ? 2 ** 40 : each.slot === 1 ? 3 : 2 ** 33 + rig.slots++
              const values = [slot % 1000, i, each.key, 4]
              rig.keys.add(keyOf(each.key), 0, Uint32Array.from(values), 0, slot, rig.now)
              rig.known.push({ key: each.key, slot, at: rig.now, values })
            }
            break
          case 'addAll': {
            const added = Array.from({ length: each.count }, (_, i) => (each.key + i) % 41)
            const valuesOf = (key: number, i: number) => [rig.slots + i, i, key, 4]
            rig.keys.addAll(
              inRow(added.map(keyOf)),
              Uint32Array.from(added.flatMap(valuesOf)),
              2 ** 33 + rig.slots,
              rig.now,
            )
            for (const [i, key] of added.entries()) {
              rig.known.push({ key, slot: 2 ** 33 + rig.slots + i, at: rig.now, values: valuesOf(key, i) })
            }
            rig.slots += each.count
            break
          }
          case 'forget': {
            const entry = rig.keys.find(keyOf(each.key), 0, rig.now)
            if (entry === 0) break
            rig.keys.forget(entry)
            rig.known.splice(
              rig.known.findLastIndex(({ key }) => key === each.key),
              1,
            )
            break
          }
          case 'change': {
            const entry = rig.keys.find(keyOf(each.key), 0, rig.now)
            if (entry === 0) break
            rig.keys.setValue(entry, 3, 77)
            rig.known.findLast(({ key }) => key === each.key)!.values[3] = 77
            break
          }
          case 'wait':
            rig.now += each.ms
            break
          case 'expire':
            rig.keys.expire(rig.now, 2)
            break
          case 'cut':
            rig.cut()
            break
          case 'write':
            rig.write(each.units)
        }
      }
      rig.check()
      rig.now += LIFETIME_MS
      while (rig.keys.expire(rig.now, 1));
      expect([rig.keys.size, rig.keys.pageUnits()]).toEqual([0, []])
    }),
    { numRuns: 60 },
  )
}, 60_000)

test('a page of the layout before, each entry in one row, is read and goes on', () => {
  const [base, count] = [2 ** 33, 3]
  const page = new Uint32Array(6 + 256 * 11)
  new Float64Array(page.buffer, 0, 2).set([base, START])
  page[4] = count
  for (let i = 0; i < count; i++) {
    // Key, value, slot, time, and a link that means nothing now.
    page.set([...keyOf(i), 10 + i, 20 + i, 30 + i, 40 + i, 100 + i, 7 * i, 0xffff_ffff], 6 + i * 11)
  }
  // The second is forgotten.
  page.fill(0, 6 + 11, 6 + 11 + 4)
  const units = new Units()
  const keys = new RecentKeys(units, LIFETIME_MS, () => {})
  keys.restorePage(Units.ROOTS, new Uint8Array(page.buffer))
  keys.add(keyOf(2), 0, Uint32Array.of(1, 2, 3, 4), 0, base + 500, START + 20)

  expect([0, 1, 2].map((key) => keys.findAll(keyOf(key), 0, START).length)).toEqual([1, 0, 2])
  const [first, added] = keys.findAll(keyOf(2), 0, START)
  expect([0, 1, 2, 3].map((word) => keys.value(first!, word))).toEqual([12, 22, 32, 42])
  expect([keys.slot(first!), keys.time(first!)]).toEqual([base + 102, START + 14])
  expect([keys.slot(added!), keys.time(added!)]).toEqual([base + 500, START + 20])

  const again = new RecentKeys(new Units(), LIFETIME_MS, () => {})
  const cut = units.cut()
  const written = new Map<number, Uint8Array | null>()
  for (let unit = cut.next(); unit !== null; unit = cut.next()) written.set(unit.id, unit.bytes)
  again.restorePage(Units.ROOTS, written.get(Units.ROOTS)!)
  expect(again.findAll(keyOf(2), 0, START).map((entry) => again.slot(entry))).toEqual([
    base + 102,
    base + 500,
  ])
})
