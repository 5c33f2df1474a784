import { expect, test } from 'vitest'
import { BlockTable } from './block-table.ts'

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
