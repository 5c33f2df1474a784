import { expect, test } from 'vitest'
import { StreamWorld } from './stream-world.ts'

const SEEDS = 15

test(`over crashes records of streams stay what and where they were, packed or not, in ${SEEDS} seeds`, {
  timeout: 300_000,
}, async () => {
  let [chunks, waits] = [0, 0]
  for (let seed = 1; seed <= SEEDS; seed++) {
    const world = new StreamWorld(seed)
    expect(await world.run(), `seed ${seed}`).toEqual([])
    chunks += world.chunks
    waits += world.waits
  }
  expect(chunks).toBeGreaterThan(SEEDS * 5)
  expect(waits).toBeGreaterThan(SEEDS * 20)
})
