import { expect, test } from 'vitest'
import { Units } from '../../../core/units.ts'
import {
  chunkLifetime,
  PACKED_RUNS_MAX,
  packingGivesWayMs,
  packingRest,
  WAITING_RUNS_MAX,
} from './packing.ts'
import { RUN_RECORDS_MAX } from './run-page.ts'
import { ShardRecords } from './shard-records.ts'

const HOUR_MS = 3_600_000
const KIB = 1024

interface SomeRun {
  readonly bytes?: number
  readonly count?: number
  readonly bodyBytes?: number
}

/** How many runs one chore packs, of so many. */
function packed(runs: readonly SomeRun[]): number {
  const units = new Units()
  const records = new ShardRecords(units)
  units.add(records)
  for (const { bytes = 100, count = 1, bodyBytes = bytes } of runs) {
    const body = { bodyId: 1, bodyBytes, lifetime: 0 } as const
    const kind = { isPacked: false, isEncrypted: false, isSealed: false }
    records.append({ offset: 0, bytes, count }, { ...body, time: 1, ...kind })
  }
  return records.runsToPack()?.count ?? 0
}

const times = (count: number, run: SomeRun) => Array.from({ length: count }, () => run)

test('a chunk is of about 64 KiB, of the oldest small runs', () => {
  expect(packed(times(100, { bytes: KIB }))).toBe(64)
  expect(packed(times(100, { bytes: 15 * KIB }))).toBe(5)
  expect(packed([...times(5, { bytes: KIB }), { bytes: 32 * KIB }])).toBe(5)
})

test('large runs that follow each other stay as they are together', () => {
  expect(packed([...times(5, { bytes: 32 * KIB }), { bytes: KIB }])).toBe(5)
  const whole = { bytes: 10 * KIB * KIB, count: 500 }
  expect(packed(times(300, whole))).toBe(PACKED_RUNS_MAX)
})

test('a run that has its body for itself is large at half the size', () => {
  const own = { bytes: 16 * KIB }
  expect(packed([...times(5, own), { bytes: KIB }, ...times(5, own)])).toBe(5)
  const shared = { bytes: 30 * KIB, bodyBytes: 31 * KIB }
  expect(packed([...times(100, shared)])).toBe(3)
  expect(packed([...times(5, own), shared])).toBe(5)
})

test('a chunk has no more runs, records and bytes to be read than a chore has the time for', () => {
  expect(packed(times(2000, { bytes: 3 }))).toBe(PACKED_RUNS_MAX)
  expect(packed(times(2000, { bytes: 3, count: 500 }))).toBe(Math.floor(RUN_RECORDS_MAX / 500))
  expect(packed(times(20, { bytes: KIB, bodyBytes: 3 * KIB * KIB }))).toBe(2)
  expect(packed(times(20, { bytes: KIB, bodyBytes: 10 * KIB * KIB }))).toBe(1)
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
