import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteReader } from '../../../base/byte-reader.ts'
import { ByteWriter } from '../../../base/byte-writer.ts'
import { DEFAULT_QUEUE_SETTINGS, type QueueSettings } from '../queue-settings.ts'
import { decodeEvent, encodeEvent } from './event-layouts.ts'
import { EVENT, type SqsEvent } from './events.ts'

const uint32 = fc.nat(0xffff_ffff)
const uint53 = fc.maxSafeNat()
const slots = fc.array(uint53, { maxLength: 12 })
const text = fc.string({ unit: 'grapheme', maxLength: 12 })
const address = fc.record({ accountId: text, region: text, name: text })
const tags = fc.dictionary(fc.oneof(text, fc.constant('__proto__')), text, { noNullPrototype: true })
const settings: fc.Arbitrary<QueueSettings> = fc.record({
  delaySeconds: fc.nat(900),
  maximumMessageSizeBytes: uint32,
  messageRetentionSeconds: uint32,
  receiveWaitSeconds: fc.nat(20),
  visibilityTimeoutSeconds: fc.nat(43_200),
  policy: text,
  redrivePolicy: fc.option(fc.record({ deadLetterTargetArn: text, maxReceiveCount: uint32 })),
  redriveAllowPolicy: fc.option(
    fc.record({
      redrivePermission: fc.constantFrom('allowAll', 'denyAll', 'byQueue'),
      sourceQueueArns: fc.array(text),
    }),
  ),
  kmsMasterKeyId: text,
  kmsDataKeyReusePeriodSeconds: uint32,
  sqsManagedSseEnabled: fc.boolean(),
  contentBasedDeduplication: fc.boolean(),
  deduplicationScope: fc.constantFrom('queue', 'messageGroup'),
  fifoThroughputLimit: fc.constantFrom('perQueue', 'perMessageGroupId'),
})
const key = fc.uint32Array({ minLength: 4, maxLength: 4 })
const pairs = fc.array(fc.tuple(uint53, uint32, uint32), { maxLength: 10 })

