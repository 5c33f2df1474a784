import { beforeAll, describe, expect, test } from 'vitest'
import type { DiskOperation } from '../../src/engines/files/simulated-disk-calls.ts'
import { type Legacy, leaveBehindEverything } from './damaged-start.ts'
import { failuresOf, liveThrough, type Mishap, some } from './faulty-life.ts'

/** How many calls of each kind go wrong here, the first and the last among them; `npm run sim -- --faults` takes all. */
const PER_KIND = 4

describe.each(['plain', 'encrypted'])('%s files', (form) => {
  let legacy: Legacy
  let calls: ReadonlyMap<DiskOperation, number>

  beforeAll(async () => {
    legacy = await leaveBehindEverything(['close', 'kill'], form === 'encrypted')
    const undisturbed = await liveThrough(legacy, [{ nth: 1, fault: 'EIO' }])
    expect(undisturbed).toMatchObject({ ends: ['closed'], wrong: null })
    expect(undisturbed.reports.join('\n')).toContain('were moved into')
    calls = undisturbed.calls
  })

  async function expectNothingBroken(...mishaps: Mishap[]): Promise<readonly string[]> {
    const { ends, wrong } = await liveThrough(legacy, mishaps)
    expect(wrong, JSON.stringify(mishaps)).toBe(null)
    return ends
  }

  test('a call that fails stops the server, or is survived, and nothing is lost', {
    timeout: 300_000,
  }, async () => {
    const ends = new Set<string>()
    for (const mishap of failuresOf(calls, PER_KIND)) {
      for (const end of await expectNothingBroken(mishap)) ends.add(end)
    }
    expect([...ends].sort()).toEqual(['closed', 'not opened', 'stopped'])
  })

  test('what was readable after a death but not durable is not built on', async () => {
    const all = [...calls.values()].reduce((sum, count) => sum + count, 0)
    for (const nth of some(all, 16)) {
      await expectNothingBroken({ nth, fault: 'death' }, { nth: 1 + ((nth * 7) % all), fault: 'power loss' })
    }
  })

  test('a power loss at any call, and again at the same call of the start after it, loses nothing', async () => {
    const all = [...calls.values()].reduce((sum, count) => sum + count, 0)
    for (const nth of some(all, 20)) {
      const lost = { nth, fault: 'power loss' } as const
      await expectNothingBroken(lost, lost, lost)
    }
  })
})
