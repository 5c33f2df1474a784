import fc from 'fast-check'
import { expect, test } from 'vitest'
import { HOUR_MS, named, ORDERS, START, StreamLife } from '../../../../test/kinesis/stream-life.ts'
import type { HashKey } from '../commands.ts'
import { parseHashKey } from '../hash-key.ts'
import { hashKeyAfter } from './hash-range.ts'

const key = (decimal: string): HashKey => parseHashKey(decimal)!
const HALF = key('170141183460469231731687303715884105728')

function withShards(shards: number): StreamLife {
  const life = new StreamLife()
  life.ask('createStream', { shards })
  return life
}

test('a split gives each child its part of the hash keys', () => {
  const life = withShards(1)
  life.now += 2_500
  life.ask('splitShard', { shard: 0, at: HALF })
  const second = START / 1000 + 2
  expect(life.shards()).toEqual([
    {
      ...{ number: 0, parent: null, adjacentParent: null },
      ...{ startingHashKey: key('0'), endingHashKey: 'f'.repeat(32), createdSecond: START / 1000 },
      closed: { lastIndex: 0, time: START + 2_500 },
    },
    {
      ...{ number: 1, parent: 0, adjacentParent: null, createdSecond: second, closed: null },
      ...{ startingHashKey: key('0'), endingHashKey: `7${'f'.repeat(31)}` },
    },
    {
      ...{ number: 2, parent: 0, adjacentParent: null, createdSecond: second, closed: null },
      ...{ startingHashKey: HALF, endingHashKey: 'f'.repeat(32) },
    },
  ])
})

test('a merge gives the child the hash keys of both', () => {
  const life = withShards(3)
  life.ask('mergeShards', { shard: 1, adjacent: 2 })
  const [first, ...others] = life.openShards()
  expect(first?.number).toBe(0)
  expect(others).toEqual([
    {
      ...{ number: 3, parent: 1, adjacentParent: 2, createdSecond: START / 1000 + 1, closed: null },
      ...{ startingHashKey: hashKeyAfter(first!.endingHashKey), endingHashKey: 'f'.repeat(32) },
    },
  ])
})

test('a shard is not split at its first two hash keys, nor at its last one', () => {
  const life = withShards(3)
  const refusal = (shard: number, at: string) => life.refusal('splitShard', { shard, at: key(at) })
  const told = (at: string) =>
    `InvalidArgumentException: NewStartingHashKey ${at} used in SplitShard() on shard shardId-000000000000 ` +
    "in stream orders under account 000000000000 is not both greater than one plus the shard's StartingHashKey 0 " +
    "and less than the shard's EndingHashKey 113427455640312821154458202477256070484."
  for (const at of [
    '0',
    '1',
    '113427455640312821154458202477256070484',
    '113427455640312821154458202477256070485',
    '340282366920938463463374607431768211455',
  ]) {
    expect(refusal(0, at)).toBe(told(at))
  }
  expect(refusal(1, '113427455640312821154458202477256070486')).toMatch(/^InvalidArgumentException/)
  expect(refusal(2, '2')).toMatch(/^InvalidArgumentException/)
  life.ask('splitShard', { shard: 0, at: key('2') })
  life.ask('splitShard', { shard: 1, at: key('226854911280625642308916404954512140968') })
  // Nothing is left to split in what has two hash keys.
  expect(refusal(3, '1')).toMatch(/^InvalidArgumentException/)
})

test('a shard is split or merged once', () => {
  const life = withShards(2)
  life.ask('splitShard', { shard: 0, at: key('1000') })
  const told =
    'InvalidArgumentException: Shard shardId-000000000000 in stream orders under account 000000000000 ' +
    'has already been merged or split, and thus is not eligible for merging or splitting.'
  expect(life.refusal('splitShard', { shard: 0, at: key('2000') })).toBe(told)
  expect(life.refusal('mergeShards', { shard: 0, adjacent: 1 })).toBe(told)
  expect(life.refusal('mergeShards', { shard: 3, adjacent: 0 })).toBe(told)
  life.ask('mergeShards', { shard: 2, adjacent: 3 })
})

