import { expect, test } from 'vitest'
import {
  bodyOf,
  files,
  fillSegments,
  newDisk,
  openLedger,
  SMALL,
  START,
  snapshotAndTidy,
} from '../../../test/journal/ledger.ts'
import { SimulatedTime } from '../../../test/simulation/simulated-time.ts'
import { SeededRandom } from '../../base/random.ts'
import { SimulatedDisk } from './simulated-disk.ts'
import type { DiskOperation } from './simulated-disk-calls.ts'

/** Without relocation. */
const STILL = { limits: { ...SMALL, relocateForBytes: Number.MAX_SAFE_INTEGER } }

test('a segment goes when nothing in it was live at a snapshot and the next snapshot is durable', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, STILL)
  await fillSegments(life, 3)
  const [first, second] = files(disk, 'segment') as [string, string]
  const bodies = [...life.ledger.bodies.keys()]
  life.drop(...bodies)
  await life.commit()
  await snapshotAndTidy(life)
  expect(files(disk, 'segment')).toContain(first)
  await snapshotAndTidy(life)
  expect(files(disk, 'segment')).not.toContain(first)
  expect(files(disk, 'segment')).not.toContain(second)
  expect(files(disk, 'index').length).toBeLessThan(files(disk, 'segment').length + 1)
  expect(disk.openNames()).toHaveLength(1)
  const next = await openLedger(disk.crash(), STILL)
  expect(next.ledger.bodies.size).toBe(0)
  expect(next.journal.nextBodyId).toBe(life.journal.nextBodyId)
})

test('one live body keeps its segment', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, STILL)
  await fillSegments(life, 3)
  const [first] = files(disk, 'segment') as [string]
  life.drop(...[...life.ledger.bodies.keys()].filter((id) => id !== 3))
  for (let i = 0; i < 4; i++) await snapshotAndTidy(life)
  expect(files(disk, 'segment')).toContain(first)
  expect(await life.read(3)).toEqual([bodyOf(3, 300)])
  life.drop(3)
  for (let i = 0; i < 2; i++) await snapshotAndTidy(life)
  expect(files(disk, 'segment')).not.toContain(first)
})

test('what was dead at a snapshot goes after a restart too, with the next snapshot', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, STILL)
  await fillSegments(life, 3)
  const [first] = files(disk, 'segment') as [string]
  life.drop(...life.ledger.bodies.keys())
  await snapshotAndTidy(life)
  const crashed = disk.crash()
  const next = await openLedger(crashed, STILL)
  expect(files(crashed, 'segment')).toContain(first)
  await snapshotAndTidy(next)
  expect(files(crashed, 'segment')).not.toContain(first)
  await openLedger(crashed.crash(), STILL)
})

test('either of the two newest snapshots is enough after segments went', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, STILL)
  for (let round = 3; round < 8; round++) {
    await fillSegments(life, 3)
    const bodies = [...life.ledger.bodies.keys()]
    life.drop(...bodies.slice(0, bodies.length - 10))
    await snapshotAndTidy(life)
  }
  await life.commit()
  const state = new Map(life.ledger.bodies)
  const crashed = disk.crash()
  crashed.flipBit(files(crashed, 'snapshot').at(-1)!, 200, 1)
  const next = await openLedger(crashed, STILL)
  expect(new Map(next.ledger.bodies)).toEqual(state)
  await next.expectAllReadable()
})

test('a segment whose footer the snapshot does not cover stays one snapshot longer', async () => {
  const disk = newDisk()
  const limits = { ...SMALL, segmentBytes: 1200, relocateForBytes: Number.MAX_SAFE_INTEGER }
  const life = await openLedger(disk, { limits })
  life.drop(life.add(bodyOf(1, 1000)))
  // The cut closes the frame, and the frame fills the segment: the footer comes behind the cut.
  const { openFrame } = life.journal
  await life.snapshot()
  expect(life.journal.openFrame).toBe(openFrame + 2)
  await snapshotAndTidy(life)
  // A removal that power loss would undo stands here.
  const crashed = disk.kill()
  crashed.flipBit(files(crashed, 'snapshot').at(-1)!, 20, 1)
  const next = await openLedger(crashed, { limits })
  expect(next.ledger.bodies.size).toBe(0)
  for (let i = 0; i < 2; i++) await snapshotAndTidy(next)
  expect(files(crashed, 'segment')).not.toContain('0000000000000001.segment')
})