const events: { readonly [Kind in SqsEvent['kind']]: fc.Arbitrary<SqsEvent & { readonly kind: Kind }> } = {
  [EVENT.queueCreated]: fc.record({
    kind: fc.constant(EVENT.queueCreated),
    queue: uint32,
    address,
    settings,
    tags,
  }),
  [EVENT.queueDeleted]: fc.record({ kind: fc.constant(EVENT.queueDeleted), queue: uint32 }),
  [EVENT.queueChanged]: fc.record({
    kind: fc.constant(EVENT.queueChanged),
    queue: uint32,
    settings: fc.option(settings),
    tags: fc.option(tags),
  }),
  [EVENT.allQueuesDeleted]: fc.record({ kind: fc.constant(EVENT.allQueuesDeleted) }),
  [EVENT.queuePurged]: fc.record({ kind: fc.constant(EVENT.queuePurged), queue: uint32 }),
  [EVENT.messagesSent]: fc
    .tuple(uint32, uint53, uint53, pairs)
    .map(([queue, firstSlot, firstBodyId, messages]) => ({
      kind: EVENT.messagesSent,
      queue,
      firstSlot,
      firstBodyId,
      bytes: messages.map(([, bytes]) => bytes),
      delaySeconds: messages.map(([, , delay]) => delay),
    })),
  [EVENT.messagesReceived]: fc.tuple(uint32, uint32, pairs).map(([queue, seconds, received]) => ({
    kind: EVENT.messagesReceived,
    queue,
    visibilityTimeoutSeconds: seconds,
    slots: received.map(([slot]) => slot),
    tags: received.flatMap(([, high, low]) => [high, low]),
  })),
  [EVENT.messagesDeleted]: fc.record({ kind: fc.constant(EVENT.messagesDeleted), queue: uint32, slots }),
  [EVENT.visibilityChanged]: fc.tuple(uint32, pairs).map(([queue, changes]) => ({
    kind: EVENT.visibilityChanged,
    queue,
    slots: changes.map(([slot]) => slot),
    visibilityTimeoutSeconds: changes.map(([, seconds]) => seconds),
  })),
  [EVENT.messagesDeadLettered]: fc.record({
    kind: fc.constant(EVENT.messagesDeadLettered),
    queue: uint32,
    slots,
    target: uint32,
    firstSlot: uint53,
  }),
  [EVENT.receivePostponed]: fc.tuple(uint32, pairs).map(([queue, changes]) => ({
    kind: EVENT.receivePostponed,
    queue,
    slots: changes.map(([slot]) => slot),
    visibilityTimeoutSeconds: changes.map(([, seconds]) => seconds),
  })),
  [EVENT.receiveUndone]: fc.record({ kind: fc.constant(EVENT.receiveUndone), queue: uint32, slots }),
  [EVENT.fifoMessagesSent]: fc
    .tuple(uint32, uint53, uint53, fc.array(fc.tuple(uint32, key, key, key), { maxLength: 10 }))
    .map(([queue, firstSlot, firstBodyId, messages]) => ({
      kind: EVENT.fifoMessagesSent,
      queue,
      firstSlot,
      firstBodyId,
      bytes: messages.map(([bytes]) => bytes),
      groupKeys: Uint32Array.from(messages.flatMap(([, group]) => [...group])),
      sendKeys: Uint32Array.from(messages.flatMap(([, , send]) => [...send])),
      messageIds: Uint32Array.from(messages.flatMap(([, , , id]) => [...id])),
    })),
  [EVENT.receiveAttempted]: fc.record({
    kind: fc.constant(EVENT.receiveAttempted),
    queue: uint32,
    attemptKey: key,
    slots,
  }),
  [EVENT.receiveRepeated]: fc.record({
    kind: fc.constant(EVENT.receiveRepeated),
    queue: uint32,
    attemptKey: key,
    visibilityTimeoutSeconds: uint32,
  }),
  [EVENT.groupedMessagesSent]: fc
    .tuple(uint32, uint53, uint53, fc.array(fc.tuple(uint32, uint32, key), { maxLength: 10 }))
    .map(([queue, firstSlot, firstBodyId, messages]) => ({
      kind: EVENT.groupedMessagesSent,
      queue,
      firstSlot,
      firstBodyId,
      bytes: messages.map(([bytes]) => bytes),
      delaySeconds: messages.map(([, delay]) => delay),
      groupKeys: Uint32Array.from(messages.flatMap(([, , group]) => [...group])),
    })),
  [EVENT.groupsBecameNoisy]: fc.record({ kind: fc.constant(EVENT.groupsBecameNoisy), queue: uint32, slots }),
  [EVENT.moveTaskStarted]: fc.record({
    kind: fc.constant(EVENT.moveTaskStarted),
    queue: uint32,
    task: fc.record({
      id: text,
      destination: fc.option(address),
      messagesPerSecond: fc.option(uint32),
      messagesToMove: uint53,
    }),
  }),
  [EVENT.moveTaskCancelled]: fc.record({ kind: fc.constant(EVENT.moveTaskCancelled), queue: uint32 }),
  [EVENT.moveTaskEnded]: fc.record({
    kind: fc.constant(EVENT.moveTaskEnded),
    queue: uint32,
    status: fc.constantFrom('COMPLETED', 'CANCELLED', 'FAILED'),
    failureReason: text,
  }),
  [EVENT.messagesMoved]: fc.record({
    kind: fc.constant(EVENT.messagesMoved),
    queue: uint32,
    slots,
    target: uint32,
    firstSlot: uint53,
  }),
  [EVENT.messagesForwarded]: fc.record({
    kind: fc.constant(EVENT.messagesForwarded),
    queue: uint32,
    slots,
    target: uint32,
    firstSlot: uint53,
  }),
  [EVENT.originNoted]: fc.record({ kind: fc.constant(EVENT.originNoted), number: uint32, text }),
  [EVENT.messagesLanded]: fc
    .tuple(
      uint32,
      uint32,
      uint53,
      uint32,
      fc.boolean(),
      fc.array(fc.tuple(uint53, uint32, key), { maxLength: 10 }),
    )
    .map(([queue, origin, firstSlot, delaySeconds, hasGroups, messages]) => ({
      ...{ kind: EVENT.messagesLanded, queue, origin, firstSlot, delaySeconds },
      bodyIds: messages.map(([bodyId]) => bodyId),
      bytes: messages.map(([, bytes]) => bytes),
      groupKeys: hasGroups ? Uint32Array.from(messages.flatMap(([, , group]) => [...group])) : null,
    })),
  [EVENT.fifoMessageLanded]: fc.record({
    kind: fc.constant(EVENT.fifoMessageLanded),
    queue: uint32,
    origin: uint32,
    slot: uint53,
    bodyId: uint53,
    bytes: uint32,
    groupKey: key,
    sendKey: key,
    messageId: key,
  }),
}

test.each(Object.entries(EVENT))('an event of kind %s is read back as it was written', (_, kind) => {
  fc.assert(
    fc.property(events[kind], (event) => {
      const writer = new ByteWriter()
      encodeEvent(event, writer)
      const reader = new ByteReader(writer.take())
      expect(decodeEvent(event.kind, 1, reader)).toEqual(event)
      expect(reader.remaining).toBe(0)
    }),
  )
})

test('every kind belongs to SQS by its high byte, and no two are the same', () => {
  const kinds = Object.values(EVENT)
  expect(kinds.every((kind) => kind >>> 8 === 1)).toBe(true)
  expect(new Set(kinds).size).toBe(kinds.length)
})

