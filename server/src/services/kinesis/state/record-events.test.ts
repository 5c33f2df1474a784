import { Buffer } from 'node:buffer'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteReader } from '../../../base/byte-reader.ts'
import { ByteWriter } from '../../../base/byte-writer.ts'
import type { Lifetime } from '../../../core/lifetime.ts'
import { decodeRecordEvent, encodeRecordEvent, RECORD_EVENT, type RecordEvent } from './record-events.ts'

const uint32 = fc.nat(2 ** 32 - 1)
const uint53 = fc.maxSafeNat()
const lifetime = fc.constantFrom<Lifetime>(0, 1, 2, 3)
const range = { stream: uint32, shard: uint32, from: uint53, to: uint53 }

const event: fc.Arbitrary<RecordEvent> = fc.oneof(
  fc.record({
    kind: fc.constant(RECORD_EVENT.recordsPut),
    ...{ stream: uint32, bodyId: uint53, bodyBytes: uint32, lifetime, isEncrypted: fc.boolean() },
    runs: fc.array(fc.record({ shard: uint32, offset: uint32, bytes: uint32, count: uint32 })),
  }),
  fc.record({
    kind: fc.constant(RECORD_EVENT.recordsPacked),
    ...range,
    bodyId: uint53,
    bytes: uint32,
    lifetime,
  }),
  fc.record({ kind: fc.constant(RECORD_EVENT.runsKept), ...range }),
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
  const run = { shard: 5, offset: 6, bytes: 7, count: 8 }
  const body = { stream: 1, bodyId: 2, bodyBytes: 3, lifetime: 2, isEncrypted: true } as const
  const put = encode({ kind: RECORD_EVENT.recordsPut, ...body, runs: [run] })
  expect(Buffer.from(put).toString('hex')).toBe(
    '01000000000000000000004003000000050000000100000005000000060000000700000008000000',
  )
  const sealed = encode({
    ...{ kind: RECORD_EVENT.sealedRecordsPut, stream: 1, bodyId: 2, bodyBytes: 3, lifetime: 0 },
    ...{ isEncrypted: true, runs: [{ shard: 5, offset: 6, bytes: 7, count: 8 }] },
  })
  expect(Buffer.from(sealed).toString('hex')).toBe(
    '01000000000000000000004003000000010000000100000005000000060000000700000008000000',
  )
  const packed = { stream: 1, shard: 2, from: 3, to: 4, bodyId: 5, bytes: 6, lifetime: 3 } as const
  expect(Buffer.from(encode({ kind: RECORD_EVENT.recordsPacked, ...packed })).toString('hex')).toBe(
    '01000000020000000000000000000840000000000000104000000000000014400600000003000000',
  )
  const kept = encode({ kind: RECORD_EVENT.runsKept, stream: 1, shard: 2, from: 3, to: 4 })
  expect(Buffer.from(kept).toString('hex')).toBe('010000000200000000000000000008400000000000001040')
  expect(RECORD_EVENT).toEqual({
    recordsPut: 0x0340,
    recordsPacked: 0x0341,
    runsKept: 0x0342,
    sealedRecordsPut: 0x0343,
  })
})