test('a segment that is being read stays until the read is done', async () => {
  const disk = newDisk(1)
  const life = await openLedger(disk, STILL)
  await fillSegments(life, 3)
  const [first] = files(disk, 'segment') as [string]
  await life.snapshot()
  const reading = life.journal.read([1])
  expect(reading).toBeInstanceOf(Promise)
  life.drop(...life.ledger.bodies.keys())
  await snapshotAndTidy(life)
  await snapshotAndTidy(life)
  expect(Buffer.from((await reading)[0]!)).toEqual(bodyOf(1, 300))
  await snapshotAndTidy(life)
  expect(files(disk, 'segment')).not.toContain(first)
})

test('survivors of mostly dead segments move, and the segments go', async () => {
  const disk = newDisk()
  const life = await openLedger(disk)
  await fillSegments(life, 6)
  const old = files(disk, 'segment').slice(0, 4)
  const kept = [...life.ledger.bodies.keys()].filter((id) => id % 9 === 0)
  life.drop(...[...life.ledger.bodies.keys()].filter((id) => id % 9 !== 0))
  await snapshotAndTidy(life)
  expect(files(disk, 'cold')).toHaveLength(1)
  expect(life.reports.join('\n')).toMatch(/bodies of .* were moved into .*cold/)
  await life.expectAllReadable()
  await snapshotAndTidy(life)
  await snapshotAndTidy(life)
  for (const name of old) expect(files(disk, 'segment')).not.toContain(name)
  await life.expectAllReadable()
  const next = await openLedger(disk.crash())
  expect([...next.ledger.bodies.keys()]).toEqual(kept)
  await next.expectAllReadable()
  const { liveBytes } = next.journal.stats()
  expect(liveBytes).toBe(kept.length * 300)
  next.drop(...kept)
  expect(next.journal.stats().liveBytes).toBe(0)
  for (let i = 0; i < 3; i++) await snapshotAndTidy(next)
  expect(files(disk, 'cold')).toEqual([])
})

test('a body moves twice at most', async () => {
  const disk = newDisk()
  const life = await openLedger(disk)
  await fillSegments(life, 12)
  const keep = async (divisor: number) => {
    life.drop(...[...life.ledger.bodies.keys()].filter((id) => id % divisor !== 0))
    for (let i = 0; i < 4; i++) await snapshotAndTidy(life)
    await life.expectAllReadable()
  }
  await keep(6)
  const [first] = files(disk, 'cold')
  expect(first).toBeDefined()
  await fillSegments(life, 12)
  await keep(60)
  expect(files(disk, 'cold')).not.toContain(first)
  const settled = files(disk, 'cold')
  expect(settled.length).toBeGreaterThan(0)
  life.drop(...[...life.ledger.bodies.keys()].filter((id) => id !== 60))
  for (let i = 0; i < 4; i++) await snapshotAndTidy(life)
  expect(await life.read(60)).toEqual([bodyOf(60, 300)])
  const next = await openLedger(disk.crash())
  expect(await next.read(60)).toEqual([bodyOf(60, 300)])
})

test('a new cold file is not taken for the dead one that had its number before', async () => {
  const disk = newDisk()
  const life = await openLedger(disk)
  const dropMost = () => life.drop(...[...life.ledger.bodies.keys()].filter((id) => id % 9 !== 0))
  await fillSegments(life, 6)
  dropMost()
  await snapshotAndTidy(life)
  const [cold] = files(disk, 'cold') as [string]
  const before = disk.contents(cold)
  life.drop(...life.ledger.bodies.keys())
  await snapshotAndTidy(life)
  await fillSegments(life, life.journal.stats().segments + 5)
  dropMost()
  await snapshotAndTidy(life)
  expect(files(disk, 'cold')).toEqual([cold])
  expect(disk.contents(cold)).not.toEqual(before)
  const crashed = disk.crash()
  const next = await openLedger(crashed)
  for (let i = 0; i < 3; i++) await snapshotAndTidy(next)
  await next.expectAllReadable()
  await (await openLedger(crashed.crash())).expectAllReadable()
})

test('a crash at any call of a relocation or of a removal loses nothing', async () => {
  for (let nth = 1; ; nth += 2) {
    const disk = newDisk(nth)
    const life = await openLedger(disk)
    await fillSegments(life, 5)
    const dropped = [...life.ledger.bodies.keys()].filter((id) => id % 9 !== 0)
    life.drop(...dropped)
    await life.commit()
    let calls = 0
    let next: SimulatedDisk | null = null
    disk.onOperation = () => {
      if (++calls === nth) next = nth % 4 === 1 ? disk.crash() : disk.kill()
    }
    for (let i = 0; i < 3 && next === null; i++) await snapshotAndTidy(life).catch(() => {})
    if (next === null) break
    const after = await openLedger(next)
    expect([...after.ledger.bodies.keys()], `call ${nth}`).toEqual([...life.ledger.bodies.keys()])
    await after.expectAllReadable()
    for (let i = 0; i < 3; i++) await snapshotAndTidy(after)
    await after.expectAllReadable()
  }
})

