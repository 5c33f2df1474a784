import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SentMessage, SentMessages } from './sent-messages.ts'

const digest = fc.stringMatching(/^[0-9a-f]{32}$/)
const optional = (text: fc.Arbitrary<string>) => fc.option(text, { nil: undefined })
const sent = fc.record({
  id: fc.stringMatching(/^[A-Za-z0-9_-]{1,80}$/),
  answer: fc.record({
    MessageId: fc.uuid(),
    MD5OfMessageBody: digest,
    MD5OfMessageAttributes: optional(digest),
    MD5OfMessageSystemAttributes: optional(digest),
    SequenceNumber: optional(fc.stringMatching(/^[0-9]{20}$/)),
  }),
})

test('what it writes is what would be written of its members, character for character', () => {
  fc.assert(
    fc.property(fc.array(sent, { minLength: 1, maxLength: 10 }), (entries) => {
      const answer = new SentMessages(entries, [])
      expect(answer.json()).toBe(JSON.stringify(answer.members()))
    }),
  )
})

test('so is the answer to a single send', () => {
  fc.assert(
    fc.property(sent, ({ answer }) => {
      expect(new SentMessage(answer).json()).toBe(JSON.stringify(new SentMessage(answer).members()))
    }),
  )
})

test('an answer with an entry that failed is left to others', () => {
  const failed = [{ Id: 'a', Code: 'X', Message: 'an "unusual" text\n', SenderFault: true }]
  const answer = new SentMessages([], failed)
  expect(answer.json()).toBeNull()
  expect(answer.members()).toEqual({ Successful: undefined, Failed: failed })
})
