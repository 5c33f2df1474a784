import { expect, test } from 'vitest'
import { BlockCache } from './block-cache.ts'
import type { BodyFile } from './body-file.ts'
import { FrameMemory } from './frame-memory.ts'

const file = (cacheKey: number) => ({ cacheKey, blocks: { length: 4 } }) as BodyFile

test('memory is lent again when all who hold it have released it', () => {
  const frames = new FrameMemory()
  const first = frames.borrow(5000)
  expect(first.memory.length).toBe(6144)
  first.hold()
  first.release()
  expect(frames.borrow(5000).memory).not.toBe(first.memory)
  first.release()
  expect(frames.borrow(4097).memory).toBe(first.memory)
})

test('memory that somebody saw into is never lent again', () => {
  const frames = new FrameMemory()
  const seen = frames.borrow(100)
  seen.leave()
  seen.release()
  expect(frames.borrow(100).memory).not.toBe(seen.memory)
})

test('what is too large to be kept is lent all the same', () => {
  const frames = new FrameMemory()
  const large = frames.borrow(1024 * 1024 + 1)
  expect(large.memory.length).toBe(1024 * 1024 + 1)
  large.release()
  expect(frames.borrow(1024 * 1024 + 1).memory).not.toBe(large.memory)
})

test('no more than a MiB of a size is kept', () => {
  const frames = new FrameMemory()
  const loans = Array.from({ length: 3 }, () => frames.borrow(512 * 1024))
  for (const loan of loans) loan.release()
  const again = new Set([0, 1, 2].map(() => frames.borrow(512 * 1024).memory))
  expect(loans.filter(({ memory }) => again.has(memory))).toHaveLength(2)
})

test('a cached block keeps its frame, until the cache forgets it', () => {
  const frames = new FrameMemory()
  const cache = new BlockCache(8192)
  const loan = frames.borrow(4096)
  const home = { loan, bytes: loan.memory.length / 2 }
  cache.put(file(1), 0, loan.memory.subarray(0, 10), home)
  cache.put(file(1), 1, loan.memory.subarray(10, 20), home)
  loan.release()
  expect(cache.bytes).toBe(4096)
  expect(frames.borrow(4096).memory).not.toBe(loan.memory)
  cache.drop(file(1))
  expect(cache.bytes).toBe(0)
  expect(frames.borrow(4096).memory).toBe(loan.memory)
})

test('what a reader got out of the cache is not written over when the cache forgets it', () => {
  const frames = new FrameMemory()
  const cache = new BlockCache(4096)
  const loan = frames.borrow(4096)
  cache.put(file(1), 0, loan.memory.subarray(0, 10), { loan, bytes: 4096 })
  loan.release()
  expect(cache.get(file(1), 0)).toHaveLength(10)
  // One that takes all the room there is.
  cache.put(file(2), 0, new Uint8Array(4096))
  expect(cache.has(file(1), 0)).toBe(false)
  expect(frames.borrow(4096).memory).not.toBe(loan.memory)
})

test('a block that the cache has no room for keeps nothing', () => {
  const frames = new FrameMemory()
  const cache = new BlockCache(1000)
  const loan = frames.borrow(4096)
  cache.put(file(1), 0, loan.memory.subarray(0, 10), { loan, bytes: 4096 })
  loan.release()
  expect(cache.bytes).toBe(0)
  expect(frames.borrow(4096).memory).toBe(loan.memory)
})
