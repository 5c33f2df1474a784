import { expect, test } from 'vitest'
import { SeededRandom } from '../../../base/random.ts'
import type { Lifetime } from '../../../core/lifetime.ts'
import { Units } from '../../../core/units.ts'
import { PACKED_AFTER_MS, PACKED_RUNS_MAX, RECENT_BYTES_MAX, RECENT_RUNS_MAX } from './packing.ts'
import { RUN_PAGE_ENTRIES, type Run } from './run-page.ts'
import { ShardRecords } from './shard-records.ts'

const START = Date.UTC(2026, 0, 1)
/** What an entry tells from its page's first by 32 bits. */
const FAR = 2 ** 32
const EVERYTHING = { records: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY }

interface ModelRun extends Run {
  readonly isRecent: boolean
  readonly lastTime: number
}

/** Records of a shard, and beside them the same in their plainest form. */
class Both {
  units = new Units()
  records = new ShardRecords(this.units)
  model: ModelRun[] = []
  now = START
  nextBody = 1
  nextIndex = 1
  newestTime = 0
  #snapshot: ReadonlyMap<number, Uint8Array> = new Map()

  constructor() {
    this.units.add(this.records)
  }

  append(count: number, bytes: number, isEncrypted = false, lifetime: Lifetime = 0): void {
    const offset = count % 3 === 0 ? 0 : bytes
    const place = { offset, bytes, count }
    const body = { bodyId: this.nextBody++, bodyBytes: offset + bytes + 5, lifetime }
    const kind = { isPacked: false, isEncrypted, isSealed: isEncrypted && bytes % 3 > 0 }
    const origin = { time: this.now, ...body, ...kind }
    this.records.append(place, origin)
    const run = { firstIndex: this.nextIndex, ...place, ...origin }
    this.model.push({ ...run, isRecent: true, lastTime: this.now })
    this.nextIndex += count
    this.newestTime = this.now
  }

  get recent(): readonly ModelRun[] {
    return this.model.filter(({ isRecent }) => isRecent)
  }

  /** What becomes of the oldest `size` recent runs. */
  pack(how: 'pack' | 'keep', size: number): void {
    const recent = this.recent.slice(0, size)
    const [first, last] = [recent[0], recent.at(-1)]
    if (first === undefined || last === undefined) return
    const [from, to] = [first.firstIndex, last.firstIndex + last.count]
    const before = this.model.slice(0, this.model.indexOf(first))
    const after = this.model.slice(before.length + recent.length)
    const bodyIds = recent.map(({ bodyId }) => bodyId)
    if (how === 'keep') {
      this.expectReleased([], (release) => this.records.keep({ from, to }, release))
      this.model = [...before, ...recent.map((run) => ({ ...run, isRecent: false })), ...after]
    } else {
      const lifetime = (1 + (from % 3)) as Lifetime
      const chunk = { bodyId: this.nextBody++, bytes: 70_000 + (from % 50), lifetime }
      this.expectReleased(bodyIds, (release) => this.records.pack({ from, to }, chunk, release))
      const place = {
        firstIndex: from,
        count: to - from,
        time: first.time,
        lastTime: last.lastTime,
        offset: 0,
      }
      const kind = { isPacked: true, isEncrypted: false, isRecent: false, bodyBytes: chunk.bytes }
      const isSealed = recent.some((run) => run.isSealed)
      this.model = [...before, { ...chunk, ...place, ...kind, isSealed }, ...after]
    }
  }

