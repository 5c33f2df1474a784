import { expect, test } from 'vitest'
import { BlockCache } from './block-cache.ts'
import type { BodyFile } from './body-file.ts'

const file = { cacheKey: 1, blocks: { length: 100 } } as BodyFile
const BLOCK_BYTES = 10

/** A cache that has room for so many blocks, and has as many, the first one being the oldest. */
function fullCache(blocks: number): BlockCache {
  const cache = new BlockCache(blocks * BLOCK_BYTES)
  for (let block = 0; block < blocks; block++) cache.put(file, block, new Uint8Array(BLOCK_BYTES))
  return cache
}

test('the block that was not used for longest goes first', () => {
  const cache = fullCache(8)
  cache.get(file, 0)
  cache.put(file, 8, new Uint8Array(BLOCK_BYTES))
  expect(cache.has(file, 0)).toBe(true)
  expect(cache.has(file, 1)).toBe(false)
  expect(cache.bytes).toBe(8 * BLOCK_BYTES)
})

test('blocks that are used again and again stay, whatever comes and goes beside them', () => {
  const cache = fullCache(16)
  for (let block = 16; block < 100; block++) {
    for (let used = 0; used < 4; used++) expect(cache.get(file, used)).toBeDefined()
    cache.put(file, block, new Uint8Array(BLOCK_BYTES))
  }
})