// What stands in journals of released versions can't change any more: these bytes are drawn in events.ts.
test('a hot event has the layout that is drawn for it', () => {
  const writer = new ByteWriter()
  encodeEvent(
    {
      kind: EVENT.messagesReceived,
      queue: 1,
      visibilityTimeoutSeconds: 30,
      slots: [2],
      tags: [0xaabbccdd, 0x11223344],
    },
    writer,
  )
  expect(Buffer.from(writer.take()).toString('hex')).toBe(
    '01000000' + '01000000' + '1e000000' + '0000000000000040' + 'ddccbbaa' + '44332211',
  )
  encodeEvent(
    { kind: EVENT.messagesSent, queue: 1, firstSlot: 2, firstBodyId: 1, bytes: [5], delaySeconds: [9] },
    writer,
  )
  expect(Buffer.from(writer.take()).toString('hex')).toBe(
    '01000000' + '01000000' + '0000000000000040' + '000000000000f03f' + '05000000' + '09000000',
  )
  encodeEvent({ kind: EVENT.messagesMoved, queue: 1, slots: [2], target: 3, firstSlot: 1 }, writer)
  expect(Buffer.from(writer.take()).toString('hex')).toBe(
    '01000000' + '03000000' + '000000000000f03f' + '01000000' + '0000000000000040',
  )
})

test('the events of fair queues have the layouts that are drawn for them', () => {
  const writer = new ByteWriter()
  encodeEvent(
    {
      kind: EVENT.groupedMessagesSent,
      queue: 1,
      firstSlot: 2,
      firstBodyId: 1,
      bytes: [5, 6],
      delaySeconds: [9, 0],
      groupKeys: Uint32Array.of(1, 2, 3, 0xaabbccdd, 0, 0, 0, 0),
    },
    writer,
  )
  expect(Buffer.from(writer.take()).toString('hex')).toBe(
    '01000000' +
      '02000000' +
      '0000000000000040' +
      '000000000000f03f' +
      '05000000' +
      '09000000' +
      '06000000' +
      '00000000' +
      '010000000200000003000000ddccbbaa' +
      '00000000000000000000000000000000',
  )
  encodeEvent({ kind: EVENT.groupsBecameNoisy, queue: 1, slots: [2] }, writer)
  expect(Buffer.from(writer.take()).toString('hex')).toBe('01000000' + '01000000' + '0000000000000040')
})

test('the events of what lands have the layouts that are drawn for them', () => {
  const writer = new ByteWriter()
  const written = (event: SqsEvent) => {
    encodeEvent(event, writer)
    return Buffer.from(writer.take()).toString('hex')
  }
  const key = Uint32Array.of(1, 2, 3, 0xaabbccdd)
  const keyBytes = '010000000200000003000000ddccbbaa'
  expect(written({ kind: EVENT.originNoted, number: 7, text: 'aé' })).toBe('07000000' + '61c3a9')
  const landed = {
    ...{ kind: EVENT.messagesLanded, queue: 1, origin: 7, firstSlot: 2, delaySeconds: 9 },
    ...{ bodyIds: [1], bytes: [5] },
  }
  const head = '01000000' + '07000000' + '0000000000000040' + '09000000'
  const message = '01000000' + '000000000000f03f' + '05000000'
  expect(written({ ...landed, groupKeys: null })).toBe(`${head}00000000${message}`)
  expect(written({ ...landed, groupKeys: key })).toBe(`${head}01000000${message}${keyBytes}`)
  const fifo = { queue: 1, origin: 7, slot: 2, bodyId: 1, bytes: 5 }
  expect(
    written({ kind: EVENT.fifoMessageLanded, ...fifo, groupKey: key, sendKey: key, messageId: key }),
  ).toBe(
    `${'01000000' + '07000000' + '0000000000000040' + '000000000000f03f' + '05000000'}${keyBytes.repeat(3)}`,
  )
})

test('a kind or version that this build does not know is refused', () => {
  expect(() => decodeEvent(0x01ff, 1, new ByteReader(new Uint8Array(0)))).toThrow(/0x1ff, version 1.*newer/)
  const queueDeleted = new Uint8Array([1, 0, 0, 0])
  expect(decodeEvent(EVENT.queueDeleted, 1, new ByteReader(queueDeleted))).toEqual({
    kind: EVENT.queueDeleted,
    queue: 1,
  })
  expect(() => decodeEvent(EVENT.queueDeleted, 2, new ByteReader(queueDeleted))).toThrow(/version 2.*newer/)
})

test('an event that is cut off is refused', () => {
  const writer = new ByteWriter()
  const event = { kind: EVENT.messagesDeleted, queue: 1, slots: [4, 5] } as const
  encodeEvent(event, writer)
  const bytes = writer.take()
  expect(() => decodeEvent(event.kind, 1, new ByteReader(bytes.subarray(0, bytes.length - 1)))).toThrow(
    RangeError,
  )
})

test('the settings of an event are the ones every queue has', () => {
  expect(Object.keys(fc.sample(settings, 1)[0]!).sort()).toEqual(Object.keys(DEFAULT_QUEUE_SETTINGS).sort())
})
