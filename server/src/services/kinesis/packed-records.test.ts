import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { layTogether } from '../../../test/kinesis/lay-together.ts'
import { areOfOneKey, joinRecords, type PackedRecords, packRecords } from './packed-records.ts'
import { RecordsToPut } from './records-to-put.ts'
import { ShardMapView } from './shard-map.ts'

const HASH_KEYS = 2n ** 128n

const viewOf = (shards: number) =>
  new ShardMapView({
    ...{ version: 1, maxRecordKiB: 1024, keyId: null },
    shards: Array.from({ length: shards }, (_, i) => ({
      ...{ number: i, createdSecond: 1_700_000_000 },
      startingHashKey: ((HASH_KEYS * BigInt(i)) / BigInt(shards)).toString(16).padStart(32, '0'),
    })),
  })

const anyRecord = fc.record({
  PartitionKey: fc.oneof(
    fc.string({ minLength: 1, maxLength: 12 }),
    fc.string({ unit: fc.constantFrom('a', 'é', '💣'), minLength: 1, maxLength: 256 }),
  ),
  Data: fc.uint8Array({ maxLength: 200 }),
  ExplicitHashKey: fc.option(fc.bigInt({ min: 0n, max: HASH_KEYS - 1n }).map(String), {
    nil: undefined,
    freq: 9,
  }),
})
const anyRequests = fc.array(fc.array(anyRecord, { minLength: 1, maxLength: 20 }), {
  minLength: 1,
  maxLength: 6,
})

test('requests that are joined are as one that has all their records', () => {
  fc.assert(
    fc.property(anyRequests, fc.boolean(), (requests, areTogether) => {
      const parts = requests.map(packRecords)
      const joined = joinRecords(areTogether ? layTogether(parts) : parts)
      const all = packRecords(requests.flat())
      expect(Buffer.compare(joined.bytes, all.bytes)).toBe(0)
      expect({ ...joined, bytes: null }).toEqual({ ...all, bytes: null })
    }),
  )
})

test('what lies one behind the other in memory is joined where it is, and nothing else', () => {
  const parts = ['a', 'b', 'c'].map((PartitionKey) =>
    packRecords([{ PartitionKey, Data: new Uint8Array(9) }]),
  )
  const together = layTogether(parts)
  expect(joinRecords(together).bytes.buffer).toBe(together[0]!.bytes.buffer)
  const [first, second, third] = together as [PackedRecords, PackedRecords, PackedRecords]
  for (const apart of [
    [first, third],
    [second, first],
    [first, second, parts[2]!],
  ]) {
    const { bytes } = joinRecords(apart)
    expect(Buffer.compare(bytes, Buffer.concat(apart.map((part) => part.bytes)))).toBe(0)
    expect(
      together.some(
        (part) => part.bytes.buffer === bytes.buffer && part.bytes.byteOffset === bytes.byteOffset,
      ),
    ).toBe(false)
  }
})

test('requests that were sorted together are as they were, byte for byte, when their order is restored', () => {
  fc.assert(
    fc.property(
      anyRequests,
      fc.boolean(),
      fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 3 }),
      (requests, areTogether, maps) => {
        const given = requests.map(packRecords)
        const parts = areTogether ? layTogether(given) : given
        const before = parts.map(({ bytes }) => Buffer.from(bytes))
        const joined = new RecordsToPut(joinRecords(parts))
        for (const shards of maps) joined.sort(viewOf(shards), false)
        joined.restoreOrder()
        for (const [i, { bytes }] of parts.entries()) expect(Buffer.compare(bytes, before[i]!)).toBe(0)
      },
    ),
  )
})

test.each([
  ['one key', true, [{}, {}, { PartitionKey: 'other' }]],
  ['two keys', false, [{}, { PartitionKey: 'other' }]],
  ['two keys, one of which begins with the other', false, [{}, { PartitionKey: 'key ' }]],
  ['one record', false, [{}]],
  ['one key and one hash key', true, [{ ExplicitHashKey: '7' }, { ExplicitHashKey: '7' }]],
  [
    'two keys and one hash key',
    true,
    [{ ExplicitHashKey: '7' }, { PartitionKey: 'k', ExplicitHashKey: '7' }],
  ],
  ['one key and two hash keys', false, [{ ExplicitHashKey: '7' }, { ExplicitHashKey: '8' }]],
  ['one key and a hash key', false, [{}, { ExplicitHashKey: '7' }]],
])('whether a request of %s is for one shard: %s', (_, isOne, records) => {
  const packed = packRecords(records.map((own) => ({ PartitionKey: 'key', Data: new Uint8Array(3), ...own })))
  expect(areOfOneKey(packed)).toBe(isOne)
})