test('only a shard and the one that follows it are merged', () => {
  const life = withShards(3)
  const refusal = (shard: number, adjacent: number) => life.refusal('mergeShards', { shard, adjacent })
  for (const [shard, adjacent] of [
    [0, 2],
    [1, 0],
    [1, 1],
    [2, 0],
  ] as const) {
    expect(refusal(shard, adjacent)).toBe(
      `InvalidArgumentException: Shards shardId-00000000000${shard} and shardId-00000000000${adjacent} in stream orders ` +
        'under account 000000000000 are not an adjacent pair of shards eligible for merging',
    )
  }
  expect(refusal(0, 5)).toBe(
    'ResourceNotFoundException: Could not find shard shardId-000000000005 in stream orders under account 000000000000.',
  )
})

test('a child whose parents were made a moment ago is created later than they were all the same', () => {
  const life = withShards(2)
  life.ask('mergeShards', { shard: 0, adjacent: 1 })
  life.ask('splitShard', { shard: 2, at: HALF })
  life.ask('mergeShards', { shard: 3, adjacent: 4 })
  const seconds = life.shards().map(({ createdSecond }) => createdSecond - START / 1000)
  expect(seconds).toEqual([0, 0, 1, 2, 2, 3])
})

test('the shard count is set to shards of the same size, with their parents', () => {
  const life = withShards(2)
  expect(life.ask('setShardCount', { shards: 3 })).toEqual({ stream: ORDERS, before: 2 })
  const open = life.openShards()
  expect(open.map(({ startingHashKey }) => startingHashKey).sort()).toEqual([
    key('0'),
    key('113427455640312821154458202477256070485'),
    key('226854911280625642308916404954512140970'),
  ])
  expect(life.shards().map(({ number, parent, adjacentParent }) => [number, parent, adjacentParent])).toEqual(
    [
      [0, null, null],
      [1, null, null],
      [2, 0, null],
      [3, 0, null],
      [4, 1, null],
      [5, 1, null],
      [6, 3, 4],
    ],
  )
  expect(life.ask('getStream').openShards).toBe(3)
})

test('the shard count is at most doubled and at least halved', () => {
  const life = withShards(5)
  const refusal = (shards: number) => life.refusal('setShardCount', { shards })
  expect(refusal(11)).toBe(
    'LimitExceededException: UpdateShardCount cannot scale up over double your current open shard count. ' +
      'Current open shard count: 5, Target shard count: 11',
  )
  expect(refusal(2)).toBe(
    'LimitExceededException: UpdateShardCount cannot scale down below half your current open shard count. ' +
      'Current open shard count: 5, Target shard count: 2',
  )
  expect(refusal(10_001)).toBe(
    'LimitExceededException: Target shard count or number of open shards cannot be greater than 10000. ' +
      'Current open shard count: 5, Target shard count: 10001',
  )
  life.ask('setShardCount', { shards: 10 })
  // Shards that are closed don't count.
  expect(refusal(21)).toMatch(/Current open shard count: 10/)
  life.ask('setShardCount', { shards: 5 })
  life.ask('setShardCount', { shards: 3 })
})

test('the shard count goes up only as far as the account has shards', () => {
  const life = withShards(4)
  life.ask('createStream', { stream: named('others'), shards: 19_995 })
  expect(life.refusal('setShardCount', { shards: 6 })).toMatch(
    /^LimitExceededException: This request would exceed the shard limit.* request: 2\./,
  )
  life.ask('setShardCount', { shards: 5 })
  life.ask('setShardCount', { shards: 3 })
})

test('the shard count is set ten times in any 24 hours', () => {
  const life = withShards(1)
  for (let i = 0; i < 10; i++) {
    life.ask('setShardCount', { shards: i % 2 === 0 ? 2 : 1 })
    life.wait(HOUR_MS)
  }
  const again = life.restarted(null, life.log)
  for (const each of [life, again]) {
    expect(each.refusal('setShardCount', { shards: 2 })).toBe(
      'LimitExceededException: UpdateShardCount is allowed 10 times in a rolling 24-hour period ' +
        'for stream orders under account 000000000000.',
    )
    each.now = START + 24 * HOUR_MS - 1
    expect(each.refusal('setShardCount', { shards: 2 })).toMatch(/^LimitExceededException/)
    each.now++
    each.ask('setShardCount', { shards: 2 })
    expect(each.refusal('setShardCount', { shards: 1 })).toMatch(/^LimitExceededException/)
    // Splits and merges are not counted.
    each.ask('mergeShards', { shard: each.openShards()[0]!.number, adjacent: each.openShards()[1]!.number })
  }
})

