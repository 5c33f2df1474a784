import { expect, test } from 'vitest'
import {
  files,
  type LedgerProcess,
  newDisk,
  openLedger,
  SMALL,
  snapshotAndTidy,
} from '../../../test/journal/ledger.ts'
import { SeededRandom } from '../../base/random.ts'
import type { Lifetime } from '../../journal/journal.ts'
import { loadColdFile } from './cold-file.ts'
import { fileNumbers } from './file-names.ts'
import { NO_KEYS } from './keyring.ts'
import type { SimulatedDisk } from './simulated-disk.ts'

const BODY_BYTES = 300

/** What the limits of these tests leave alone: the newest segments, and too little to be worth it, of each generation. */
const SLACK_BYTES = 3 * 10 * 1024 + 2 * 8 * 1024

/** Adds bodies, their lifetimes in turn from the pattern, until so many more segments were begun; all of it is on disk then. */
async function fill(life: LedgerProcess, segments: number, pattern: readonly Lifetime[]): Promise<void> {
  const until = life.journal.stats().segments + segments
  for (let i = 0; life.journal.stats().segments < until; i++) {
    life.addFor(pattern[i % pattern.length]!, BODY_BYTES)
    if (i % 5 === 4) await life.commit()
  }
  await life.commit()
  await life.time.runFor(50)
}

function idsOf(life: LedgerProcess, lifetime: Lifetime): number[] {
  return [...life.ledger.bodies].filter(([, body]) => body.lifetime === lifetime).map(([id]) => id)
}

async function dropAll(life: LedgerProcess, lifetime: Lifetime): Promise<void> {
  life.drop(...idsOf(life, lifetime))
  await life.commit()
}

async function coldIds(disk: SimulatedDisk): Promise<Map<string, number[]>> {
  const ids = new Map<string, number[]>()
  for (const serial of fileNumbers(disk.names(), 'cold')) {
    const { cold } = await loadColdFile(disk, serial, NO_KEYS, true)
    ids.set(cold.name, [...cold.ids])
  }
  return ids
}

function diskBytes(disk: SimulatedDisk): number {
  const names = [...files(disk, 'segment'), ...files(disk, 'cold')]
  return names.reduce((sum, name) => sum + disk.contents(name).length, 0)
}

function liveBytes(life: LedgerProcess): number {
  return [...life.ledger.bodies.values()].reduce((sum, { bytes }) => sum + bytes, 0)
}

function moves(life: LedgerProcess): string[] {
  return life.reports.filter((report) => report.includes('were moved into'))
}

test.each([
  ['as they were told when they were appended', false],
  ['as the state tells after a restart', true],
])('survivors of different lifetimes move into different files, %s', async (_, restart) => {
  const disk = newDisk()
  const before = await openLedger(disk)
  await fill(before, 6, [0, 0, 0, 0, 1, 2, 3, 0, 0, 0])
  before.drop(...idsOf(before, 0).filter((id) => id % 40 !== 0))
  await before.commit()
  const now = restart ? disk.crash() : disk
  const life = restart ? await openLedger(now) : before
  await snapshotAndTidy(life)
  const lifetimes = [...(await coldIds(now)).values()].map((ids) => {
    return new Set(ids.map((id) => life.ledger.bodies.get(id)!.lifetime))
  })
  for (const its of lifetimes) expect(its.size).toBe(1)
  expect(new Set(lifetimes.flatMap((its) => [...its]))).toEqual(new Set([0, 1, 2, 3]))
  await life.expectAllReadable()
  expect(life.journal.stats().liveBytes).toBe(liveBytes(life))
})

test('what is to stay for a day does not wait for what is to stay for a year: its file goes whole', async () => {
  const disk = newDisk()
  const life = await openLedger(disk)
  await fill(life, 8, [0, 0, 1, 0, 0, 3, 0, 0])
  await dropAll(life, 0)
  for (let i = 0; i < 3; i++) await snapshotAndTidy(life)
  const days = idsOf(life, 1)
  const settled = await coldIds(disk)
  const withDays = [...settled].filter(([, ids]) => ids.some((id) => days.includes(id)))
  expect(withDays.length).toBeGreaterThan(0)
  const moved = moves(life).length
  const stay = [...settled.keys()].filter((name) => !withDays.some(([other]) => other === name))
  const before = stay.map((name) => disk.contents(name))
  await dropAll(life, 1)
  for (let i = 0; i < 3; i++) await snapshotAndTidy(life)
  for (const [name] of withDays) expect(files(disk, 'cold')).not.toContain(name)
  for (const [i, name] of stay.entries()) expect(disk.contents(name)).toEqual(before[i])
  expect(moves(life).length).toBe(moved)
  await (await openLedger(disk.crash())).expectAllReadable()
})

