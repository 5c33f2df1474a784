import { expect, test } from 'vitest'
import { SimulatedTime } from '../../../test/simulation/simulated-time.ts'
import { SeededRandom } from '../../base/random.ts'
import { SimulatedDisk } from './simulated-disk.ts'
import { SECTOR_BYTES } from './simulated-disk-content.ts'

const newDisk = (seed = 1, capacityBytes = Number.MAX_SAFE_INTEGER) =>
  new SimulatedDisk({ random: new SeededRandom(seed), capacityBytes })

const filled = (byte: number, length: number) => new Uint8Array(length).fill(byte)

/** Each different result of `run` over many seeds, with how often it came. */
async function outcomes(run: (seed: number) => Promise<string>, seeds = 300): Promise<Map<string, number>> {
  const found = new Map<string, number>()
  for (let seed = 1; seed <= seeds; seed++) {
    const outcome = await run(seed)
    found.set(outcome, (found.get(outcome) ?? 0) + 1)
  }
  return found
}

/** A disk with one durable file of zeros. */
async function diskWithFile(seed: number, name: string, bytes: Uint8Array) {
  const disk = newDisk(seed)
  disk.place(name, bytes)
  return { disk, file: await disk.open(name) }
}

/** One letter for each sector: the letter it is filled with, `0` for zeros, `?` for anything mixed. */
function sectors(bytes: Uint8Array): string {
  let drawn = ''
  for (let at = 0; at < bytes.length; at += SECTOR_BYTES) {
    const sector = bytes.subarray(at, at + SECTOR_BYTES)
    const first = sector[0]!
    drawn += !sector.every((byte) => byte === first) ? '?' : first === 0 ? '0' : String.fromCharCode(first)
  }
  return drawn
}

const A = 'A'.charCodeAt(0)
const B = 'B'.charCodeAt(0)

test('a file is written, read and listed like on any disk', async () => {
  const disk = newDisk()
  const file = await disk.create('a')
  await file.write([filled(1, 3), filled(2, 2)], 0)
  await file.write([filled(3, 1)], 7)
  const buffer = new Uint8Array(10)
  expect(await file.read(buffer, 1)).toBe(7)
  expect([...buffer]).toEqual([1, 1, 2, 2, 0, 0, 3, 0, 0, 0])
  expect(await file.read(buffer, 8)).toBe(0)
  expect(await file.size()).toBe(8)
  expect(await disk.list()).toEqual(['a'])
  expect(disk.openNames()).toEqual(['a'])
  await file.close()
  expect(disk.openNames()).toEqual([])
})

test('names that are taken or missing are refused with the errno of a real disk', async () => {
  const disk = newDisk()
  await disk.create('a')
  await expect(disk.create('a')).rejects.toMatchObject({ code: 'EEXIST' })
  await expect(disk.open('b')).rejects.toMatchObject({ code: 'ENOENT' })
  await expect(disk.remove('b')).rejects.toMatchObject({ code: 'ENOENT' })
  await expect(disk.rename('b', 'c')).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a handle stays readable after its file was removed or replaced', async () => {
  const disk = newDisk()
  disk.place('a', filled(1, 4))
  disk.place('b', filled(2, 4))
  const file = await disk.open('b')
  await disk.rename('a', 'b')
  const buffer = new Uint8Array(4)
  await file.read(buffer, 0)
  expect([...buffer]).toEqual([2, 2, 2, 2])
  expect([...disk.contents('b')]).toEqual([1, 1, 1, 1])
  await disk.remove('b')
  expect(await file.read(buffer, 0)).toBe(4)
})

test('a call on a closed file fails', async () => {
  const { file } = await diskWithFile(1, 'a', filled(0, 4))
  await file.close()
  await expect(file.size()).rejects.toMatchObject({ code: 'EBADF' })
})

test('what was synced, under a name that was synced, survives every power loss', async () => {
  const found = await outcomes(async (seed) => {
    const disk = newDisk(seed)
    const file = await disk.create('a')
    await file.write([filled(A, 4 * SECTOR_BYTES)], 0)
    await file.sync()
    await disk.syncDirectory()
    await file.write([filled(B, SECTOR_BYTES)], 4 * SECTOR_BYTES)
    return sectors(
      disk
        .crash()
        .contents('a')
        .subarray(0, 4 * SECTOR_BYTES),
    )
  })
  expect([...found.keys()]).toEqual(['AAAA'])
})

test('a synced file whose name was not synced may be gone after a power loss', async () => {
  const found = await outcomes(async (seed) => {
    const disk = newDisk(seed)
    const file = await disk.create('a')
    await file.write([filled(A, SECTOR_BYTES)], 0)
    await file.sync()
    expect(disk.durableContents('a')).toBeNull()
    const next = disk.crash()
    return next.names().includes('a') ? sectors(next.contents('a')) : 'gone'
  })
  expect([...found.keys()].sort()).toEqual(['A', 'gone'])
})

