import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatUuid, toUuid } from '../../base/uuid.ts'
import { attributesMd5 } from './message-attributes.ts'
import { contentDeduplicationId, StoredMessage } from './message-body.ts'
import { encodeOne } from './test-messages.ts'

const texts = fc.string({ unit: 'binary', minLength: 1, maxLength: 300 })
const attribute = fc.record({
  name: fc.stringMatching(/^[A-Za-z0-9_-]{1,20}$/),
  type: fc.constantFrom('String', 'Number.float', 'Binary.é'),
  value: fc.oneof(texts, fc.uint8Array({ minLength: 1, maxLength: 100 })),
})
const messages = fc
  .record({
    id: fc.uint8Array({ minLength: 16, maxLength: 16 }),
    text: texts,
    senderId: fc.stringMatching(/^[A-Za-z0-9:._-]{0,80}$/),
    traceHeader: fc.option(texts, { nil: undefined }),
    groupId: fc.option(fc.stringMatching(/^[!-~]{1,128}$/), { nil: undefined }),
    deduplicationId: fc.oneof(
      fc.constantFrom(undefined, 'SHA-256 of the text' as const),
      fc.record({ given: fc.stringMatching(/^[!-~]{1,128}$/) }),
    ),
    attributes: fc.uniqueArray(attribute, { selector: ({ name }) => name, maxLength: 10 }),
  })
  .map((message) => {
    const attributes = message.attributes.sort((a, b) => (a.name < b.name ? -1 : 1))
    return { ...message, attributes }
  })

test('a stored message comes back as it was sent', () => {
  fc.assert(
    fc.property(messages, (message) => {
      const encoded = encodeOne(message)
      const stored = new StoredMessage(encoded.bytes)
      expect(stored.id.replaceAll('-', '')).toBe(Buffer.from(message.id).toString('hex'))
      expect(stored.text).toBe(message.text)
      expect(stored.textMd5).toBe(createHash('md5').update(message.text).digest('hex'))
      expect(stored.textMd5).toBe(encoded.textMd5)
      expect(stored.senderId).toBe(message.senderId)
      expect(stored.traceHeader).toBe(message.traceHeader)
      expect(stored.groupId).toBe(message.groupId)
      expect(stored.deduplicationId).toBe(
        message.deduplicationId === 'SHA-256 of the text'
          ? contentDeduplicationId(message.text)
          : message.deduplicationId?.given,
      )
      const chosen = stored.attributes(() => true)
      expect(
        (chosen?.attributes ?? []).map((each) => ({
          ...each,
          value: typeof each.value === 'string' ? each.value : new Uint8Array(each.value),
        })),
      ).toEqual(message.attributes)
      expect(chosen?.md5).toBe(encoded.attributesMd5)
      expect(chosen?.md5).toBe(
        message.attributes.length === 0 ? undefined : attributesMd5(message.attributes),
      )
    }),
  )
})

test('the digest of chosen attributes covers just these', () => {
  fc.assert(
    fc.property(messages, fc.func(fc.boolean()), (message, isWanted) => {
      const stored = new StoredMessage(encodeOne(message).bytes)
      const wanted = message.attributes.filter(({ name }) => isWanted(name))
      const chosen = stored.attributes(isWanted)
      expect(chosen?.attributes.map(({ name }) => name) ?? []).toEqual(wanted.map(({ name }) => name))
      if (chosen !== null) expect(chosen.md5).toBe(attributesMd5(wanted))
    }),
  )
})

test('the bytes are read where they lie, also in the middle of a larger buffer', () => {
  fc.assert(
    fc.property(messages, fc.nat({ max: 9 }), (message, offset) => {
      const encoded = encodeOne(message).bytes
      const larger = new Uint8Array(encoded.length + offset + 5).fill(0xee)
      larger.set(encoded, offset)
      expect(new StoredMessage(larger.subarray(offset, offset + encoded.length)).text).toBe(message.text)
    }),
  )
})

test('the layout is the documented one', () => {
  const { bytes } = encodeOne({
    id: new Uint8Array(16).fill(0xaa),
    text: 'hi',
    senderId: 'S',
    traceHeader: 'T',
    groupId: 'G',
    deduplicationId: undefined,
    attributes: [{ name: 'n', type: 'String', value: 'v' }],
  })
  expect(Buffer.from(bytes).toString('hex')).toBe(
    [
      '01',
      '07',
      'aa'.repeat(16),
      // The digests are those of `md5sum`.
      '49f68a5c8493ec2c0bf489821c21fc3b',
      '0153',
      '010054',
      '0147',
      '25000000',
      'f4b238699da710fd012839c16c09f1ca',
      '000000016e',
      '00000006537472696e67',
      '01',
      '0000000176',
      '6869',
    ].join(''),
  )
})

test('a stored message that is cut short is refused before its text', () => {
  fc.assert(
    fc.property(messages, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (message, part) => {
      const { bytes } = encodeOne(message)
      const head = bytes.length - Buffer.byteLength(message.text)
      const cut = new StoredMessage(bytes.subarray(0, Math.floor(head * part)))
      expect(() => cut.text).toThrow(RangeError)
    }),
  )
})

test('an attribute never reaches into the text', () => {
  const attributes = [{ name: 'n', type: 'String', value: 'v' }]
  const { bytes } = encodeOne({
    id: new Uint8Array(16),
    text: 'a text that is not to be taken for a value',
    senderId: '',
    traceHeader: undefined,
    groupId: undefined,
    deduplicationId: undefined,
    attributes,
  })
  const valueLengthAt = Buffer.from(bytes).indexOf('String') + 6 + 1 + 3
  bytes[valueLengthAt] = 2
  expect(() => new StoredMessage(bytes).attributes(() => true)).toThrow(
    'an attribute of a stored message is cut short',
  )
})

test('bytes that are not a stored message are refused, never read past their end', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (bytes) => {
      if (bytes.length > 0) bytes[0] = 1
      try {
        new StoredMessage(bytes).attributes(() => true)
      } catch (error) {
        expect(error).toBeInstanceOf(RangeError)
      }
    }),
  )
  const otherForm = new StoredMessage(new Uint8Array(40).fill(2))
  expect(() => otherForm.text).toThrow('does not know the form')
  const otherFlags = new StoredMessage(new Uint8Array(40).fill(1, 0, 1).fill(0x80, 1, 2))
  expect(() => otherFlags.id).toThrow('does not know the form')
})

test('a message id is a version 4 UUID', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 16, maxLength: 16 }), (random) => {
      expect(formatUuid(toUuid(random))).toMatch(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      )
    }),
  )
})

test('a redriven message has another id each time, always the same one, and a UUID as before', () => {
  const message = { id: toUuid(new Uint8Array(16).fill(9)), text: 'x', senderId: 's', attributes: [] }
  const { bytes } = encodeOne({
    ...message,
    traceHeader: undefined,
    groupId: undefined,
    deduplicationId: undefined,
  })
  const ids = [0, 1, 2, 3].map((redrives) => new StoredMessage(bytes).idAfter(redrives))
  expect(new Set(ids).size).toBe(4)
  expect([0, 1, 2, 3].map((redrives) => new StoredMessage(bytes).idAfter(redrives))).toEqual(ids)
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})
