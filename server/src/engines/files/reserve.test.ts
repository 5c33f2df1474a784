import { expect, test } from 'vitest'
import { SimulatedTime } from '../../../test/simulation/simulated-time.ts'
import { SeededRandom } from '../../base/random.ts'
import type { DiskFile } from './disk.ts'
import { openSpaceGuard, RESERVE_FILE, type SpaceGuard } from './reserve.ts'
import { SimulatedDisk } from './simulated-disk.ts'

const limits = {
  reserveBytes: 1000,
  headroomBytes: 100,
  askAfterBytes: 500,
  askAfterMilliseconds: 1000,
}
const FLOOR = 2000

interface Setting {
  readonly disk: SimulatedDisk
  readonly time: SimulatedTime
  readonly reports: string[]
  readonly open: () => Promise<SpaceGuard>
}

function setting(capacityBytes: number): Setting {
  const disk = new SimulatedDisk({ random: new SeededRandom(1), capacityBytes })
  const time = new SimulatedTime(0)
  const reports: string[] = []
  const report = (problem: string) => reports.push(problem)
  const open = () => openSpaceGuard({ disk, clock: time, limits, floorBytes: () => FLOOR, report })
  return { disk, time, reports, open }
}

/** Writes `bytes` more to the end of a file if the guard has room for them; returns whether it had. */
async function write(guard: SpaceGuard, file: DiskFile, bytes: number): Promise<boolean> {
  if (!(await guard.room(bytes))) return false
  await file.write([new Uint8Array(bytes)], await file.size())
  return true
}

test('the reserve file is made durably of zeros, once', async () => {
  const { disk, open } = setting(10_000)
  expect((await open()).hasReserve).toBe(true)
  expect(disk.durableContents(RESERVE_FILE)).toEqual(new Uint8Array(1000))
  expect(disk.openNames()).toEqual([])
  expect((await open()).hasReserve).toBe(true)
  expect(disk.count('create')).toBe(1)
})

test('every byte of the reserve is written: a hole would reserve nothing', async () => {
  const MIB = 1024 * 1024
  const disk = new SimulatedDisk({ random: new SeededRandom(1) })
  await openSpaceGuard({
    disk,
    clock: new SimulatedTime(0),
    limits: { ...limits, reserveBytes: 2.5 * MIB },
    floorBytes: () => 0,
    report: () => expect.unreachable(),
  })
  expect(disk.contents(RESERVE_FILE).length).toBe(2.5 * MIB)
  expect(disk.count('write')).toBe(3)
})

test('no reserve is made where there is no room for it above the floor', async () => {
  const { disk, open, reports } = setting(FLOOR + 999)
  expect((await open()).hasReserve).toBe(false)
  expect(disk.names()).toEqual([])
  expect(reports).toEqual([])
})

test('a reserve file of another size is made anew', async () => {
  const { disk, open } = setting(10_000)
  disk.place(RESERVE_FILE, new Uint8Array(10))
  expect((await open()).hasReserve).toBe(true)
  expect(disk.contents(RESERVE_FILE).length).toBe(1000)
})

test('a reserve that cannot be made is reported and leaves nothing behind', async () => {
  for (const operation of ['create', 'write', 'sync', 'syncDirectory'] as const) {
    const { disk, open, reports } = setting(10_000)
    disk.failCall(operation, 1, operation === 'write' ? 'ENOSPC' : 'EIO')
    expect((await open()).hasReserve).toBe(false)
    expect(reports.length).toBe(1)
    expect(disk.names()).toEqual([])
  }
})

test('a write that fits is let through at once, and the disk asked only now and then', async () => {
  const { disk, time, open } = setting(1_000_000)
  const guard = await open()
  const before = disk.count('freeBytes')
  for (let i = 0; i < 50; i++) expect(guard.room(9)).toBe(true)
  expect(disk.count('freeBytes')).toBe(before)
  expect(guard.room(50)).toBe(true)
  expect(disk.count('freeBytes')).toBe(before + 1)
  await guard.close()
  await time.runFor(999)
  guard.room(1)
  expect(disk.count('freeBytes')).toBe(before + 1)
  await time.runFor(1)
  guard.room(1)
  guard.room(1)
  expect(disk.count('freeBytes')).toBe(before + 2)
})