test('what stays for long leaves a segment when the short-lived rest is gone, and not before', async () => {
  const disk = newDisk()
  const life = await openLedger(disk)
  await fill(life, 6, [3, 0, 3, 0, 0])
  const old = files(disk, 'segment').slice(0, 4)
  const short = idsOf(life, 0)
  // A tenth of each segment goes on living: all of it together is less than half, and more than a quarter.
  life.drop(...short.filter((_, i) => i % 6 !== 0))
  for (let i = 0; i < 3; i++) await snapshotAndTidy(life)
  expect(moves(life)).toEqual([])
  life.drop(...idsOf(life, 0))
  for (let i = 0; i < 3; i++) await snapshotAndTidy(life)
  expect(moves(life).length).toBeGreaterThan(0)
  for (const name of old) expect(files(disk, 'segment')).not.toContain(name)
  await life.expectAllReadable()
})

test('a segment that is mostly to stay for long is left as it is, and so is a cold file of which half is dead', async () => {
  const disk = newDisk()
  const life = await openLedger(disk)
  await fill(life, 6, [3, 3, 0, 3, 3, 0])
  await dropAll(life, 0)
  for (let i = 0; i < 3; i++) await snapshotAndTidy(life)
  expect(moves(life)).toEqual([])
  life.drop(...idsOf(life, 3).filter((_, i) => i % 2 === 0))
  for (let i = 0; i < 3; i++) await snapshotAndTidy(life)
  const moved = moves(life).length
  expect(moved).toBeGreaterThan(0)
  // Of what has moved, half dies too.
  life.drop(...idsOf(life, 3).filter((_, i) => i % 2 === 0))
  for (let i = 0; i < 3; i++) await snapshotAndTidy(life)
  expect(moves(life).length).toBe(moved)
})

test('what moved together, before the state said otherwise at a start, parts when it moves again', async () => {
  const disk = newDisk()
  const before = await openLedger(disk)
  for (let i = 0; before.journal.stats().segments < 30; i++) {
    before.addFor(i % 2 === 0 ? 1 : 3, BODY_BYTES, 0)
    if (i % 5 === 4) await before.commit()
  }
  const dropBut = async (life: LedgerProcess, divisor: number) => {
    life.drop(...[...life.ledger.bodies.keys()].filter((id) => id % divisor !== 0))
    await life.commit()
    for (let i = 0; i < 3; i++) await snapshotAndTidy(life)
  }
  await dropBut(before, 5)
  const mixed = await coldIds(disk)
  expect(mixed.size).toBeGreaterThan(1)
  const crashed = disk.crash()
  const life = await openLedger(crashed)
  const lifetimesOf = (ids: readonly number[]) =>
    new Set(ids.map((id) => life.ledger.bodies.get(id)?.lifetime))
  for (const ids of mixed.values()) expect(lifetimesOf(ids)).toEqual(new Set([1, 3]))
  await dropBut(life, 35)
  const parted = [...(await coldIds(crashed))].filter(([name]) => !mixed.has(name))
  expect(parted).toHaveLength(2)
  for (const [, ids] of parted) expect(lifetimesOf(ids).size).toBe(1)
  await life.expectAllReadable()
})

test('one snapshot is enough for all that is due, however many files that takes', async () => {
  const disk = newDisk()
  const life = await openLedger(disk)
  await fill(life, 12, [3, 3, 0, 0, 0])
  await dropAll(life, 0)
  await snapshotAndTidy(life)
  expect(files(disk, 'cold').length).toBeGreaterThan(3)
  for (const name of files(disk, 'cold')) expect(disk.contents(name).length).toBeLessThan(10 * 1024)
  await snapshotAndTidy(life)
  await snapshotAndTidy(life)
  expect(files(disk, 'segment').length).toBeLessThan(5)
})

test('a closing journal leaves the rest of what is due for the next start', async () => {
  const disk = newDisk()
  const life = await openLedger(disk)
  await fill(life, 12, [3, 3, 0, 0, 0])
  await dropAll(life, 0)
  await life.snapshot()
  while (moves(life).length === 0) await life.time.step()
  await life.close()
  const moved = moves(life).length
  const created = disk.count('create')
  await life.time.runFor(2000)
  expect(disk.count('create')).toBe(created)
  expect(files(disk, 'cold').length).toBe(moved)
  const next = await openLedger(disk)
  await next.expectAllReadable()
  await snapshotAndTidy(next)
  expect(moves(next).length).toBeGreaterThan(0)
  await next.expectAllReadable()
})

