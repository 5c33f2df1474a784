import { Buffer } from 'node:buffer'
import { createHash } from 'node:crypto'
import { expect, test } from 'vitest'
import { SeededRandom } from '../../../base/random.ts'
import { packRecords } from '../packed-records.ts'
import { RecordSorter, recordSorter } from './record-sorter.ts'

const KIB = 1024

interface SomeRecord {
  readonly PartitionKey: string
  readonly Data: Uint8Array
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

function shuffled(random: SeededRandom, count: number): Int32Array {
  const places = Int32Array.from({ length: count }, (_, i) => i)
  for (let i = count - 1; i > 0; i--) {
    const other = random.below(i + 1)
    const place = places[i]!
    places[i] = places[other]!
    places[other] = place
  }
  return places
}

function expectSorted(sorter: RecordSorter, records: readonly SomeRecord[], random: SeededRandom): void {
  const { bytes, count } = packRecords(records)
  expect(sorter.take(bytes, count)).toBe(true)
  const single = records.map((record) => packRecords([record]).bytes)
  let end = 0
  for (const [i, { PartitionKey, Data }] of records.entries()) {
    end += single[i]!.length
    expect([sorter.ends[i], sorter.payloads[i]]).toEqual([end, Buffer.byteLength(PartitionKey) + Data.length])
    const words = sorter.digests.slice(4 * i, 4 * i + 4)
    expect(Buffer.from(words.buffer).toString('hex')).toBe(
      createHash('md5').update(PartitionKey).digest('hex'),
    )
  }
  const places = shuffled(random, count)
  // Where the records were, there is room for them.
  sorter.writeInOrder(places, bytes)
  expect(Buffer.compare(bytes, Buffer.concat([...places].map((place) => single[place]!)))).toBe(0)
}

test('keys of any characters are digested, and their records are copied in any order', () => {
  const sorter = new RecordSorter()
  for (let seed = 1; seed <= 60; seed++) {
    const random = new SeededRandom(seed)
    const records = Array.from({ length: 1 + random.below(40) }, () =>
      recordOf(keyOf(random, 1 + random.below(55)), random.below(400), random.below(256)),
    )
    expectSorted(sorter, records, random)
  }
})

test('the shortest and the longest key, as many records as a request has, and data of any length', () => {
  const sorter = new RecordSorter()
  const random = new SeededRandom(1)
  for (const bytes of [1, 54, 55]) expectSorted(sorter, [recordOf('k'.repeat(bytes), 3)], random)
  for (const count of [1, 7, 8, 9, 499, 500]) {
    const records = Array.from({ length: count }, (_, i) => recordOf(`key-${i}`, i % 3))
    expectSorted(sorter, records, random)
  }
  const lengths = [0, 1, 127, 128, 16_383, 16_384, 200 * KIB]
  expectSorted(
    sorter,
    lengths.map((length) => recordOf('key', length)),
    random,
  )
  // With their key and its length, and three bytes of their own, a MiB.
  expectSorted(sorter, [recordOf('key', KIB * KIB - 3 - 1 - 3)], random)
})

test('longer keys, more records and larger requests are not taken', () => {
  const sorter = new RecordSorter()
  const take = (records: readonly SomeRecord[]) => {
    const { bytes, count } = packRecords(records)
    return sorter.take(bytes, count)
  }
  for (const bytes of [56, 127, 128, 256, 300]) {
    const long = recordOf('k'.repeat(bytes), 3)
    expect(take([long])).toBe(false)
    expect(take([recordOf('key', 100), long, recordOf('key', 100)])).toBe(false)
    expect(take([recordOf('key', 100), long])).toBe(false)
  }
  expect(sorter.take(new Uint8Array(0), 0)).toBe(false)
  expect(take(Array.from({ length: 501 }, () => recordOf('key', 1)))).toBe(false)
  expect(take([recordOf('key', KIB * KIB - 3 - 1 - 2)])).toBe(false)
  expect(take([recordOf('key', 1)])).toBe(true)
})

test('there is one for all requests', () => {
  expect(recordSorter()).toBeInstanceOf(RecordSorter)
  expect(recordSorter()).toBe(recordSorter())
})
