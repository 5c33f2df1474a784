import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatHashKey } from '../hash-key.ts'
import { type HashRange, hashKeyAfter, hashKeyBefore, rangesFrom, uniformStarts } from './hash-range.ts'
import { planUniform, type ReshardedShard, type ReshardingStep, secondOfCreation } from './resharding.ts'

const NOW = Date.UTC(2026, 0, 1)

test('shards of the same size begin where AWS has them begin', () => {
  const shown = rangesFrom(uniformStarts(3)).map(({ startingHashKey, endingHashKey }) => [
    formatHashKey(startingHashKey),
    formatHashKey(endingHashKey),
  ])
  expect(shown).toEqual([
    ['0', '113427455640312821154458202477256070484'],
    ['113427455640312821154458202477256070485', '226854911280625642308916404954512140969'],
    ['226854911280625642308916404954512140970', '340282366920938463463374607431768211455'],
  ])
})

test('what comes before a hash key has all the digits that it needs', () => {
  const anyKey = fc.bigInt({ min: 1n, max: 2n ** 128n - 1n })
  const text = (key: bigint) => key.toString(16).padStart(32, '0')
  fc.assert(
    fc.property(anyKey, fc.nat(31), (key, zeros) => {
      const round = (key >> BigInt(zeros * 4)) << BigInt(zeros * 4)
      for (const each of [key, round]) if (each > 0n) expect(hashKeyBefore(text(each))).toBe(text(each - 1n))
    }),
  )
})

test('of whatever number of shards, each begins at its part of all hash keys', () => {
  for (const count of [1, 2, 3, 7, 100, 4096, 9999]) {
    const expected = Array.from({ length: count }, (_, i) => (2n ** 128n * BigInt(i)) / BigInt(count))
    expect(uniformStarts(count)).toEqual(expected.map((key) => key.toString(16).padStart(32, '0')))
  }
})

test('a child is created later than its parents, and not before the present second', () => {
  const parent = (createdSecond: number) => ({ createdSecond })
  expect(secondOfCreation(5_999)).toBe(5)
  expect(secondOfCreation(5_999, parent(4))).toBe(5)
  expect(secondOfCreation(5_999, parent(5))).toBe(6)
  expect(secondOfCreation(5_999, parent(3), parent(2))).toBe(5)
  expect(secondOfCreation(5_999, parent(3), parent(5))).toBe(6)
  expect(secondOfCreation(5_999, parent(9), parent(5))).toBe(10)
})

test.each([
  [1, 2, 1, 0],
  [2, 4, 2, 0],
  [4, 2, 0, 2],
  // As AWS does it: the shards in the middle are split, and their parts merged with what lies beside them.
  [4, 3, 2, 3],
  [4, 5, 4, 3],
  [5, 3, 2, 4],
  [3, 3, 0, 0],
])('%i shards become %i by %i splits and %i merges', (before, after, splits, merges) => {
  const steps = planUniform(shardsOf(before), after, before, NOW)
  expect(steps.filter(({ kind }) => kind === 'split')).toHaveLength(splits)
  expect(steps.filter(({ kind }) => kind === 'merge')).toHaveLength(merges)
})

test('whatever the shards were, they come to be of the same size, each step finds them as it needs them', () => {
  const keys = fc.uniqueArray(fc.bigInt({ min: 1n, max: 2n ** 128n - 1n }), { maxLength: 40 })
  fc.assert(
    fc.property(keys, fc.integer({ min: 1, max: 60 }), (cuts, count) => {
      const starts = [0n, ...cuts.sort((a, b) => (a < b ? -1 : 1))]
      const ranges = rangesFrom(starts.map((start) => start.toString(16).padStart(32, '0')))
      const before = numbered(ranges)
      const steps = planUniform(before, count, before.length, NOW)
      const { open } = carriedOut(before, steps)
      expect(open.map(({ startingHashKey, endingHashKey }) => ({ startingHashKey, endingHashKey }))).toEqual(
        rangesFrom(uniformStarts(count)),
      )
      // Chains are short: the seconds of creation don't run ahead of time by more than a few.
      const ahead = Math.max(...open.map(({ createdSecond }) => createdSecond)) - NOW / 1000
      expect(ahead).toBeLessThanOrEqual(
        Math.ceil(Math.log2(count + 1)) + Math.ceil(Math.log2(before.length + 1)) + 2,
      )
    }),
  )
})

test('nothing is done where the shards are as they are to be', () => {
  expect(planUniform(shardsOf(7), 7, 7, NOW)).toEqual([])
})

interface OpenShard extends ReshardedShard, HashRange {}

function shardsOf(count: number): readonly OpenShard[] {
  return numbered(rangesFrom(uniformStarts(count)))
}

function numbered(ranges: readonly HashRange[]): readonly OpenShard[] {
  return ranges.map((range, number) => ({ ...range, number, createdSecond: NOW / 1000 }))
}

/** What the steps make of the shards. Throws where one needs what isn't there. */
function carriedOut(
  before: readonly OpenShard[],
  steps: readonly ReshardingStep[],
): { readonly open: readonly OpenShard[] } {
  const open = new Map(before.map((shard) => [shard.number, shard]))
  let next = before.length
  const take = (number: number): OpenShard => {
    const shard = open.get(number)
    if (shard === undefined) throw new Error(`no shard ${number} is open`)
    open.delete(number)
    return shard
  }
  const add = (range: HashRange, createdSecond: number) => {
    open.set(next, { ...range, number: next++, createdSecond })
  }
  for (const step of steps) {
    const shard = take(step.shard)
    if (step.kind === 'split') {
      expect(step.at > shard.startingHashKey && step.at <= shard.endingHashKey).toBe(true)
      expect(step.second).toBeGreaterThan(shard.createdSecond)
      add({ ...shard, endingHashKey: hashKeyBefore(step.at) }, step.second)
      add({ ...shard, startingHashKey: step.at }, step.second)
    } else {
      const adjacent = take(step.adjacent)
      expect(hashKeyAfter(shard.endingHashKey)).toBe(adjacent.startingHashKey)
      expect(step.second).toBeGreaterThan(Math.max(shard.createdSecond, adjacent.createdSecond))
      add({ ...shard, endingHashKey: adjacent.endingHashKey }, step.second)
    }
  }
  return { open: [...open.values()].sort((a, b) => (a.startingHashKey < b.startingHashKey ? -1 : 1)) }
}
