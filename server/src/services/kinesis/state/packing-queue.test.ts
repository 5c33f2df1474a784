import { expect, test } from 'vitest'
import { SeededRandom } from '../../../base/random.ts'
import { Units } from '../../../core/units.ts'
import { PACKED_AFTER_MS, WAITING_RUNS_MAX } from './packing.ts'
import { PackingQueue } from './packing-queue.ts'
import { ShardRecords } from './shard-records.ts'

const ENOUGH = 65_536
const release = () => {}

function shardOf(number: number) {
  const units = new Units()
  const records = new ShardRecords(units)
  units.add(records)
  const put = (bytes: number, time: number) => {
    const body = { bodyId: 1, bodyBytes: bytes, lifetime: 0 } as const
    const kind = { isPacked: false, isEncrypted: false, isSealed: false }
    records.append({ offset: 0, bytes, count: 1 }, { ...body, time, ...kind })
  }
  const pack = (from: number, to: number) => {
    records.pack({ from, to }, { bodyId: 2, bytes: 9, lifetime: 1 }, release)
  }
  const restored = () => {
    const cut = units.cut()
    const contents = new Map<number, Uint8Array>()
    for (let unit = cut.next(); unit !== null; unit = cut.next()) contents.set(unit.id, unit.bytes!)
    return ShardRecords.restore(new Units(), records.id, (unit) => contents.get(unit)!)
  }
  return { number, records, put, pack, restored }
}

test('a shard is due when enough has gathered and waited, and not before', () => {
  const queue = new PackingQueue()
  const shard = shardOf(7)
  shard.put(ENOUGH - 1, 1000)
  queue.note({ number: 3 }, shard)
  expect(queue.next()).toBeNull()
  shard.put(1, 5000)
  queue.note({ number: 3 }, shard)
  expect(queue.next()).toMatchObject({ stream: 3, shard: 7, at: 1000 + PACKED_AFTER_MS })
  shard.pack(1, 3)
  queue.note({ number: 3 }, shard)
  expect(queue.next()).toBeNull()
})

test('a shard with very many recent records is due at once', () => {
  const queue = new PackingQueue()
  const shard = shardOf(0)
  for (let i = 0; i < 65; i++) {
    shard.put(ENOUGH, 1000 + i)
    queue.note({ number: 1 }, shard)
    expect(queue.next()?.at).toBe(i < 64 ? 1000 + PACKED_AFTER_MS : 1000)
  }
  const many = shardOf(1)
  for (let i = 0; i <= 8192; i++) many.put(1, 500)
  queue.note({ number: 1 }, many)
  expect(queue.next()).toMatchObject({ shard: 1, at: 500 })
})

test('behind a chore nothing is packed for a while, and then only in a lull, which is waited for the shorter the more runs wait', () => {
  const queue = new PackingQueue()
  expect(queue.restsUntil).toBeLessThan(0)
  const done = { runs: 64, readBytes: 2 ** 21, writtenBytes: 0 }
  queue.rest(1000, done)
  expect([queue.restsUntil, queue.givesWayMs]).toEqual([1000 + 17, 5000])
  const shard = shardOf(0)
  for (let i = 0; i < WAITING_RUNS_MAX / 4; i++) shard.put(1, 500)
  queue.note({ number: 1 }, shard)
  queue.rest(2000, done)
  expect([queue.restsUntil, queue.givesWayMs]).toEqual([2000 + 17, 2500])
})

test('what passed its retention meanwhile is not waited for', () => {
  const queue = new PackingQueue()
  const shard = shardOf(0)
  for (const time of [1000, 2000, 3000]) shard.put(ENOUGH, time)
  queue.note({ number: 1 }, shard)
  shard.records.drop(1500, 10, release)
  expect(queue.next()?.at).toBe(2000 + PACKED_AFTER_MS)
  shard.records.drop(9000, 10, release)
  expect(queue.next()).toBeNull()
  shard.put(ENOUGH, 10_000)
  queue.note({ number: 1 }, shard)
  expect(queue.next()?.at).toBe(10_000 + PACKED_AFTER_MS)
  queue.forget(shard.records)
  expect(queue.next()).toBeNull()
})

test('a shard that was forgotten is known again when more comes to it, and one from a snapshot when it is told of', () => {
  const queue = new PackingQueue()
  const shard = shardOf(5)
  shard.put(ENOUGH, 1000)
  queue.note({ number: 1 }, shard)
  queue.forget(shard.records)
  expect(queue.next()).toBeNull()
  shard.put(1, 2000)
  queue.note({ number: 1 }, shard)
  expect(queue.next()).toMatchObject({ shard: 5, at: 1000 + PACKED_AFTER_MS })
  const restored = new PackingQueue()
  const records = shard.restored()
  restored.note({ number: 1 }, { number: 5, records })
  expect(restored.next()).toMatchObject({ shard: 5, records, at: 1000 + PACKED_AFTER_MS })
})

test('the shards of one stream that are to be packed are told by themselves, those packed last behind the others', () => {
  const queue = new PackingQueue()
  const shards = [shardOf(0), shardOf(1), shardOf(2)]
  for (const shard of shards) {
    for (const time of [1000, 2000]) shard.put(ENOUGH, time)
    queue.note({ number: shard.number === 2 ? 8 : 7 }, shard)
  }
  const ofStream = (stream: number) => [...queue.ofStream(stream)].map(({ shard }) => shard)
  expect([ofStream(7), ofStream(8), ofStream(9)]).toEqual([[0, 1], [2], []])
  shards[0]!.pack(1, 2)
  queue.note({ number: 7 }, shards[0]!)
  expect(ofStream(7)).toEqual([1, 0])
  shards[1]!.pack(1, 3)
  queue.note({ number: 7 }, shards[1]!)
  queue.forget(shards[2]!.records)
  expect([ofStream(7), ofStream(8)]).toEqual([[0], []])
})

test('of any number of shards the one that is due first comes first, whatever happened to the others', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = new SeededRandom(seed)
    const queue = new PackingQueue()
    const shards = Array.from({ length: 30 }, (_, number) => shardOf(number))
    for (let time = 1000; time < 3000; time++) {
      const shard = random.pick(shards as [(typeof shards)[0], ...typeof shards])
      const { records } = shard
      const choice = random.below(10)
      if (choice < 6) shard.put(1 + random.below(ENOUGH), time)
      else if (choice < 8 && records.firstRecentIndex < records.nextIndex)
        shard.pack(records.firstRecentIndex, records.nextIndex)
      else records.drop(time - random.below(500), 3, release)
      if (choice < 8) queue.note({ number: 1 }, shard)
      const at = Math.min(...shards.map(({ records: each }) => each.packingDueAt))
      expect(queue.next()?.at ?? Number.POSITIVE_INFINITY).toBe(at)
      // One whose oldest runs just went may be there still.
      const known = new Set([...queue.ofStream(1)].map((packing) => packing.shard))
      const due = shards.filter(({ records: each }) => each.packingDueAt < Number.POSITIVE_INFINITY)
      for (const { number } of due) expect(known.has(number)).toBe(true)
    }
  }
})
