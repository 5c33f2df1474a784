import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { expect, test } from 'vitest'
import { CHUNKS, EVENTS, PUTS, SNAPSHOT_AT, UNITS } from '../../../../../test/kinesis/earlier-build.ts'
import {
  inGroups,
  put,
  type ReadRecord,
  readAll,
  readSlices,
} from '../../../../../test/kinesis/record-life.ts'
import { named, START, StreamLife } from '../../../../../test/kinesis/stream-life.ts'
import { PACKED_AFTER_MS } from '../packing/packing.ts'
import type { RootRecord } from '../root.ts'
import { EarlierRuns } from './earlier-runs.ts'
import { RunWordsWriter } from './run-words.ts'

const ROOT = 3
const SHARDS = { orders: 3, bills: 2 }
const STREAMS = ['orders', 'bills'] as const
const BODIES = PUTS.length + CHUNKS.size
const SNAPSHOT = { units: UNITS, now: START + SNAPSHOT_AT }

/** This build, on what the earlier one left: its snapshot, and of the events behind it the first ones. */
function upgraded(events = EVENTS.length, units = UNITS): StreamLife {
  const before = new StreamLife()
  for (let bodyId = 0; bodyId < BODIES; bodyId++) {
    const own = PUTS.find(({ body }) => body === bodyId)
    if (own === undefined) before.store(CHUNKS.get(bodyId)!, 1)
    else before.store(inGroups(own.records, false).bodies[0], 0)
  }
  before.now = START + 10_000
  return before.restarted({ units, now: SNAPSHOT.now }, EVENTS.slice(0, events))
}

/** What was put into a shard, by the first so many puts. */
function expected(stream: string, shard: number, puts: number): readonly ReadRecord[] {
  const records: ReadRecord[] = []
  for (const { stream: name, second, records: all } of PUTS.slice(0, puts)) {
    if (name !== stream) continue
    for (const { shard: own, key, text } of all) {
      const place = { index: records.length + 1, time: START + second * 1000, isEncrypted: false }
      if (own === shard) records.push({ ...place, key, text })
    }
  }
  return records
}

async function expectRecords(life: StreamLife, puts = PUTS.length): Promise<void> {
  for (const name of STREAMS) {
    for (let shard = 0; shard < SHARDS[name]; shard++) {
      const all = expected(name, shard, puts)
      expect(await readAll(life, shard, undefined, { stream: named(name) })).toEqual(all)
      const since = await readAll(life, shard, { index: 1, since: START + 4000 }, { stream: named(name) })
      expect(since).toEqual(all.filter(({ time }) => time >= START + 4000))
    }
  }
  life.checkBodies()
}

const PUTS_BEFORE_SNAPSHOT = PUTS.filter(({ second }) => second * 1000 < SNAPSHOT_AT).length

/** Restarts from a snapshot that is written now. */
function again(life: StreamLife): StreamLife {
  return life.restarted({ units: life.finish(life.cut()), now: life.now }, [])
}

test('what an earlier build left in lists of each shard is read as it was', async () => {
  await expectRecords(upgraded(0), PUTS_BEFORE_SNAPSHOT)
  await expectRecords(upgraded(1), PUTS_BEFORE_SNAPSHOT + 1)
  await expectRecords(upgraded())
})

test('runs come as they lie in their bodies, whichever shard is brought back first', () => {
  const earlier = new EarlierRuns()
  const kind = { isPacked: false, isEncrypted: false, isSealed: false, lifetime: 0 } as const
  const add = (shard: number, bodyId: number, offset: number, count: number) => {
    const body = { bodyId, bodyBytes: 50, time: bodyId * 10 }
    earlier.add(shard, { firstIndex: 1, count, offset, bytes: 10, ...body, ...kind })
  }
  // After a resharding shards don't stand in the order of their numbers.
  add(0, 5, 30, 1)
  add(0, 9, 0, 2)
  add(1, 3, 40, 3)
  add(1, 5, 10, 4)
  const arrived = [...earlier.arrivals()].map(({ arrival, runs }) => [arrival.bodyId, arrival.time, runs])
  const writer = () => new RunWordsWriter()
  const [third, fifth, ninth] = [writer(), writer(), writer()]
  third.add(1, 40, 10, 3)
  fifth.add(1, 10, 10, 4)
  fifth.add(0, 30, 10, 1)
  fifth.end(50)
  ninth.add(0, 0, 10, 2)
  ninth.end(50)
  expect(arrived).toEqual([...[[3, 30, third.words]], ...[[5, 50, fifth.words]], ...[[9, 90, ninth.words]]])
})

test('the version before, which had no sealed records, is read as well', async () => {
  const root = { ...(decodeCbor(UNITS.get(ROOT)!) as RootRecord), version: 1 }
  await expectRecords(upgraded(EVENTS.length, new Map([...UNITS, [ROOT, encodeCbor(root)]])))
})

test('runs keep whether they are sealed', () => {
  const life = upgraded()
  const sealed = (shard: number) =>
    readSlices(life, shard, { index: 1, since: 0 }, { stream: named('bills') }).slices.map(
      ({ isSealed }) => isSealed,
    )
  expect([sealed(0), sealed(1)]).toEqual([
    [false, true],
    [false, true, true],
  ])
})

test('a snapshot of what was taken over has all of it, and so has the next one, which keeps what stayed as it was', async () => {
  for (const events of [0, EVENTS.length]) {
    const puts = events === 0 ? PUTS_BEFORE_SNAPSHOT : PUTS.length
    const first = again(upgraded(events))
    await expectRecords(first, puts)
    await expectRecords(again(first), puts)
  }
})

test('what was taken over is packed with what comes, and each body is let go of once', async () => {
  const life = upgraded()
  const text = 'x'.repeat(70_000)
  put(
    life,
    [0, 1, 2].map((shard) => ({ shard, key: 'k', text })),
  )
  life.wait(PACKED_AFTER_MS)
  const before = life.bodies
  expect(life.doChores()).toBeGreaterThan(0)
  expect(life.bodies).toBeLessThan(before)
  const replayed = life.restarted(SNAPSHOT, [...EVENTS, ...life.log])
  for (const each of [life, replayed, again(life)]) {
    for (const shard of [0, 1, 2]) {
      const old = expected('orders', shard, PUTS.length)
      const last = { index: old.length + 1, key: 'k', text, time: START + 10_000, isEncrypted: false }
      expect(await readAll(each, shard)).toEqual([...old, last])
    }
    each.checkBodies()
    for (const name of STREAMS) each.ask('deleteStream', { stream: named(name) })
    each.tidy()
    expect(each.bodies).toBe(0)
  }
})
