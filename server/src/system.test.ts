import { expect, test } from 'vitest'
import { SystemRandom } from './system.ts'

test('random bytes are the caller’s alone, however many are asked for at a time', () => {
  const random = new SystemRandom()
  const lengths = Array.from({ length: 3000 }, (_, i) => [0, 1, 16, 80, 1024, 1025, 40_000][i % 7]!)
  const drawn = lengths.map((length) => random.bytes(length))
  for (const [i, bytes] of drawn.entries()) {
    expect(bytes.length).toBe(lengths[i])
    // Whatever another caller does with its own, these stay as they were drawn.
    bytes.fill(i & 255)
  }
  for (const [i, bytes] of drawn.entries()) expect(bytes.every((byte) => byte === (i & 255))).toBe(true)
})

test('no two draws are alike', () => {
  const random = new SystemRandom()
  const seen = new Set(Array.from({ length: 5000 }, () => Buffer.from(random.bytes(16)).toString('hex')))
  expect(seen.size).toBe(5000)
})
