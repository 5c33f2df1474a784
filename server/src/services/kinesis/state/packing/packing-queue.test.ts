import { expect, test } from 'vitest'
import { ArrivingStream, released } from '../../../../../test/kinesis/arriving-stream.ts'
import { SeededRandom } from '../../../../base/random.ts'
import type { KinesisCommand } from '../../commands.ts'
import { PACKED_AFTER_MS, READ_BYTES_MAX, READ_RUNS_MAX, WAITING_RUNS_MAX } from './packing.ts'
import { PackingQueue } from './packing-queue.ts'

const ENOUGH = 65_536

/** A body with one run of so many bytes comes to the stream at a time. */
function put(stream: ArrivingStream, bytes: number, time: number): number {
  return stream.put([{ shard: 0, bytes }], { time })
}

test('a stream is due when enough has gathered and waited, and not before', () => {
  const queue = new PackingQueue()
  const stream = new ArrivingStream()
  put(stream, ENOUGH - 1, 1000)
  queue.note(stream)
  expect(queue.next()).toBeNull()
  const last = put(stream, 1, 5000)
  queue.note(stream)
  expect(queue.next()).toEqual({ stream, at: 1000 + PACKED_AFTER_MS })
  released((release) => stream.arrivals.removeUpTo(last, release))
  queue.note(stream)
  expect(queue.next()).toBeNull()
})

test('a stream with more than is read at once is due at once', () => {
  const queue = new PackingQueue()
  const stream = new ArrivingStream()
  for (let i = 0; i <= READ_BYTES_MAX / ENOUGH; i++) {
    put(stream, ENOUGH, 1000 + i)
    queue.note(stream)
    expect(queue.next()?.at).toBe(i < READ_BYTES_MAX / ENOUGH ? 1000 + PACKED_AFTER_MS : 1000)
  }
  const many = new ArrivingStream()
  for (let i = 0; i <= READ_RUNS_MAX; i++) put(many, 1, 500)
  queue.note(many)
  expect(queue.next()).toEqual({ stream: many, at: 500 })
})

test('behind a chore nothing is packed for a while, and then only in a lull, which is waited for the shorter the more runs wait', () => {
  const queue = new PackingQueue()
  expect(queue.restsUntil).toBeLessThan(0)
  const done = { runs: 64, readBytes: 2 ** 21, writtenBytes: 0 }
  queue.rest(1000, done)
  expect([queue.restsUntil, queue.givesWayMs]).toEqual([1000 + 17, 5000])
  const [one, other] = [new ArrivingStream(1), new ArrivingStream(2)]
  for (let i = 0; i < WAITING_RUNS_MAX / 8; i++) {
    put(one, 1, 500)
    put(other, 1, 500)
  }
  queue.note(one)
  queue.note(other)
  queue.rest(2000, done)
  expect([queue.restsUntil, queue.givesWayMs]).toEqual([2000 + 17, 2500])
})

test('what passed its retention meanwhile is not waited for', () => {
  const queue = new PackingQueue()
  const stream = new ArrivingStream()
  for (const time of [1000, 2000, 3000]) put(stream, ENOUGH, time)
  queue.note(stream)
  released((release) => stream.arrivals.drop(1500, 10, release))
  expect(queue.next()?.at).toBe(2000 + PACKED_AFTER_MS)
  released((release) => stream.arrivals.drop(9000, 10, release))
  expect(queue.next()).toBeNull()
  put(stream, ENOUGH, 10_000)
  queue.note(stream)
  expect(queue.next()?.at).toBe(10_000 + PACKED_AFTER_MS)
  queue.forget(stream)
  expect(queue.next()).toBeNull()
})

test('with more shards a stream waits until there is enough for each, although it was due', () => {
  const queue = new PackingQueue()
  const stream = new ArrivingStream()
  put(stream, ENOUGH, 1000)
  queue.note(stream)
  stream.openShardCount = 2
  expect(queue.next()).toBeNull()
  put(stream, ENOUGH, 2000)
  queue.note(stream)
  expect(queue.next()).toEqual({ stream, at: 1000 + PACKED_AFTER_MS })
})

test('a stream that was forgotten is known again when more comes to it', () => {
  const queue = new PackingQueue()
  const stream = new ArrivingStream()
  put(stream, ENOUGH, 1000)
  queue.note(stream)
  queue.forget(stream)
  expect(queue.next()).toBeNull()
  put(stream, 1, 2000)
  queue.note(stream)
  expect(queue.next()).toEqual({ stream, at: 1000 + PACKED_AFTER_MS })
})

test('what a chore left is there until it is taken away', () => {
  const queue = new PackingQueue()
  expect(queue.left).toBeNull()
  const plan = { shards: [], bodies: [], bodyIds: [] }
  const left: KinesisCommand<'packRecords'> = {
    service: 'kinesis',
    kind: 'packRecords',
    streamNumber: 1,
    plan,
  }
  queue.left = left
  queue.rest(1000, { runs: 1, readBytes: 0, writtenBytes: 0 })
  expect([queue.left, queue.next()]).toEqual([left, null])
})

test('of any number of streams the one that is due first comes first, whatever happened to the others', () => {
  for (let seed = 1; seed <= 20; seed++) {
    const random = new SeededRandom(seed)
    const queue = new PackingQueue()
    const streams = Array.from({ length: 30 }, (_, number) => new ArrivingStream(number))
    const lastBody = (stream: ArrivingStream) => stream.nextBody - 1
    for (let time = 1000; time < 3000; time++) {
      const stream = random.pick(streams as [ArrivingStream, ...ArrivingStream[]])
      const choice = random.below(10)
      if (choice < 6) put(stream, 1 + random.below(ENOUGH), time)
      else {
        released((release) => {
          if (choice < 8) stream.arrivals.removeUpTo(lastBody(stream) - random.below(3), release)
          else stream.arrivals.drop(time - random.below(500), 3, release)
        })
      }
      // What passed its retention is found out when the stream's turn comes.
      if (choice < 8) queue.note(stream)
      const dueAt = ({ arrivals: { bytes, firstTime } }: ArrivingStream) =>
        bytes < ENOUGH ? Number.POSITIVE_INFINITY : firstTime + PACKED_AFTER_MS
      const next = queue.next()
      expect(next?.at ?? Number.POSITIVE_INFINITY).toBe(Math.min(...streams.map(dueAt)))
      if (next !== null) expect(dueAt(next.stream as ArrivingStream)).toBe(next.at)
    }
  }
})
