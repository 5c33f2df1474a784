import { expect, test } from 'vitest'
import { groupsOf, type RecordGroup } from '../../../../../test/kinesis/record-groups.ts'
import { HOUR_MS, ORDERS, StreamLife } from '../../../../../test/kinesis/stream-life.ts'
import { CHORE_RUNS_MAX, CHUNK_RUNS, PACKED_AFTER_MS, READ_RUNS_MAX } from './packing.ts'

const KIB = 1024
/** It has what is packed; all else is for another. */
const SHARD = 0
const OTHER = 1
const BEGINNING = { index: 1, since: 0 }

interface SomeRun {
  readonly bytes?: number
  readonly count?: number
  /** Has its body for itself; if not, it shares it with a run of the same size. */
  readonly isOwn?: boolean
  /** Its body can't be read when it is to be packed. */
  readonly isLost?: boolean
}

const times = (count: number, run: SomeRun = {}) => Array.from({ length: count }, () => run)

/** A stream with two shards that had these runs; the other one had enough for all to be packed. */
function lifeWith(runs: readonly SomeRun[]): StreamLife {
  const life = new StreamLife()
  life.ask('createStream', { shards: 2 })
  for (const { bytes = 100, count = 1, isOwn = false, isLost = false } of runs) {
    const group = { shard: SHARD, count, bytes, payloadBytes: bytes }
    if (isLost) life.lose(putGroups(life, [group]))
    else putGroups(life, isOwn ? [group] : [group, { ...group, shard: OTHER }])
  }
  const filling = 4 * KIB * KIB
  putGroups(life, [{ shard: OTHER, count: 1, bytes: filling, payloadBytes: filling }])
  life.wait(PACKED_AFTER_MS)
  return life
}

/** Says which id the body has. */
function putGroups(life: StreamLife, groups: readonly RecordGroup[]): number {
  const bytes = groups.reduce((sum, group) => sum + group.bytes, 0)
  const map = life.ask('getShardMap').version
  life.ask('putRecords', { map, groups: groupsOf(groups), bodies: [new Uint8Array(bytes)] })
  return life.stored - 1
}

/** What there is of the shard: of each chunk how many records it has, and 0 for each run that stayed as it is. */
function slicesOf(life: StreamLife, shard = SHARD): readonly number[] {
  const wanted = { shard, streamNumber: 1, position: BEGINNING, limit: 1e6, bytesMax: 1e9 }
  const { slices } = life.ask('readRecords', { stream: ORDERS, ...wanted })
  return slices.map(({ isPacked, count }) => (isPacked ? count : 0))
}

function packed(runs: readonly SomeRun[]): readonly number[] {
  const life = lifeWith(runs)
  life.doChores()
  life.checkBodies()
  return slicesOf(life)
}

test('chunks are of about 64 KiB, and those that are made at once of about the same size', () => {
  expect(packed(times(64, { bytes: KIB }))).toEqual([64])
  expect(packed(times(90, { bytes: KIB }))).toEqual([90])
  expect(packed(times(100, { bytes: KIB }))).toEqual([50, 50])
  expect(packed(times(100, { bytes: KIB, count: 3 }))).toEqual([150, 150])
  expect(packed(times(12, { bytes: 16 * KIB }))).toEqual([4, 4, 4])
})

test('a chunk has no more runs than are worth their heads', () => {
  expect(packed(times(CHUNK_RUNS, { bytes: 3 }))).toEqual([CHUNK_RUNS])
  expect(packed(times(3 * CHUNK_RUNS, { bytes: 3 }))).toEqual([CHUNK_RUNS, CHUNK_RUNS, CHUNK_RUNS])
})

test('large runs stay as they are, and those between them are packed', () => {
  const large = { bytes: 32 * KIB }
  expect(packed([...times(5), large, large, ...times(6)])).toEqual([5, 0, 0, 6])
  expect(packed([large, ...times(5), { bytes: 16 * KIB, isOwn: true }])).toEqual([0, 5, 0])
  expect(packed(times(3, large))).toEqual([0, 0, 0])
})

test('a run between others that stay is packed only where its body has more than it', () => {
  const large = { bytes: 32 * KIB }
  expect(packed([large, { isOwn: true }, large])).toEqual([0, 0, 0])
  expect(packed([large, {}, large])).toEqual([0, 1, 0])
  expect(packed([large, { isOwn: true }, { isOwn: true }, large])).toEqual([0, 2, 0])
})

