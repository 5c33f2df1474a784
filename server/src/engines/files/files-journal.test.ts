import { expect, test } from 'vitest'
import {
  bodyOf,
  type LedgerProcess,
  newDisk,
  openLedger,
  SMALL,
  START,
  WITHOUT_ZEROS,
} from '../../../test/journal/ledger.ts'
import { SimulatedTime } from '../../../test/simulation/simulated-time.ts'
import { SeededRandom } from '../../base/random.ts'
import { JournalError } from '../../journal/journal.ts'
import { FILES_LIMITS } from './limits.ts'
import { RESERVE_FILE, SPACE_LIMITS } from './reserve.ts'
import { SimulatedDisk } from './simulated-disk.ts'
import type { DiskOperation } from './simulated-disk-calls.ts'

/** Adds bodies of some length, a few to a frame, and waits until they are durable. */
async function fill(life: LedgerProcess, bodies: number, bytes = 300, perFrame = 7): Promise<void> {
  for (let done = 0; done < bodies; done += perFrame) {
    for (let i = done; i < Math.min(bodies, done + perFrame); i++) {
      life.add(bodyOf(life.journal.nextBodyId, bytes))
    }
    await life.commit()
  }
}

function segmentsOn(names: readonly string[]): string[] {
  return names.filter((name) => name.endsWith('.segment'))
}

test('what was appended is there after a power loss, in order, with its bodies', async () => {
  const disk = newDisk()
  const life = await openLedger(disk)
  for (let id = 1; id <= 200; id++) {
    life.add(bodyOf(id, id * 3))
    if (id % 7 === 0) await life.commit()
  }
  await life.commit()
  expect(life.failures).toEqual([])
  const next = await openLedger(disk.crash())
  expect([...next.ledger.bodies.keys()]).toEqual([...life.ledger.bodies.keys()])
  expect(next.journal.nextBodyId).toBe(201)
  await next.expectAllReadable()
})

test('appends of one turn of the event loop share a frame, one write and one sync', async () => {
  const disk = newDisk()
  const life = await openLedger(disk)
  const [writes, syncs] = [disk.count('write'), disk.count('sync')]
  const frame = life.journal.openFrame
  for (let i = 0; i < 5; i++) life.add(bodyOf(1 + i, 100))
  expect(life.journal.durableFrame).toBe(frame - 1)
  await life.commit()
  expect(life.journal.durableFrame).toBe(frame)
  expect(life.durable).toEqual([frame])
  expect([disk.count('write') - writes, disk.count('sync') - syncs]).toEqual([1, 1])
})

test('what comes while a frame is on its way to the disk goes into the next one', async () => {
  const life = await openLedger(newDisk())
  const frame = life.journal.openFrame
  life.add(bodyOf(1, 100))
  await life.time.step()
  life.add(bodyOf(2, 100))
  await life.commit()
  expect(life.journal.durableFrame).toBeGreaterThanOrEqual(frame + 1)
})

test('a frame waits while more join it with every turn, but not for ever', async () => {
  const life = await openLedger(newDisk())
  const frame = life.journal.openFrame
  const addAndStep = async () => {
    life.add(bodyOf(life.journal.nextBodyId, 10))
    await life.time.step()
  }
  life.add(bodyOf(1, 100))
  for (let turn = 1; turn < FILES_LIMITS.gatherTurns; turn++) await addAndStep()
  expect(life.journal.openFrame).toBe(frame)
  for (let turn = 0; turn < 3; turn++) await addAndStep()
  expect(life.journal.openFrame).toBeGreaterThan(frame)
  await life.commit()
})

test('a frame that is large already goes to the disk within the turn, while the next is made', async () => {
  const life = await openLedger(newDisk())
  const frame = life.journal.openFrame
  life.add(bodyOf(1, 900))
  await Promise.resolve()
  expect(life.journal.openFrame).toBe(frame)
  life.add(bodyOf(2, 200))
  for (let task = 0; task < 10; task++) await Promise.resolve()
  expect(life.journal.openFrame).toBe(frame + 1)
  life.add(bodyOf(3, 100))
  await life.commit()
})

test('a frame that enough was added to goes to the disk within the turn', async () => {
  const life = await openLedger(newDisk())
  const frame = life.journal.openFrame
  const { gatherAppends } = { ...FILES_LIMITS, ...SMALL }
  for (let i = 1; i < gatherAppends; i++) life.add(bodyOf(i, 10))
  await Promise.resolve()
  expect(life.journal.openFrame).toBe(frame)
  life.add(bodyOf(gatherAppends, 10))
  await Promise.resolve()
  expect(life.journal.openFrame).toBe(frame + 1)
  await life.commit()
})

