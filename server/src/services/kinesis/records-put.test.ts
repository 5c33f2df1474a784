import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { groupsOf } from '../../../test/kinesis/record-groups.ts'
import { PutResult, RecordsPut } from './records-put.ts'
import { sequenceNumber } from './sequence-number.ts'
import { ShardMapView } from './shard-map.ts'
import type { SortedRecords } from './sorted-records.ts'

const STREAM = { accountId: '000000000000', region: 'eu-west-1', name: 'orders' }
const CREATED = 1_700_000_000
const NOW = 1_800_000_000_123

interface Group {
  readonly number: number
  readonly count: number
  readonly first: number | null
}

const sortedOf = (groups: readonly Group[], places: readonly number[] | null): SortedRecords => ({
  ...{ body: new Uint8Array(0), places, count: groups.reduce((sum, { count }) => sum + count, 0) },
  groups: groupsOf(groups.map(({ number, count }) => ({ shard: number, count, bytes: 0, payloadBytes: 0 }))),
  map: new ShardMapView({
    ...{ version: 1, maxRecordKiB: 1024, keyId: null },
    shards: groups.map(({ number }) => ({ number, createdSecond: CREATED, startingHashKey: '0'.repeat(32) })),
  }),
  positions: groups.map((_, i) => i),
})

const putOf = (groups: readonly Group[], places: readonly number[] | null, isEncrypted: boolean) => {
  const firstIndexes = groups.map(({ first }) => first)
  const outcome = { kind: 'put', now: NOW, isEncrypted, firstIndexes } as const
  return new RecordsPut(new PutResult(sortedOf(groups, places), outcome, STREAM))
}

const indexes = fc.integer({ min: 1, max: 2 ** 53 - 1000 })
const anyGroups = (first: fc.Arbitrary<number | null>) =>
  fc.array(fc.record({ number: fc.nat(0x7fff_ffff), count: fc.integer({ min: 1, max: 30 }), first }), {
    minLength: 1,
    maxLength: 8,
  })

function shuffled(count: number, seed: number): number[] {
  const places = Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1, rest = seed; i > 0; i--, rest = (rest * 48_271) % 0x7fff_ffff) {
    const other = rest % (i + 1)
    const place = places[i]!
    places[i] = places[other]!
    places[other] = place
  }
  return places
}

test.each([
  ['taken', indexes],
  ['refused in part', fc.option(indexes)],
])('of records that are %s the JSON is what JSON makes of the output', (_, first) => {
  fc.assert(
    fc.property(
      anyGroups(first),
      fc.integer({ min: 1, max: 9999 }),
      fc.boolean(),
      (groups, seed, isEncrypted) => {
        const count = groups.reduce((sum, group) => sum + group.count, 0)
        const places = shuffled(count, seed)
        const json = putOf(groups, places, isEncrypted).json()
        const output = putOf(groups, places, isEncrypted).members()
        // What was refused is left to others to write.
        const isWhole = groups.every((group) => group.first !== null)
        expect(json && Buffer.from(json).toString()).toBe(isWhole ? JSON.stringify(output) : null)
        let record = 0
        for (const group of groups) {
          for (let i = 0; i < group.count; i++) {
            const { SequenceNumber } = output.Records![places[record++]!]!
            const { number, first } = group
            expect(SequenceNumber).toBe(
              first === null
                ? undefined
                : sequenceNumber({ number, createdSecond: CREATED }, first + i, (NOW / 1000) | 0),
            )
          }
        }
      },
    ),
  )
})

test('with one shard the records stand as they do in the request', () => {
  for (const count of [1, 2, 3, 4, 5, 100, 500]) {
    const group = { number: 7, count, first: 9_999 }
    const json = Buffer.from(putOf([group], null, false).json()!).toString()
    expect(json).toBe(JSON.stringify(putOf([group], null, false).members()))
  }
})

test('each of several requests is answered for its part, in whatever order, and others in between', () => {
  const groups = [3, 5, 9].map((number, i) => ({ number, count: 40 * (i + 1), first: 100 * number }))
  const indexes = groups.map(({ first }) => first)
  const result = (isEncrypted: boolean) =>
    new PutResult(
      sortedOf(groups, shuffled(240, 77)),
      { kind: 'put', now: NOW, isEncrypted, firstIndexes: indexes },
      STREAM,
    )
  const plain = result(false)
  const all = new RecordsPut(plain).members().Records!
  for (const [first, count] of [
    [0, 100],
    [100, 1],
    [101, 139],
    [0, 100],
  ] as const) {
    const part = new RecordsPut(plain, first, count)
    expect(part.members()).toEqual({ FailedRecordCount: 0, Records: all.slice(first, first + count) })
    expect(Buffer.from(part.json()!).toString()).toBe(JSON.stringify(part.members()))
    new RecordsPut(result(true)).json()
  }
  expect(new RecordsPut(result(true), 0, 100).json()).toBeNull()
})
