import { expect, test } from 'vitest'
import { ArrivingStream, released } from '../../../../../test/kinesis/arriving-stream.ts'
import { SeededRandom } from '../../../../base/random.ts'
import type { Lifetime } from '../../../../core/lifetime.ts'
import { Units } from '../../../../core/units.ts'
import type { Run } from '../../commands.ts'
import { RUN_PAGE_ENTRIES } from './run-page.ts'
import { ShardRecords } from './shard-records.ts'

const SHARD = 3
const START = Date.UTC(2026, 0, 1)
/** What an entry tells from its page's first by 32 bits. */
const FAR = 2 ** 32
const EVERYTHING = { records: Number.POSITIVE_INFINITY, bytes: Number.POSITIVE_INFINITY }

interface ModelRun extends Run {
  /** Whether it is in the arrivals only. */
  readonly isUnpacked: boolean
  readonly lastTime: number
}

/** Records of a shard, and beside them the same in their plainest form. */
class Both {
  readonly stream = new ArrivingStream()
  model: ModelRun[] = []
  /** The runs that are in the arrivals, be they in a chunk or not. */
  arrived: Run[] = []
  now = START
  nextIndex = 1
  newestTime = 0

  constructor() {
    this.stream.records(SHARD)
  }

  get records(): ShardRecords {
    return this.stream.records(SHARD)
  }

  append(count: number, bytes: number, isEncrypted = false, lifetime: Lifetime = 0): void {
    const offset = count % 3 === 0 ? 0 : bytes
    const kind = { isEncrypted, isSealed: isEncrypted && bytes % 3 > 0 }
    const body = { bodyBytes: offset + bytes + 5, time: this.now, lifetime, ...kind }
    const bodyId = this.stream.put([{ shard: SHARD, bytes, offset, count }], body)
    const place = { firstIndex: this.nextIndex, offset, bytes, count }
    const run: Run = { ...place, ...body, bodyId, isPacked: false }
    this.model.push({ ...run, isUnpacked: true, lastTime: this.now })
    this.arrived.push(run)
    this.nextIndex += count
    this.newestTime = this.now
  }

  get unpacked(): readonly ModelRun[] {
    return this.model.filter(({ isUnpacked }) => isUnpacked)
  }

  /** What becomes of the oldest `size` runs that are in no chunk. Earlier builds left it to the runs how old they are. */
  pack(how: 'pack' | 'keep', size: number, isEarlier = false): void {
    const runs = this.unpacked.slice(0, size)
    const [first, last] = [runs[0], runs.at(-1)]
    if (first === undefined || last === undefined) return
    const range = { from: first.firstIndex, to: last.firstIndex + last.count }
    const before = this.model.slice(0, this.model.indexOf(first))
    const after = this.model.slice(before.length + runs.length)
    if (how === 'keep') {
      this.records.keep(range)
      this.model = [...before, ...runs.map((run) => ({ ...run, isUnpacked: false })), ...after]
      return
    }
    const lifetime = (1 + (range.from % 3)) as Lifetime
    const chunk = { bodyId: this.stream.nextBody++, bytes: 70_000 + (range.from % 50), lifetime }
    const origin = { time: first.time, isSealed: runs.some(({ isSealed }) => isSealed) }
    this.records.pack(range, { ...chunk, origin: isEarlier ? null : origin })
    const place = { firstIndex: range.from, count: range.to - range.from, lastTime: last.lastTime, offset: 0 }
    const kind = { isPacked: true, isEncrypted: false, isUnpacked: false, bodyBytes: chunk.bytes }
    this.model = [...before, { ...chunk, ...place, ...kind, ...origin }, ...after]
  }

  /** The oldest arrivals go, whose runs are in chunks, as far as those are. */
  pass(size: number): void {
    const inChunks = this.arrived.length - this.unpacked.length
    const gone = this.arrived.splice(0, Math.min(size, inChunks))
    const last = gone.at(-1)
    if (last === undefined) return
    const bodyIds = released((release) => this.stream.arrivals.removeUpTo(last.bodyId, release))
    expect(bodyIds).toEqual(gone.map(({ bodyId }) => bodyId))
  }

