import { expect, test } from 'vitest'
import {
  CHUNK_BYTES,
  CHUNK_RUNS,
  chunkLifetime,
  isLarge,
  PACKED_AFTER_MS,
  packingDueAt,
  packingGivesWayMs,
  packingRest,
  READ_BYTES_MAX,
  READ_RUNS_MAX,
  WAITING_RUNS_MAX,
} from './packing.ts'

const HOUR_MS = 3_600_000
const KIB = 1024
const FIRST = 1000
const NEVER = Number.POSITIVE_INFINITY

test('a run of 32 KiB is large, and one that has its body for itself at half the size', () => {
  const large = (bytes: number, bodyBytes = 10 * KIB * KIB) => isLarge({ bytes, bodyBytes })
  expect([large(32 * KIB), large(32 * KIB - 1), large(KIB)]).toEqual([true, false, false])
  const own = (bytes: number) => large(bytes, bytes)
  expect([own(16 * KIB), own(16 * KIB - 1), large(16 * KIB, 16 * KIB + 1)]).toEqual([true, false, false])
})

test('arrivals are packed ten seconds after the first, once there is a chunk of runs or of bytes for each open shard', () => {
  const due = (runs: number, bytes: number, shards: number) =>
    packingDueAt({ runs, bytes, firstTime: FIRST }, shards)
  const later = FIRST + PACKED_AFTER_MS
  expect([due(CHUNK_RUNS - 1, CHUNK_BYTES - 1, 1), due(CHUNK_RUNS, 1, 1), due(1, CHUNK_BYTES, 1)]).toEqual([
    ...[NEVER, later, later],
  ])
  expect([
    due(20 * CHUNK_RUNS - 1, 1, 20),
    due(20 * CHUNK_RUNS, 1, 20),
    due(1, 20 * CHUNK_BYTES, 20),
  ]).toEqual([...[NEVER, later, later]])
  expect(due(0, 0, 1)).toBe(NEVER)
})

test('no stream has so many shards that more than what is read at once is waited for, and with more nothing is', () => {
  const due = (runs: number, bytes: number) => packingDueAt({ runs, bytes, firstTime: FIRST }, 10_000)
  expect([due(READ_RUNS_MAX - 1, READ_BYTES_MAX - 1)]).toEqual([NEVER])
  expect([due(READ_RUNS_MAX, 1), due(1, READ_BYTES_MAX)]).toEqual([
    ...[FIRST + PACKED_AFTER_MS, FIRST + PACKED_AFTER_MS],
  ])
  expect([due(READ_RUNS_MAX + 1, 1), due(1, READ_BYTES_MAX + 1)]).toEqual([FIRST, FIRST])
})

test('a chore is followed by a rest of sixteen times as long, which is shorter where more than half of what may waits, and none where too much does', () => {
  const chore = { runs: 2048, readBytes: 4 * KIB * KIB, writtenBytes: 2 * KIB * KIB }
  const restWith = (waitingRuns: number) => packingRest(chore, waitingRuns)
  expect(restWith(0)).toBe(160)
  expect([restWith(WAITING_RUNS_MAX / 2), restWith((3 * WAITING_RUNS_MAX) / 4)]).toEqual([160, 80])
  expect([restWith(WAITING_RUNS_MAX), restWith(WAITING_RUNS_MAX * 2)]).toEqual([0, 0])
  expect(packingRest({ runs: 2, readBytes: 100, writtenBytes: 90 }, 0)).toBe(0)
})

test('a chore waits for a lull of requests, the shorter the more waits, and not at all with half of what may', () => {
  const givesWayWith = (part: number) => packingGivesWayMs(part * WAITING_RUNS_MAX)
  expect([0, 1 / 4, 1 / 2, 3 / 4, 2].map(givesWayWith)).toEqual([5000, 2500, 0, 0, 0])
})

test('a chunk is stored for as long as its stream keeps records', () => {
  expect([24, 48, 49, 31 * 24, 31 * 24 + 1, 8760].map((hours) => chunkLifetime(hours * HOUR_MS))).toEqual([
    1, 1, 2, 2, 3, 3,
  ])
})