/** A journal on a disk that takes its time: for each of the next writes and syncs as many milliseconds as the lists say. */
async function openSlowly(seed: number) {
  const time = new SimulatedTime(START)
  const writes: number[] = []
  const syncs: number[] = []
  const latency = (operation: DiskOperation) => {
    if (operation === 'sync') return syncs.shift() ?? 1
    return (operation === 'write' ? writes.shift() : undefined) ?? 0.01
  }
  const disk = new SimulatedDisk({ random: new SeededRandom(seed), timers: time, latency })
  return { time, writes, syncs, disk, life: await openLedger(disk, {}, time) }
}

/** Frames with enough in them, each within the turn. */
async function addFrames(life: LedgerProcess, frames: number): Promise<void> {
  for (let i = 0; i < frames; i++) {
    life.add(bodyOf(life.journal.nextBodyId, 1100))
    await Promise.resolve()
  }
}

test('two frames are on their way to the disk at a time, and what comes meanwhile gathers', async () => {
  const { disk, life, time } = await openSlowly(1)
  const [frame, writes] = [life.journal.openFrame, disk.count('write')]
  await addFrames(life, 3)
  life.add(bodyOf(4, 100))
  expect(life.journal.openFrame).toBe(frame + 2)
  await time.runFor(0.5)
  expect(disk.count('write') - writes).toBe(2)
  expect(life.durable).toEqual([])
  await time.runFor(3)
  expect(disk.count('write') - writes).toBe(3)
  expect(life.durable).toEqual([frame, frame + 1, frame + 2])
  await life.expectAllReadable()
})

test('a frame that is on disk first is reported after the one before it', async () => {
  const { life, syncs, time } = await openSlowly(1)
  const frame = life.journal.openFrame
  syncs.push(9, 1)
  await addFrames(life, 2)
  await time.runFor(5)
  expect(life.durable).toEqual([])
  expect(life.journal.durableFrame).toBe(frame - 1)
  expect(life.journal.read([2])).toEqual([bodyOf(2, 1100)])
  await time.runFor(5)
  expect(life.durable).toEqual([frame, frame + 1])
})

test('a write that fails takes with it what was written after it, and what was before and is not done', async () => {
  for (const [failing, ...latencies] of [
    [1, 9, 1],
    [1, 1, 9],
    [2, 9, 1],
  ] as const) {
    const { disk, life, syncs, time } = await openSlowly(1)
    syncs.push(...latencies)
    disk.failCall('sync', failing, 'EIO')
    await addFrames(life, 2)
    await time.runFor(20)
    expect(life.failures).toHaveLength(1)
    expect(life.durable).toEqual([])
  }
})

test('where nobody can be told that a frame is durable, the journal closes', async () => {
  const { life, time } = await openSlowly(1)
  life.durable.push = () => {
    throw new Error('nobody is there')
  }
  await addFrames(life, 2)
  await time.runFor(20)
  expect(life.failures).toMatchObject([{ name: 'JournalError', cause: { message: 'nobody is there' } }])
})

test('after a power loss a frame that is on disk is cut where the one before it is not, and nothing else', async () => {
  let holes = 0
  for (let seed = 1; seed <= 100; seed++) {
    const { disk, life, writes, time } = await openSlowly(seed)
    // Two frames are durable; of the next two it's the second that is on the platter.
    writes.push(0.01, 0.01, 9)
    await addFrames(life, 4)
    await time.runFor(4)
    expect(life.durable).toHaveLength(2)
    const next = await openLedger(disk.crash(), {}, time)
    const kept = [...next.ledger.bodies.keys()]
    expect([
      [1, 2],
      [1, 2, 3, 4],
    ]).toContainEqual(kept)
    if (kept.length === 2) holes++
    await next.expectAllReadable()
  }
  expect(holes).toBeGreaterThan(10)
})

test('with durability os nothing is synced but the end of a segment', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { durability: 'os' })
  const syncs = disk.count('sync')
  await fill(life, 7)
  expect(disk.count('sync')).toBe(syncs)
  const killed = await openLedger(disk.kill())
  expect(killed.ledger.bodies.size).toBe(7)
})

test('a segment that ended is on stable storage, also with durability os', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { durability: 'os' })
  await fill(life, 100)
  const sealed = segmentsOn(disk.names()).slice(0, -1)
  expect(sealed.length).toBeGreaterThan(2)
  for (const name of sealed) {
    const durable = disk.durableContents(name)
    expect(durable !== null && Buffer.compare(durable, disk.contents(name)) === 0, name).toBe(true)
  }
})

