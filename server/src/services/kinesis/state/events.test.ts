import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { ByteReader } from '../../../base/byte-reader.ts'
import { ByteWriter } from '../../../base/byte-writer.ts'
import { decodeEvent, EVENT, encodeEvent, type KinesisEvent } from './events.ts'
import type { StreamSettings } from './stream-settings.ts'

const ORDERS = { accountId: '000000000000', region: 'eu-west-1', name: 'orders' }
const AT = 1_767_225_600_000

const SETTINGS: StreamSettings = {
  ...{ mode: 'PROVISIONED', retentionHours: 24, trimmedBefore: 0, maxRecordKiB: 1024, warmThroughput: null },
  ...{ monitored: [], keyId: null, tags: { a: 'b' }, policy: '', changes: {} },
}

/** Every kind with the bytes that it has in journals for ever. Those of records have a test of their own. */
const FIXTURES: readonly (readonly [KinesisEvent, string])[] = [
  [
    {
      ...{ kind: EVENT.streamCreated, stream: 7, address: ORDERS, id: 'an-id', settledAt: AT, map: 9 },
      ...{ shards: 2, second: AT / 1000, settings: SETTINGS },
    },
    'a862696465616e2d6964636d617009667365636f6e641a6955b90066736861726473026673747265616d076761646472' +
      '657373a3646e616d65666f726465727366726567696f6e6965752d776573742d31696163636f756e7449646c30303030' +
      '30303030303030306873657474696e6773aa646d6f64656b50524f564953494f4e45446474616773a161616162656b65' +
      '794964f666706f6c69637960676368616e676573a0696d6f6e69746f726564806c6d61785265636f72644b6942190400' +
      '6d7472696d6d65644265666f7265006e726574656e74696f6e486f75727318186e7761726d5468726f756768707574f6' +
      '69736574746c656441741b0000019b76daa800',
  ],
  [
    { kind: EVENT.streamDeleted, stream: 7, settledAt: AT },
    'a26673747265616d0769736574746c656441741b0000019b76daa800',
  ],
  [
    { kind: EVENT.streamChanged, stream: 7, settledAt: AT, map: 10, changes: { maxRecordKiB: 2048 } },
    'a4636d61700a6673747265616d07676368616e676573a16c6d61785265636f72644b694219080069736574746c656441' +
      '741b0000019b76daa800',
  ],
  [{ kind: EVENT.allStreamsDeleted }, 'a0'],
  [
    {
      ...{
        kind: EVENT.resharded,
        stream: 7,
        settledAt: AT,
        map: 11,
        changes: { changes: { shardCount: [AT] } },
      },
      steps: [
        { kind: 'split', shard: 1, at: '0123456789abcdeffedcba9876543210', second: 3 },
        { kind: 'merge', shard: 0, adjacent: 2, second: 4 },
      ],
    },
    '02000000010000000000000000000840ffffffff67452301efcdab8998badcfe10325476000000000000000000001040' +
      '02000000a4636d61700b6673747265616d07676368616e676573a1676368616e676573a16a7368617264436f756e7481' +
      '1b0000019b76daa80069736574746c656441741b0000019b76daa800',
  ],
  [
    {
      ...{ kind: EVENT.consumerRegistered, stream: 7, consumer: 'reader', createdSecond: AT / 1000 },
      ...{ settledAt: AT, tags: {} },
    },
    'a56474616773a06673747265616d0768636f6e73756d65726672656164657269736574746c656441741b0000019b76da' +
      'a8006d637265617465645365636f6e641a6955b900',
  ],
  [
    { kind: EVENT.consumerDeregistered, stream: 7, consumer: 'reader', settledAt: AT },
    'a36673747265616d0768636f6e73756d65726672656164657269736574746c656441741b0000019b76daa800',
  ],
  [
    { kind: EVENT.consumerChanged, stream: 7, consumer: 'reader', changes: { policy: '{}' } },
    'a36673747265616d07676368616e676573a166706f6c696379627b7d68636f6e73756d657266726561646572',
  ],
  [
    {
      kind: EVENT.accountChanged,
      scope: { accountId: '000000000000', region: 'eu-west-1' },
      commitment: { since: AT, endsAt: null },
    },
    'a26573636f7065a266726567696f6e6965752d776573742d31696163636f756e7449646c303030303030303030303030' +
      '6a636f6d6d69746d656e74a26573696e63651b0000019b76daa80066656e64734174f6',
  ],
]

test.each(FIXTURES)('an event is written as it was: %j', (event, hex) => {
  const writer = new ByteWriter()
  encodeEvent(event, writer)
  expect(Buffer.from(writer.take()).toString('hex')).toBe(hex)
})

test.each(FIXTURES)('an event is read as it was written: %j', (event, hex) => {
  expect(decodeEvent(event.kind, 1, new ByteReader(Buffer.from(hex, 'hex')))).toEqual(event)
})

test('an event of a later version is refused', () => {
  const reader = () => new ByteReader(new Uint8Array([0xa0]))
  expect(() => decodeEvent(0x0304, 1, reader())).toThrow(
    'the journal has a Kinesis event of kind 0x304, version 1, which a newer version of Millrace wrote',
  )
  expect(() => decodeEvent(EVENT.streamDeleted, 2, reader())).toThrow('version 2')
})