test('runs in bodies that are lost stay as they are', () => {
  expect(packed([...times(3), { isLost: true }, { isLost: true }, ...times(4)])).toEqual([3, 0, 0, 4])
})

test('arrivals go behind their last shard, and what stays as it is has its body for itself by then', () => {
  const life = lifeWith([{ bytes: 32 * KIB }, ...times(9)])
  const before = life.bodies
  // The chore that retains bodies lets go of none.
  expect(life.doChores(1)).toBe(1)
  expect(life.bodies).toBe(before + 2)
  life.checkBodies()
  expect(life.doChores()).toBe(1)
  // A chunk for each shard, and two bodies that are large.
  expect(life.bodies).toBe(4)
  life.checkBodies()
})

test('what would take too long is left for other chores, and the arrivals go with the last', () => {
  const life = new StreamLife()
  const shards = 16
  life.ask('createStream', { shards })
  // What of a shard isn't together is a run each.
  const groups = Array.from({ length: 496 }, (_, i) => {
    return { shard: i % shards, count: 1, bytes: 10, payloadBytes: 10 }
  })
  const bodies = Math.ceil(READ_RUNS_MAX / groups.length)
  for (let i = 0; i < bodies; i++) putGroups(life, groups)
  life.wait(PACKED_AFTER_MS)
  const chores: number[] = []
  for (let before = 0; life.doChores(1) === 1; ) {
    let runs = 0
    for (let shard = 0; shard < shards; shard++) for (const records of slicesOf(life, shard)) runs += records
    chores.push(runs - before)
    before = runs
    if (runs < bodies * groups.length) expect(life.bodies).toBeGreaterThan(bodies)
    life.checkBodies()
  }
  expect(chores).toHaveLength(READ_RUNS_MAX / CHORE_RUNS_MAX)
  expect(Math.max(...chores)).toBeLessThan(CHORE_RUNS_MAX + 2 * CHUNK_RUNS)
  expect(chores.reduce((sum, runs) => sum + runs)).toBe(bodies * groups.length)
  expect(life.bodies).toBeLessThan(shards * 10)
})

test('no more runs stay as they are with one chore than one may look at', () => {
  const runs = CHORE_RUNS_MAX + 5
  const life = lifeWith(times(runs, { isLost: true }))
  expect(life.doChores(1)).toBe(1)
  expect(life.machine.chore()).toMatchObject({ command: { done: 0 } })
  life.doChores()
  expect([life.machine.chore(), life.bodies]).toEqual([null, runs + 1])
  life.checkBodies()
})

test('what went while it was read is packed no more, and the rest is', () => {
  const life = new StreamLife()
  life.ask('createStream')
  const group = { shard: SHARD, count: 2, bytes: 16 * KIB, payloadBytes: 16 * KIB }
  putGroups(life, [group, group])
  putGroups(life, [{ ...group, bytes: 10 }])
  life.wait(HOUR_MS)
  for (let i = 0; i < 3; i++) putGroups(life, [{ ...group, bytes: 15 * KIB }])
  const carryOut = life.beginChore()
  life.wait(23 * HOUR_MS + 1)
  life.tidy()
  carryOut?.()
  expect(slicesOf(life)).toEqual([6])
  expect(life.bodies).toBe(1)
  life.checkBodies()
})

test('a restart between two chores goes on where the first came to', () => {
  const life = lifeWith([{ bytes: 32 * KIB }, ...times(9)])
  life.doChores(1)
  const restarted = life.restarted({ units: life.finish(life.cut()), now: life.now }, [])
  expect(slicesOf(restarted)).toEqual([0, 9])
  // With nothing left to be read, the arrivals go at once.
  expect(restarted.doChores()).toBe(1)
  expect(restarted.bodies).toBe(4)
  restarted.checkBodies()
})

test('of a stream that went while it was packed nothing is left to do', () => {
  const life = lifeWith([{ bytes: 32 * KIB }, ...times(9)])
  life.doChores(1)
  life.ask('deleteStream')
  const entries = life.log.length
  life.doChores()
  expect(life.log.length).toBe(entries)
  life.tidy()
  expect(life.bodies).toBe(0)
})
