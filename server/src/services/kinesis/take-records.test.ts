import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RecordPosition, RecordSlice, RecordSlices } from './commands.ts'
import { recordBytes, writeChunk, writeVarint } from './record-format.ts'
import { secondOf, sequenceNumber } from './sequence-number.ts'
import { takeRecords } from './take-records.ts'

const SHARD = { number: 3, createdSecond: 1_000 }
const FIRST_INDEX = 11

interface Kept {
  readonly index: number
  readonly key: string
  readonly data: Uint8Array
  readonly time: number
  readonly isEncrypted: boolean
  readonly isLost: boolean
}

const anyKey = fc.string({ minLength: 1, maxLength: 5 })
const anyRun = fc.record({
  pause: fc.nat({ max: 3_000 }),
  isEncrypted: fc.boolean(),
  records: fc.array(fc.record({ key: anyKey, data: fc.uint8Array({ maxLength: 20 }) }), {
    minLength: 1,
    maxLength: 4,
  }),
})
/** Runs that lie in one body: as a chunk, or, where there is only one, as it came. */
const anyBody = fc.record({
  isLost: fc.integer({ min: 0, max: 9 }).map((n) => n === 0),
  runs: fc.array(anyRun, { minLength: 1, maxLength: 4 }),
})

/** A shard's records, as they are and as a cell gives them. */
function shardOf(
  bodies: readonly {
    isLost: boolean
    runs: readonly {
      pause: number
      isEncrypted: boolean
      records: readonly { key: string; data: Uint8Array }[]
    }[]
  }[],
) {
  const kept: Kept[] = []
  const slices: { readonly slice: RecordSlice; readonly body: Uint8Array | null }[] = []
  let time = 1_000_000
  let index = FIRST_INDEX
  for (const { isLost, runs } of bodies) {
    const firstIndex = index
    const written = runs.map(({ pause, isEncrypted, records }) => {
      time += pause
      for (const { key, data } of records) kept.push({ index: index++, key, data, time, isEncrypted, isLost })
      const bytes = write(records)
      const place = {
        offset: 0,
        bytes: bytes.length,
        count: records.length,
        time,
        isEncrypted,
        isSealed: false,
      }
      return { place, bytes }
    })
    const isPacked = written.length > 1
    const [first] = written as [(typeof written)[0]]
    const places = written.map(({ place }) => place)
    const content = isPacked
      ? writeChunk(
          places,
          written.map(({ bytes }) => bytes),
        )
      : first.bytes
    const offset = isPacked ? 0 : 2
    const slice: RecordSlice = {
      ...{ firstIndex, count: index - firstIndex, time: first.place.time, isPacked, offset },
      ...{ bytes: content.length, isSealed: false, isEncrypted: !isPacked && first.place.isEncrypted },
    }
    const body = isPacked ? content : Buffer.concat([Buffer.from('xx'), content, Buffer.from('y')])
    slices.push({ slice, body: isLost ? null : body })
  }
  const find = (position: RecordPosition, trimmedBefore: number, slicesMax: number): RecordSlices => {
    const there = slices
      .filter(({ slice }) => slice.firstIndex + slice.count > position.index)
      .slice(0, slicesMax)
    return {
      slices: there.map(({ slice }) => slice),
      bodies: there.map(({ body }) => body),
      ...{ trimmedBefore, now: time + 500, tip: index, createdSecond: SHARD.createdSecond, children: null },
    }
  }
  return { kept, find, tip: index, end: time }
}

function write(records: readonly { key: string; data: Uint8Array }[]): Uint8Array {
  return Buffer.concat(
    records.map(({ key, data }) => {
      const head = Buffer.alloc(4)
      const end = writeVarint(head, writeVarint(head, 0, Buffer.byteLength(key)), data.length)
      const record = Buffer.concat([head.subarray(0, end), Buffer.from(key), data])
      expect(record.length).toBe(recordBytes(Buffer.byteLength(key), data.length))
      return record
    }),
  )
}

