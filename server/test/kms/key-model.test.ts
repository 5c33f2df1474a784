import { expect, test } from 'vitest'
import { ServiceError } from '../../src/api/service-error.ts'
import { SeededRandom } from '../../src/base/random.ts'
import { aliasNamed, DAY_MS, GRANT, KeyLife, keyNamed } from './key-life.ts'

const PRINCIPALS = ['p1', 'p2'] as const

/** One random command, be it refused or not. */
function act(life: KeyLife, random: SeededRandom, step: number): void {
  const key = keyNamed(`k${random.below(5)}`)
  const alias = aliasNamed(`a${random.below(4)}`)
  const material = { id: `m${step}`, sealed: random.bytes(8) }
  const grant = {
    ...GRANT,
    id: `g${step}`,
    retiring: random.pick([null, ...PRINCIPALS]),
    name: random.pick(['', 'n']),
  }
  const known = () => life.ask('listGrants', { key }).grants[0]?.id ?? 'none'
  const acts: readonly (() => unknown)[] = [
    () => {
      const isThere = life.ask('listKeys').ids.includes(key.name)
      const rotationDays = random.pick([null, 90])
      if (!isThere) life.ask('createKey', { key, material, rotationDays, tags: { step: String(step) } })
    },
    () => life.ask('changeKey', { key, changes: { description: `d${step}` } }),
    () => life.ask('changeKey', { key, changes: { policy: `{"step":${step}}` } }),
    () => life.ask('enableKey', { key }),
    () => life.ask('disableKey', { key }),
    () => life.ask('scheduleDeletion', { key, days: 7 + random.below(24) }),
    () => life.ask('cancelDeletion', { key }),
    () => life.ask('tagKey', { key, tags: { [`t${random.below(4)}`]: String(step) } }),
    () => life.ask('untagKey', { key, keys: [`t${random.below(4)}`] }),
    () => life.ask('setRotation', { key, days: random.pick([null, 90, 120]) }),
    () => life.ask('rotateKey', { key, material }),
    () => {
      const due = life.view(key.name).rotationDue
      if (due !== null) life.ask('rotateDueKey', { key, due, material })
    },
    () => life.ask('noteUse', { key, use: { operation: 'Encrypt', at: life.now, requestId: `r${step}` } }),
    () => life.ask('createAlias', { key, alias }),
    () => life.ask('updateAlias', { key, alias }),
    () => life.ask('deleteAlias', { alias }),
    () => life.ask('createGrant', { key, grant }),
    () => life.ask('createGrant', { key, grant }),
    () => life.ask('deleteGrant', { key, id: known() }),
    () => life.wait(random.below(5) * DAY_MS),
    () => void life.tidy(),
    () => random.below(20) === 0 && life.ask('reset'),
  ]
  try {
    acts[random.below(acts.length)]!()
  } catch (error) {
    if (!(error instanceof ServiceError)) throw error
  }
}

test.each(Array.from({ length: 40 }, (_, seed) => seed + 1))(
  'whatever happens, a snapshot and a journal give the same keys (seed %i)',
  (seed) => {
    const random = new SeededRandom(seed)
    const life = new KeyLife()
    let since = 0
    let snapshot: { units: ReadonlyMap<number, Uint8Array>; now: number } | null = null
    for (let step = 0; step < 400; step++) {
      act(life, random, step)
      if (random.below(60) !== 0) continue
      // A snapshot is written while life goes on.
      const cut = life.cut()
      const begun = { now: life.now, since: life.log.length }
      for (let meanwhile = 0; meanwhile < 5; meanwhile++) act(life, random, 1000 + step * 10 + meanwhile)
      snapshot = { units: life.finish(cut), now: begun.now }
      since = begun.since
      expect(life.restarted(snapshot, life.log.slice(since)).content(PRINCIPALS)).toEqual(
        life.content(PRINCIPALS),
      )
    }
    const content = life.content(PRINCIPALS)
    expect(life.restarted(null, life.log).content(PRINCIPALS)).toEqual(content)
    if (snapshot !== null) {
      const restarted = life.restarted(snapshot, life.log.slice(since))
      expect(restarted.content(PRINCIPALS)).toEqual(content)
      restarted.tidy()
      restarted.wait(40 * DAY_MS)
      life.tidy()
      life.wait(40 * DAY_MS)
      expect(restarted.content(PRINCIPALS)).toEqual(life.content(PRINCIPALS))
      // Nothing is left behind: what a snapshot of the one has is what one of the other has.
      life.tidy()
      restarted.tidy()
      expect(restarted.finish(restarted.cut()).size).toBe(life.finish(life.cut()).size)
    }
  },
)
