import { expect, test } from 'vitest'
import { ReplayWorld } from './replay-world.ts'

const SEEDS = 40

test(`over crashes nothing that is published is left out or comes twice, and replays are whole and in order, in ${SEEDS} seeds`, {
  timeout: 300_000,
}, async () => {
  let replays = 0
  for (let seed = 1; seed <= SEEDS; seed++) {
    const world = new ReplayWorld(seed)
    expect(await world.run(), `seed ${seed}`).toEqual([])
    replays += world.replays
  }
  expect(replays).toBeGreaterThan(SEEDS * 4)
})