test('a reader gets every record once, in order, whatever it asks for at a time', () => {
  const wanted = fc.record({
    limit: fc.integer({ min: 1, max: 8 }),
    bytesMax: fc.integer({ min: 1, max: 80 }),
  })
  fc.assert(
    fc.property(
      fc.array(anyBody, { minLength: 1, maxLength: 6 }),
      fc.nat({ max: 40 }),
      fc.nat({ max: 30_000 }),
      fc.nat({ max: 20_000 }),
      wanted,
      fc.integer({ min: 1, max: 6 }),
      (bodies, skipped, since, trimmed, { limit, bytesMax }, slicesMax) => {
        const { kept, find, tip } = shardOf(bodies)
        const start = { index: Math.min(FIRST_INDEX + skipped, tip), since: 1_000_000 + since }
        const trimmedBefore = 1_000_000 + trimmed
        const expected = kept.filter(
          ({ index, time, isLost }) =>
            index >= start.index && time >= start.since && time >= trimmedBefore && !isLost,
        )
        const got: unknown[] = []
        let position: RecordPosition = start
        for (let reads = 0; position.index < tip; reads++) {
          expect(reads).toBeLessThan(1000)
          const found = find(position, trimmedBefore, slicesMax)
          const taken = takeRecords(found, found.bodies as Uint8Array[], SHARD, position, { limit, bytesMax })
          expect(taken.next.index).toBeGreaterThan(position.index)
          expect(taken.next.since).toBe(start.since)
          expect(taken.records.length).toBeLessThanOrEqual(limit)
          const bytes = taken.records.reduce(
            (sum, { Data, PartitionKey }) => sum + Data.length + Buffer.byteLength(PartitionKey),
            0,
          )
          if (taken.records.length > 1) expect(bytes).toBeLessThanOrEqual(bytesMax)
          got.push(...taken.records)
          const last = kept.findLast(({ index }) => index < taken.next.index)!
          if (taken.next.index >= tip) expect(taken.millisBehind).toBe(0)
          else if (!last.isLost) expect(taken.millisBehind).toBe(found.now - last.time)
          position = taken.next
        }
        expect(got).toEqual(
          expected.map(({ index, key, data, time, isEncrypted }) => ({
            SequenceNumber: sequenceNumber(SHARD, index, secondOf(time)),
            ApproximateArrivalTimestamp: time,
            Data: Buffer.from(data),
            PartitionKey: Buffer.from(key).toString(),
            ...(isEncrypted && { EncryptionType: 'KMS' }),
          })),
        )
      },
    ),
    { numRuns: 400 },
  )
})

const RUN = { pause: 0, isEncrypted: false, records: [{ key: 'k', data: new Uint8Array(5) }] }

test('where nothing is found, all up to the tip is passed over', () => {
  const { find, tip } = shardOf([{ isLost: false, runs: [RUN] }])
  const found = { ...find({ index: FIRST_INDEX, since: 0 }, 0, 0), slices: [], bodies: [] }
  const position = { index: 2, since: 0 }
  expect(takeRecords(found, [], SHARD, position, { limit: 1, bytesMax: 1 })).toEqual({
    ...{ records: [], next: { index: tip, since: 0 }, lastTime: null, millisBehind: 0, isAtEnd: false },
  })
})

test('the end of a closed shard is told with its last record, and not before', () => {
  const { find } = shardOf([{ isLost: false, runs: [RUN, RUN] }])
  const position = { index: FIRST_INDEX, since: 0 }
  const found = { ...find(position, 0, 9), children: [] }
  const take = (limit: number) =>
    takeRecords(found, found.bodies as Uint8Array[], SHARD, position, { limit, bytesMax: 100 }).isAtEnd
  expect(take(1)).toBe(false)
  expect(take(2)).toBe(true)
})
