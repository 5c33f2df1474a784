import { expect, test } from 'vitest'
import {
  bodyOf,
  type LedgerProcess,
  newDisk,
  openLedger,
  SMALL,
  WITHOUT_ZEROS,
} from '../../../test/journal/ledger.ts'
import { JournalError } from '../../journal/journal.ts'
import { FILE_HEADER_BYTES } from './file-header.ts'
import { fileName } from './file-names.ts'
import type { SimulatedDisk } from './simulated-disk.ts'

const TINY = { ...SMALL, segmentBytes: 1200, frameBytes: 600 }

async function commitBodies(life: LedgerProcess, frames: number, perFrame = 2, bytes = 40): Promise<void> {
  for (let frame = 0; frame < frames; frame++) {
    for (let i = 0; i < perFrame; i++) life.add(bodyOf(life.journal.nextBodyId, bytes))
    await life.commit()
  }
}

function copyOf(disk: SimulatedDisk): SimulatedDisk {
  const copy = newDisk()
  for (const name of disk.names()) copy.place(name, disk.contents(name))
  return copy
}

function newestSegment(disk: SimulatedDisk): string {
  return disk
    .names()
    .filter((name) => name.endsWith('.segment'))
    .at(-1)!
}

/** Opens, and says how: how many bodies there are, or why not. Whatever opens must serve only what was written. */
async function tryOpen(disk: SimulatedDisk): Promise<number | string> {
  try {
    const life = await openLedger(disk, { limits: TINY })
    for (const [id, { bytes }] of life.ledger.bodies) {
      const read = await life.read(id).catch((error: unknown) => {
        if (!(error instanceof JournalError)) throw error
        return null
      })
      if (read !== null) expect(read[0]!.equals(bodyOf(id, bytes)), `body ${id}`).toBe(true)
    }
    return life.ledger.bodies.size
  } catch (error) {
    if (!(error instanceof JournalError)) throw error
    return error.message
  }
}

test('a write that was never answered is cut wherever it was torn, and all before it is kept', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: { ...TINY, segmentBytes: 100_000 } })
  await commitBodies(life, 3)
  const name = newestSegment(disk)
  const durable = disk.contents(name).length
  await commitBodies(life, 1)
  const all = disk.contents(name)
  for (let end = durable; end <= all.length; end += end < all.length - 5 ? 5 : 1) {
    for (const rest of [new Uint8Array(0), new Uint8Array(300), Buffer.alloc(300, 0xa5)]) {
      const torn = newDisk()
      torn.place(name, Buffer.concat([all.subarray(0, end), rest]))
      expect(await tryOpen(torn), `cut at ${end}`).toBe(end === all.length ? 8 : 6)
    }
  }
})

test('a frame that was acknowledged is not taken for a torn tail when another follows', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: { ...TINY, ...WITHOUT_ZEROS, segmentBytes: 100_000 } })
  await commitBodies(life, 2)
  await life.time.runFor(100)
  const name = newestSegment(disk)
  for (let offset = FILE_HEADER_BYTES; offset < disk.contents(name).length - 64; offset += 3) {
    const damaged = copyOf(disk)
    damaged.flipBit(name, offset, offset % 8)
    expect(await tryOpen(damaged), `bit at ${offset}`).toMatch(
      /segment is corrupt at offset \d+: .*was durable/,
    )
  }
})

test('one bit turned over anywhere is reported or without effect, and never served', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: TINY })
  await commitBodies(life, 9)
  await life.snapshot()
  await commitBodies(life, 6)
  await life.close()
  const names = disk.names()
  expect(names.filter((name) => name.endsWith('.segment')).length).toBeGreaterThan(2)
  for (const name of names) {
    const { length } = disk.contents(name)
    for (let offset = 0; offset < length; offset += 17) {
      const damaged = copyOf(disk)
      damaged.flipBit(name, offset, offset % 8)
      const outcome = await tryOpen(damaged)
      // Nothing follows the last footer: without it the segment is merely not sealed.
      if (typeof outcome === 'number') expect(outcome, `${name} at ${offset}`).toBe(30)
      else
        expect(outcome, `${name} at ${offset}`).toMatch(
          /corrupt|exchanged|another|missing|belong|format|encrypted/,
        )
    }
  }
})