  /** What is older goes, as a sweep does it: first of the arrivals, and then of the chunks. */
  drop(before: number, limit: number): void {
    const older = this.arrived.filter(({ time }) => time < before)
    const passed = this.arrived.splice(0, Math.min(limit, older.length))
    const passedIds = released((release) => {
      expect(this.stream.arrivals.drop(before, limit, release)).toBe(older.length > limit)
    })
    expect(passedIds).toEqual(passed.map(({ bodyId }) => bodyId))
    this.model = this.model.filter(({ isUnpacked, bodyId }) => !isUnpacked || !passedIds.includes(bodyId))
    const chunks = this.model.slice(0, this.#older(before)).filter(({ isUnpacked }) => !isUnpacked)
    const bodyIds = released((release) => {
      expect(this.records.drop(before, limit, release)).toBe(chunks.length > limit)
    })
    expect(bodyIds).toEqual(chunks.slice(0, limit).map(({ bodyId }) => bodyId))
    this.model = this.model.slice(bodyIds.length)
  }

  /** As a restart from a snapshot brings it back that was cut before `work`. */
  restore(work: () => void = () => {}): void {
    const { nextIndex, newestTime } = this
    const [model, arrived] = [this.model.slice(), this.arrived.slice()]
    this.stream.restart(work)
    Object.assign(this, { model, arrived, nextIndex, newestTime })
  }

  check(random: SeededRandom): void {
    const { records, model } = this
    const { arrivals } = this.stream
    const packedTo = this.unpacked[0]?.firstIndex ?? this.nextIndex
    expect([records.firstIndex, records.packedTo, records.nextIndex, records.newestTime]).toEqual([
      model[0]?.firstIndex ?? this.nextIndex,
      ...[packedTo, this.nextIndex, this.newestTime],
    ])
    const all = model.map(({ isUnpacked, lastTime, ...run }) => run)
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
    arrivals.visitBodies((...body) => bodies.push(body))
    const chunks = model.filter(({ isUnpacked }) => !isUnpacked)
    expect(bodies).toEqual(
      [...chunks, ...this.arrived].map(({ bodyId, bodyBytes, lifetime }) => [bodyId, bodyBytes, lifetime]),
    )
    expect([arrivals.runs, arrivals.firstTime]).toEqual([
      ...[this.arrived.length, this.arrived[0]?.time ?? Number.POSITIVE_INFINITY],
    ])
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
    for (const { isUnpacked, lastTime, ...run } of this.model.slice(this.#older(time))) {
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
        if (random.below(100) === 0) both.stream.nextBody += random.below(2) * FAR
        const lifetime = random.below(4) as Lifetime
        both.append(1 + random.below(150), 1 + random.below(2000), random.below(2) === 0, lifetime)
      }
      for (let packs = random.below(20); packs > 0; packs--) {
        const how = random.pick(['pack', 'pack', 'keep'] as const)
        both.pack(how, 1 + random.below(random.below(4) === 0 ? 400 : 30), random.below(3) === 0)
      }
      both.pass(random.below(300))
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
          if (random.below(2) === 0) both.pass(random.below(400))
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

test('what a page of chunks has no room for begins another: far later, a far newer body, or one that is older by far', () => {
  const random = new SeededRandom(1)
  const steps = [{ now: FAR }, { nextBody: FAR }, { nextBody: FAR / 2 }, { nextBody: FAR / 2 - 9 }]
  for (const { now = 0, nextBody = 0 } of steps) {
    const both = new Both()
    for (let i = 0; i < 9; i++) both.append(3, 100)
    both.now += now
    both.stream.nextBody += nextBody
    for (let i = 0; i < 9; i++) both.append(1, 1)
    both.pack('keep', 2)
    // A chunk is newer than what lies behind it.
    both.stream.nextBody += nextBody
    both.pack('pack', 3)
    for (const how of ['keep', 'pack', 'keep', 'pack', 'keep'] as const) both.pack(how, 2)
    both.check(random)
    both.restore()
    both.check(random)
  }
})

test('a chunk that no entry can say is refused', () => {
  const records = (count: number) => {
    const both = new Both()
    for (let left = count; left > 0; left -= 1000) both.append(Math.min(1000, left), 3)
    return both.records
  }
  const body = { bodyId: 9999, bytes: 10, lifetime: 1, origin: null } as const
  expect(() => records(65_536).pack({ from: 1, to: 65_537 }, body)).toThrow('no run has 65536 records')
  records(65_535).pack({ from: 1, to: 65_536 }, body)
  expect(() => records(5).pack({ from: 1, to: 6 }, { ...body, bytes: 2 ** 24 })).toThrow('no run has')
})

test('what is asked of runs that are not there is a defect', () => {
  const both = new Both()
  const { records } = both
  both.append(5, 10)
  both.append(5, 10)
  const chunk = { bodyId: 99, bytes: 50, lifetime: 1, origin: null } as const
  const known = { ...chunk, origin: { time: START, isSealed: false } }
  const isMissing = 'no runs with the records from'
  expect(() => records.keep({ from: 1, to: 9 })).toThrow(`${isMissing} 1 to 9`)
  expect(() => records.keep({ from: 2, to: 6 })).toThrow(isMissing)
  expect(() => records.keep({ from: 1, to: 1 })).toThrow(isMissing)
  expect(() => new Both().records.keep({ from: 1, to: 2 })).toThrow(isMissing)
  expect(() => records.pack({ from: 1, to: 9 }, chunk)).toThrow(isMissing)
  expect(() => records.pack({ from: 1, to: 12 }, known)).toThrow(isMissing)
  records.pack({ from: 1, to: 6 }, known)
  for (const each of [chunk, known]) expect(() => records.pack({ from: 1, to: 6 }, each)).toThrow(isMissing)
  expect(() => records.keep({ from: 1, to: 6 })).toThrow(isMissing)
  records.pack({ from: 6, to: 11 }, chunk)
})

test('what was gone by its age before the runs behind it were packed goes with the arrivals when that is replayed', () => {
  for (const origin of [null, { time: START, isSealed: false }]) {
    const both = new Both()
    const { stream, records } = both
    for (let i = 0; i < 5; i++) both.append(2, 10)
    records.pack({ from: 5, to: 9 }, { bodyId: 99, bytes: 50, lifetime: 1, origin })
    const indexes = () => records.slicesFrom(0, EVERYTHING, 0).map(({ firstIndex }) => firstIndex)
    expect(indexes()).toEqual([5, 9])
    expect(released((release) => stream.arrivals.removeUpTo(4, release))).toEqual([1, 2, 3, 4])
    expect([...indexes(), records.firstIndex, records.packedTo]).toEqual([5, 9, 5, 9])
  }
})

test('a chunk of an earlier build is as old as the first of its runs, and sealed where one of them is', () => {
  const both = new Both()
  for (const isSealed of [false, false, true, false]) {
    both.now += 10
    both.append(2, isSealed ? 10 : 9, true)
  }
  both.pack('pack', 2, true)
  both.pack('pack', 2, true)
  const told = both.records.slicesFrom(0, EVERYTHING, 0).map(({ time, isSealed }) => [time, isSealed])
  expect(told).toEqual([
    [START + 10, false],
    [START + 30, true],
  ])
})

test('a snapshot under way names the pages as they were, although all is taken out of the units', () => {
  const both = new Both()
  for (let i = 0; i < 2 * RUN_PAGE_ENTRIES; i++) both.append(1, 1)
  both.pack('keep', 2 * RUN_PAGE_ENTRIES)
  both.pass(2 * RUN_PAGE_ENTRIES)
  const { units } = both.stream
  const cut = units.cut()
  for (const unit of both.records.allUnits()) units.remove(unit)
  const captured = new Map<number, Uint8Array>()
  for (let unit = cut.next(); unit !== null; unit = cut.next()) captured.set(unit.id, unit.bytes!)
  const id = -1 - both.records.id
  const restored = ShardRecords.restore(
    new Units(),
    id,
    SHARD,
    (unit) => captured.get(unit)!,
    () => {},
  )
  expect(restored.nextIndex).toBe(1 + 2 * RUN_PAGE_ENTRIES)
  expect(restored.slicesFrom(0, EVERYTHING, 0)).toHaveLength(2 * RUN_PAGE_ENTRIES)
})

test('a read asks for a thousand bodies at most, and for few where they are large', () => {
  const many = new Both()
  for (let i = 0; i < 1500; i++) many.append(1, 1)
  many.pack('keep', 700)
  expect(many.records.slicesFrom(200, EVERYTHING, 0)).toHaveLength(1000)
  const large = new Both()
  for (let i = 0; i < 9; i++) large.append(3, 10 * 1024 * 1024)
  expect(large.records.slicesFrom(1, EVERYTHING, 0)).toHaveLength(3)
})

test('a chunk costs 24 bytes', () => {
  const both = new Both()
  const chunks = 10 * RUN_PAGE_ENTRIES
  for (let i = 0; i < chunks; i++) {
    both.append(1, 300)
    both.pack('pack', 1)
    both.pass(1)
  }
  both.restore()
  expect(both.stream.snapshotBytes / chunks).toBeLessThan(24.5)
})
