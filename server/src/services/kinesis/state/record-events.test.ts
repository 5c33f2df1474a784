import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteReader } from '../../../base/byte-reader.ts'
import { ByteWriter } from '../../../base/byte-writer.ts'
import type { Lifetime } from '../../../core/lifetime.ts'
import {
  decodeRecordEvent,
  EARLIER_RECORD_EVENT,
  encodeRecordEvent,
  RECORD_EVENT,
  type RecordEvent,
} from './record-events.ts'
import { NOBODY } from './records/run-words.ts'

const uint32 = fc.nat(2 ** 32 - 1)
const uint53 = fc.maxSafeNat()
const lifetime = fc.constantFrom<Lifetime>(0, 1, 2, 3)
const range = { stream: uint32, shard: uint32, from: uint53, to: uint53 }

const event: fc.Arbitrary<RecordEvent> = fc.oneof(
  fc.record({
    kind: fc.constant(RECORD_EVENT.recordsArrived),
    ...{ stream: uint32, bodyId: uint53, bodyBytes: uint32, lifetime },
    ...{ isEncrypted: fc.boolean(), isSealed: fc.boolean() },
    runs: fc.array(fc.tuple(fc.integer(), fc.integer())).map((runs) => runs.flat()),
  }),
  fc.record({
    kind: fc.constant(RECORD_EVENT.chunkMade),
    ...range,
    bodyId: uint53,
    bytes: uint32,
    lifetime,
    origin: fc.record({ time: uint53, isSealed: fc.boolean() }),
  }),
  fc.record({ kind: fc.constant(RECORD_EVENT.runsKept), ...range }),
  fc.record({ kind: fc.constant(RECORD_EVENT.arrivalsPassed), stream: uint32, lastBodyId: uint53 }),
)

function encode(each: RecordEvent): Uint8Array {
  const writer = new ByteWriter()
  encodeRecordEvent(each, writer)
  return writer.take()
}

test('events come back as they were', () => {
  fc.assert(
    fc.property(event, (each) => {
      const reader = new ByteReader(encode(each))
      expect(decodeRecordEvent(each.kind, reader)).toEqual(each)
      expect(reader.remaining).toBe(0)
    }),
  )
})

test('layouts are for ever', () => {
  const body = { stream: 1, bodyId: 2, bodyBytes: 3, lifetime: 2, isEncrypted: true, isSealed: true } as const
  const runs = [6 | (7 << 24), 5, 9 | (8 << 24), 1 << 30]
  expect(hexOf({ kind: RECORD_EVENT.recordsArrived, ...body, runs })).toBe(
    '010000000000000000000040030000000d000000020000000600000705000000' + '0900000800000040',
  )
  const place = { stream: 1, shard: 2, from: 3, to: 4 }
  const chunk = { bodyId: 5, bytes: 6, lifetime: 3, origin: { time: 7, isSealed: true } } as const
  expect(hexOf({ kind: RECORD_EVENT.chunkMade, ...place, ...chunk })).toBe(
    '01000000020000000000000000000840000000000000104000000000000014400600000000000000' + '00001c400e000000',
  )
  expect(hexOf({ kind: RECORD_EVENT.runsKept, ...place })).toBe(
    '010000000200000000000000000008400000000000001040',
  )
  expect(hexOf({ kind: RECORD_EVENT.arrivalsPassed, stream: 1, lastBodyId: 2 })).toBe(
    '010000000000000000000040',
  )
  expect(RECORD_EVENT).toEqual({
    recordsArrived: 0x0344,
    chunkMade: 0x0345,
    runsKept: 0x0342,
    arrivalsPassed: 0x0346,
  })
  expect(EARLIER_RECORD_EVENT).toEqual({
    recordsPut: 0x0340,
    recordsPacked: 0x0341,
    sealedRecordsPut: 0x0343,
  })
})

test('what earlier builds wrote is read as what this one writes', () => {
  const put = '0100000000000000000000401a00000003000000020000000500000006000000070000000801000008000000'
  const rest = '0f0000000b00000002000000'
  const body = { stream: 1, bodyId: 2, bodyBytes: 26, lifetime: 1, isEncrypted: true }
  // From byte 6 on, 264 records of shard 5; what lies between byte 13 and 15 is nobody's; from there on shard 8 has two.
  const runs = [6 | (8 << 24), 5 | (1 << 30), 13, NOBODY, 15 | (2 << 24), 8]
  const arrived = { kind: RECORD_EVENT.recordsArrived, ...body, runs }
  const { recordsPut, sealedRecordsPut, recordsPacked } = EARLIER_RECORD_EVENT
  expect(decoded(recordsPut, put + rest)).toEqual({ ...arrived, isSealed: false })
  expect(decoded(sealedRecordsPut, put + rest)).toEqual({ ...arrived, isSealed: true })
  expect(
    decoded(
      recordsPacked,
      '01000000020000000000000000000840000000000000104000000000000014400600000003000000',
    ),
  ).toEqual({
    ...{ kind: RECORD_EVENT.chunkMade, stream: 1, shard: 2, from: 3, to: 4 },
    ...{ bodyId: 5, bytes: 6, lifetime: 3, origin: null },
  })
})

test('a chunk of runs that are not known is only read, and never written', () => {
  const place = { stream: 1, shard: 2, from: 3, to: 4 }
  const chunk = { bodyId: 5, bytes: 6, lifetime: 3, origin: null } as const
  expect(() => encode({ kind: RECORD_EVENT.chunkMade, ...place, ...chunk })).toThrow('runs that are known')
})

function hexOf(each: RecordEvent): string {
  return Buffer.from(encode(each)).toString('hex')
}

function decoded(kind: Parameters<typeof decodeRecordEvent>[0], hex: string): RecordEvent {
  const reader = new ByteReader(Buffer.from(hex, 'hex'))
  const each = decodeRecordEvent(kind, reader)
  expect(reader.remaining).toBe(0)
  return each
}
