import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatUuid } from '../../base/uuid.ts'
import { StoredMessage } from './message-body.ts'
import { encodeMessages, type NewMessage } from './message-encoding.ts'
import { encodeOne } from './test-messages.ts'

const MANY = 'é'.repeat(40_000)

/** As SQS takes them, and as it does not. */
const ids = fc.oneof(fc.stringMatching(/^[!-~]{1,128}$/), fc.constantFrom('grüße', 'é', '🛒'))

const messages: fc.Arbitrary<NewMessage> = fc.record({
  id: fc.uint8Array({ minLength: 16, maxLength: 16 }),
  text: fc.oneof(
    { weight: 20, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 2000 }) },
    { weight: 5, arbitrary: fc.string({ minLength: 1, maxLength: 200 }) },
    { weight: 1, arbitrary: fc.constant(MANY) },
  ),
  senderId: fc.stringMatching(/^[A-Za-z0-9:._-]{0,80}$/),
  traceHeader: fc.option(fc.string({ unit: 'binary', minLength: 1, maxLength: 50 }), { nil: undefined }),
  groupId: fc.option(ids, { nil: undefined }),
  deduplicationId: fc.oneof(
    fc.constantFrom(undefined, 'SHA-256 of the text' as const),
    fc.record({ given: ids }),
  ),
  attributes: fc.constantFrom(
    [],
    [{ name: 'price', type: 'Number', value: '12' }],
    [
      { name: 'a', type: 'Binary.x', value: new Uint8Array([0, 255]) },
      { name: 'b', type: 'String', value: 'é' },
    ],
  ),
})

test('messages that are encoded together are what each is alone', () => {
  fc.assert(
    fc.property(fc.array(messages, { maxLength: 20 }), (together) => {
      const encoded = encodeMessages(together)
      expect(encoded).toHaveLength(together.length)
      for (const [i, message] of together.entries()) {
        const alone = encodeOne(message)
        expect(Buffer.from(encoded[i]!.bytes).equals(alone.bytes)).toBe(true)
        expect({ ...encoded[i], bytes: null }).toEqual({ ...alone, bytes: null })
      }
    }),
  )
})

test('their senders are told ids and digests of what they sent', () => {
  fc.assert(
    fc.property(fc.array(messages, { minLength: 1, maxLength: 10 }), (together) => {
      for (const [i, { bytes, id, textMd5, textBytes }] of encodeMessages(together).entries()) {
        const message = together[i]!
        expect(id).toBe(formatUuid(message.id))
        expect(textMd5).toBe(createHash('md5').update(message.text).digest('hex'))
        expect(textBytes).toBe(Buffer.byteLength(message.text))
        const stored = new StoredMessage(bytes)
        expect(stored.text).toBe(Buffer.from(message.text).toString())
        expect(stored.groupId).toBe(message.groupId)
        if (typeof message.deduplicationId === 'object') {
          expect(stored.deduplicationId).toBe(message.deduplicationId.given)
        }
      }
    }),
  )
})

test('what is stored is not changed by the messages after it', () => {
  const message: NewMessage = {
    ...{ id: new Uint8Array(16), text: 'first', senderId: 'AIDA', traceHeader: undefined },
    ...{ groupId: undefined, deduplicationId: undefined, attributes: [] },
  }
  const [first] = encodeMessages([message])
  for (let i = 0; i < 200; i++) encodeMessages([{ ...message, text: 'x'.repeat(3 * i) }, message])
  expect(new StoredMessage(first!.bytes).text).toBe('first')
  expect(first!.textMd5).toBe(createHash('md5').update('first').digest('hex'))
})
