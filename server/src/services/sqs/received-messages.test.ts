import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ReceivedMessage } from './commands.ts'
import { StoredMessage } from './message-body.ts'
import type { MessageContent } from './message-content.ts'
import { selectMessageAttributes, selectSystemAttributes } from './received-attributes.ts'
import { type Received, ReceivedMessages } from './received-messages.ts'
import { encodeOne } from './test-messages.ts'

const NO_SELECTION = selectSystemAttributes(undefined, undefined)
const EVERYTHING = selectSystemAttributes(['All'], undefined)

const texts = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 200 }),
  fc.string({
    unit: fc.constantFrom('a', ' ', '"', '\\', '\n', '\r', '\t', '\b', '\0', '\u007f', 'é', '💛', '\ufffd'),
    minLength: 1,
    maxLength: 60,
  }),
  fc.json(),
)
const uint32 = fc.nat({ max: 2 ** 32 - 1 })
const optional = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const ids = fc.string({ minLength: 1, maxLength: 80 })

const received: fc.Arbitrary<Received> = fc
  .record({
    id: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    text: texts,
    senderId: ids,
    traceHeader: optional(texts),
    groupId: optional(ids),
    deduplicationId: optional(
      fc.oneof(fc.record({ given: ids }), fc.constant('SHA-256 of the text' as const)),
    ),
    slot: fc.nat({ max: 2 ** 48 - 1 }),
    receiveNumber: fc.nat({ max: 2 ** 40 - 1 }),
    tagHigh: uint32,
    tagLow: uint32,
    before: fc.nat({ max: 9 }),
  })
  .map(({ slot, receiveNumber, tagHigh, tagLow, before, ...message }) => {
    const { bytes } = encodeOne({ ...message, attributes: [] })
    // As in the journal's memory, where it lies among others.
    const block = new Uint8Array(before + bytes.length + 5).fill(0x22)
    block.set(bytes, before)
    return {
      message: receivedAs({ slot, receipt: { incarnation: 7, slot, receiveNumber, tagHigh, tagLow } }),
      content: new StoredMessage(block.subarray(before, before + bytes.length)),
    }
  })

function receivedAs(changes: Partial<ReceivedMessage> = {}): ReceivedMessage {
  return {
    receipt: { incarnation: 7, slot: 1, receiveNumber: 1, tagHigh: 1, tagLow: 2 },
    incarnation: 7,
    slot: 1,
    sentAt: 1_700_000_000_123,
    firstReceivedAt: 1_700_000_001_456,
    receiveCount: 7,
    deadLetterSource: null,
    redrives: 0,
    origin: null,
    ...changes,
  }
}

function stored(text: string, attributes: Parameters<typeof encodeOne>[0]['attributes'] = []) {
  const nothing = { traceHeader: undefined, groupId: undefined, deduplicationId: undefined }
  return new StoredMessage(
    encodeOne({ id: new Uint8Array(16), text, senderId: 'AIDASENDER', ...nothing, attributes }).bytes,
  )
}

/** A copy: what it gives is lent. */
function jsonOf(answer: ReceivedMessages): string | null {
  const json = answer.json()
  return json === null ? null : Buffer.from(json).toString()
}

test('as JSON it is what JSON.stringify makes of its members', () => {
  fc.assert(
    fc.property(
      fc.array(received, { minLength: 1, maxLength: 10 }),
      fc.constantFrom(NO_SELECTION, EVERYTHING, selectSystemAttributes(['MessageGroupId'], undefined)),
      fc.constantFrom(undefined, selectMessageAttributes(['All'])),
      (messages, systemSelection, attributeSelection) => {
        const answer = new ReceivedMessages(messages, systemSelection, attributeSelection)
        expect(jsonOf(answer)).toBe(JSON.stringify(answer.members()))
      },
    ),
    { numRuns: 500 },
  )
})

test('an answer has nothing of the one before it', () => {
  const first = new ReceivedMessages(
    [{ message: receivedAs(), content: stored('a "long" one') }],
    EVERYTHING,
    undefined,
  )
  const second = new ReceivedMessages(
    [{ message: receivedAs(), content: stored('b') }],
    NO_SELECTION,
    undefined,
  )
  const json = jsonOf(first)
  expect(jsonOf(second)).toBe(JSON.stringify(second.members()))
  expect(json).toBe(JSON.stringify(first.members()))
})

test('what can not be written from the stored bytes alone is left to the members', () => {
  const attributes = [{ name: 'a', type: 'String', value: 'v' }]
  const answers = (content: MessageContent, changes: Partial<ReceivedMessage> = {}) =>
    new ReceivedMessages([{ message: receivedAs(changes), content }], NO_SELECTION, () => true)
  expect(answers(stored('text')).json()).not.toBeNull()
  expect(answers(stored('text', attributes)).json()).toBeNull()
  expect(answers(stored('text'), { redrives: 1 }).json()).toBeNull()
  const landed: MessageContent = {
    ...stored('text'),
    idAfter: () => '',
    senderId: '',
    text: '',
    textMd5: '',
  } as never
  expect(answers(landed).json()).toBeNull()
})

test('attributes of clients that nobody asked for are no reason against it', () => {
  const content = stored('text', [{ name: 'a', type: 'Binary', value: new Uint8Array([1, 2]) }])
  const answer = new ReceivedMessages([{ message: receivedAs(), content }], NO_SELECTION, undefined)
  expect(jsonOf(answer)).toBe(JSON.stringify(answer.members()))
})

test('what is no stored message is not written, whatever was written before it', () => {
  const attributes = [{ name: 'a', type: 'String', value: 'v' }]
  const { bytes } = encodeOne({
    ...{ id: new Uint8Array(16), text: 'text', senderId: 'AIDASENDER', attributes },
    ...{ traceHeader: 'Root=1-2-3', groupId: 'group', deduplicationId: { given: 'id' } },
  })
  const jsonFor = (stored: Uint8Array) =>
    jsonOf(
      new ReceivedMessages(
        [{ message: receivedAs(), content: new StoredMessage(stored) }],
        NO_SELECTION,
        undefined,
      ),
    )
  const head = bytes.length - 'text'.length
  for (let end = 0; end < head; end++) {
    expect(jsonFor(bytes)).toContain('"Body":"text"')
    expect(jsonFor(bytes.subarray(0, end))).toBeNull()
  }
  const changed = (place: number, value: number) => Buffer.from(bytes).fill(value, place, place + 1)
  expect(jsonFor(changed(0, 2))).toBeNull()
  expect(jsonFor(changed(1, 0x80))).toBeNull()
  // Of the attributes' length the highest byte.
  const attributesAt = Buffer.from(bytes).indexOf('id', 60) + 'id'.length
  expect(jsonFor(changed(attributesAt + 3, 0xff))).toBeNull()
})

test('an answer of any size is whole, or left to the members', () => {
  let isLarge = false
  for (const length of [1, 4000, 4300, 43_000, 44_000, 300_000]) {
    for (const character of ['a', '\0']) {
      const message = { message: receivedAs(), content: stored(character.repeat(length)) }
      for (const count of [1, 9, 10]) {
        const answer = new ReceivedMessages(Array(count).fill(message), NO_SELECTION, undefined)
        const json = jsonOf(answer)
        if (json === null) isLarge = true
        else expect(json === JSON.stringify(answer.members())).toBe(true)
      }
    }
  }
  expect(isLarge).toBe(true)
})
