import { expect, test } from 'vitest'
import { SeededRandom } from '../../../base/random.ts'
import { Units } from '../../../core/units.ts'
import type { PackingPlan } from '../commands.ts'
import { planPacking } from './packing-plan.ts'
import type { Packing } from './packing-queue.ts'
import { ShardRecords } from './shard-records.ts'

const KIB = 1024
const MIB = 1024 * KIB

/** Bodies that are put into many shards, and what of them is packed when. */
class SharedBodies {
  readonly #units = new Units()
  readonly #shards = new Map<number, ShardRecords>()
  readonly #bodyBytes = new Map<number, number>()
  #bodies = 0

  /** A body with a run of so many bytes for each of the shards. Its own bytes are the sum, unless others are given. */
  put(shards: readonly number[], bytes: number, bodyBytes = bytes * shards.length): void {
    const body = { bodyId: ++this.#bodies, bodyBytes, lifetime: 0 } as const
    this.#bodyBytes.set(body.bodyId, bodyBytes)
    const kind = { isPacked: false, isEncrypted: false, isSealed: false }
    for (const [i, shard] of shards.entries()) {
      const offset = Math.min(i * bytes, bodyBytes - bytes)
      this.#of(shard).append({ offset, bytes, count: 1 }, { ...body, time: 1, ...kind })
    }
  }

  #of(shard: number): ShardRecords {
    const known = this.#shards.get(shard)
    if (known !== undefined) return known
    const records = new ShardRecords(this.#units)
    this.#units.add(records)
    this.#shards.set(shard, records)
    return records
  }

  plan(due = 0): PackingPlan {
    const all: Packing[] = [...this.#shards].map(([shard, records]) => ({ stream: 1, shard, records, at: 1 }))
    return planPacking(all.find(({ shard }) => shard === due)!, all)
  }

  /** Carries the plan out, and says how many runs were packed. */
  pack({ shards }: PackingPlan): number {
    const chunk = { bodyId: ++this.#bodies, bytes: 9, lifetime: 1 } as const
    let runs = 0
    for (const { shard, ...range } of shards) {
      const run = this.#of(shard).readRecent(range)
      while (run.next()) runs++
      this.#of(shard).pack(range, chunk, () => {})
    }
    return runs
  }

  bytesRead({ bodyIds }: PackingPlan): number {
    return bodyIds.reduce((sum, bodyId) => sum + this.#bodyBytes.get(bodyId)!, 0)
  }

  isDue(shard: number): boolean {
    return this.#of(shard).packingDueAt < Number.POSITIVE_INFINITY
  }
}

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)

/** Packs as long as a shard is due: how often each body was read, and how many chunks came of it. */
function packAll(bodies: SharedBodies, shards: number) {
  const reads = new Map<number, number>()
  const chunks: number[] = []
  for (let due = upTo(shards).find((shard) => bodies.isDue(shard)); due !== undefined; ) {
    const plan = bodies.plan(due)
    for (const bodyId of plan.bodyIds) reads.set(bodyId, (reads.get(bodyId) ?? 0) + 1)
    chunks.push(bodies.pack(plan) / plan.shards.length)
    due = upTo(shards).find((shard) => bodies.isDue(shard))
  }
  const sum = [...reads.values()].reduce((all, each) => all + each, 0)
  return { readsPerBody: sum / reads.size, chunks }
}

test('shards whose runs lie in the same bodies are packed together, and each body is read once', () => {
  const bodies = new SharedBodies()
  for (let i = 0; i < 64; i++) bodies.put(upTo(10), KIB)
  const plan = bodies.plan()
  expect(plan.shards).toEqual(upTo(10).map((shard) => ({ shard, from: 1, to: 65 })))
  expect(plan.bodyIds).toEqual(upTo(64).map((i) => i + 1))
})

test('what another shard has in later bodies is left for later', () => {
  const bodies = new SharedBodies()
  for (let i = 0; i < 40; i++) bodies.put([0, 1], KIB)
  for (let i = 0; i < 24; i++) bodies.put([0], KIB)
  for (let i = 0; i < 99; i++) bodies.put([1], KIB)
  expect(bodies.plan().shards).toEqual([
    { shard: 0, from: 1, to: 65 },
    { shard: 1, from: 1, to: 41 },
  ])
})

test('a shard that has little in those bodies waits for its own turn', () => {
  const bodies = new SharedBodies()
  for (let i = 0; i < 49; i++) bodies.put([0], KIB)
  for (let i = 0; i < 15; i++) bodies.put([0, 1, 2], KIB)
  bodies.put([1, 2], 60 * KIB)
  for (let i = 0; i < 100; i++) bodies.put([2], KIB)
  expect(bodies.plan().shards.map(({ shard }) => shard)).toEqual([0])
  expect(bodies.plan(2).shards.map(({ shard }) => shard)).toEqual([2, 0, 1])
})

test('a hundred shards that are written to at random have their bodies read once each, where it was sixty', () => {
  const bodies = new SharedBodies()
  const random = new SeededRandom(1)
  // About two thirds of the shards have a record in a request, as with a hundred random keys, and some have several.
  for (let i = 0; i < 1200; i++) {
    bodies.put(
      upTo(100).filter(() => random.below(100) < 63),
      500,
    )
  }
  const { readsPerBody, chunks } = packAll(bodies, 100)
  expect(readsPerBody).toBeLessThan(1.1)
  expect(Math.max(...chunks)).toBeGreaterThan(128)
})

test('a thousand shards with large requests share what one chore may read, in smaller chunks', () => {
  const bodies = new SharedBodies()
  for (let i = 0; i < 120; i++) {
    bodies.put(
      upTo(1000).filter((shard) => (shard * 7919 + i * 104_729) % 1000 < 400),
      1250,
    )
  }
  const plan = bodies.plan()
  expect(bodies.bytesRead(plan)).toBeLessThanOrEqual(16 * MIB)
  expect(plan.shards.length).toBeGreaterThan(100)
  expect(bodies.pack(plan) / plan.shards.length).toBeGreaterThan(8)
})

test('where sharing would leave too little for a chunk, the shard that is due is packed as far as it goes', () => {
  const bodies = new SharedBodies()
  // Shards that have hardly a body in common.
  for (let i = 0; i < 200; i++) for (const shard of upTo(30)) bodies.put([shard], 300, 30 * KIB)
  const plan = bodies.plan()
  expect(plan.shards[0]).toEqual({ shard: 0, from: 1, to: 201 })
  expect(bodies.bytesRead(plan)).toBeLessThanOrEqual(16 * MIB)
})

test('what is read at once is for no more shards than four chores have the time for', () => {
  const bodies = new SharedBodies()
  for (let i = 0; i < 256; i++) bodies.put(upTo(200), 100)
  expect(bodies.plan().shards).toHaveLength(4 * 32)
  const large = new SharedBodies()
  for (let i = 0; i < 5; i++) large.put(upTo(400), 16 * KIB, 3 * MIB)
  expect(large.plan().shards).toHaveLength(4 * 64)
})

test('runs that are large, or the only one before such, stay as they are: nothing is read for them', () => {
  const bodies = new SharedBodies()
  bodies.put([0], 40 * KIB)
  for (let i = 0; i < 64; i++) bodies.put([1, 0], KIB)
  expect(bodies.plan()).toEqual({ shards: [{ shard: 0, from: 1, to: 2 }], bodyIds: [] })
  // Nor are they packed with those of others.
  expect(bodies.plan(1).shards).toEqual([{ shard: 1, from: 1, to: 65 }])
  const lone = new SharedBodies()
  lone.put([0], KIB)
  lone.put([0], 70 * KIB)
  expect(lone.plan()).toEqual({ shards: [{ shard: 0, from: 1, to: 2 }], bodyIds: [] })
})
