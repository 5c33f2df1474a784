import * as fs from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openRealDisk, type RealDisk } from './real-disk.ts'

let directory: string
let disk: RealDisk

beforeEach(async () => {
  directory = await fs.mkdtemp(join(tmpdir(), 'millrace-real-disk-'))
  disk = await openRealDisk(join(directory, 'data', 'journal'))
})

afterEach(async () => {
  await disk.close()
  await fs.rm(directory, { recursive: true })
})

const numbered = (length: number, first = 0) => Uint8Array.from({ length }, (_, i) => (first + i) & 0xff)

test('a missing directory is made, for this user only', async () => {
  const made = await fs.stat(join(directory, 'data', 'journal'))
  expect(made.mode & 0o777).toBe(0o700)
})

test('bytes are written and read at positions, over any number of buffers', async () => {
  const file = await disk.create('a')
  const buffers = Array.from({ length: 3000 }, (_, i) => numbered(i % 4, i))
  const bytes = Buffer.concat(buffers)
  await file.write(buffers, 10)
  await file.write([numbered(5)], 3)
  await file.sync()
  expect(await file.size()).toBe(10 + bytes.length)
  const read = new Uint8Array(bytes.length + 100)
  expect(await file.read(read, 10)).toBe(bytes.length)
  expect(Buffer.compare(read.subarray(0, bytes.length), bytes)).toBe(0)
  expect(await file.read(read, 10 + bytes.length)).toBe(0)
  expect([...(await fs.readFile(join(directory, 'data/journal/a'))).subarray(0, 10)]).toEqual([
    0, 0, 0, 0, 1, 2, 3, 4, 0, 0,
  ])
  await file.close()
})

test('a durable write goes to the same file, also after it was renamed, and ends with it', async () => {
  const file = await disk.create('a')
  await file.write([numbered(4)], 0)
  await disk.rename('a', 'b')
  await file.writeDurably([numbered(2, 100), numbered(2, 200)], 2)
  await file.writeDurably([numbered(1, 7)], 6)
  await file.close()
  expect([...(await fs.readFile(join(directory, 'data/journal/b')))]).toEqual([0, 1, 100, 101, 200, 201, 7])
  await expect(file.writeDurably([numbered(1)], 0)).rejects.toMatchObject({ code: 'EBADF' })
  await expect(file.close()).rejects.toMatchObject({ code: 'EBADF' })
})

/** How many descriptors of this process are of the file. */
async function descriptorsOf(path: string): Promise<number> {
  const links = (await fs.readdir('/proc/self/fd')).map((fd) =>
    fs.readlink(`/proc/self/fd/${fd}`).catch(() => ''),
  )
  return (await Promise.all(links)).filter((target) => target === path).length
}

test.runIf(process.platform === 'linux')(
  'durable writes that are under way together have a descriptor each, which later ones use again',
  async () => {
    const file = await disk.create('a')
    const path = join(directory, 'data/journal/a')
    const writeTwo = (at: number) =>
      Promise.all([file.writeDurably([numbered(3)], at), file.writeDurably([numbered(3, 10)], at + 3)])
    await writeTwo(0)
    expect(await descriptorsOf(path)).toBe(3)
    await writeTwo(6)
    expect(await descriptorsOf(path)).toBe(3)
    const last = writeTwo(12)
    await file.close()
    await last
    expect(await descriptorsOf(path)).toBe(0)
    expect([...(await fs.readFile(path))].join()).toBe('0,1,2,10,11,12,'.repeat(3).slice(0, -1))
  },
)

test('an empty write changes nothing', async () => {
  const file = await disk.create('a')
  await file.write([], 100)
  await file.write([new Uint8Array(0)], 100)
  expect(await file.size()).toBe(0)
  await file.close()
})

test('files are made once, opened if they exist, for this user only', async () => {
  const file = await disk.create('a')
  await file.close()
  await expect(disk.create('a')).rejects.toMatchObject({ code: 'EEXIST' })
  await expect(disk.open('b')).rejects.toMatchObject({ code: 'ENOENT' })
  expect((await fs.stat(join(directory, 'data/journal/a'))).mode & 0o777).toBe(0o600)
})

test('files are renamed over others and removed, and handles stay readable', async () => {
  const a = await disk.create('a')
  await a.write([numbered(3)], 0)
  const b = await disk.create('b')
  await disk.rename('a', 'b')
  await disk.syncDirectory()
  expect(await disk.list()).toEqual(['b'])
  await disk.remove('b')
  expect(await disk.list()).toEqual([])
  expect(await a.read(new Uint8Array(9), 0)).toBe(3)
  expect(await b.size()).toBe(0)
  await a.close()
  await b.close()
})

test('directories are not listed as files', async () => {
  await fs.mkdir(join(directory, 'data/journal/sub'))
  expect(await disk.list()).toEqual([])
})

test('a file is cut and extended', async () => {
  const file = await disk.create('a')
  await file.write([numbered(10)], 0)
  await file.truncate(4)
  expect(await file.size()).toBe(4)
  await file.truncate(6)
  const read = new Uint8Array(6)
  await file.read(read, 0)
  expect([...read]).toEqual([0, 1, 2, 3, 0, 0])
  await file.close()
})

test('a file is closed only when the calls under way are done, and takes none afterwards', async () => {
  const file = await disk.create('a')
  const large = numbered(4_000_000)
  const ended: string[] = []
  await Promise.all([
    file.write([large, large], 0).then(() => ended.push('written')),
    file.close().then(() => ended.push('closed')),
  ])
  expect(ended).toEqual(['written', 'closed'])
  await expect(file.size()).rejects.toMatchObject({ code: 'EBADF' })
  await expect(file.close()).rejects.toMatchObject({ code: 'EBADF' })
})

test('free space is that of the file system', async () => {
  const { bavail, bsize } = await fs.statfs(directory)
  const free = await disk.freeBytes()
  expect(Math.abs(free - bavail * bsize)).toBeLessThan(1024 ** 3)
})
