import { expect, test } from 'vitest'
import { SeededRandom } from '../../base/random.ts'
import type { Lifetime } from '../../journal/journal.ts'
import { LIFETIMES, LiveBodies } from './live-bodies.ts'

function ordinalsOf(live: LiveBodies, lifetime: Lifetime, end: number): number[] {
  const found: number[] = []
  for (let at = live.next(0, end, lifetime); at !== -1; at = live.next(at + 1, end, lifetime)) found.push(at)
  return found
}

test('live bodies are found in order, and add up', () => {
  const live = new LiveBodies()
  const ordinals = [0, 31, 32, 63, 64, 1000, 4095]
  for (const ordinal of ordinals) live.add(ordinal, 10)
  expect(ordinalsOf(live, 0, 5000)).toEqual(ordinals)
  expect(live.next(65, 1000, 0)).toBe(-1)
  live.remove(32, 10)
  expect([live.count, live.bytes, live.has(32), live.has(31)]).toEqual([6, 60, false, true])
})

test('bodies are counted by their lifetimes, and all together', () => {
  const random = new SeededRandom(5)
  const live = new LiveBodies()
  const known = new Map<number, { bytes: number; lifetime: Lifetime }>()
  for (let step = 0; step < 4000; step++) {
    const ordinal = random.below(500)
    const body = known.get(ordinal)
    if (body === undefined) {
      const added = { bytes: random.below(100), lifetime: LIFETIMES[random.below(4)]! }
      known.set(ordinal, added)
      live.add(ordinal, added.bytes, added.lifetime)
    } else {
      expect(live.lifetimeOf(ordinal)).toBe(body.lifetime)
      expect(live.remove(ordinal, body.bytes)).toBe(body.lifetime)
      known.delete(ordinal)
    }
    expect(live.has(ordinal)).toBe(known.has(ordinal))
  }
  expect(live.count).toBe(known.size)
  let all = 0
  for (const lifetime of LIFETIMES) {
    const its = [...known].filter(([, body]) => body.lifetime === lifetime)
    const bytes = its.reduce((sum, [, body]) => sum + body.bytes, 0)
    expect(live.bytesOf(lifetime)).toBe(bytes)
    expect(ordinalsOf(live, lifetime, 500)).toEqual(its.map(([ordinal]) => ordinal).sort((a, b) => a - b))
    all += bytes
  }
  expect(live.bytes).toBe(all)
})

test('a body comes to life once, and goes once', () => {
  const live = new LiveBodies()
  live.add(3, 10, 2)
  expect(() => live.add(3, 10)).toThrow('comes to life once')
  live.remove(3, 10)
  expect(() => live.remove(3, 10)).toThrow('only a body that is live')
  live.add(3, 10)
  expect(() => live.add(3, 10, 2)).toThrow('comes to life once')
})
