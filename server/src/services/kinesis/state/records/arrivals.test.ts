import { expect, test } from 'vitest'
import { ArrivingStream, type RunToPut, released } from '../../../../../test/kinesis/arriving-stream.ts'
import { SeededRandom } from '../../../../base/random.ts'
import type { Lifetime } from '../../../../core/lifetime.ts'
import type { Run } from '../../commands.ts'
import type { Arrival, ArrivalPage } from './arrival-page.ts'
import { NOBODY } from './run-words.ts'

const START = Date.UTC(2026, 0, 1)
/** What a page tells from its first arrival by 32 bits. */
const FAR = 2 ** 32
const SHARDS = 9

interface ModelBody extends Arrival {
  readonly runs: readonly { readonly shard: number; readonly run: Run }[]
}

interface ModelShard {
  readonly nextIndex: number
  readonly newestTime: number
}

/** What arrives for a stream, and beside it the same in its plainest form. */
class Both {
  readonly stream = new ArrivingStream()
  bodies: ModelBody[] = []
  shards = new Map<number, ModelShard>()
  now = START
  /** Shards that come and go: none has the number of one that is gone. */
  firstShard = 0
  readonly #random: SeededRandom

  constructor(random: SeededRandom) {
    this.#random = random
  }

  /** A body with runs for some of the shards, the last of which gets something seldom. */
  put(): void {
    const random = this.#random
    const runs: (RunToPut & { readonly offset: number; readonly count: number })[] = []
    let end = random.below(3) * 10
    for (let left = 1 + random.below(random.below(9) === 0 ? 200 : 8); left > 0; left--) {
      const isSeldom = random.below(300) === 0
      const shard = this.firstShard + (isSeldom ? SHARDS - 1 : random.below(SHARDS - 1))
      const [offset, bytes] = [end + (random.below(4) === 0 ? random.below(90) : 0), 1 + random.below(900)]
      runs.push({ shard, offset, bytes, count: 1 + random.below(random.below(9) === 0 ? 1023 : 20) })
      end = offset + bytes
    }
    const kind = { isEncrypted: random.below(2) === 0, isSealed: random.below(2) === 0 }
    const body = {
      ...{ bodyBytes: end + random.below(2) * 7, time: this.now, lifetime: random.below(4) as Lifetime },
      ...kind,
    }
    const bodyId = this.stream.put(runs, body)
    const own = runs.map(({ shard, offset, bytes, count }) => {
      const firstIndex = this.shards.get(shard)?.nextIndex ?? 1
      this.shards.set(shard, { nextIndex: firstIndex + count, newestTime: this.now })
      return { shard, run: { ...body, bodyId, firstIndex, count, offset, bytes, isPacked: false } }
    })
    this.bodies.push({ ...body, bodyId, runs: own })
  }

  get runs(): number {
    return this.bodies.reduce((sum, { runs }) => sum + runs.length, 0)
  }

  removeSome(): void {
    const random = this.#random
    const count = random.below(this.bodies.length + 1)
    const gone = this.bodies.splice(0, random.below(2) === 0 ? count : Math.min(count, 40))
    const upTo = gone.at(-1)?.bodyId ?? 0
    this.#expectReleased(gone, (release) => this.stream.arrivals.removeUpTo(upTo, release))
    this.#retireShards()
  }

