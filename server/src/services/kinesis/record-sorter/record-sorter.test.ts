import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { SeededRandom } from '../../../base/random.ts'
import { GATHERED_RECORDS_MAX, SHARDS_MAX } from '../limits.ts'
import { packRecords } from '../packed-records.ts'
import { ShardMapView } from '../shard-map.ts'
import { sortOneByOne } from '../sorted-records.ts'
import { RecordSorter, recordSorter } from './record-sorter.ts'

const KIB = 1024
const KEYS = 2n ** 128n

interface SomeRecord {
  readonly PartitionKey: string
  readonly Data: Uint8Array
  readonly ExplicitHashKey?: string
}

const recordOf = (PartitionKey: string, dataBytes: number, byte = 0x81): SomeRecord => ({
  PartitionKey,
  Data: new Uint8Array(dataBytes).fill(byte),
})

/** Of so many bytes of UTF-8, which may be of characters of several. */
function keyOf(random: SeededRandom, bytes: number): string {
  let key = ''
  for (let left = bytes; left > 0; left = bytes - Buffer.byteLength(key)) {
    key += left >= 4 && random.below(4) === 0 ? '💣' : String.fromCharCode(1 + random.below(127))
  }
  return key
}

const digestOf = (key: string) => BigInt(`0x${createHash('md5').update(key).digest('hex')}`)

/** Shards that begin at these hash keys, and one that begins at 0. */
function mapOf(starts: readonly bigint[]): ShardMapView {
  const sorted = [...new Set([0n, ...starts])].sort((a, b) => (a < b ? -1 : 1))
  return new ShardMapView({
    ...{ version: 1, maxRecordKiB: 1024, keyId: null },
    shards: sorted.map((start, i) => ({
      ...{ number: 7 * (sorted.length - i), createdSecond: 1_700_000_000 },
      startingHashKey: start.toString(16).padStart(32, '0'),
    })),
  })
}

const evenMap = (shards: number) =>
  mapOf(Array.from({ length: shards }, (_, i) => (KEYS * BigInt(i)) / BigInt(shards)))

/** Held against the one that takes each record by itself. */
function expectSorted(
  sorter: RecordSorter,
  records: readonly SomeRecord[],
  map: ShardMapView,
  isSplit = false,
): void {
  const { body, ...sorted } = sorter.sort(packRecords(records), map, isSplit)!
  const { body: expectedBody, ...expected } = sortOneByOne(packRecords(records), map, isSplit)
  expect(sorted).toEqual(expected)
  expect(Buffer.compare(body, expectedBody)).toBe(0)
}

test('keys of any characters are digested, and their records stand by shards', () => {
  const sorter = new RecordSorter()
  for (let seed = 1; seed <= 200; seed++) {
    const random = new SeededRandom(seed)
    const records = Array.from({ length: 1 + random.below(40) }, () =>
      recordOf(keyOf(random, 1 + random.below(55)), random.below(400), random.below(256)),
    )
    expectSorted(sorter, records, evenMap(2 + random.below(100)), random.below(4) === 0)
  }
})

test('records of a key in a row, and such that clients gave a hash key for, go where the others do', () => {
  const sorter = new RecordSorter()
  for (let seed = 1; seed <= 200; seed++) {
    const random = new SeededRandom(seed)
    const hashKeys = Array.from({ length: 3 }, (_, i) => digestOf(`given ${seed} ${i}`))
    const records = Array.from({ length: 1 + random.below(40) }, () => {
      const record = recordOf('k'.repeat(1 + random.below(3)), random.below(40), random.below(256))
      const hashKey = hashKeys[random.below(9)]
      return hashKey === undefined ? record : { ...record, ExplicitHashKey: String(hashKey) }
    })
    expectSorted(sorter, records, mapOf(hashKeys))
  }
})

