import { expect, test } from 'vitest'
import { choicesOf, World } from './world.ts'

const SEEDS = 300

test(`nothing is lost, resurrected, stored twice, reordered or corrupted in ${SEEDS} seeds`, {
  timeout: 300_000,
}, async () => {
  for (let seed = 1; seed <= SEEDS; seed++) {
    const { violations, endings } = await new World({ seed, ...choicesOf(seed) }).run()
    expect(
      violations,
      `seed ${seed} (${endings.join(', ')}); again with: npm run sim -- --seed ${seed}`,
    ).toEqual([])
  }
})

test('the same seed gives the same bytes on the disk', async () => {
  for (const seed of [1, 2, 3, 4, 5]) {
    const first = await new World({ seed, ...choicesOf(seed) }).run()
    const second = await new World({ seed, ...choicesOf(seed) }).run()
    expect(second).toEqual(first)
  }
})

test.each([
  {},
  { fifo: true },
  { topics: true },
  { streams: true },
  { encryption: 'always' },
  { encryption: 'changing' },
] as const)(
  'a power loss at any write, sync or rename of a short run loses nothing (%j)',
  {
    timeout: 300_000,
  },
  async (clients) => {
    const { diskCalls } = await new World({ seed: 77, lives: 1, crashAt: 0, ...clients }).run()
    expect(diskCalls).toBeGreaterThan(50)
    for (let crashAt = 1; crashAt <= Math.min(diskCalls, 'fifo' in clients ? 80 : 400); crashAt++) {
      const { violations } = await new World({ seed: 77, lives: 2, crashAt, ...clients }).run()
      expect(violations, `crash at disk call ${crashAt}`).toEqual([])
    }
  },
)
