import { expect, test } from 'vitest'
import {
  bodyOf,
  type LedgerProcess,
  newDisk,
  openLedger,
  SMALL,
  WITHOUT_ZEROS,
} from '../../../test/journal/ledger.ts'
import type { SimulatedDisk } from './simulated-disk.ts'
import { statJournal } from './stat-journal.ts'
import { verifyJournal } from './verify-journal.ts'

const TINY = { ...SMALL, segmentBytes: 1200, frameBytes: 600 }

async function work(life: LedgerProcess, frames: number): Promise<void> {
  for (let frame = 0; frame < frames; frame++) {
    for (let i = 0; i < 2; i++) life.add(bodyOf(life.journal.nextBodyId, 40))
    await life.commit()
  }
}

/** Several segments, one of them without live bodies gone, a cold file, indexes, two snapshots. */
async function richJournal(): Promise<SimulatedDisk> {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: { ...TINY, relocateForBytes: 1000 } })
  await work(life, 24)
  life.drop(...[...life.ledger.bodies.keys()].filter((id) => id % 8 !== 0))
  for (let i = 0; i < 3; i++) {
    await life.snapshot()
    await life.time.runFor(2000)
  }
  await work(life, 5)
  await life.close()
  return disk
}

test('a sound journal has no problems, and is as large as it says', async () => {
  const disk = await richJournal()
  const report = await verifyJournal(disk)
  expect(report.problems).toEqual([])
  expect(report.notes).toEqual([])
  expect(report).toMatchObject({ coldFiles: 1, snapshots: 2 })
  expect(report.frames).toBeGreaterThan(4)
  const stat = await statJournal(disk)
  expect(stat.segments).toHaveLength(report.segments)
  expect(stat.coldFiles[0]!.bodies).toBeGreaterThan(0)
  expect(stat.totalBytes).toBe(report.bytes)
  expect(stat.segments.every(({ state }) => state === 'sealed')).toBe(true)
  expect(stat.nextBodyId).toBe(59)
})

test('an empty directory is a sound journal', async () => {
  const disk = newDisk()
  expect(await verifyJournal(disk)).toMatchObject({ segments: 0, problems: [], notes: [] })
  expect(await statJournal(disk)).toMatchObject({ journalId: null, lastFrame: 0, segments: [] })
})

test('every bit that is turned over is found, wherever it is, and nothing is changed', async () => {
  const disk = await richJournal()
  const names = disk.names()
  for (const name of names) {
    const { length } = disk.contents(name)
    for (let offset = 0; offset < length; offset += 13) {
      disk.flipBit(name, offset, offset % 8)
      const { problems, notes } = await verifyJournal(disk)
      expect(
        [...problems, ...notes].map(({ file }) => file),
        `${name} at ${offset}`,
      ).toContain(name)
      disk.flipBit(name, offset, offset % 8)
    }
  }
  expect(disk.names()).toEqual(names)
  expect((await verifyJournal(disk)).problems).toEqual([])
})

test('a missing segment is a problem only if something in it was live', async () => {
  const disk = await richJournal()
  for (const name of disk.names().filter((each) => /\.(segment|cold)$/.test(each))) {
    const bytes = disk.contents(name)
    disk.discard(name)
    const { problems } = await verifyJournal(disk)
    const opened = await openLedger(copyOf(disk), { limits: TINY }).catch(() => null)
    expect(problems.length > 0, name).toBe(opened === null)
    disk.place(name, bytes)
  }
})

test('what a torn tail is, is a note', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: { ...TINY, ...WITHOUT_ZEROS, segmentBytes: 100_000 } })
  await work(life, 3)
  const [name] = disk.names() as [string]
  disk.place(name, disk.contents(name).subarray(0, -30))
  const { problems, notes } = await verifyJournal(disk)
  expect(problems).toEqual([])
  expect(notes).toEqual([expect.objectContaining({ file: name, problem: expect.stringContaining('never') })])
  expect((await statJournal(disk)).segments).toMatchObject([{ frames: '1 to 2', bodies: 4, state: 'open' }])
})

function copyOf(disk: SimulatedDisk): SimulatedDisk {
  const copy = newDisk()
  for (const name of disk.names()) copy.place(name, disk.contents(name))
  return copy
}
