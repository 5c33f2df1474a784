import fc from 'fast-check'
import { expect, test } from 'vitest'
import { ByteReader } from '../../../base/byte-reader.ts'
import { ByteWriter } from '../../../base/byte-writer.ts'
import { DEFAULT_SUBSCRIPTION_SETTINGS } from '../subscription-settings.ts'
import { DEFAULT_TOPIC_SETTINGS } from '../topic-settings.ts'
import { decodeEvent, EVENT, encodeEvent, type SnsEvent } from './events.ts'

const uint32 = fc.nat({ max: 0xffff_ffff })
const text = fc.string({ unit: 'grapheme' })
const key = fc.uint32Array({ minLength: 4, maxLength: 4 })
const address = fc.record({ accountId: text, region: text, name: text })
const tags = fc.dictionary(text, text)
const topicSettings = text.map((policy) => ({ ...DEFAULT_TOPIC_SETTINGS, policy }))
const settings = text.map((redrivePolicy) => ({ ...DEFAULT_SUBSCRIPTION_SETTINGS, redrivePolicy }))
const numbers = { topic: uint32, subscription: uint32 }
const device = { application: uint32, endpoint: uint32 }
const deviceSettings = fc.record({ enabled: fc.boolean(), token: text, customUserData: text })
const kind = <const Kind extends SnsEvent['kind']>(name: Kind) => fc.constant(name)

const events: { readonly [Kind in SnsEvent['kind']]: fc.Arbitrary<SnsEvent & { readonly kind: Kind }> } = {
  [EVENT.topicCreated]: fc.record({
    ...{ kind: kind(EVENT.topicCreated), topic: uint32, address, settings: topicSettings, tags },
  }),
  [EVENT.topicDeleted]: fc.record({ kind: kind(EVENT.topicDeleted), topic: uint32 }),
  [EVENT.topicChanged]: fc.record({
    ...{ kind: kind(EVENT.topicChanged), topic: uint32 },
    ...{ settings: fc.option(topicSettings), tags: fc.option(tags) },
  }),
  [EVENT.allTopicsDeleted]: fc.record({ kind: kind(EVENT.allTopicsDeleted) }),
  [EVENT.subscribed]: fc.record({
    ...{ kind: kind(EVENT.subscribed), ...numbers },
    content: fc.record({
      ...{ id: text, protocol: fc.constantFrom('sqs', 'http'), endpoint: text, owner: text },
      ...{ principal: text, settings, token: fc.option(text) },
    }),
  }),
  [EVENT.subscriptionConfirmed]: fc.record({
    ...{ kind: kind(EVENT.subscriptionConfirmed), ...numbers, bySignature: fc.boolean() },
  }),
  [EVENT.subscriptionChanged]: fc.record({ kind: kind(EVENT.subscriptionChanged), ...numbers, settings }),
  [EVENT.unsubscribed]: fc.record({ kind: kind(EVENT.unsubscribed), ...numbers }),
  [EVENT.tokenRenewed]: fc.record({ kind: kind(EVENT.tokenRenewed), ...numbers, token: text }),
  [EVENT.subscriptionLeft]: fc.record({ kind: kind(EVENT.subscriptionLeft), ...numbers, token: text }),
  [EVENT.subscriptionReturned]: fc.record({
    ...{ kind: kind(EVENT.subscriptionReturned), ...numbers, bySignature: fc.boolean() },
  }),
  [EVENT.deliveriesFailed]: fc.record({
    ...{ kind: kind(EVENT.deliveriesFailed), ...numbers, messages: uint32, reason: text },
  }),
  [EVENT.messageArchived]: fc.record({
    ...{ kind: kind(EVENT.messageArchived), topic: uint32, bodyId: fc.maxSafeNat(), bytes: uint32 },
  }),
  [EVENT.replayStarted]: fc.record({
    ...{ kind: kind(EVENT.replayStarted), ...numbers },
    replay: fc.record({
      number: uint32,
      next: fc.maxSafeNat(),
      firstNew: fc.maxSafeNat(),
      until: fc.option(fc.maxSafeNat()),
    }),
  }),
  [EVENT.messagesReplayed]: fc.record({
    ...{ kind: kind(EVENT.messagesReplayed), ...numbers, next: fc.maxSafeNat() },
  }),
  [EVENT.replayEnded]: fc.record({
    ...{ kind: kind(EVENT.replayEnded), ...numbers },
    replay: fc.record({
      ...{ status: fc.constantFrom('Completed', 'Failed'), phase: fc.constantFrom('live', 'ended') },
      ...{ next: fc.maxSafeNat(), until: fc.option(fc.maxSafeNat()) },
    }),
  }),
  [EVENT.fifoMessagePublished]: fc.record({
    ...{ kind: kind(EVENT.fifoMessagePublished), topic: uint32, sequence: fc.maxSafeNat() },
    ...{ sendKey: key, messageId: key },
  }),
  [EVENT.applicationCreated]: fc.record({
    ...{ kind: kind(EVENT.applicationCreated), application: uint32, address, attributes: tags },
  }),
  [EVENT.applicationChanged]: fc.record({
    ...{ kind: kind(EVENT.applicationChanged), application: uint32, attributes: tags },
  }),
  [EVENT.applicationDeleted]: fc.record({ kind: kind(EVENT.applicationDeleted), application: uint32 }),
  [EVENT.allApplicationsDeleted]: fc.record({ kind: kind(EVENT.allApplicationsDeleted) }),
  [EVENT.endpointCreated]: fc.record({
    ...{ kind: kind(EVENT.endpointCreated), ...device, id: text, settings: deviceSettings },
  }),
  [EVENT.endpointChanged]: fc.record({
    ...{ kind: kind(EVENT.endpointChanged), ...device, settings: deviceSettings },
  }),
  [EVENT.endpointDeleted]: fc.record({ kind: kind(EVENT.endpointDeleted), ...device }),
  [EVENT.endpointAddressed]: fc.record({
    ...{ kind: kind(EVENT.endpointAddressed), ...device, messages: uint32 },
  }),
  [EVENT.smsAttributesChanged]: fc.record({
    ...{ kind: kind(EVENT.smsAttributesChanged), attributes: tags },
    scope: fc.record({ accountId: text, region: text }),
  }),
  [EVENT.phoneNumberOptedOut]: fc.record({
    ...{ kind: kind(EVENT.phoneNumberOptedOut), number: uint32, address },
  }),
  [EVENT.phoneNumberOptedIn]: fc.record({ kind: kind(EVENT.phoneNumberOptedIn), number: uint32 }),
  [EVENT.sandboxNumberAdded]: fc.record({
    ...{ kind: kind(EVENT.sandboxNumberAdded), number: uint32, address, code: text },
  }),
  [EVENT.sandboxCodeRenewed]: fc.record({
    ...{ kind: kind(EVENT.sandboxCodeRenewed), number: uint32, code: text },
  }),
  [EVENT.sandboxGuessFailed]: fc.record({ kind: kind(EVENT.sandboxGuessFailed), number: uint32 }),
  [EVENT.sandboxNumberVerified]: fc.record({ kind: kind(EVENT.sandboxNumberVerified), number: uint32 }),
  [EVENT.sandboxNumberDeleted]: fc.record({ kind: kind(EVENT.sandboxNumberDeleted), number: uint32 }),
  [EVENT.smsForgotten]: fc.record({ kind: kind(EVENT.smsForgotten) }),
}

