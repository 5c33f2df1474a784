import { expect, test } from 'vitest'
import { bodyOf, type LedgerProcess, newDisk, openLedger, SMALL } from '../../../test/journal/ledger.ts'
import { SeededRandom } from '../../base/random.ts'
import { BodiesLostError, JournalError } from '../../journal/journal.ts'
import { type RepairReport, repairJournal } from './repair-journal.ts'
import type { SimulatedDisk } from './simulated-disk.ts'
import { verifyJournal } from './verify-journal.ts'

const TINY = { ...SMALL, segmentBytes: 1200, frameBytes: 600 }

async function work(life: LedgerProcess, frames: number): Promise<void> {
  for (let frame = 0; frame < frames; frame++) {
    for (let i = 0; i < 2; i++) life.add(bodyOf(life.journal.nextBodyId, 40))
    await life.commit()
  }
}

function copyOf(disk: SimulatedDisk): SimulatedDisk {
  const copy = newDisk()
  for (const name of disk.names()) copy.place(name, disk.contents(name))
  return copy
}

function repair(disk: SimulatedDisk, acceptLoss: boolean): Promise<RepairReport> {
  return repairJournal(disk, { acceptLoss, random: new SeededRandom(7), namesIn: nameAdded })
}

/** In place of queues: the tens of the ids that were added. */
function* nameAdded(events: Uint8Array): Iterable<string> {
  for (const [, id] of Buffer.from(events)
    .toString()
    .matchAll(/add (\d+)/g)) {
    yield `tens ${Math.floor(Number(id) / 10)}`
  }
}

function segmentsOf(disk: SimulatedDisk): string[] {
  return disk.names().filter((name) => name.endsWith('.segment'))
}

/** Frames of two bodies, without a snapshot: bodies 1 to 40 if not said otherwise. */
async function plainJournal(frames = 20): Promise<SimulatedDisk> {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: TINY })
  await work(life, frames)
  await life.close()
  return disk
}

/** A snapshot in the middle, and a cold file. Bodies 1 to 40, of which the first half is mostly dropped, and 41 to 58. */
async function richJournal(): Promise<SimulatedDisk> {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: { ...TINY, relocateForBytes: 1000 } })
  await work(life, 20)
  life.drop(...[...life.ledger.bodies.keys()].filter((id) => id < 25 && id % 8 !== 0))
  await life.snapshot()
  await life.time.runFor(2000)
  await work(life, 3)
  await life.snapshot()
  await work(life, 6)
  await life.close()
  expect(disk.names().filter((name) => name.endsWith('.cold'))).toHaveLength(1)
  return disk
}

/** Opens what was repaired, and reads all: each body right, or said to be lost. Returns those that are right. */
async function readableAfter(disk: SimulatedDisk): Promise<number[]> {
  const life = await openLedger(disk, { limits: TINY })
  const readable: number[] = []
  for (const [id, { bytes }] of life.ledger.bodies) {
    const read = await life.read(id).catch((error: unknown) => error)
    if (read instanceof BodiesLostError) expect(read.bodyIds).toEqual([id])
    else {
      expect((read as Buffer[])[0]!.equals(bodyOf(id, bytes)), `body ${id}`).toBe(true)
      readable.push(id)
    }
  }
  const next = life.journal.nextBodyId
  life.add(bodyOf(next, 40))
  life.drop(...[...life.ledger.bodies.keys()].slice(0, 3))
  await life.snapshot()
  await life.close()
  const again = await openLedger(disk.crash(), { limits: TINY })
  expect(await again.read(next)).toEqual([bodyOf(next, 40)])
  return readable
}

test('a sound journal is left alone', async () => {
  const disk = await richJournal()
  const before = disk.names()
  expect(await repair(disk, true)).toMatchObject({ outcome: 'sound', steps: [], quarantined: [] })
  expect(disk.names()).toEqual(before)
})

test('without acceptance nothing is changed, and the report says what it would cost', async () => {
  const disk = await plainJournal()
  const name = segmentsOf(disk)[1]!
  disk.flipBit(name, 300, 1)
  const before = disk.names().map((each) => [each, disk.contents(each)])
  const report = await repair(disk, false)
  expect(report).toMatchObject({ outcome: 'refused', quarantined: [] })
  expect(report.lostFrames).toEqual([expect.stringMatching(/^\d+ to \d+$/)])
  expect(report.lostBodies).toEqual([expect.stringMatching(/^\d+ to 40$/)])
  expect(report.affected).toContain('tens 3')
  expect(disk.names().map((each) => [each, disk.contents(each)])).toEqual(before)
})