test('the shards of an on-demand stream are not for clients to change', () => {
  const life = new StreamLife()
  life.ask('createStream', { mode: 'ON_DEMAND', shards: 4 })
  const told =
    'ValidationException: Request is invalid. Stream orders under account 000000000000 is in On-Demand mode.'
  expect(life.refusal('splitShard', { shard: 0, at: key('5') })).toBe(told)
  expect(life.refusal('mergeShards', { shard: 0, adjacent: 1 })).toBe(told)
  expect(life.refusal('setShardCount', { shards: 5 })).toBe(told)
})

test('however shards are split and merged, the open ones cover all hash keys, each once', () => {
  const change = fc.oneof(
    fc.record({
      kind: fc.constant('split' as const),
      nth: fc.nat(),
      at: fc.double({ min: 0, max: 1, noNaN: true }),
    }),
    fc.record({ kind: fc.constant('merge' as const), nth: fc.nat() }),
    fc.record({ kind: fc.constant('count' as const), share: fc.double({ min: 0.5, max: 2, noNaN: true }) }),
    fc.record({ kind: fc.constant('wait' as const), hours: fc.integer({ min: 1, max: 30 }) }),
    fc.record({ kind: fc.constant('tidy' as const) }),
  )
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(change, { maxLength: 25 }), (shards, changes) => {
      const life = withShards(shards)
      for (const each of changes) {
        const open = sorted(life)
        if (each.kind === 'wait') life.wait(each.hours * HOUR_MS)
        else if (each.kind === 'tidy') life.tidy()
        else if (each.kind === 'count') {
          life.refusal('setShardCount', { shards: Math.max(1, Math.floor(open.length * each.share)) })
        } else {
          const shard = open[each.nth % open.length]!
          if (each.kind === 'merge') {
            const adjacent = open[(each.nth % open.length) + 1]
            if (adjacent === undefined) continue
            expect(life.refusal('mergeShards', { shard: shard.number, adjacent: adjacent.number })).toBe(
              'not refused',
            )
          } else life.refusal('splitShard', { shard: shard.number, at: within(shard, each.at) })
        }
        checkShards(life)
      }
      checkShards(life.restarted(null, life.log))
    }),
  )
})

function sorted(life: StreamLife) {
  return [...life.openShards()].sort((a, b) => (a.startingHashKey < b.startingHashKey ? -1 : 1))
}

function within(
  { startingHashKey, endingHashKey }: { startingHashKey: HashKey; endingHashKey: HashKey },
  at: number,
) {
  const start = BigInt(`0x${startingHashKey}`)
  const size = BigInt(`0x${endingHashKey}`) - start
  const point = start + (size * BigInt(Math.floor(at * 1000))) / 1000n
  return point.toString(16).padStart(32, '0')
}

function checkShards(life: StreamLife): void {
  const open = sorted(life)
  expect(open[0]?.startingHashKey).toBe('0'.repeat(32))
  expect(open.at(-1)?.endingHashKey).toBe('f'.repeat(32))
  for (const [i, { startingHashKey }] of open.entries()) {
    if (i > 0) expect(startingHashKey).toBe(hashKeyAfter(open[i - 1]!.endingHashKey))
  }
  expect(life.ask('getStream').openShards).toBe(open.length)
  expect(life.ask('getLimits').openShards).toBe(open.length)
  const seen = new Map(life.shards().map((shard) => [shard.number, shard]))
  for (const { parent, adjacentParent, createdSecond } of seen.values()) {
    for (const number of [parent, adjacentParent]) {
      const ancestor = number === null ? undefined : seen.get(number)
      if (ancestor === undefined) continue
      expect(ancestor.closed).not.toBeNull()
      expect(createdSecond).toBeGreaterThan(ancestor.createdSecond)
    }
  }
}
