import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { PUT_BYTES_MAX } from './limits.ts'
import { packRecords } from './packed-records.ts'
import { RecordReader } from './record-format.ts'
import { RecordsToPut } from './records-to-put.ts'
import { ShardMapView } from './shard-map.ts'

const viewOf = (shards: number) =>
  new ShardMapView({
    ...{ version: 1, maxRecordKiB: 1024, keyId: null },
    shards: Array.from({ length: shards }, (_, i) => ({
      ...{ number: 100 + i, createdSecond: 1_700_000_000 },
      startingHashKey: Math.floor((i * 65_536) / shards)
        .toString(16)
        .padStart(4, '0')
        .padEnd(32, '0'),
    })),
  })

const recordWith = (PartitionKey: fc.Arbitrary<string>) =>
  fc.record({
    PartitionKey,
    Data: fc.uint8Array({ maxLength: 300 }),
    ExplicitHashKey: fc.option(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }).map(String), { nil: undefined }),
  })
/** Those that are digested eight at once, unless there is a longer one among them. */
const shortKey = fc.string({ unit: 'binary', minLength: 1, maxLength: 13 })
const anyKey = fc.oneof(
  fc.string({ minLength: 1, maxLength: 20 }),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 100 }),
  fc.string({ unit: fc.constantFrom('a', '\ud800', '💣'), minLength: 1, maxLength: 256 }),
)
const anyRecords = fc.oneof(
  ...[shortKey, anyKey].map((key) => fc.array(recordWith(key), { minLength: 1, maxLength: 40 })),
)

test.each([
  [1, false],
  [1, true],
  [7, false],
  [7, true],
])('records are sorted by %d shards, each of its own %s, as the request has them', (shardCount, isSplit) => {
  fc.assert(
    fc.property(anyRecords, (records) => {
      const view = viewOf(shardCount)
      const { body, groups, positions, places, count } = new RecordsToPut(packRecords(records)).sort(
        view,
        isSplit,
      )
      expect(count).toBe(records.length)
      expect(groups.bytes.reduce((sum, bytes) => sum + bytes, 0)).toBe(body.length)
      const seen: number[] = []
      const order: [shard: number, place: number][] = []
      let offset = 0
      for (const [i, shardNumber] of groups.shards.entries()) {
        const [groupBytes, groupCount] = [groups.bytes[i]!, groups.counts[i]!]
        expect(shardNumber).toBe(view.shards[positions[i]!]!.number)
        const place = { time: 0, isPacked: false, isEncrypted: false }
        const reader = new RecordReader(body, { offset, bytes: groupBytes, count: groupCount, ...place })
        let payloadBytes = 0
        while (reader.next()) {
          const at = places === null ? seen.length : places[seen.length]!
          seen.push(at)
          order.push([shardNumber, at])
          const { PartitionKey, Data, ExplicitHashKey } = records[at]!
          expect(reader.partitionKey).toBe(Buffer.from(PartitionKey).toString())
          expect(Buffer.compare(reader.data, Data)).toBe(0)
          const hashKey = ExplicitHashKey && BigInt(ExplicitHashKey).toString(16).padStart(32, '0')
          const shard = hashKey
            ? view.shardAt(hashKey)
            : view.shardOf(Buffer.from(PartitionKey), 0, Buffer.byteLength(PartitionKey))
          expect(shardNumber).toBe(view.shards[shard]!.number)
          payloadBytes += Buffer.byteLength(PartitionKey) + Data.length
        }
        expect(groups.payloadBytes[i]).toBe(payloadBytes)
        if (isSplit) expect(groupCount).toBe(1)
        offset += groupBytes
      }
      expect([...seen].sort((a, b) => a - b)).toEqual(records.map((_, i) => i))
      // A shard's records are in the order of the request, and its groups next to each other.
      expect(order).toEqual([...order].sort(([a, i], [b, j]) => a - b || i - j))
      if (!isSplit) expect(new Set(groups.shards).size).toBe(groups.shards.length)
    }),
  )
})

test('records that were sorted by one map are sorted by another as if they had just come', () => {
  fc.assert(
    fc.property(
      anyRecords,
      fc.array(fc.constantFrom(1, 2, 3, 7, 40), { maxLength: 3 }),
      (records, before) => {
        const sorted = new RecordsToPut(packRecords(records))
        for (const shardCount of before) sorted.sort(viewOf(shardCount), shardCount === 1)
        const { body, groups, places } = sorted.sort(viewOf(5), false)
        const afresh = new RecordsToPut(packRecords(records)).sort(viewOf(5), false)
        expect(Buffer.compare(body, afresh.body)).toBe(0)
        expect([groups, places]).toEqual([afresh.groups, afresh.places])
      },
    ),
  )
})

test('of records that were sorted the first one of the request is told that is too large by now', () => {
  const data = [1, 2000, 1, 3000, 1].map((bytes) => new Uint8Array(bytes))
  const records = new RecordsToPut(packRecords(data.map((Data, i) => ({ PartitionKey: `key-${i}`, Data }))))
  records.sort(viewOf(7), false)
  const small = new ShardMapView({ version: 2, maxRecordKiB: 1, keyId: null, shards: [] })
  expect(records.tooLarge(small, (place) => `record ${place}`).message).toContain(
    "Value at 'record 1' failed",
  )
})

test('a record that is larger by itself than a request may be is too large, and no word is of the request', () => {
  const view = viewOf(1)
  const records = new RecordsToPut(packRecords([{ PartitionKey: 'k', Data: new Uint8Array(PUT_BYTES_MAX) }]))
  expect(records.fit(view)).toBe(false)
  expect(records.tooLarge(view, () => 'data').message).toBe(
    "1 validation error detected: Value at 'data' failed to satisfy constraint: " +
      `Member must have length less than or equal to ${view.maxRecordKiB * 1024}`,
  )
})