test('where a cold file got lost, what it had keeps the segment that still has it', async () => {
  const disk = newDisk()
  const life = await openLedger(disk)
  await fillSegments(life, 6)
  life.drop(...[...life.ledger.bodies.keys()].filter((id) => id % 9 !== 0))
  await snapshotAndTidy(life)
  // Its cut finds the segments dead: their survivors are in the cold file.
  await life.snapshot()
  const [cold] = files(disk, 'cold') as [string]
  const damaged = disk.kill()
  await damaged.remove(cold)
  const next = await openLedger(damaged)
  await next.expectAllReadable()
  for (let i = 0; i < 3; i++) await snapshotAndTidy(next)
  expect(next.failures).toEqual([])
  await next.expectAllReadable()
})

test('a body that is released while it is moved is not live in its new place', async () => {
  const disk = newDisk()
  const life = await openLedger(disk)
  await fillSegments(life, 6)
  life.drop(...[...life.ledger.bodies.keys()].filter((id) => id % 9 !== 0))
  await life.snapshot()
  disk.onOperation = (operation, name) => {
    if (operation === 'rename' && name.includes('.cold') && life.ledger.bodies.has(18)) life.drop(18)
  }
  await life.time.runFor(2000)
  expect(files(disk, 'cold')).toHaveLength(1)
  expect(life.ledger.bodies.has(18)).toBe(false)
  await expect(life.read(18)).rejects.toThrow('not live')
  expect(life.journal.stats().liveBytes).toBe(life.ledger.bodies.size * 300)
})

test('a damaged block keeps its segment where it is, and the rest goes on', async () => {
  const disk = newDisk()
  const life = await openLedger(disk)
  await fillSegments(life, 6)
  const [first] = files(disk, 'segment') as [string]
  life.drop(...[...life.ledger.bodies.keys()].filter((id) => id % 9 !== 0))
  disk.flipBit(first, Buffer.from(disk.contents(first)).indexOf('body 9 ') + 8, 1)
  for (let i = 0; i < 5; i++) await snapshotAndTidy(life)
  expect(life.failures).toEqual([])
  expect(life.reports.join('\n')).toContain(`${first} has a damaged block`)
  expect(files(disk, 'segment')).toContain(first)
  expect(files(disk, 'cold').length).toBeGreaterThan(0)
  await expect(life.read(9)).rejects.toThrow(/corrupt at offset/)
})

test('a full disk puts relocation off', async () => {
  const disk = newDisk()
  const life = await openLedger(disk)
  await fillSegments(life, 6)
  life.drop(...[...life.ledger.bodies.keys()].filter((id) => id % 9 !== 0))
  await life.snapshot()
  disk.onOperation = (operation, name) => {
    if (operation === 'write' && name.includes('.cold')) disk.failCall('write', 1, 'ENOSPC')
  }
  await life.time.runFor(2000)
  disk.onOperation = () => {}
  expect(life.failures).toEqual([])
  expect(life.reports.join('\n')).toMatch(/relocation of live bodies is put off/)
  expect(disk.names().filter((name) => name.endsWith('.tmp'))).toEqual([])
  await snapshotAndTidy(life)
  expect(files(disk, 'cold')).toHaveLength(1)
})

test('when work on files fails, a commit that is under way is not reported durable, and no more is begun', async () => {
  const time = new SimulatedTime(START)
  const latency = (operation: DiskOperation) => (operation === 'sync' ? 50 : 1)
  const disk = new SimulatedDisk({ random: new SeededRandom(1), timers: time, latency })
  const life = await openLedger(disk, STILL, time)
  await fillSegments(life, 4)
  life.drop(...life.ledger.bodies.keys())
  await life.commit()
  await life.snapshot()
  await life.time.runFor(2000)
  disk.failCall('remove', 1, 'EIO')
  await life.snapshot()
  life.add(bodyOf(life.journal.nextBodyId, 10))
  const { durableFrame } = life.journal
  await life.time.runFor(10)
  const calls = () => (['create', 'write', 'sync', 'remove'] as const).map((kind) => disk.count(kind))
  expect(life.failures).toHaveLength(1)
  const before = calls()
  await life.time.runFor(2000)
  expect(life.journal.durableFrame).toBe(durableFrame)
  expect(calls()).toEqual(before)
})
