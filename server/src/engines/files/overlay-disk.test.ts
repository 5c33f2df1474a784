import { expect, test } from 'vitest'
import { bodyOf, newDisk, openLedger } from '../../../test/journal/ledger.ts'
import type { Disk } from './disk.ts'
import { OverlayDisk } from './overlay-disk.ts'

async function contentOf(disk: Disk): Promise<Record<string, string>> {
  const content: Record<string, string> = {}
  for (const name of (await disk.list()).sort()) {
    const file = await disk.open(name)
    const bytes = new Uint8Array(await file.size())
    await file.read(bytes, 0)
    content[name] = Buffer.from(bytes).toString('latin1')
    await file.close()
  }
  return content
}

test('a journal is opened, written to and closed over another disk, which stays as it was', async () => {
  const below = newDisk()
  const life = await openLedger(below)
  for (let i = 0; i < 40; i++) {
    life.add(bodyOf(life.journal.nextBodyId, 500))
    await life.commit()
  }
  await life.close()
  const before = await contentOf(below)

  const over = await openLedger(await OverlayDisk.over(below))
  expect(over.ledger.bodies.size).toBe(life.ledger.bodies.size)
  await over.expectAllReadable()
  over.add(bodyOf(over.journal.nextBodyId, 10))
  await over.commit()
  await over.close()
  expect(await contentOf(below)).toEqual(before)
})

test('files are made, changed, renamed and removed in memory alone', async () => {
  const below = newDisk()
  const made = await below.create('a')
  await made.write([Buffer.from('hello')], 0)
  await made.close()
  const over = await OverlayDisk.over(below)

  const file = await over.open('a')
  await file.write([Buffer.from('J'), Buffer.from('E')], 0)
  await file.write([Buffer.from('!')], 6)
  expect(await contentOf(over)).toEqual({ a: 'JEllo\0!' })
  await file.truncate(2)
  await file.close()
  await over.rename('a', 'b')
  await (await over.create('c')).write([Buffer.from('new')], 0)
  expect(await contentOf(over)).toEqual({ b: 'JE', c: 'new' })
  await over.remove('b')
  expect(await over.list()).toEqual(['c'])
  await expect(over.open('b')).rejects.toMatchObject({ code: 'ENOENT' })
  await expect(over.create('c')).rejects.toMatchObject({ code: 'EEXIST' })
  await over.rename('c', 'a')
  expect(await contentOf(over)).toEqual({ a: 'new' })
  expect(await contentOf(below)).toEqual({ a: 'hello' })
})

test('a file that was opened before another handle changed it sees the change', async () => {
  const below = newDisk()
  await (await below.create('a')).write([Buffer.from('hello')], 0)
  const over = await OverlayDisk.over(below)
  const [reader, writer] = [await over.open('a'), await over.open('a')]
  await writer.write([Buffer.from('J')], 0)
  const bytes = new Uint8Array(5)
  expect(await reader.read(bytes, 0)).toBe(5)
  expect(Buffer.from(bytes).toString()).toBe('Jello')
  expect(await reader.read(bytes, 9)).toBe(0)
})