test('some milliseconds after the last commit one empty frame follows, and then nothing', async () => {
  const disk = newDisk()
  const life = await openLedger(disk)
  await fill(life, 1)
  const { durableFrame } = life.journal
  await life.time.runFor(4)
  expect(life.journal.durableFrame).toBe(durableFrame)
  await life.time.runFor(20)
  expect(life.journal.durableFrame).toBe(durableFrame + 1)
  const writes = disk.count('write')
  await life.time.runFor(10_000)
  expect(disk.count('write')).toBe(writes)
})

test('a body can be read before it is durable, from the cache, and from disk', async () => {
  const disk = newDisk()
  const life = await openLedger(disk)
  const id = life.add(bodyOf(1, 500))
  const readAtOnce = () => (life.journal.read([id]) as Uint8Array[]).map((body) => Buffer.from(body))
  expect(readAtOnce()).toEqual([bodyOf(1, 500)])
  await life.commit()
  expect(readAtOnce()).toEqual([bodyOf(1, 500)])
  await fill(life, 60)
  expect(life.journal.read([id])).toBeInstanceOf(Promise)
  expect(await life.read(id, 30, 61)).toEqual([bodyOf(1, 500), bodyOf(30, 300), bodyOf(61, 300)])
})

test('bodies of every length come back, also the empty one and those larger than a block', async () => {
  const disk = newDisk()
  const life = await openLedger(disk)
  const lengths = [0, 1, 65_531, 65_532, 65_533, 200_000, 0, 5]
  lengths.forEach((length, i) => {
    life.add(bodyOf(i + 1, length))
  })
  life.add(...lengths.map((length, i) => bodyOf(i + 9, length)))
  await life.commit()
  await life.expectAllReadable()
  const next = await openLedger(disk.crash())
  expect(next.ledger.bodies.size).toBe(16)
  await next.expectAllReadable()
})

test('bodies that are asked for together are read once, neighbours in one call', async () => {
  const disk = newDisk()
  const first = await openLedger(disk)
  // Each has a block of its own, of which two and more fit into one call.
  const bytes = 300
  await fill(first, 40, bytes, 1)
  await first.journal.close()
  const life = await openLedger(disk)
  const reads = disk.count('read')
  const bodyIds = Array.from({ length: 40 }, (_, i) => i + 1)
  const [all, again] = await Promise.all([life.journal.read(bodyIds), life.journal.read(bodyIds)])
  expect(all.map((body) => body.length)).toEqual(bodyIds.map(() => bytes))
  expect(again).toEqual(all)
  expect(disk.count('read') - reads).toBeLessThan(24)
})

test('an id that is not live can not be read', async () => {
  const life = await openLedger(newDisk())
  await fill(life, 3)
  life.drop(2)
  await expect(life.read(2)).rejects.toThrow(JournalError)
  await expect(life.read(4)).rejects.toThrow('not live')
  expect(await life.read(1, 3)).toHaveLength(2)
})

test('a body with several references lives until the last of them goes', async () => {
  const disk = newDisk()
  const life = await openLedger(disk)
  await fill(life, 1)
  life.share(1)
  life.share(1)
  life.drop(1)
  await life.commit()
  const next = await openLedger(disk.crash())
  next.drop(1)
  expect(await next.read(1)).toHaveLength(1)
  next.drop(1)
  await expect(next.read(1)).rejects.toThrow('not live')
  expect(next.journal.stats().liveBytes).toBe(0)
})

test('a segment that is full is sealed, indexed, and followed by the next', async () => {
  const disk = newDisk()
  const life = await openLedger(disk)
  await fill(life, 100)
  await life.time.runFor(100)
  const names = disk.names()
  expect(segmentsOn(names).length).toBeGreaterThan(3)
  expect(names.filter((name) => name.endsWith('.index'))).toHaveLength(segmentsOn(names).length - 1)
  const { stats } = life.journal
  expect(stats.call(life.journal)).toMatchObject({ segments: segmentsOn(names).length, liveBytes: 30_000 })
})

test('closing seals, so that the next start writes nothing anew', async () => {
  const disk = newDisk()
  const life = await openLedger(disk)
  await fill(life, 45)
  await life.close()
  expect(disk.openNames()).toEqual([])
  const before = segmentsOn(disk.names()).map((name) => ({ name, bytes: disk.contents(name) }))
  const next = await openLedger(disk.crash())
  for (const { name, bytes } of before)
    expect(disk.contents(name).every((byte, i) => byte === bytes[i])).toBe(true)
  await next.expectAllReadable()
  expect(next.reports).toEqual([])
  expect(next.journal.openFrame).toBe(life.journal.durableFrame + 1)
})

test('starts and stops without appends leave no files behind', async () => {
  const disk = newDisk()
  await (await openLedger(disk)).close()
  const names = disk.names()
  for (let i = 0; i < 3; i++) await (await openLedger(disk)).close()
  expect(disk.names()).toEqual(names)
})