test('a damaged frame is cut with all behind it, a copy is kept, and ids are not given again', async () => {
  const disk = await plainJournal()
  const name = segmentsOf(disk)[1]!
  disk.flipBit(name, 300, 1)
  const damaged = disk.contents(name)
  await expect(openLedger(copyOf(disk), { limits: TINY })).rejects.toThrow(JournalError)
  const report = await repair(disk, true)
  expect(report.outcome).toBe('repaired')
  expect(report.quarantined).toContain(`${name}.quarantine`)
  expect(disk.contents(`${name}.quarantine`)).toEqual(damaged)
  const first = Number(report.lostBodies[0]!.split(' ')[0])
  const life = await openLedger(disk, { limits: TINY })
  expect([...life.ledger.bodies.keys()]).toEqual(Array.from({ length: first - 1 }, (_, i) => i + 1))
  expect(life.journal.nextBodyId).toBe(41)
  await life.expectAllReadable()
  expect((await verifyJournal(disk)).problems).toEqual([])
})

test('a damaged block of bodies loses these bodies and nothing else', async () => {
  const disk = await plainJournal()
  const name = segmentsOf(disk)[1]!
  disk.flipBit(name, Buffer.from(disk.contents(name)).indexOf('body 11 ') + 3, 0)
  const report = await repair(disk, true)
  expect(report).toMatchObject({ outcome: 'repaired', lostFrames: [], lostBodies: ['11 to 12'] })
  expect(await repair(disk, false)).toMatchObject({ outcome: 'sound' })
  const readable = await readableAfter(disk)
  expect(readable).toHaveLength(38)
  expect(readable).not.toContain(11)
})

test('a damaged header costs nothing: the frames know what stood in it', async () => {
  for (const nth of [0, 1, -1]) {
    const disk = await plainJournal(18)
    disk.flipBit(segmentsOf(disk).at(nth)!, 40, 1)
    expect(await repair(disk, false)).toMatchObject({ outcome: 'repaired', lostFrames: [], lostBodies: [] })
    expect(await readableAfter(disk)).toHaveLength(36)
  }
})

test('a damaged footer costs nothing', async () => {
  const disk = await plainJournal()
  const name = segmentsOf(disk)[0]!
  disk.flipBit(name, disk.contents(name).length - 20, 1)
  expect(await repair(disk, false)).toMatchObject({ outcome: 'repaired', lostFrames: [], lostBodies: [] })
  expect(await readableAfter(disk)).toHaveLength(40)
})

test('wherever a bit turns over or a file is missing, a repaired journal opens and serves only what was written', async () => {
  const disk = await richJournal()
  const damages: ((disk: SimulatedDisk) => void)[] = []
  for (const name of disk.names()) {
    const { length } = disk.contents(name)
    for (let offset = 0; offset < length; offset += 67) {
      damages.push((damaged) => damaged.flipBit(name, offset, offset % 8))
    }
    damages.push((damaged) => damaged.discard(name))
    damages.push((damaged) => damaged.place(name, disk.contents(name).subarray(0, 200)))
    damages.push((damaged) => damaged.place(name, disk.contents(name).subarray(0, length >> 1)))
  }
  for (const [i, inflict] of damages.entries()) {
    const damaged = copyOf(disk)
    inflict(damaged)
    const report = await repair(damaged, true)
    const sure = await verifyJournal(damaged)
    expect(sure.problems, `damage ${i}: ${report.steps.join(', ')}`).toEqual([])
    const readable = await readableAfter(damaged).catch((error: unknown) => {
      throw new Error(`damage ${i}: ${inflict.toString()} ${report.steps.join(', ')}`, { cause: error })
    })
    if (report.lostBodies.length === 0 && report.lostFrames.length === 0) expect(readable).toHaveLength(37)
  }
})