  dropSome(): void {
    const random = this.#random
    const before = random.below(9) === 0 ? Number.POSITIVE_INFINITY : this.#someTime()
    const limit = random.below(400)
    const gone: ModelBody[] = []
    for (let left = limit; left > 0 && this.bodies[0] !== undefined && this.bodies[0].time < before; ) {
      left -= this.bodies[0].runs.length
      gone.push(this.bodies.shift()!)
    }
    const isMore = this.bodies[0] !== undefined && this.bodies[0].time < before
    this.#expectReleased(gone, (release) => {
      expect(this.stream.arrivals.drop(before, limit, release)).toBe(isMore)
    })
    this.#retireShards()
  }

  /** Shards of which there is nothing any more are gone, now and then; their runs may still stand in the oldest page. */
  #retireShards(): void {
    if (this.#random.below(3) > 0) return
    const first = this.firstShard
    if (this.bodies.some(({ runs }) => runs.some(({ shard }) => shard === first))) return
    this.firstShard++
    this.stream.shards.delete(first)
    this.shards.delete(first)
  }

  #expectReleased(gone: readonly ModelBody[], work: Parameters<typeof released>[0]): void {
    const bodies: (readonly [number, number])[] = []
    work((bodyId, bytes) => void bodies.push([bodyId, bytes]))
    expect(bodies).toEqual(gone.map(({ bodyId, bodyBytes }) => [bodyId, bodyBytes]))
  }

  restart(work?: () => void): void {
    const { firstShard } = this
    const [bodies, shards] = [this.bodies.slice(), new Map(this.shards)]
    this.stream.restart(work)
    Object.assign(this, { firstShard, bodies, shards })
  }

  #someTime(): number {
    const some = this.bodies[this.#random.below(this.bodies.length)]
    return (some?.time ?? this.now) + this.#random.below(3) - 1
  }

  check(): void {
    this.#checkBodies()
    const runsOf = new Map<number, Run[]>()
    for (const { runs } of this.bodies) {
      for (const { shard, run } of runs) {
        const own = runsOf.get(shard)
        if (own === undefined) runsOf.set(shard, [run])
        else own.push(run)
      }
    }
    for (const [shard, { nextIndex, newestTime }] of this.shards) {
      const runs = runsOf.get(shard) ?? []
      const records = this.stream.records(shard)
      const start = runs[0]?.firstIndex ?? nextIndex
      expect([records.arrived.start, records.packedTo, records.nextIndex, records.newestTime]).toEqual([
        ...[start, start, nextIndex, newestTime],
      ])
      expect([...records.arrived.from(0)]).toEqual(runs)
      for (let i = 0; i < 12; i++) {
        const [index, limit, time] = [
          this.#random.below(nextIndex + 2),
          this.#random.below(7),
          this.#someTime(),
        ]
        const from = runs.filter(({ firstIndex, count }) => firstIndex + count > index)
        expect(take(records.arrived.from(index), limit)).toEqual(from.slice(0, limit))
        expect(records.arrived.firstSince(time, index)).toEqual(from.find((run) => run.time >= time))
      }
    }
  }

  #checkBodies(): void {
    const { arrivals } = this.stream
    const { bodies } = this
    const bytes = bodies.reduce((sum, { bodyBytes }) => sum + bodyBytes, 0)
    expect([arrivals.runs, arrivals.bytes, arrivals.firstTime]).toEqual([
      ...[this.runs, bytes, bodies[0]?.time ?? Number.POSITIVE_INFINITY],
    ])
    const first = bodies[0]?.bodyId ?? this.stream.nextBody
    const reached = [0, first - 1, first, first + 1].map((bodyId) => arrivals.reachesBackTo(bodyId))
    expect(reached).toEqual(bodies.length > 0 ? [false, false, true, true] : [false, false, false, false])
    const visited: unknown[] = []
    arrivals.visitBodies((...body) => visited.push(body))
    expect(visited).toEqual(bodies.map(({ bodyId, bodyBytes, lifetime }) => [bodyId, bodyBytes, lifetime]))
    const told: unknown[] = []
    for (const cursor of arrivals.bodies()) {
      const bodyId = cursor.page.bodyId(cursor.arrival)
      do {
        const { shard, offset, bytes: length, count, time } = cursor
        if (shard !== NOBODY) told.push([bodyId, shard, offset, length, count, time])
      } while (cursor.nextInBody())
    }
    expect(told).toEqual(
      bodies.flatMap(({ runs }) =>
        runs.map(({ shard, run }) => [run.bodyId, shard, run.offset, run.bytes, run.count, run.time]),
      ),
    )
  }
}

function take(runs: Iterable<Run>, limit: number): readonly Run[] {
  const found: Run[] = []
  if (limit === 0) return found
  for (const run of runs) if (found.push(run) === limit) break
  return found
}

test('what arrives for several shards is read, let go of and brought back, as plain lists have it', () => {
  for (let seed = 1; seed <= 8; seed++) {
    const random = new SeededRandom(seed)
    const both = new Both(random)
    const putSome = (count: number) => {
      for (let left = random.below(count); left > 0; left--) {
        if (random.below(3) > 0) both.now += random.below(50)
        if (random.below(500) === 0) both.now += FAR
        if (random.below(500) === 0) both.stream.nextBody += random.below(2) * FAR
        both.put()
      }
    }
    const change = () => {
      putSome(60)
      if (random.below(2) === 0) both.removeSome()
      if (random.below(2) === 0) both.dropSome()
      putSome(5)
    }
    for (let round = 0; round < 15; round++) {
      putSome(random.below(6) === 0 ? 300 : 60)
      both.check()
      if (random.below(2) === 0) both.removeSome()
      if (random.below(2) === 0) both.dropSome()
      if (random.below(2) === 0) both.check()
      if (random.below(2) === 0) {
        both.restart(random.below(2) === 0 ? change : undefined)
        both.check()
      }
    }
  }
}, 60_000)

