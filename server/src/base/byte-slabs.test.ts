import { expect, test } from 'vitest'
import { ByteSlabs } from './byte-slabs.ts'

test('pieces of any size have their own bytes, and none shares them with another', () => {
  const slabs = new ByteSlabs()
  const sizes = [
    0,
    1,
    30_000,
    131_072,
    131_073,
    2_000_000,
    ...Array.from({ length: 60 }, (_, i) => 20_000 + i),
  ]
  const pieces = sizes.map((size) => slabs.take(size))
  for (const [i, piece] of pieces.entries()) piece.fill(i)
  for (const [i, piece] of pieces.entries()) {
    expect(piece).toHaveLength(sizes[i]!)
    expect(piece.every((byte) => byte === i)).toBe(true)
  }
})

test('small pieces lie in one slab, large ones by themselves', () => {
  const slabs = new ByteSlabs()
  const [first, large, second] = [slabs.take(1000), slabs.take(200_000), slabs.take(1000)]
  expect(second.buffer).toBe(first.buffer)
  expect(large.buffer.byteLength).toBe(200_000)
})
