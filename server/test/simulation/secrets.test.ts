import { expect, test } from 'vitest'
import { FEW_STEPS, SecretsWorld } from './secrets-world.ts'

const SEEDS = 40

test(`over crashes and with ever another root key, keys are as was acknowledged, in ${SEEDS} seeds`, {
  timeout: 300_000,
}, async () => {
  const found = { good: 0, gone: 0, opened: 0 }
  for (let seed = 1; seed <= SEEDS; seed++) {
    const world = new SecretsWorld(seed)
    expect(await world.run(), `seed ${seed}`).toEqual([])
    for (const kind of ['good', 'gone', 'opened'] as const) found[kind] += world.history.found[kind]
  }
  for (const kind of ['good', 'gone', 'opened'] as const) expect(found[kind]).toBeGreaterThan(SEEDS * 3)
})

test.each([false, true])(
  'the process or the machine may die at every call to the disk (encrypted: %s)',
  {
    timeout: 300_000,
  },
  async (isEncrypted) => {
    const undisturbed = new SecretsWorld(1, isEncrypted, FEW_STEPS)
    const calls = await undisturbed.live({ atCall: 0, isKilled: true })
    expect(calls).toBeGreaterThan(30)
    for (let atCall = 1; atCall <= calls; atCall++) {
      for (const isKilled of [true, false]) {
        const world = new SecretsWorld(1, isEncrypted, FEW_STEPS)
        await world.live({ atCall, isKilled })
        expect(await world.end(), `call ${atCall}, killed: ${isKilled}`).toEqual([])
      }
    }
  },
)