test('a power loss loses, keeps, tears, reorders and zero-fills writes that were not synced', async () => {
  const found = await outcomes(async (seed) => {
    const { disk, file } = await diskWithFile(seed, 'a', filled(0, SECTOR_BYTES))
    await file.write([filled(A, 3 * SECTOR_BYTES)], 0)
    await file.write([filled(B, 2 * SECTOR_BYTES)], 3 * SECTOR_BYTES)
    return sectors(disk.crash().contents('a'))
  }, 1000)
  const seen = [...found.keys()]
  expect(seen).toContain('0') // all lost
  expect(seen).toContain('AAABB') // all kept
  expect(seen).toContain('AAA') // the first write without the second
  expect(seen).toContain('AAAB0') // the second torn
  expect(seen).toContain('00000') // the length without a byte
  expect(seen.some((drawn) => /^[0A]{3}B/.test(drawn) && drawn.slice(0, 3) !== 'AAA')).toBe(true) // out of order
  expect(seen.some((drawn) => /^A.A/.test(drawn) && drawn[1] === '0')).toBe(true) // a hole
  expect(seen.every((drawn) => /^[0A]{1,3}[0B]{0,2}$/.test(drawn))).toBe(true)
})

test('within one sector, a later write never survives without an earlier one', async () => {
  const found = await outcomes(async (seed) => {
    const { disk, file } = await diskWithFile(seed, 'a', filled(0, SECTOR_BYTES))
    await file.write([filled(A, 10)], 0)
    await file.write([filled(B, 10)], 100)
    const bytes = disk.crash().contents('a')
    return `${bytes[0] === A} ${bytes[100] === B}`
  })
  expect([...found.keys()].sort()).toEqual(['false false', 'true false', 'true true'])
})

test('new blocks may show what a removed file held', async () => {
  const found = await outcomes(async (seed) => {
    const { disk, file } = await diskWithFile(seed, 'a', filled(0, SECTOR_BYTES))
    disk.place('old', filled(B, 4 * SECTOR_BYTES))
    await disk.remove('old')
    await file.write([filled(A, 2 * SECTOR_BYTES)], SECTOR_BYTES)
    return sectors(disk.crash().contents('a'))
  })
  expect([...found.keys()]).toContain('0BB')
})

test('the death of the process alone loses nothing that was written, and makes nothing durable', async () => {
  const found = await outcomes(async (seed) => {
    const { disk, file } = await diskWithFile(seed, 'a', filled(0, SECTOR_BYTES))
    await file.write([filled(A, SECTOR_BYTES)], 0)
    const afterKill = disk.kill()
    expect(sectors(afterKill.contents('a'))).toBe('A')
    expect(sectors(afterKill.durableContents('a')!)).toBe('0')
    return sectors(afterKill.crash().contents('a'))
  })
  expect([...found.keys()].sort()).toEqual(['0', 'A'])
})

test('the next process can sync what the one before it wrote', async () => {
  const found = await outcomes(async (seed) => {
    const { disk, file } = await diskWithFile(seed, 'a', filled(0, SECTOR_BYTES))
    await file.write([filled(A, SECTOR_BYTES)], 0)
    const next = disk.kill()
    await (await next.open('a')).sync()
    return sectors(next.crash().contents('a'))
  })
  expect([...found.keys()]).toEqual(['A'])
})

test('a write under way when the process dies happened, happened in part, or did not', async () => {
  const found = await outcomes(async (seed) => {
    const { disk, file } = await diskWithFile(seed, 'a', new Uint8Array(0))
    const writing = file.write([filled(A, 2 * SECTOR_BYTES)], 0)
    const next = disk.kill()
    await expect(writing).rejects.toMatchObject({ code: 'ESHUTDOWN' })
    const length = next.contents('a').length
    return length === 0 ? 'none' : length === 2 * SECTOR_BYTES ? 'whole' : 'part'
  })
  expect([...found.keys()].sort()).toEqual(['none', 'part', 'whole'])
})

test('a rename or a sync under way when the process dies happened or did not', async () => {
  const found = await outcomes(async (seed) => {
    const { disk, file } = await diskWithFile(seed, 'a', filled(0, SECTOR_BYTES))
    await file.write([filled(A, SECTOR_BYTES)], 0)
    const ends = Promise.allSettled([disk.rename('a', 'b'), file.sync()])
    const next = disk.kill()
    await ends
    const name = next.names()[0]!
    return name === 'b' ? 'b' : `a ${sectors(next.durableContents('a')!)}`
  })
  expect([...found.keys()].sort()).toEqual(['a 0', 'a A', 'b'])
})

