import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  type PlacedRecords,
  RecordReader,
  recordBytes,
  type StoredRecord,
  varintBytes,
  writeChunk,
  writeVarint,
} from './record-format.ts'

const START = Date.UTC(2026, 0, 1)
const UTF8 = new TextEncoder()

type Written = Pick<StoredRecord, 'partitionKey' | 'data'>

interface WrittenRun {
  readonly records: readonly Written[]
  readonly sinceBefore: number
  readonly isEncrypted: boolean
}

const record: fc.Arbitrary<Written> = fc.record({
  partitionKey: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
  data: fc.uint8Array({ maxLength: 300 }),
})

const run: fc.Arbitrary<WrittenRun> = fc.record({
  records: fc.array(record, { minLength: 1, maxLength: 6 }),
  sinceBefore: fc.oneof(fc.nat(300), fc.nat(2 ** 31), fc.constant(2 ** 40)),
  isEncrypted: fc.boolean(),
})

function writeRun(records: readonly Written[]): Uint8Array {
  const keys = records.map(({ partitionKey }) => UTF8.encode(partitionKey))
  const size = records.reduce((sum, { data }, i) => sum + recordBytes(keys[i]!.length, data.length), 0)
  const bytes = new Uint8Array(size)
  let at = 0
  for (const [i, { data }] of records.entries()) {
    at = writeVarint(bytes, at, keys[i]!.length)
    at = writeVarint(bytes, at, data.length)
    bytes.set(keys[i]!, at)
    bytes.set(data, at + keys[i]!.length)
    at += keys[i]!.length + data.length
  }
  expect(at).toBe(size)
  return bytes
}

function timed(runs: readonly WrittenRun[]): readonly (WrittenRun & { readonly time: number })[] {
  let time = START - runs[0]!.sinceBefore
  return runs.map((each) => {
    time += each.sinceBefore
    return { ...each, time }
  })
}

function chunkOf(runs: readonly WrittenRun[]): { readonly body: Uint8Array; readonly slice: PlacedRecords } {
  // Each lies somewhere in a body of its own.
  const written = timed(runs).map(({ records, ...run }) => {
    const bytes = writeRun(records)
    const offset = records.length
    const place = { offset, bytes: bytes.length, count: records.length, ...run, isSealed: false }
    return { place, body: new Uint8Array([...Array(offset).fill(255), ...bytes, 255]) }
  })
  const body = writeChunk(
    written.map(({ place }) => place),
    written.map((each) => each.body),
  )
  const count = runs.reduce((sum, { records }) => sum + records.length, 0)
  const place = { offset: 0, bytes: body.length, count, time: START }
  return { body, slice: { ...place, isPacked: true, isEncrypted: false } }
}

function readAll(body: Uint8Array, slice: PlacedRecords, skipped = 0): readonly StoredRecord[] {
  const reader = new RecordReader(body, slice)
  reader.skip(skipped)
  const found: StoredRecord[] = []
  while (reader.next()) {
    const { partitionKey, data, time, isEncrypted } = reader
    found.push({ partitionKey, data: new Uint8Array(data), time, isEncrypted })
  }
  expect(reader.next()).toBe(false)
  return found
}

test('a run is read as it was written, from any record on, wherever in a body it lies', () => {
  fc.assert(
    fc.property(run, fc.nat(40), fc.nat(8), ({ records, isEncrypted }, offset, skipped) => {
      const bytes = writeRun(records)
      const body = new Uint8Array(offset + bytes.length + 9).fill(255)
      body.set(bytes, offset)
      const place = { offset, bytes: bytes.length, count: records.length, time: START }
      const all = records.map((each) => ({ ...each, time: START, isEncrypted }))
      expect(readAll(body, { ...place, isPacked: false, isEncrypted }, skipped)).toEqual(all.slice(skipped))
    }),
  )
})

test('a chunk gives its records back with the time and the encryption of each, from any record on', () => {
  fc.assert(
    fc.property(fc.array(run, { minLength: 1, maxLength: 12 }), fc.nat(80), (runs, skipped) => {
      const { body, slice } = chunkOf(runs)
      const all = timed(runs).flatMap(({ records, time, isEncrypted }) =>
        records.map((each) => ({ ...each, time, isEncrypted })),
      )
      expect(readAll(body, slice, skipped)).toEqual(all.slice(skipped))
      const reader = new RecordReader(body, slice)
      for (let i = 0; i < skipped % all.length; i++) reader.next()
      reader.skip(2)
      expect(reader.next()).toBe((skipped % all.length) + 2 < all.length)
    }),
  )
})

test('bytes that end early, or are others than they are said to be, are a defect and never records', () => {
  const { body, slice } = chunkOf([
    { records: [{ partitionKey: 'a', data: new Uint8Array(200) }], sinceBefore: 0, isEncrypted: false },
    { records: [{ partitionKey: 'b', data: new Uint8Array(3) }], sinceBefore: 9, isEncrypted: true },
  ])
  for (let bytes = 0; bytes < body.length; bytes++) {
    expect(() => readAll(body.subarray(0, bytes), slice)).toThrow()
    expect(() => readAll(body, { ...slice, bytes })).toThrow()
  }
  expect(() => readAll(body, { ...slice, count: 3 })).toThrow('a chunk of 3 records')
  const one = writeRun([{ partitionKey: 'key', data: new Uint8Array(5) }])
  const place = { offset: 0, count: 1, time: START, isPacked: false, isEncrypted: false }
  for (let bytes = 0; bytes < one.length; bytes++) {
    expect(() => readAll(one.slice(0, bytes), { ...place, bytes })).toThrow()
  }
  const more = Uint8Array.of(...one, 0)
  expect(() => readAll(more, { ...place, bytes: more.length })).toThrow('1 bytes behind the last record')
})

test('whatever the bytes are, reading them ends', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), fc.nat(9), fc.boolean(), (body, count, isPacked) => {
      const reader = () =>
        new RecordReader(body, {
          offset: 0,
          bytes: body.length,
          count,
          time: 0,
          isPacked,
          isEncrypted: false,
        })
      try {
        const found = reader()
        while (found.next()) expect(found.dataEnd).toBeLessThanOrEqual(body.length)
      } catch (error) {
        expect((error as Error).message).toMatch(/stored records end|a chunk of|behind the last record/)
      }
    }),
    { numRuns: 2000 },
  )
})

test('numbers take seven bits a byte', () => {
  for (const value of [0, 1, 127, 128, 16_383, 16_384, 2 ** 31, 2 ** 32, 2 ** 48]) {
    const bytes = new Uint8Array(8)
    expect(writeVarint(bytes, 0, value)).toBe(varintBytes(value))
  }
  const bytes = new Uint8Array(3)
  expect(writeVarint(bytes, 0, 300)).toBe(2)
  expect([...bytes]).toEqual([0b1010_1100, 0b10, 0])
})
