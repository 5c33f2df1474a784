import { expect, test } from 'vitest'
import { BlockTable } from './block-table.ts'
import { LiveBodies } from './live-bodies.ts'

test('each body is found in its block, over many blocks of different counts', () => {
  const table = new BlockTable()
  const blockOf: number[] = []
  for (let block = 0; block < 300; block++) {
    const count = 1 + ((block * 7) % 5)
    table.add(count, block * 100, 90, block)
    for (let i = 0; i < count; i++) blockOf.push(block)
  }
  table.trim()
  expect(table.bodies).toBe(blockOf.length)
  blockOf.forEach((block, ordinal) => {
    expect(table.find(ordinal)).toBe(block)
    expect(table.isIn(block, ordinal)).toBe(true)
    expect(table.isIn(block + 1, ordinal)).toBe(false)
  })
  expect([table.offset(299), table.storedLength(299), table.checksum(299)]).toEqual([29_900, 90, 299])
  expect(table.count(299)).toBe(1 + ((299 * 7) % 5))
})

test('live bodies are found in order, and add up', () => {
  const live = new LiveBodies()
  const ordinals = [0, 31, 32, 63, 64, 1000, 4095]
  for (const ordinal of ordinals) live.add(ordinal, 10)
  const found: number[] = []
  for (let at = live.next(0, 5000); at !== -1; at = live.next(at + 1, 5000)) found.push(at)
  expect(found).toEqual(ordinals)
  expect(live.next(65, 1000)).toBe(-1)
  live.remove(32, 10)
  expect([live.count, live.bytes, live.has(32), live.has(31)]).toEqual([6, 60, false, true])
  expect(() => live.remove(32, 10)).toThrow('is live')
  expect(() => live.add(0, 10)).toThrow('once')
})
