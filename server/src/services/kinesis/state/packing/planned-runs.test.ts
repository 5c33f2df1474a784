import { expect, test } from 'vitest'
import { PlannedRuns } from './planned-runs.ts'

const KIB = 1024

const BODIES = [
  { bodyId: 7, bodyBytes: 100, time: 1000, isEncrypted: false, isSealed: true, place: 1 },
  { bodyId: 8, bodyBytes: 64 * KIB, time: 2000, isEncrypted: true, isSealed: false, place: 0 },
  { bodyId: 9, bodyBytes: 40 * KIB, time: 3000, isEncrypted: false, isSealed: false, place: -1 },
]
const READ: readonly Uint8Array[] = [new Uint8Array(64 * KIB), new Uint8Array(100)]

/** Of bodies in the plan: position, offset, bytes and records of each. */
const RUNS = [
  ...[0, 10, 20, 3],
  ...[0, 40, 60, 1],
  ...[1, 5, 30, 400],
  ...[1, KIB, 32 * KIB, 9],
  ...[2, 0, 40 * KIB, 2],
]

test('each run says where it lies, what it has of its body, and what was read of that', () => {
  const runs = new PlannedRuns({ shard: 1, from: 1, runs: RUNS }, BODIES, READ)
  const told = Array.from({ length: runs.length }, (_, position) => {
    runs.moveTo(position)
    const { offset, bytes, count, time, isEncrypted, isSealed, bodyId, bodyBytes, body } = runs
    expect(runs.position).toBe(position)
    return {
      offset,
      bytes,
      count,
      time,
      isEncrypted,
      isSealed,
      bodyId,
      bodyBytes,
      place: READ.indexOf(body!),
    }
  })
  const [a, b, c] = BODIES
  expect(told).toEqual([
    { ...a, offset: 10, bytes: 20, count: 3 },
    { ...a, offset: 40, bytes: 60, count: 1 },
    { ...b, offset: 5, bytes: 30, count: 400 },
    { ...b, offset: KIB, bytes: 32 * KIB, count: 9 },
    { ...c, offset: 0, bytes: 40 * KIB, count: 2 },
  ])
})

test('a run is copied unless it is large, or its body was not read, or is lost', () => {
  const copied = (read: readonly (Uint8Array | null)[]) => {
    const runs = new PlannedRuns({ shard: 1, from: 1, runs: RUNS }, BODIES, read)
    return Array.from({ length: runs.length }, (_, position) => {
      runs.moveTo(position)
      return runs.isCopied
    })
  }
  expect(copied(READ)).toEqual([true, true, true, false, false])
  expect(copied([null, READ[1]!])).toEqual([true, true, false, false, false])
  expect(copied([])).toEqual([false, false, false, false, false])
})

test('a shard without runs has none', () => {
  expect(new PlannedRuns({ shard: 1, from: 1, runs: [] }, [], []).length).toBe(0)
})