test.each(Object.entries(EVENT))('an event of kind %s is read back as it was written', (_, name) => {
  fc.assert(
    fc.property(events[name], (event) => {
      const writer = new ByteWriter()
      encodeEvent(event, writer)
      const reader = new ByteReader(writer.take())
      expect(decodeEvent(event.kind, 1, reader)).toEqual(event)
      expect(reader.remaining).toBe(0)
    }),
  )
})

test('every kind belongs to SNS by its high byte, and no two are the same', () => {
  const kinds = Object.values(EVENT)
  expect(kinds.every((each) => each >>> 8 === 2)).toBe(true)
  expect(new Set(kinds).size).toBe(kinds.length)
})

// What stands in journals of released versions can't change any more: these bytes are drawn in events.ts.
test('an event of a FIFO topic has the layout that is drawn for it', () => {
  const writer = new ByteWriter()
  const sendKey = Uint32Array.of(1, 2, 3, 0xaabbccdd)
  const messageId = Uint32Array.of(4, 5, 6, 7)
  encodeEvent({ kind: EVENT.fifoMessagePublished, topic: 9, sequence: 2, sendKey, messageId }, writer)
  expect(Buffer.from(writer.take()).toString('hex')).toBe(
    `${'09000000' + '0000000000000040' + '010000000200000003000000ddccbbaa'}04000000050000000600000007000000`,
  )
})

test('a kind or version that this build does not know is refused', () => {
  expect(() => decodeEvent(0x02ff, 1, new ByteReader(new Uint8Array(0)))).toThrow(/0x2ff, version 1.*newer/)
  const deleted = new Uint8Array([1, 0, 0, 0])
  expect(() => decodeEvent(EVENT.topicDeleted, 2, new ByteReader(deleted))).toThrow(/version 2.*newer/)
})