test('what ran on after its process died does no harm', async () => {
  const { disk, file } = await diskWithFile(1, 'a', filled(A, 4))
  const next = disk.kill()
  await expect(file.write([filled(B, 4)], 0)).rejects.toMatchObject({ code: 'ESHUTDOWN' })
  await expect(disk.remove('a')).rejects.toMatchObject({ code: 'ESHUTDOWN' })
  await expect(disk.create('c')).rejects.toMatchObject({ code: 'ESHUTDOWN' })
  expect(next.names()).toEqual(['a'])
  expect(sectors(next.contents('a'))).toBe('A')
})

test('a sync covers what was complete when it began, and no more', async () => {
  const time = new SimulatedTime(0)
  const latency = (operation: string) => (operation === 'sync' ? 10 : 1)
  const disk = new SimulatedDisk({ random: new SeededRandom(1), timers: time, latency })
  disk.place('a', filled(0, 2 * SECTOR_BYTES))
  const file = await time.settle(disk.open('a'))
  await time.settle(file.write([filled(A, SECTOR_BYTES)], 0))
  await time.settle(Promise.all([file.sync(), file.write([filled(B, SECTOR_BYTES)], SECTOR_BYTES)]))
  expect(sectors(disk.contents('a'))).toBe('AB')
  expect(sectors(disk.durableContents('a')!)).toBe('A0')
  await time.settle(file.sync())
  expect(sectors(disk.durableContents('a')!)).toBe('AB')
})

test('a sync that fails leaves bytes that can be read, that the next sync calls done, and that are not there', async () => {
  const found = await outcomes(async (seed) => {
    const { disk, file } = await diskWithFile(seed, 'a', filled(0, 4 * SECTOR_BYTES))
    await file.write([filled(A, 4 * SECTOR_BYTES)], 0)
    disk.failCall('sync', 1, 'EIO')
    await expect(file.sync()).rejects.toMatchObject({ code: 'EIO' })
    await file.sync()
    expect(sectors(disk.contents('a'))).toBe('AAAA')
    return sectors(disk.crash().contents('a'))
  })
  expect(found.has('0000')).toBe(true)
  expect(found.has('0A0A')).toBe(true)
  expect(found.size).toBe(16)
})

test('a sector written again after a failed sync goes to the disk as a whole', async () => {
  const found = await outcomes(async (seed) => {
    const { disk, file } = await diskWithFile(seed, 'a', filled(0, SECTOR_BYTES))
    await file.write([filled(A, SECTOR_BYTES)], 0)
    disk.failCall('sync', 1, 'EIO')
    await file.sync().catch(() => {})
    await file.write([filled(A, 1)], 0)
    await file.sync()
    return sectors(disk.crash().contents('a'))
  })
  expect([...found.keys()]).toEqual(['A'])
})

test('an unsynced rename leaves the old names or the new one, never neither and never both', async () => {
  const found = await outcomes(async (seed) => {
    const disk = newDisk(seed)
    disk.place('old', filled(A, SECTOR_BYTES))
    disk.place('new', filled(B, SECTOR_BYTES))
    await disk.rename('new', 'old')
    const next = disk.crash()
    return next
      .names()
      .map((name) => `${name}:${sectors(next.contents(name))}`)
      .join(' ')
  })
  expect([...found.keys()].sort()).toEqual(['new:B old:A', 'old:B'])
})

test('unsynced names survive in any order that keeps what depends on each other', async () => {
  const found = await outcomes(async (seed) => {
    const disk = newDisk(seed)
    disk.place('a', filled(A, 1))
    await disk.create('b')
    await disk.rename('b', 'c')
    await disk.remove('a')
    return disk.crash().names().join('')
  })
  expect([...found.keys()].sort()).toEqual(['', 'a', 'ab', 'ac', 'b', 'c'])
})

test('names are durable once the directory was synced', async () => {
  const found = await outcomes(async (seed) => {
    const disk = newDisk(seed)
    disk.place('a', filled(A, 1))
    await disk.create('b')
    await disk.rename('b', 'c')
    await disk.remove('a')
    await disk.syncDirectory()
    return disk.crash().names().join('')
  }, 100)
  expect([...found.keys()]).toEqual(['c'])
})

test('an unsynced truncation that is lost brings the old bytes back, and one that survives does not', async () => {
  const found = await outcomes(async (seed) => {
    const { disk, file } = await diskWithFile(seed, 'a', filled(A, 3 * SECTOR_BYTES))
    await file.truncate(SECTOR_BYTES)
    await file.write([filled(B, SECTOR_BYTES)], SECTOR_BYTES)
    return sectors(disk.crash().contents('a'))
  })
  expect([...found.keys()].sort()).toEqual(['A', 'A0', 'AAA', 'AB'])
})

