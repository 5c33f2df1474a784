import { expect, test } from 'vitest'
import { checkDamage } from './check-damage.ts'
import { leaveBehindEverything } from './damaged-start.ts'
import { damagesTo } from './damages.ts'

test.each([
  ['plain', 'closed', ['kill', 'close']],
  ['plain', 'killed', ['close', 'kill']],
  ['encrypted', 'closed', ['kill', 'close']],
  ['encrypted', 'killed', ['close', 'kill']],
] as const)(
  'no damage to the %s files of a server that was %s is served or silently accepted',
  { timeout: 300_000 },
  async (form, _, endings) => {
    const legacy = await leaveBehindEverything(endings, form === 'encrypted')
    const seen = new Set<string>()
    for (const damage of damagesTo(legacy.files, { perKind: 2, stride: null })) {
      seen.add(damage.kind)
      expect(await checkDamage(legacy, damage), damage.what).toBe(null)
    }
    expect([...seen].sort()).toEqual(['bit', 'copy', 'cut', 'exchange', 'page', 'removal'])
  },
)