test('a crash at any call of a start loses nothing, however often', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: TINY })
  await commitBodies(life, 5)
  await life.snapshot()
  await commitBodies(life, 4)
  life.add(bodyOf(19, 40))
  const crashed = disk.crash()
  for (let nth = 1; ; nth++) {
    let start = copyOf(crashed)
    let calls = 0
    let dying: SimulatedDisk | null = start
    for (let again = 0; again < 3; again++) {
      calls = 0
      const current: SimulatedDisk = start
      let next: SimulatedDisk | null = null
      current.onOperation = () => {
        if (++calls === nth) next = nth % 2 === 0 ? current.crash() : current.kill()
      }
      await openLedger(current, { limits: TINY }).catch(() => {})
      dying = next
      if (next === null) break
      start = next
    }
    if (dying === null) break
    const after = await openLedger(start.crash(), { limits: TINY })
    expect(after.ledger.bodies.size, `call ${nth}`).toBeGreaterThanOrEqual(18)
    await after.expectAllReadable()
  }
})

test('what a failed sync left readable is not taken for durable', async () => {
  for (let seed = 1; seed < 30; seed++) {
    const disk = newDisk(seed)
    const life = await openLedger(disk, { limits: TINY })
    await commitBodies(life, 2)
    disk.failCall('sync', 1, 'EIO')
    life.add(bodyOf(5, 40))
    await life.commit()
    expect(life.failures).toHaveLength(1)
    // The next process sees the bytes in the page cache, and may serve them: then they have to stay.
    const killed = disk.kill()
    const next = await openLedger(killed, { limits: TINY })
    const seen = [...next.ledger.bodies.keys()]
    const last = await openLedger(killed.crash(), { limits: TINY })
    expect([...last.ledger.bodies.keys()]).toEqual(seen)
    await last.expectAllReadable()
  }
})

test('a footer whose sync failed is not taken for durable', async () => {
  for (let seed = 1; seed < 20; seed++) {
    const disk = newDisk(seed)
    const life = await openLedger(disk, { limits: TINY })
    await commitBodies(life, 2)
    disk.failCall('sync', 1, 'EIO')
    await expect(life.close()).rejects.toThrow(JournalError)
    const killed = disk.kill()
    await openLedger(killed, { limits: TINY })
    const last = await openLedger(killed.crash(), { limits: TINY })
    expect(last.ledger.bodies.size).toBe(4)
  }
})

test('frames of two histories of one segment do not chain', async () => {
  const histories: Uint8Array[] = []
  for (const bytes of [40, 41]) {
    const disk = newDisk()
    const life = await openLedger(disk, { limits: { ...TINY, segmentBytes: 100_000 }, seed: 1 })
    await commitBodies(life, 1, 2, bytes)
    await commitBodies(life, 2, 2, 40)
    histories.push(disk.contents(newestSegment(disk)))
  }
  const [one, other] = histories as [Buffer, Buffer]
  const magic = Buffer.from('MRFR')
  const secondFrame = Buffer.from(one).indexOf(magic, FILE_HEADER_BYTES + 1)
  const secondOfOther = Buffer.from(other).indexOf(magic, FILE_HEADER_BYTES + 1)
  const disk = newDisk()
  disk.place(
    fileName('segment', 1),
    Buffer.concat([one.subarray(0, secondFrame), other.subarray(secondOfOther)]),
  )
  expect(await tryOpen(disk)).toMatch(/does not chain to the one before/)
})

test('bytes behind a footer are no torn tail', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: TINY })
  await commitBodies(life, 2)
  await life.close()
  const name = newestSegment(disk)
  disk.place(name, Buffer.concat([disk.contents(name), Buffer.alloc(10)]))
  expect(await tryOpen(disk)).toMatch(/bytes after the footer/)
})

