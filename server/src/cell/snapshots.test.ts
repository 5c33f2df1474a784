import { expect, test } from 'vitest'
import { CellRig, textsOf } from '../../test/cell/cell-rig.ts'

const MB = 1024 * 1024

async function rigWithMessages(count: number): Promise<CellRig> {
  const rig = await CellRig.open()
  await rig.create()
  for (let i = 0; i < count; i++) rig.send(`${i}`)
  await rig.commit()
  return rig
}

async function allTexts(rig: CellRig): Promise<string[]> {
  const texts: string[] = []
  for (;;) {
    const received = rig.receive({ hide: 600 })
    await rig.commit()
    const found = textsOf(received)
    if (found.length === 0) return texts
    texts.push(...found)
  }
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => `${from + i}`)

test('a snapshot is taken when a restart would have much to replay, and not before', async () => {
  const rig = await rigWithMessages(3)
  rig.journal.figures.replayBytes = 64 * MB
  await rig.time.runFor(5000)
  expect(rig.journal.snapshots).toHaveLength(0)
  rig.journal.figures.replayBytes = 64 * MB + 1
  await rig.time.runFor(1000)
  expect(rig.journal.snapshots.length).toBe(1)
})

test('garbage is worth a snapshot, but not forever while nothing happens', async () => {
  const rig = await rigWithMessages(3)
  rig.journal.figures.bytes = 200 * MB
  rig.journal.figures.liveBytes = 100 * MB
  await rig.time.runFor(10 * 60_000)
  const taken = rig.journal.snapshots.length
  expect(taken).toBeGreaterThanOrEqual(2)
  expect(taken).toBeLessThan(5)
  rig.send('more')
  await rig.commit()
  await rig.time.runFor(10 * 60_000)
  expect(rig.journal.snapshots.length).toBe(2 * taken)
})

test('a restart from a snapshot has what was there at its cut, and what the journal holds after it', async () => {
  const before = await rigWithMessages(1000)
  before.journal.holdWrites = true
  const snapshot = before.cell.snapshot()
  await before.settle()
  for (let i = 1000; i < 1100; i++) before.send(`${i}`)
  await before.commit()
  before.journal.letWritesGo()
  await before.time.settle(snapshot)
  expect(before.journal.snapshots[0]!.frame).toBeLessThan(before.journal.durableFrame)
  const rig = await CellRig.open({ journal: before.journal, time: before.time })
  expect((await allTexts(rig)).sort()).toEqual(numbers(0, 1100).sort())
})

test('a second snapshot waits for the first', async () => {
  const rig = await rigWithMessages(10)
  rig.journal.holdWrites = true
  rig.journal.figures.replayBytes = 65 * MB
  const asked = rig.cell.snapshot()
  // Another one is due all the while.
  await rig.time.runFor(5000)
  const second = rig.cell.snapshot()
  const third = rig.cell.snapshot()
  await rig.time.runFor(5000)
  rig.journal.letWritesGo()
  await rig.time.settle(asked)
  await rig.time.settle(second)
  await rig.time.settle(third)
  expect(rig.reports).toEqual([])
  expect(rig.journal.snapshots.length).toBeGreaterThanOrEqual(3)
})

test('a snapshot that fails is abandoned and reported, the cell goes on, and a later one has everything', async () => {
  const before = await rigWithMessages(700)
  await before.time.settle(before.cell.snapshot())
  before.send('700')
  await before.commit()
  const error = new Error('ENOSPC')
  before.journal.snapshotError = error
  before.journal.figures.replayBytes = 65 * MB
  await before.time.runFor(1000)
  expect(before.reports).toEqual([error])
  expect(before.journal.aborted).toBe(1)
  expect(before.failures).toEqual([])
  before.journal.snapshotError = null
  await before.time.runFor(60_000)
  expect(before.journal.snapshots.length).toBeGreaterThan(1)
  const rig = await CellRig.open({ journal: before.journal, time: before.time })
  expect((await allTexts(rig)).sort()).toEqual(numbers(0, 701).sort())
})

test('a snapshot that fails again and again is not tried every second', async () => {
  const rig = await rigWithMessages(3)
  rig.journal.snapshotError = new Error('ENOSPC')
  rig.journal.figures.replayBytes = 65 * MB
  await rig.time.runFor(120_000)
  expect(rig.reports.length).toBeGreaterThan(2)
  expect(rig.reports.length).toBeLessThan(6)
})

test('a cell that closes waits for the snapshot under way', async () => {
  const rig = await rigWithMessages(10)
  rig.journal.holdWrites = true
  rig.journal.figures.replayBytes = 65 * MB
  await rig.time.runFor(1000)
  const closing = rig.cell.close()
  await rig.time.runFor(1000)
  expect(rig.journal.closed).toBe(false)
  rig.journal.letWritesGo()
  await rig.time.settle(closing)
  expect(rig.journal.snapshots).toHaveLength(1)
})