test('the journal is low below the floor, and recovers only a tenth above it', async () => {
  const { disk, time, open } = setting(3500)
  const guard = await open() // 2500 free behind the reserve
  const file = await disk.create('a')
  const isLowNow = async () => {
    await time.runFor(1000)
    guard.isLow()
    await guard.close()
    return guard.isLow()
  }
  expect(guard.isLow()).toBe(false)
  await write(guard, file, 500)
  expect(await isLowNow()).toBe(false) // 2000, the floor itself
  await write(guard, file, 1)
  expect(await isLowNow()).toBe(true)
  await file.truncate(301)
  expect(await isLowNow()).toBe(true) // 2199
  await file.truncate(300)
  expect(await isLowNow()).toBe(false)
})

test('the reserve is given up when a write would not fit, and writes go on into its space', async () => {
  const { disk, open, reports } = setting(4000)
  const guard = await open()
  const file = await disk.create('a')
  let written = 0
  while (guard.hasReserve) {
    expect(await write(guard, file, 70)).toBe(true)
    written += 70
  }
  expect(written).toBeGreaterThan(3000 - 100 - 70)
  expect(guard.isLow()).toBe(true)
  expect(disk.names()).toEqual(['a'])
  expect(reports).toEqual([expect.stringContaining('reserve file is given up')])
  while (await write(guard, file, 70)) written += 70
  expect(written).toBeGreaterThan(4000 - 70)
  expect(written).toBeLessThanOrEqual(4000)
})

test('no write is let through that would not fit', async () => {
  const { open } = setting(4000)
  const guard = await open()
  expect(await guard.room(4001)).toBe(false)
  expect(await guard.room(4000)).toBe(true)
})

test('what is announced while the disk is asked counts against its answer', async () => {
  const { time, open } = setting(4000)
  const guard = await open() // 3000 free behind the reserve
  await time.runFor(1000)
  expect(guard.isLow()).toBe(false)
  expect(guard.room(1001)).toBe(true)
  await guard.close()
  expect(guard.isLow()).toBe(true)
})

test('others who fill the disk are noticed', async () => {
  const { disk, time, open } = setting(10_000)
  const guard = await open()
  disk.capacityBytes = 1050
  await time.runFor(1000)
  expect(guard.isLow()).toBe(false)
  await guard.close()
  expect(guard.isLow()).toBe(true)
  expect(await guard.room(60)).toBe(true)
  expect(guard.hasReserve).toBe(false)
})

test('the reserve is made again when there is room for it above the floor', async () => {
  const { disk, time, open } = setting(4000)
  const guard = await open()
  const file = await disk.create('a')
  while (guard.hasReserve) await write(guard, file, 70)
  const lookAgain = async () => {
    await time.runFor(1000)
    guard.isLow()
    await guard.close()
    await guard.close()
  }
  await file.truncate(801) // 3199 free: the reserve would leave less than the floor and a tenth
  await lookAgain()
  expect(guard.hasReserve).toBe(false)
  await file.truncate(800)
  await lookAgain()
  expect(guard.hasReserve).toBe(true)
  expect(guard.isLow()).toBe(false)
})

test('a disk that does not answer is reported, and the last answer stands', async () => {
  const { disk, time, open, reports } = setting(10_000)
  const guard = await open()
  disk.failCall('freeBytes', 1, 'EIO')
  await time.runFor(1000)
  expect(guard.isLow()).toBe(false)
  await guard.close()
  expect(guard.isLow()).toBe(false)
  expect(reports).toEqual([expect.stringContaining('EIO')])
})