test('a full disk takes what still fits, and has room again when the last handle of a removed file is closed', async () => {
  const disk = newDisk(1, 1000)
  disk.place('a', filled(A, 600))
  const a = await disk.open('a')
  const b = await disk.create('b')
  await expect(b.write([filled(B, 500)], 0)).rejects.toMatchObject({ code: 'ENOSPC' })
  expect(disk.contents('b').length).toBe(400)
  await disk.remove('a')
  expect(await disk.freeBytes()).toBe(0)
  await b.write([filled(B, 400)], 0) // in place, needs no room
  await a.close()
  expect(await disk.freeBytes()).toBe(600)
})

test('a flipped bit shows in what is read and in what a power loss leaves', async () => {
  const { disk, file } = await diskWithFile(1, 'a', filled(0, 4))
  disk.flipBit('a', 2, 3)
  expect([...disk.contents('a')]).toEqual([0, 0, 8, 0])
  await file.write([filled(0, 1)], 0)
  expect([...disk.crash().contents('a')]).toEqual([0, 0, 8, 0])
})

test('the nth call of a kind fails, and no other', async () => {
  const { disk, file } = await diskWithFile(1, 'a', filled(0, 4))
  disk.failCall('read', 2, 'EIO')
  const buffer = new Uint8Array(4)
  await file.read(buffer, 0)
  await expect(file.read(buffer, 0)).rejects.toMatchObject({ code: 'EIO' })
  await file.read(buffer, 0)
  expect(disk.count('read')).toBe(3)
})

test('calls fail by chance until the faults are cleared', async () => {
  const { disk, file } = await diskWithFile(1, 'a', filled(0, 4))
  disk.failByChance('size', 0.5, 'EIO')
  const ends = await Promise.allSettled(Array.from({ length: 100 }, () => file.size()))
  const failed = ends.filter((end) => end.status === 'rejected').length
  expect(failed).toBeGreaterThan(25)
  expect(failed).toBeLessThan(75)
  disk.clearFaults()
  await Promise.all(Array.from({ length: 100 }, () => file.size()))
})

test('a hook sees each call before it happens and can end the process there', async () => {
  const { disk, file } = await diskWithFile(1, 'a', filled(0, 4))
  let next: SimulatedDisk | null = null
  const seen: string[] = []
  disk.onOperation = (operation, name) => {
    seen.push(`${operation} ${name}`)
    if (operation === 'write') next = disk.crash()
  }
  await file.size()
  await expect(file.write([filled(A, 4)], 0)).rejects.toMatchObject({ code: 'ESHUTDOWN' })
  expect(seen).toEqual(['size a', 'write a'])
  expect([...next!.contents('a')]).toEqual([0, 0, 0, 0])
})

test('a buffer that changes while it is being written shows on the disk', async () => {
  const { disk, file } = await diskWithFile(1, 'a', filled(0, 4))
  const buffer = filled(1, 4)
  const writing = file.write([buffer], 0)
  buffer.fill(2)
  await writing
  expect([...disk.contents('a')]).toEqual([2, 2, 2, 2])
})

test('writes that are under way together complete in any order', async () => {
  const found = await outcomes(async (seed) => {
    const random = new SeededRandom(seed)
    const time = new SimulatedTime(0, random)
    const disk = new SimulatedDisk({ random, timers: time })
    disk.place('a', filled(0, 1))
    const file = await time.settle(disk.open('a'))
    await time.settle(Promise.all([file.write([filled(A, 1)], 0), file.write([filled(B, 1)], 0)]))
    return String.fromCharCode(disk.contents('a')[0]!)
  }, 50)
  expect([...found.keys()].sort()).toEqual(['A', 'B'])
})

test('the same seed gives the same bytes and the same times', async () => {
  const run = async (seed: number) => {
    const random = new SeededRandom(seed)
    const time = new SimulatedTime(0, random)
    let disk = new SimulatedDisk({ random, timers: time })
    for (let process = 0; process < 5; process++) {
      const name = `file-${process}`
      const file = await time.settle(disk.create(name))
      const ends = Promise.allSettled(
        Array.from({ length: 8 }, (_, i) => file.write([random.bytes(700)], i * 500)),
      )
      await time.runFor(0.1)
      disk = disk.crash()
      await time.settle(ends)
    }
    const drawn = disk.names().map((name) => `${name} ${Buffer.from(disk.contents(name)).toString('hex')}`)
    return `${time.now()} ${drawn.join('\n')}`
  }
  expect(await run(3)).toBe(await run(3))
  expect(await run(3)).not.toBe(await run(4))
})
