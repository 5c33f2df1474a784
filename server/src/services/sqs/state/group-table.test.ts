import fc from 'fast-check'
import { expect, test } from 'vitest'
import { Units } from '../../../core/units.ts'
import { GroupTable } from './group-table.ts'

const keyOf = (name: number) => Uint32Array.of(Math.imul(name, 0x9e37_79b1), 0, 0, name)

/** Entries by the name of their group, and the ready ones in order. */
class Rig {
  readonly units = new Units()
  readonly table = new GroupTable(this.units, () => {})
  readonly entries = new Map<number, number>()
  ready: number[] = []

  add(name: number): void {
    if (this.entries.has(name)) return
    const entry = this.table.add(keyOf(name), 0)
    this.table.setHead(entry, name)
    this.entries.set(name, entry)
  }

  remove(name: number): void {
    const entry = this.entries.get(name)
    if (entry === undefined) return
    this.table.makeUnready(entry)
    this.table.remove(entry)
    this.entries.delete(name)
    this.ready = this.ready.filter((each) => each !== name)
  }

  turn(name: number): void {
    const entry = this.entries.get(name)
    if (entry === undefined) return
    if (this.table.isReady(entry)) {
      this.table.makeUnready(entry)
      this.ready = this.ready.filter((each) => each !== name)
    } else {
      this.table.makeReady(entry)
      this.ready.push(name)
    }
  }

  check(): void {
    expect(this.table.size).toBe(this.entries.size)
    for (const [name, entry] of this.entries) {
      expect(this.table.find(keyOf(name), 0)).toBe(entry)
      expect([this.table.key(entry), this.table.head(entry)]).toEqual([keyOf(name), name])
    }
    const listed: number[] = []
    for (let entry = this.table.firstReady; entry !== 0; entry = this.table.nextReady(entry)) {
      listed.push(this.table.head(entry))
    }
    expect(listed).toEqual(this.ready)
  }
}

test('groups are found by their keys, and stand in the list of ready ones in their order', () => {
  const name = fc.integer({ min: 1, max: 400 })
  const step = fc.oneof(
    fc.record({ kind: fc.constant('add' as const), name, count: fc.nat(200) }),
    fc.record({ kind: fc.constant('remove' as const), name, count: fc.nat(200) }),
    fc.record({ kind: fc.constant('turn' as const), name, count: fc.nat(20) }),
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const rig = new Rig()
      for (const { kind, name: first, count } of steps) {
        for (let each = first; each < first + count; each++) rig[kind](each)
        rig.check()
      }
    }),
    { numRuns: 60 },
  )
}, 30_000)

test('room that was given back is used again, and pages without groups go', () => {
  const rig = new Rig()
  for (let name = 1; name <= 1280; name++) rig.add(name)
  const pages = rig.table.pageCount
  expect(pages).toBe(10)
  for (let round = 0; round < 5; round++) {
    for (let name = 1; name <= 1280; name += 2) rig.remove(name)
    expect(rig.table.pageCount).toBe(pages)
    for (let name = 1; name <= 1280; name += 2) rig.add(name)
    expect(rig.table.pageCount).toBe(pages)
  }
  for (let name = 1; name <= 1280; name++) rig.remove(name)
  expect(rig.table.pageCount).toBe(1)
})