test('a closed journal takes nothing more', async () => {
  const life = await openLedger(newDisk())
  await life.close()
  expect(() => life.add(bodyOf(1, 1))).toThrow(JournalError)
})

test('a crash right after a start, again and again, loses nothing and piles nothing up', async () => {
  let disk = newDisk()
  const life = await openLedger(disk)
  await fill(life, 20)
  for (let i = 0; i < 5; i++) {
    disk = disk.crash()
    const next = await openLedger(disk)
    expect(next.ledger.bodies.size).toBe(20)
    await next.expectAllReadable()
  }
  expect(segmentsOn(disk.names()).length).toBeLessThan(4)
})

test('a failed write or sync is reported once, and nothing is tried again', async () => {
  for (const operation of ['write', 'sync'] as const) {
    for (const fault of ['EIO', 'ENOSPC'] as const) {
      const disk = newDisk()
      const life = await openLedger(disk, { limits: { ...SMALL, ...WITHOUT_ZEROS } })
      await fill(life, 3)
      disk.failCall(operation, 1, fault)
      const { durableFrame } = life.journal
      life.add(bodyOf(4, 100))
      await life.commit()
      expect(life.failures).toHaveLength(1)
      expect(life.failures[0]).toMatchObject({ name: 'JournalError', cause: { code: fault } })
      const syncs = disk.count('sync')
      expect(() => life.add(bodyOf(5, 100))).toThrow(JournalError)
      await expect(Promise.resolve(life.journal.read([1]))).rejects.toThrow(JournalError)
      await life.time.runFor(1000)
      await expect(life.close()).rejects.toThrow(JournalError)
      expect(disk.count('sync')).toBe(syncs)
      expect(life.journal.durableFrame).toBe(durableFrame)
      expect(disk.openNames()).toEqual([])
      expect(life.failures).toHaveLength(1)
    }
  }
})

test('an error at any call of the disk loses nothing that was durable', async () => {
  const operations: DiskOperation[] = [
    ...(['create', 'write', 'sync', 'rename', 'syncDirectory', 'read', 'open', 'size', 'list'] as const),
    ...(['remove', 'close'] as const),
  ]
  for (const operation of operations) {
    for (let nth = 1; nth < 120; nth += nth < 12 ? 1 : 11) {
      const disk = newDisk(nth)
      const life = await openLedger(disk)
      const before = disk.count(operation)
      disk.failCall(operation, nth, nth % 2 === 0 ? 'EIO' : 'ENOSPC')
      const known = new Set<number>()
      await workUntilFailure(life, known)
      if (disk.count(operation) - before < nth) break
      const next = await openLedger(disk.crash())
      for (const id of known) expect(next.ledger.bodies.has(id), `${operation} ${nth}: body ${id}`).toBe(true)
      await next.expectAllReadable()
    }
  }
})

/** Everything a journal does, until it fails or the work is done; `known` are the bodies that must not be lost. */
async function workUntilFailure(life: LedgerProcess, known: Set<number>): Promise<void> {
  try {
    for (let round = 0; round < 4; round++) {
      for (let i = 0; i < 15; i++) {
        const id = life.add(bodyOf(life.journal.nextBodyId, 300))
        await life.commit()
        if (life.failures.length === 0) known.add(id)
      }
      await life.snapshot().catch(() => {})
      const first = [...known].slice(0, 12)
      for (const id of first) known.delete(id)
      life.drop(...first)
      await life.read(...[...known].slice(0, 3))
      await life.time.runFor(50)
    }
    await life.close()
  } catch (error) {
    if (!(error instanceof JournalError)) throw error
  }
}

test('below the floor the disk is low, and a full disk gives up its reserve for the next start', async () => {
  const disk = newDisk(1, { capacityBytes: 200_000 })
  const time = new SimulatedTime(START)
  const limits = { ...SPACE_LIMITS, reserveBytes: 40_000, headroomBytes: 1000, askAfterBytes: 1000 }
  const space = { clock: time, limits, floorBytes: 60_000 }
  const life = await openLedger(disk, { space })
  expect(life.journal.lowOnSpace).toBe(false)
  expect(disk.names()).toContain(RESERVE_FILE)
  await fill(life, 350)
  expect(life.failures).toEqual([])
  expect(life.journal.lowOnSpace).toBe(true)
  disk.capacityBytes = 200_000 - (await disk.freeBytes())
  const next = await openLedger(disk.crash(), { space })
  expect(next.reports.join()).toMatch(/reserve file is given up/)
  expect(next.ledger.bodies.size).toBe(350)
  await next.expectAllReadable()
})