test('a tail that is read differently while it is written anew is refused', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: TINY })
  await commitBodies(life, 2)
  const crashed = disk.crash()
  const name = newestSegment(crashed)
  crashed.onOperation = (operation, file) => {
    if (operation === 'create' && file.startsWith(name)) {
      crashed.flipBit(name, Buffer.from(crashed.contents(name)).indexOf('body 3 '), 0)
    }
  }
  expect(await tryOpen(crashed)).toMatch(/read differently the second time/)
})

test('an earlier copy of a segment that was written anew since is refused', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: TINY })
  await commitBodies(life, 2)
  await life.close()
  const name = newestSegment(disk)
  const earlier = disk.contents(name)
  disk.discard(name.replace('segment', 'index'))
  const later = disk.crash()
  const next = await openLedger(later, { limits: TINY })
  await commitBodies(next, 1)
  await next.close()
  later.place(name, earlier)
  expect(await tryOpen(later.crash())).toMatch(/does not follow/)
})

test('bytes of a frame inside a body are nothing but a body', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: { ...TINY, segmentBytes: 100_000 } })
  await commitBodies(life, 3)
  const segment = Buffer.from(disk.contents(newestSegment(disk)))
  // A copy of the journal as it is, in a body, and the write of that body torn.
  const id = life.journal.nextBodyId
  life.add(segment)
  await life.commit()
  expect(await life.read(id)).toEqual([segment])
  const all = disk.contents(newestSegment(disk))
  for (let end = segment.length + 100; end < all.length; end += 61) {
    const torn = newDisk()
    torn.place(newestSegment(disk), all.subarray(0, end))
    expect(await tryOpen(torn)).toBe(6)
  }
})

test('an index that is missing, cut, foreign or damaged is made anew, and reported', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: TINY })
  await commitBodies(life, 20)
  await life.snapshot()
  await commitBodies(life, 8)
  await life.close()
  const indexes = disk.names().filter((name) => name.endsWith('.index'))
  const [first, second] = indexes as [string, string]
  const damages: Record<string, (disk: SimulatedDisk) => void> = {
    removed: (damaged) => damaged.discard(first),
    cut: (damaged) => damaged.place(first, damaged.contents(first).subarray(0, -5)),
    emptied: (damaged) => damaged.place(first, new Uint8Array(0)),
    exchanged: (damaged) => damaged.place(first, damaged.contents(second)),
    damaged: (damaged) => damaged.flipBit(first, 90, 3),
    'all removed': (damaged) => {
      for (const name of indexes) damaged.discard(name)
    },
  }
  for (const [damage, inflict] of Object.entries(damages)) {
    const damaged = copyOf(disk)
    inflict(damaged)
    const next = await openLedger(damaged, { limits: TINY })
    expect(next.ledger.bodies.size, damage).toBe(56)
    await next.expectAllReadable()
    expect(next.reports.join('\n'), damage).toMatch(/index is made anew/)
    expect(damaged.contents(first)).toEqual(disk.contents(first))
  }
})

test('segments that are missing, exchanged, copied or renamed are refused by name', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: TINY })
  await commitBodies(life, 24)
  await life.close()
  const names = disk.names().filter((name) => name.endsWith('.segment'))
  const [first, second, third] = names as [string, string, string]
  const other = newDisk(5)
  const foreign = await openLedger(other, { limits: TINY })
  await commitBodies(foreign, 24)
  await foreign.close()
  const damages: Record<string, [(disk: SimulatedDisk) => void, RegExp]> = {
    'the first is gone': [(damaged) => damaged.discard(first), /frames 1 to \d+ are missing/],
    'one in the middle is gone': [(damaged) => damaged.discard(second), /frames \d+ to \d+ are missing/],
    'two are exchanged': [
      (damaged) => {
        damaged.place(second, disk.contents(third))
        damaged.place(third, disk.contents(second))
      },
      /is another segment/,
    ],
    'one is there twice': [
      (damaged) => damaged.place(fileName('segment', 9999), disk.contents(third)),
      /is another segment/,
    ],
    'one is that of another journal': [
      (damaged) => damaged.place(second, other.contents(second)),
      /belongs to another journal/,
    ],
    'one is cut': [
      (damaged) => damaged.place(second, disk.contents(second).subarray(0, -64)),
      /ends without a footer/,
    ],
    'one is empty': [(damaged) => damaged.place(third, new Uint8Array(0)), /ends within its header/],
    'all are gone': [
      (damaged) => {
        for (const name of names) damaged.discard(name)
        damaged.place(fileName('cold', 1), new Uint8Array(3))
      },
      /not one segment/,
    ],
  }
  for (const [damage, [inflict, words]] of Object.entries(damages)) {
    const damaged = copyOf(disk)
    inflict(damaged)
    const before = damaged.names().filter((name) => !name.endsWith('.index'))
    expect(await tryOpen(damaged), damage).toMatch(words)
    expect(damaged.names().filter((name) => !name.endsWith('.index'))).toEqual(before)
  }
})