test('a crash at any call of a repair leaves something that can be repaired', async () => {
  const sound = await richJournal()
  for (const [nth, offset] of [
    [2, 300],
    [3, 700],
    [-1, 400],
  ] as const) {
    for (let call = 1; ; call += 3) {
      let disk = copyOf(sound)
      disk.flipBit(segmentsOf(disk).at(nth)!, offset, 2)
      let calls = 0
      let next: SimulatedDisk | null = null
      disk.onOperation = () => {
        if (++calls === call) next = disk.crash()
      }
      await repair(disk, true).catch(() => {})
      if (next === null) break
      disk = next
      await repair(disk, true)
      expect((await verifyJournal(disk)).problems, `call ${call}`).toEqual([])
      expect((await readableAfter(disk)).length).toBeGreaterThan(10)
    }
  }
})

test('where nothing is left to build on, it says so', async () => {
  const disk = await plainJournal()
  disk.discard(segmentsOf(disk)[0]!)
  await expect(repair(disk, true)).rejects.toThrow(/nothing can be repaired/)
})

test('a journal of which only the snapshot is left opens again, and gives no id twice', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: TINY })
  await work(life, 8)
  await life.snapshot()
  await life.close()
  for (const name of segmentsOf(disk)) disk.place(name, new Uint8Array(64).fill(7))
  const ids = [...life.ledger.bodies.keys()]
  const report = await repair(disk, true)
  expect(report).toMatchObject({ outcome: 'repaired', lostFrames: [], lostBodies: ['1 to 16'] })
  const next = await openLedger(disk, { limits: TINY })
  expect([...next.ledger.bodies.keys()]).toEqual(ids)
  expect(next.journal.nextBodyId).toBe(17)
  await work(next, 8)
  expect(next.failures).toEqual([])
  expect((await next.read(20))[0]).toEqual(bodyOf(20, 40))
})

test('damaged bodies of the newest segment are lost, and nothing else is, whether it was closed or not', async () => {
  for (const isClosed of [false, true]) {
    const disk = newDisk()
    const life = await openLedger(disk, { limits: { ...TINY, segmentBytes: 100_000 } })
    await work(life, 5)
    await life.time.runFor(50)
    if (isClosed) await life.close()
    const [name] = segmentsOf(disk) as [string]
    disk.flipBit(name, Buffer.from(disk.contents(name)).indexOf('body 5 ') + 3, 1)
    const damaged = copyOf(disk)
    if (isClosed) damaged.discard(name.replace('segment', 'index'))
    await expect(openLedger(copyOf(damaged), { limits: TINY })).rejects.toThrow('does not match its checksum')
    expect(await repair(damaged, true)).toMatchObject({ lostFrames: [], lostBodies: ['5 to 6'] })
    const next = await openLedger(damaged, { limits: TINY })
    expect(next.ledger.bodies.size).toBe(10)
    await expect(next.read(5)).rejects.toBeInstanceOf(BodiesLostError)
    for (const id of [1, 4, 7, 10]) expect(await next.read(id)).toEqual([bodyOf(id, 40)])
  }
})

test('damaged bodies before a cut are lost with what is behind it, and do not keep the journal from opening', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: { ...TINY, segmentBytes: 100_000 } })
  await work(life, 6)
  await life.close()
  const [name] = segmentsOf(disk) as [string]
  for (const text of ['body 5 ', 'add 9 ']) {
    disk.flipBit(name, Buffer.from(disk.contents(name)).indexOf(text) + 3, 1)
  }
  expect(await repair(disk, true)).toMatchObject({ outcome: 'repaired', lostBodies: ['5 to 6', '9 to 12'] })
  const next = await openLedger(disk, { limits: TINY })
  expect([...next.ledger.bodies.keys()]).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
  await expect(next.read(5)).rejects.toBeInstanceOf(BodiesLostError)
  for (const id of [4, 7]) expect(await next.read(id)).toEqual([bodyOf(id, 40)])
})

test('a copy of a segment under the name of a frame that another one has is taken away, and nothing is lost', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: TINY })
  await work(life, 12)
  await life.close()
  const last = segmentsOf(disk).at(-1)!
  const stray = `${String(Number(last.slice(0, 16)) + 1).padStart(16, '0')}.segment`
  disk.place(stray, disk.contents(segmentsOf(disk)[0]!))
  expect(await repair(disk, false)).toMatchObject({ outcome: 'repaired', lostFrames: [], lostBodies: [] })
  expect(disk.names()).not.toContain(stray)
  const next = await openLedger(disk, { limits: TINY })
  expect(next.ledger.bodies.size).toBe(24)
  await next.expectAllReadable()
})
