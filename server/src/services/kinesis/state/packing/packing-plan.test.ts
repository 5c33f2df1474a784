import { expect, test } from 'vitest'
import { ArrivingStream, type RunToPut, released } from '../../../../../test/kinesis/arriving-stream.ts'
import { SeededRandom } from '../../../../base/random.ts'
import type { PackingPlan } from '../../commands.ts'
import { CHUNK_RUNS, READ_BYTES_MAX, READ_RUNS_MAX } from './packing.ts'
import { planPacking } from './packing-plan.ts'

const KIB = 1024
const NUMBERS_PER_RUN = 4

const upTo = (count: number) => Array.from({ length: count }, (_, i) => i)
/** A run of so many bytes for each of the shards. */
const each = (shards: readonly number[], bytes: number): RunToPut[] =>
  shards.map((shard) => ({ shard, bytes }))

/** The plan, without what it was made with. */
function plan(stream: ArrivingStream): PackingPlan {
  const { shards, ...rest } = planPacking(stream)
  return { shards: shards.map(({ shard, from, runs }) => ({ shard, from, runs })), ...rest }
}

test('what is packed of a stream is planned for all its shards, and each body is read once', () => {
  const stream = new ArrivingStream()
  for (let i = 0; i < 64; i++) stream.put(each(upTo(10), KIB), { time: 1000 + i })
  const { shards, bodies, bodyIds } = plan(stream)
  expect(bodyIds).toEqual(upTo(64).map((i) => i + 1))
  const kind = { isEncrypted: false, isSealed: false }
  expect(bodies).toEqual(
    upTo(64).map((place) => {
      return { bodyId: place + 1, bodyBytes: 10 * KIB, time: 1000 + place, ...kind, place }
    }),
  )
  expect(shards).toEqual(
    upTo(10).map((shard) => {
      return { shard, from: 1, runs: upTo(64).flatMap((body) => [body, shard * KIB, KIB, 1]) }
    }),
  )
})

test('a plan says of bodies how they came, and of runs where they lie, whatever lies between them', () => {
  const stream = new ArrivingStream()
  stream.put([{ shard: 4, bytes: 10, offset: 5, count: 300 }], { bodyBytes: 20, time: 7, isEncrypted: true })
  stream.put(
    [
      { shard: 2, bytes: 10 },
      { shard: 4, bytes: 10, offset: 30, count: 2 },
      { shard: 2, bytes: 1 },
    ],
    { isSealed: true, time: 8 },
  )
  expect(plan(stream)).toEqual({
    shards: [
      { shard: 4, from: 1, runs: [0, 5, 10, 300, 1, 30, 10, 2] },
      { shard: 2, from: 1, runs: [1, 0, 10, 1, 1, 40, 1, 1] },
    ],
    bodies: [
      { bodyId: 1, bodyBytes: 20, time: 7, isEncrypted: true, isSealed: false, place: 0 },
      { bodyId: 2, bodyBytes: 41, time: 8, isEncrypted: false, isSealed: true, place: 1 },
    ],
    bodyIds: [1, 2],
  })
})

test('of a body nothing is read where all of its runs stay as they are, or are packed already', () => {
  const stream = new ArrivingStream()
  stream.put(each([0], 40 * KIB))
  stream.put(each([1, 2], 40 * KIB))
  stream.put([...each([0], 40 * KIB), ...each([1], KIB)])
  stream.put(each([3], 16 * KIB))
  stream.put(each([3, 4], 16 * KIB))
  const { shards, bodies, bodyIds } = plan(stream)
  expect(bodyIds).toEqual([3, 5])
  expect(bodies.map(({ place }) => place)).toEqual([-1, -1, 0, -1, 1])
  expect(shards.map(({ shard }) => shard)).toEqual([0, 1, 2, 3, 4])
  stream.pack(1, 3)
  const later = plan(stream)
  expect(later.bodyIds).toEqual([5])
  expect(later.shards.find(({ shard }) => shard === 1)).toEqual({ shard: 1, from: 3, runs: [] })
})

test("a shard is gone on with where it was packed to, and from its oldest arrival where it wasn't", () => {
  const stream = new ArrivingStream()
  for (let i = 0; i < 5; i++)
    stream.put([
      { shard: 0, bytes: 10, count: 3 },
      { shard: 1, bytes: 10 },
    ])
  stream.pack(0, 7)
  const [packed, other] = plan(stream).shards
  expect(packed).toEqual({ shard: 0, from: 7, runs: [2, 3, 4].flatMap((body) => [body, 0, 10, 3]) })
  expect(other).toEqual({ shard: 1, from: 1, runs: upTo(5).flatMap((body) => [body, 10, 10, 1]) })
  expect(released((release) => stream.arrivals.removeUpTo(1, release))).toEqual([1])
  const { shards } = plan(stream)
  expect(shards.map(({ from, runs }) => [from, runs.length / NUMBERS_PER_RUN])).toEqual([
    [7, 3],
    [2, 4],
  ])
})

test('a shard that is gone is passed over, and nothing is read for it', () => {
  const stream = new ArrivingStream()
  stream.put(each([0, 1], 10))
  stream.put(each([1], 10))
  stream.shards.delete(1)
  const { shards, bodies, bodyIds } = plan(stream)
  expect(shards).toEqual([{ shard: 0, from: 1, runs: [0, 0, 10, 1] }])
  expect(bodyIds).toEqual([1])
  // Its arrivals go with the others.
  expect(bodies.map(({ bodyId }) => bodyId)).toEqual([1, 2])
})

test('no more runs are planned than are read at once, and a body more at most', () => {
  const stream = new ArrivingStream()
  for (let i = 0; i < READ_RUNS_MAX / 100 + 5; i++) stream.put(each(upTo(100), 10))
  const { bodies } = plan(stream)
  expect(bodies).toHaveLength(Math.ceil(READ_RUNS_MAX / 100))
  // Those that are packed are none of them.
  for (const shard of upTo(100)) stream.pack(shard, 3)
  expect(plan(stream).bodies).toHaveLength(Math.ceil(READ_RUNS_MAX / 100) + 2)
})

test('no more bytes are read than at once, and a body more at most; what is not read counts for none', () => {
  const stream = new ArrivingStream()
  for (let i = 0; i < 10; i++) stream.put(each([0, 1], 3 * KIB * KIB))
  for (let i = 0; i < 10; i++) stream.put(each([0], 10), { bodyBytes: 3 * KIB * KIB })
  const { bodies, bodyIds } = plan(stream)
  expect(bodyIds).toHaveLength(Math.ceil(READ_BYTES_MAX / (3 * KIB * KIB)))
  expect(bodies).toHaveLength(10 + bodyIds.length)
})

test('a hundred shards that are written to at random get chunks of many runs, and each body is read once', () => {
  const stream = new ArrivingStream()
  const random = new SeededRandom(1)
  // About two thirds of the shards have a record in a request, as with a hundred random keys.
  for (let i = 0; i < 400; i++) {
    stream.put(
      each(
        upTo(100).filter(() => random.below(100) < 63),
        500,
      ),
    )
  }
  const { shards, bodyIds } = plan(stream)
  expect(new Set(bodyIds).size).toBe(bodyIds.length)
  for (const { runs } of shards) expect(runs.length / NUMBERS_PER_RUN).toBeGreaterThan(CHUNK_RUNS / 2)
})

test('nothing arrived, nothing is planned', () => {
  expect(plan(new ArrivingStream())).toEqual({ shards: [], bodies: [], bodyIds: [] })
})
