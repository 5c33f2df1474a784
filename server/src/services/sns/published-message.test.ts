import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  decodePublishedMessage,
  encodePublishedMessage,
  type NewPublishedMessage,
  stamp,
  textFor,
} from './published-message.ts'

const text = fc.string({ unit: 'grapheme', maxLength: 60 })
const id = fc.uint8Array({ minLength: 16, maxLength: 16 })
const optional = fc.option(text, { nil: undefined })
const message: fc.Arbitrary<NewPublishedMessage> = fc.record({
  ...{ id, landingSeed: id, baseUrl: text, topicArn: text, subject: optional, groupId: optional },
  ...{ deduplicationId: optional, traceHeader: optional },
  attributes: fc.array(
    fc.record({ name: text, type: text, value: fc.oneof(text, fc.uint8Array({ maxLength: 40 })) }),
    { maxLength: 5 },
  ),
  texts: fc.array(fc.tuple(text, text), { maxLength: 5 }).map((entries) => new Map(entries)),
})

test('a message is read back as it was published, with what the cell wrote into it', () => {
  fc.assert(
    fc.property(
      message,
      fc.maxSafeNat(),
      fc.maxSafeNat(),
      fc.nat(20),
      (given, publishedAt, sequence, offset) => {
        const encoded = encodePublishedMessage(given)
        // As the journal gives it: a view into something larger.
        const larger = new Uint8Array(encoded.length + offset + 3)
        larger.set(encoded, offset)
        const stored = larger.subarray(offset, offset + encoded.length)
        stamp(stored, publishedAt, sequence)
        const { id: readId, landingSeed, attributes, texts, ...rest } = decodePublishedMessage(stored)
        const { id: givenId, landingSeed: givenSeed, attributes: sent, texts: said, ...others } = given
        expect(rest).toEqual({ ...others, publishedAt, sequence })
        expect([...readId]).toEqual([...givenId])
        expect([...landingSeed]).toEqual([...givenSeed])
        expect([...texts]).toEqual([...said])
        expect(attributes.map(({ name, type }) => [name, type])).toEqual(
          sent.map(({ name, type }) => [name, type]),
        )
        for (const [i, { value }] of attributes.entries()) {
          const original = sent[i]!.value
          expect(typeof value).toBe(typeof original)
          expect(Buffer.compare(Buffer.from(value), Buffer.from(original))).toBe(0)
        }
      },
    ),
  )
})

test('what is no published message, or cut short, is refused', () => {
  expect(() => decodePublishedMessage(new Uint8Array(80).fill(1))).toThrow('does not know the form')
  const [sample] = fc.sample(message, { numRuns: 1, seed: 7 })
  const encoded = encodePublishedMessage({ ...sample!, texts: new Map([['', 'a text']]) })
  for (let length = 0; length < encoded.length; length++) {
    expect(() => decodePublishedMessage(encoded.subarray(0, length))).toThrow(RangeError)
  }
})

test('a protocol that a message has no text for gets the default', () => {
  const texts = new Map([
    ['', 'for all'],
    ['sqs', ''],
  ])
  expect([textFor(texts, 'sqs'), textFor(texts, 'http')]).toEqual(['', 'for all'])
})