test('each shard that gets something is told of, once for each run', () => {
  const stream = new ArrivingStream()
  for (const shard of [0, 1, 2]) stream.records(shard)
  const kind = { isEncrypted: false, isSealed: false, lifetime: 0 } as const
  const told: unknown[] = []
  stream.arrivals.add(
    { bodyId: 1, bodyBytes: 40, time: START, ...kind },
    [0 | (1 << 24), 2, 10 | (2 << 24), 0, 20, NOBODY, 30 | (3 << 24), 2],
    (shard) => told.push(shard),
  )
  expect(told).toEqual([stream.shards.get(2), stream.shards.get(0), stream.shards.get(2)])
  expect(stream.arrivals.runs).toBe(3)
})

test('what comes for a shard that is not there is a defect', () => {
  const stream = new ArrivingStream()
  const kind = { isEncrypted: false, isSealed: false, lifetime: 0 } as const
  const arrival = { bodyId: 1, bodyBytes: 40, time: START, ...kind }
  expect(() => stream.arrivals.add(arrival, [1 << 24, 7], () => {})).toThrow('the stream has no shard 7')
})

test('a body of more runs than a page has room for gets one that is longer', () => {
  const stream = new ArrivingStream()
  for (const count of [1, 507, 10_000, 1]) {
    stream.put(Array.from({ length: count }, (_, shard) => ({ shard, bytes: 3, count: 2 })))
  }
  stream.restart()
  const { arrivals } = stream
  expect([arrivals.runs, arrivals.bytes]).toEqual([10_509, 3 * 10_509])
  const told = (shard: number) =>
    [...stream.records(shard).arrived.from(0)].map(({ bodyId, offset, firstIndex }) => [
      bodyId,
      offset,
      firstIndex,
    ])
  expect(told(506)).toEqual([
    [2, 1518, 1],
    [3, 1518, 3],
  ])
  expect(told(9999)).toEqual([[3, 29_997, 1]])
  expect(told(0).map(([bodyId]) => bodyId)).toEqual([1, 2, 3, 4])
})

test('a page that goes is forgotten by all shards that had something in it', () => {
  const stream = new ArrivingStream()
  for (let time = 0; time < 1000; time++) {
    stream.put([...(time === 9 ? [{ shard: 7, bytes: 1 }] : []), { shard: time % 3, bytes: 1 }], { time })
  }
  stream.restart()
  const times = () => [0, 1, 2, 7].map((shard) => stream.records(shard).arrived.lastTime)
  expect(times()).toEqual([999, 997, 998, 9])
  released((release) => stream.arrivals.removeUpTo(999, release))
  expect(times()).toEqual([999, 997, 998, undefined])
  released((release) => stream.arrivals.removeUpTo(1000, release))
  expect(times()).toEqual([undefined, undefined, undefined, undefined])
})

test('a run costs 8 bytes, and an arrival 12, however many shards there are', () => {
  const stream = new ArrivingStream()
  const shards = Array.from({ length: 200 }, (_, shard) => ({ shard, bytes: 100 }))
  stream.put(shards)
  stream.restart()
  const before = stream.snapshotBytes
  for (let i = 0; i < 1000; i++) stream.put(shards)
  stream.restart()
  const bytes = (stream.snapshotBytes - before) / 1000
  expect(bytes).toBeGreaterThan(200 * 8)
  expect(bytes).toBeLessThan((12 + 200 * 8) * 1.02)
})

test('with many shards pages are so long that of a record by itself its shard knows 4 bytes at most', () => {
  const random = new SeededRandom(5)
  for (const shards of [100, 1000, 3000]) {
    const stream = new ArrivingStream()
    stream.openShardCount = shards
    for (let i = 0; i < 20 * shards; i++) stream.put([{ shard: random.below(shards), bytes: 1 }])
    const known = new Map<ArrivalPage, Set<number>>()
    for (const { page, shard } of stream.arrivals.bodies()) {
      known.set(page, (known.get(page) ?? new Set()).add(shard))
    }
    // The first one is short, and the last one isn't full.
    const full = [...known].slice(1, -1)
    expect(full.length).toBeGreaterThan(0)
    for (const [page, some] of full) expect(16 * some.size).toBeLessThanOrEqual(4.1 * page.entries)
  }
})
