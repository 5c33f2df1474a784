import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { groupsOf } from '../../../../test/kinesis/record-groups.ts'
import { GATHERED_RECORDS_MAX } from '../limits.ts'
import { type ShardOrigin, sequenceNumber } from '../sequence-number.ts'
import { shardId } from '../shard-id.ts'
import { ShardMapView } from '../shard-map.ts'
import { PutJson, putJson } from './put-json.ts'

interface Group {
  readonly shard: ShardOrigin
  readonly first: number
  readonly count: number
}

const json = new PutJson()

/** What is written of records that came in the order of the groups' shards, or in the opposite one. */
function written(groups: readonly Group[], second: number, isReversed: boolean): string | null {
  const count = groups.reduce((sum, group) => sum + group.count, 0)
  const map = new ShardMapView({
    ...{ version: 1, maxRecordKiB: 1024, keyId: null },
    shards: groups.map(({ shard }) => ({ ...shard, startingHashKey: '0'.repeat(32) })),
  })
  const sorted = {
    ...{ body: new Uint8Array(0), map, count },
    groups: groupsOf(
      groups.map(({ shard, count }) => ({ shard: shard.number, count, bytes: 0, payloadBytes: 0 })),
    ),
    positions: groups.map((_, i) => i),
    places: isReversed ? Array.from({ length: count }, (_, i) => count - 1 - i) : null,
  }
  const firstIndexes = groups.map(({ first }) => first)
  const bytes = json.write(sorted, firstIndexes, second, false)
  return bytes && Buffer.from(bytes).toString()
}

function expected(groups: readonly Group[], second: number, isReversed: boolean): string {
  const Records = groups.flatMap(({ shard, first, count }) =>
    Array.from({ length: count }, (_, i) => ({
      SequenceNumber: sequenceNumber(shard, first + i, second),
      ShardId: shardId(shard.number),
    })),
  )
  return JSON.stringify({ FailedRecordCount: 0, Records: isReversed ? Records.reverse() : Records })
}

const anySecond = fc.oneof(fc.nat(2 ** 31), fc.nat(16 ** 9 - 1))
const anyGroup = fc.record({
  shard: fc.record({ number: fc.oneof(fc.nat(1000), fc.nat(0x7fff_ffff)), createdSecond: anySecond }),
  first: fc.oneof(
    fc.integer({ min: 1, max: 2000 }),
    fc.nat(2 ** 32),
    fc.integer({ min: 1, max: 2 ** 53 - 10 }),
  ),
  count: fc.integer({ min: 1, max: 9 }),
})

test('the numbers of any shards, indexes and seconds are those that are written one by one', () => {
  fc.assert(
    fc.property(
      fc.array(anyGroup, { minLength: 1, maxLength: 40 }),
      anySecond,
      fc.boolean(),
      (groups, second, isReversed) => {
        expect(written(groups, second, isReversed)).toBe(expected(groups, second, isReversed))
      },
    ),
    { numRuns: 500 },
  )
})

test('numbers in a row are carried from limb to limb', () => {
  const shard = { number: 99, createdSecond: 1_764_201_600 }
  for (const about of [1, 10_000, 99_999_999, 100_000_000, 2 ** 32, 10 ** 12, 2 ** 53 - 700]) {
    for (let first = Math.max(1, about - 2000); first <= about; first += 500) {
      const groups = [{ shard, first, count: 500 }]
      if (written(groups, 1_800_000_000, false) !== expected(groups, 1_800_000_000, false)) {
        expect.fail(`those from ${first} on`)
      }
    }
  }
})

test('nothing of a longer answer stays for the next one, and too many records are for others to write', () => {
  const groupOf = (count: number) => [{ shard: { number: 3, createdSecond: 1_700_000_000 }, first: 7, count }]
  for (const count of [500, 1, 2, 100, 499, GATHERED_RECORDS_MAX, 3]) {
    expect(written(groupOf(count), 1_800_000_000, true)).toBe(expected(groupOf(count), 1_800_000_000, true))
  }
  expect(written(groupOf(GATHERED_RECORDS_MAX + 1), 1_800_000_000, false)).toBeNull()
})

test('as many records as are put at once may each be a group', () => {
  const groups = Array.from({ length: GATHERED_RECORDS_MAX }, (_, i) => ({
    ...{ shard: { number: i, createdSecond: 1_700_000_000 + i }, first: 1 + i * 997, count: 1 },
  }))
  expect(written(groups, 1_800_000_000, true)).toBe(expected(groups, 1_800_000_000, true))
})

test('there is one for all answers', () => {
  expect(putJson()).toBeInstanceOf(PutJson)
  expect(putJson()).toBe(putJson())
})