test('with one key in a request, everything stays where it is', () => {
  const records = Array.from({ length: 100 }, (_, i) => recordOf('key', i))
  const { places, groups } = new RecordSorter().sort(packRecords(records), evenMap(100), false)!
  expect([places, groups.counts]).toEqual([null, [100]])
})

test('where a shard begins at a hash key, or with the same highest word, records go to it or to the one before', () => {
  const sorter = new RecordSorter()
  const keys = Array.from({ length: 30 }, (_, i) => `key-${i}`)
  const records = keys.map((key, i) => recordOf(key, i))
  for (const offset of [-(2n ** 96n), -1n, 0n, 1n, 2n ** 96n]) {
    expectSorted(sorter, records, mapOf(keys.map((key) => digestOf(key) + offset)))
  }
  const around = keys.flatMap((key) => [digestOf(key) - 1n, digestOf(key), digestOf(key) + 1n])
  expectSorted(sorter, records, mapOf(around))
})

test('shards of very different sizes, and as many as there may be, are found', () => {
  const sorter = new RecordSorter()
  const records = Array.from({ length: 300 }, (_, i) => recordOf(`key-${i}`, 1))
  const halves = Array.from({ length: 100 }, (_, i) => KEYS >> BigInt(i + 1))
  for (const map of [mapOf(halves), evenMap(SHARDS_MAX), evenMap(2)]) expectSorted(sorter, records, map)
  expect(sorter.sort(packRecords(records), evenMap(SHARDS_MAX + 1), false)).toBeNull()
})

test('the shortest and the longest key, as many records as are put at once, and data of any length', () => {
  const sorter = new RecordSorter()
  const map = evenMap(100)
  for (const bytes of [1, 15, 16, 17, 47, 48, 49, 54, 55]) {
    // Unlike the one before in the last character alone.
    const records = Array.from('abcde', (last) => recordOf(last.padStart(bytes, 'k'), 3))
    expectSorted(sorter, records, map)
  }
  for (const count of [1, 7, 8, 9, 500, GATHERED_RECORDS_MAX - 1, GATHERED_RECORDS_MAX]) {
    const records = Array.from({ length: count }, (_, i) => recordOf(`key-${i}`, i % 3))
    expectSorted(sorter, records, map)
    expectSorted(sorter, records, map, true)
  }
  const lengths = [0, 1, 127, 128, 16_383, 16_384, 200 * KIB]
  expectSorted(
    sorter,
    lengths.map((length) => recordOf(`key-${length}`, length)),
    map,
  )
  // With their key and its length, and three bytes of their own, a MiB.
  expectSorted(sorter, [recordOf('key', KIB * KIB - 3 - 1 - 3)], map)
})

test('longer keys, more records and larger requests are not taken', () => {
  const sorter = new RecordSorter()
  const take = (records: readonly SomeRecord[]) => {
    const packed = packRecords(records)
    const bytes = Buffer.from(packed.bytes)
    const isTaken = sorter.sort(packed, evenMap(100), false) !== null
    if (!isTaken) expect(Buffer.compare(packed.bytes, bytes)).toBe(0)
    return isTaken
  }
  for (const bytes of [56, 127, 128, 256, 300]) {
    const long = recordOf('k'.repeat(bytes), 3)
    expect(take([long])).toBe(false)
    expect(take([recordOf('key', 100), long, recordOf('key', 100)])).toBe(false)
    expect(take([recordOf('key', 100), long])).toBe(false)
  }
  expect(take([])).toBe(false)
  expect(take(Array.from({ length: GATHERED_RECORDS_MAX + 1 }, () => recordOf('key', 1)))).toBe(false)
  expect(take([recordOf('key', KIB * KIB - 3 - 1 - 2)])).toBe(false)
  expect(take([recordOf('key', 1)])).toBe(true)
})

test('there is one for all requests', () => {
  expect(recordSorter()).toBeInstanceOf(RecordSorter)
  expect(recordSorter()).toBe(recordSorter())
})