  drop(before: number, limit: number): void {
    const gone = this.model.slice(0, Math.min(limit, this.#older(before)))
    const bodyIds = gone.map(({ bodyId }) => bodyId)
    this.expectReleased(bodyIds, (release) => {
      expect(this.records.drop(before, limit, release)).toBe(this.#older(before) > limit)
    })
    this.model = this.model.slice(gone.length)
  }

  expectReleased(bodyIds: readonly number[], work: (release: (bodyId: number) => void) => void): void {
    const released: number[] = []
    work((bodyId) => released.push(bodyId))
    expect(released).toEqual(bodyIds)
  }

  /** As a restart from a snapshot brings it back that was cut before `work`. */
  restore(work: () => void = () => {}): void {
    const [model, nextIndex, newestTime] = [this.model.slice(), this.nextIndex, this.newestTime]
    const cut = this.units.cut()
    work()
    const units = new Map<number, Uint8Array>()
    for (let unit = cut.next(); unit !== null; unit = cut.next()) {
      units.set(unit.id, unit.bytes ?? this.#snapshot.get(unit.id)!)
    }
    this.#snapshot = units
    const restored = new Units()
    this.records = ShardRecords.restore(restored, this.records.id, (unit) => units.get(unit)!)
    restored.settleIds()
    Object.assign(this, { units: restored, model, nextIndex, newestTime })
  }

  check(random: SeededRandom): void {
    const { records, model, recent } = this
    expect([records.firstIndex, records.nextIndex, records.newestTime]).toEqual([
      model[0]?.firstIndex ?? this.nextIndex,
      this.nextIndex,
      this.newestTime,
    ])
    const all = model.map(({ isRecent, lastTime, ...run }) => run)
    expect(records.slicesFrom(0, EVERYTHING, 0).slice(0, 300)).toEqual(all.slice(0, 300))
    for (let i = 0; i < 20; i++) {
      const index = random.below(this.nextIndex + 2)
      const time = (model[random.below(model.length)]?.time ?? START) + random.below(3) - 1
      const limits = { records: 1 + random.below(500), bytes: 1 + random.below(200_000) }
      expect(records.slicesFrom(index, limits, time)).toEqual(this.#slices(index, limits, time))
      expect(records.firstIndexSince(time)).toBe(model[this.#older(time)]?.firstIndex ?? this.nextIndex)
    }
    const bodies: unknown[] = []
    records.visitBodies((...body) => bodies.push(body))
    expect(bodies).toEqual(model.map(({ bodyId, bodyBytes, lifetime }) => [bodyId, bodyBytes, lifetime]))
    const bytes = recent.reduce((sum, run) => sum + run.bytes, 0)
    const isMany = bytes > RECENT_BYTES_MAX || recent.length > RECENT_RUNS_MAX
    const isEnough = bytes >= 65_536 || recent.length >= PACKED_RUNS_MAX
    const due = isMany ? 0 : isEnough ? PACKED_AFTER_MS : Number.POSITIVE_INFINITY
    expect(records.packingDueAt).toBe((recent[0]?.time ?? 0) + due)
  }

  /** How many runs and chunks are wholly older, as far as can be told: a chunk's last record may be as new as what follows it. */
  #older(time: number): number {
    const first = this.model.findIndex((run, i) => {
      const lastTime = run.isPacked ? (this.model[i + 1]?.time ?? this.newestTime) : run.time
      return lastTime >= time
    })
    return first < 0 ? this.model.length : first
  }

  #slices(index: number, wanted: { records: number; bytes: number }, time: number): readonly Run[] {
    const found: Run[] = []
    let [records, bytes] = [0, 0]
    for (const { isRecent, lastTime, ...run } of this.model.slice(this.#older(time))) {
      const end = run.firstIndex + run.count
      if (end <= index) continue
      found.push(run)
      records += end - Math.max(index, run.firstIndex)
      bytes += run.bytes
      if (records >= wanted.records || bytes >= wanted.bytes) break
    }
    return found
  }
}

test('records are found by index and time, packed, and let go of, as a plain list has it', () => {
  for (let seed = 1; seed <= 25; seed++) {
    const random = new SeededRandom(seed)
    const both = new Both()
    for (let round = 0; round < 12; round++) {
      for (let count = random.below(500); count > 0; count--) {
        if (random.below(3) > 0) both.now += random.below(50)
        if (random.below(300) === 0) both.now += FAR
        if (random.below(100) === 0) both.nextBody += random.below(2) * FAR
        const lifetime = random.below(4) as Lifetime
        both.append(1 + random.below(150), 1 + random.below(2000), random.below(2) === 0, lifetime)
      }
      for (let packs = random.below(20); packs > 0; packs--) {
        const how = random.pick(['pack', 'pack', 'keep'] as const)
        both.pack(how, 1 + random.below(random.below(4) === 0 ? 400 : 30))
      }
      both.check(random)
      if (random.below(2) === 0) {
        const { model } = both
        const time = (model[random.below(model.length)]?.time ?? START) + random.below(2)
        both.drop(random.below(6) === 0 ? Number.POSITIVE_INFINITY : time, 1 + random.below(400))
        both.check(random)
      }
      if (random.below(2) === 0) {
        both.restore(() => {
          both.now += 5
          both.append(7, 100)
          if (random.below(2) === 0) both.pack('pack', 1 + random.below(40))
          if (random.below(2) === 0) both.drop(Number.POSITIVE_INFINITY, 1 + random.below(500))
          both.append(8, 100)
        })
        both.check(random)
      }
    }
  }
}, 60_000)

test('indexes go on where they were when all records are gone, after a restart too', () => {
  const random = new SeededRandom(1)
  const both = new Both()
  for (let i = 0; i < 2 * RUN_PAGE_ENTRIES; i++) both.append(3, 10)
  both.restore()
  both.pack('pack', 200)
  both.drop(Number.POSITIVE_INFINITY, 5000)
  both.restore()
  both.check(random)
  expect(both.records.nextIndex).toBe(1 + 6 * RUN_PAGE_ENTRIES)
  both.append(1, 10)
  both.restore()
  both.check(random)
})

test('what a page has no room for begins another: far later, a far newer body, or one that is older by far', () => {
  const random = new SeededRandom(1)
  const steps = [
    { now: FAR },
    { nextBody: FAR },
    { nextBody: FAR / 2 },
    { nextBody: -FAR / 2 - 2 },
    { nextBody: -FAR / 2 },
  ]
  for (const { now = 0, nextBody = 0 } of steps) {
    const both = new Both()
    both.nextBody = 2 * FAR
    for (let i = 0; i < 3; i++) both.append(65_535, 2 ** 22)
    both.now += now
    both.nextBody += nextBody
    both.append(1, 1)
    both.append(2, 1)
    both.check(random)
    both.restore()
    both.check(random)
  }
})

test('a run that no entry can say is refused', () => {
  const { records } = new Both()
  const kind = { isPacked: false, isEncrypted: false, isSealed: false, lifetime: 0 } as const
  const append = (offset: number, count: number, bodyBytes: number) =>
    records.append({ offset, bytes: 10, count }, { bodyId: 1, bodyBytes, time: 1, ...kind })
  expect(() => append(0, 65_536, 10)).toThrow('no run has 65536 records')
  expect(() => append(1, 1, 10)).toThrow('no run has')
  expect(() => append(0, 1, 2 ** 24)).toThrow('no run has')
})

test('what is asked of runs that are not there is a defect', () => {
  const both = new Both()
  both.append(5, 10)
  both.append(5, 10)
  const release = () => {}
  expect(() => both.records.keep({ from: 1, to: 9 }, release)).toThrow('no runs with the records from 1 to 9')
  expect(() => new Both().records.keep({ from: 1, to: 2 }, release)).toThrow('no runs')
})

test('what was gone by its age before the runs behind it were packed goes when that is replayed', () => {
  const both = new Both()
  for (let i = 0; i < 5; i++) both.append(2, 10)
  const chunk = { bodyId: 99, bytes: 50, lifetime: 1 } as const
  both.expectReleased([1, 2, 3, 4], (release) => both.records.pack({ from: 5, to: 9 }, chunk, release))
  expect(both.records.slicesFrom(0, EVERYTHING, 0).map(({ firstIndex }) => firstIndex)).toEqual([5, 9])
})

test('a snapshot under way names the pages as they were, although all is taken out of the units', () => {
  const both = new Both()
  for (let i = 0; i < 2 * RUN_PAGE_ENTRIES; i++) both.append(1, 1)
  const cut = both.units.cut()
  for (const unit of both.records.allUnits()) both.units.remove(unit)
  const captured = new Map<number, Uint8Array>()
  for (let unit = cut.next(); unit !== null; unit = cut.next()) captured.set(unit.id, unit.bytes!)
  const id = -1 - both.records.id
  const restored = ShardRecords.restore(new Units(), id, (unit) => captured.get(unit)!)
  expect(restored.nextIndex).toBe(1 + 2 * RUN_PAGE_ENTRIES)
})

test('a read asks for a thousand bodies at most, and for few where they are large', () => {
  const many = new Both()
  for (let i = 0; i < 1500; i++) many.append(1, 1)
  expect(many.records.slicesFrom(200, EVERYTHING, 0)).toHaveLength(1000)
  const large = new Both()
  for (let i = 0; i < 9; i++) large.append(3, 10 * 1024 * 1024)
  expect(large.records.slicesFrom(1, EVERYTHING, 0)).toHaveLength(3)
})

test('a run costs 24 bytes, and when it is packed a share of what 64 KiB cost', () => {
  const both = new Both()
  const { units, records } = both
  const held = () => {
    const cut = units.cut()
    let bytes = 0
    for (let unit = cut.next(); unit !== null; unit = cut.next()) bytes += unit.bytes?.length ?? 0
    for (const unit of records.allUnits()) units.touch(unit)
    return bytes
  }
  const runs = 100 * RUN_PAGE_ENTRIES
  for (let i = 0; i < runs; i++) both.append(1, 300)
  expect(held() / runs).toBeLessThan(24.5)
  while (both.recent.length > 0) {
    both.pack('pack', records.runsToPack()!.count)
  }
  const chunks = (runs * 300) / 65_536
  expect(held()).toBeLessThan(chunks * 24 + 2 * 4096)
})