test('a start takes the newest good snapshot, else the one before, else every frame', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: TINY })
  await commitBodies(life, 4)
  await life.snapshot()
  await commitBodies(life, 4)
  await life.snapshot()
  await commitBodies(life, 2)
  await life.close()
  const [older, newer] = disk.names().filter((name) => name.endsWith('.snapshot')) as [string, string]
  const framesReplayed = async (damage: (disk: SimulatedDisk) => void) => {
    const damaged = copyOf(disk)
    damage(damaged)
    const next = await openLedger(damaged, { limits: TINY })
    expect(next.ledger.bodies.size).toBe(20)
    await next.expectAllReadable()
    return next.ledger.replayed.length
  }
  const spoil = (damaged: SimulatedDisk, name: string) => damaged.flipBit(name, 10, 0)
  expect(await framesReplayed(() => {})).toBe(2)
  expect(await framesReplayed((damaged) => spoil(damaged, newer))).toBe(6)
  expect(await framesReplayed((damaged) => damaged.discard(newer))).toBe(6)
  expect(
    await framesReplayed((damaged) => {
      spoil(damaged, older)
      spoil(damaged, newer)
    }),
  ).toBe(10)
})

test('a journal that ends before its snapshot is refused', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: { ...TINY, segmentBytes: 100_000 } })
  await commitBodies(life, 2)
  const name = newestSegment(disk)
  const early = disk.contents(name)
  await commitBodies(life, 2)
  await life.snapshot()
  disk.place(name, early)
  expect(await tryOpen(disk.crash())).toMatch(/ends with frame 2, but there is a snapshot of frame 4/)
})

test('a body that is referred to and lies nowhere is refused', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: TINY })
  await commitBodies(life, 24)
  await life.snapshot()
  await life.close()
  disk.discard(fileName('segment', 1))
  expect(await tryOpen(disk.crash())).toMatch(/body 1 is referred to, but no file/)
})

test('an exception of the state stops the opening and changes nothing', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: TINY })
  await commitBodies(life, 3)
  const crashed = disk.crash()
  const before = crashed.names().map((name) => [name, crashed.contents(name).length])
  const recovery = {
    restore: () => {},
    replay: () => {
      throw new Error('event kind 77 needs a later version')
    },
    live: () => {},
  }
  await expect(openLedger(crashed, { recovery })).rejects.toThrow('event kind 77')
  expect(crashed.names().map((name) => [name, crashed.contents(name).length])).toEqual(before)
})

test('a journal that was closed is refused when its last frames or its last segment are gone', async () => {
  const disk = newDisk()
  const life = await openLedger(disk, { limits: TINY })
  await commitBodies(life, 24)
  await life.close()
  const last = newestSegment(disk)
  const { length } = disk.contents(last)
  // The footer alone can be done without.
  for (let end = FILE_HEADER_BYTES; end < length - 64; end += 16) {
    const cut = copyOf(disk)
    cut.place(last, disk.contents(last).subarray(0, end))
    expect(await tryOpen(cut), `cut at ${end}`).toMatch(/its index says that it was complete/)
  }
  for (const gone of [[last], disk.names().filter((name) => name.endsWith('.segment'))]) {
    const without = copyOf(disk)
    for (const name of gone) without.discard(name)
    const before = without.names()
    expect(await tryOpen(without)).toMatch(/is missing: its index is there|not one segment/)
    expect(without.names()).toEqual(before)
  }
})