test.each([1, 3, 4, 6, 8])(
  'once the short-lived are gone, files take at most twice what is live (%i of 10 live on)',
  async (longs) => {
    const disk = newDisk(longs)
    const life = await openLedger(disk)
    const pattern = Array.from(
      { length: 10 },
      (_, i): Lifetime => (i < longs ? (((i % 3) + 1) as Lifetime) : 0),
    )
    for (let round = 0; round < 8; round++) {
      const waiting = idsOf(life, 0)
      await fill(life, 3, pattern)
      life.drop(...waiting)
      await snapshotAndTidy(life)
    }
    await dropAll(life, 0)
    for (let i = 0; i < 3; i++) await snapshotAndTidy(life)
    expect(diskBytes(disk)).toBeLessThan(2 * liveBytes(life) + SLACK_BYTES)
    await life.expectAllReadable()
  },
)

test('that is so after a crash at any call, too, and nothing is lost', async () => {
  for (let nth = 1; ; nth += 7) {
    const disk = newDisk(nth)
    const life = await openLedger(disk)
    await fill(life, 14, [3, 0, 0, 1, 0, 0])
    await dropAll(life, 0)
    let calls = 0
    let left: SimulatedDisk | null = null
    disk.onOperation = () => {
      if (++calls === nth) left = nth % 2 === 0 ? disk.crash() : disk.kill()
    }
    for (let i = 0; i < 3 && left === null; i++) await snapshotAndTidy(life).catch(() => {})
    if (left === null) {
      expect(nth).toBeGreaterThan(50)
      break
    }
    const next = await openLedger(left)
    expect([...next.ledger.bodies.keys()], `call ${nth}`).toEqual([...life.ledger.bodies.keys()])
    for (let i = 0; i < 3; i++) await snapshotAndTidy(next)
    await next.expectAllReadable()
    expect(diskBytes(left), `call ${nth}`).toBeLessThan(2 * liveBytes(next) + SLACK_BYTES)
  }
})

test('what is written is at most five eighths more than what was appended, and no body moves more than twice', async () => {
  const random = new SeededRandom(11)
  const disk = newDisk()
  let life = await openLedger(disk, { limits: { ...SMALL, relocateForBytes: 1 } })
  const copies = new Map<number, number>()
  const lifetimes = new Map<number, Lifetime>()
  const seen = new Map<string, number[]>()
  let copiedBytes = 0
  let appendedBytes = 0
  const note = async () => {
    for (const [name, ids] of await coldIds(disk)) {
      // A name is given again once its file is gone.
      if (String(seen.get(name)) === String(ids)) continue
      seen.set(name, ids)
      expect(new Set(ids.map((id) => lifetimes.get(id))).size).toBe(1)
      copiedBytes += ids.length * BODY_BYTES
      for (const id of ids) copies.set(id, (copies.get(id) ?? 0) + 1)
    }
  }
  for (let round = 0; round < 40; round++) {
    const first = life.journal.nextBodyId
    await fill(life, 2, [0, 3, 0, 1, 0, 2, 3, 0])
    for (const [id, { lifetime }] of life.ledger.bodies) lifetimes.set(id, lifetime)
    appendedBytes += (life.journal.nextBodyId - first) * BODY_BYTES
    const ageOf = (id: number) => first - id
    const dying = [...life.ledger.bodies].filter(([id, { lifetime }]) => {
      return ageOf(id) > 0 && random.below([2, 8, 16, 32][lifetime]!) === 0
    })
    life.drop(...dying.map(([id]) => id))
    await snapshotAndTidy(life)
    await note()
  }
  for (let round = 0; round < 20; round++) {
    const dying = [...life.ledger.bodies.keys()].filter(() => random.below(4) === 0)
    life.drop(...dying)
    await snapshotAndTidy(life)
    await note()
  }
  expect(Math.max(...copies.values())).toBe(2)
  expect(copiedBytes).toBeGreaterThan(appendedBytes / 10)
  expect(copiedBytes).toBeLessThan((appendedBytes * 5) / 8)
  await life.close()
  life = await openLedger(disk)
  await life.expectAllReadable()
})
