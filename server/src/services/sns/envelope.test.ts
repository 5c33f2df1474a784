import { expect, test } from 'vitest'
import { TestSigner } from '../../../test/sns/topic-world.ts'
import { bytesOf } from '../../core/keys.ts'
import { envelopeBytes, renderEnvelope } from './envelope.ts'
import { landingId, landingIdBytes } from './landing-id.ts'
import { decodeOrigin, encodeOrigin } from './landing-origin.ts'
import type { PublishedMessage } from './published-message.ts'

const TOPIC = 'arn:aws:sns:eu-west-1:000000000000:news'
const MESSAGE: PublishedMessage = {
  ...{ id: new Uint8Array(16).fill(0xab), landingSeed: new Uint8Array(16), baseUrl: 'http://mill:4566' },
  ...{ topicArn: TOPIC, subject: 'A "subject"', groupId: undefined, deduplicationId: undefined },
  ...{ traceHeader: undefined, publishedAt: Date.UTC(2026, 0, 2, 3, 4, 5, 6), sequence: 0 },
  attributes: [
    { name: 'kind', type: 'String', value: 'a' },
    { name: 'raw', type: 'Binary', value: new Uint8Array([0, 255]) },
  ],
  texts: new Map([['', 'a\nb']]),
}
const RECIPIENT = {
  ...({ protocol: 'sqs', signatureVersion: '1' } as const),
  subscriptionArn: `${TOPIC}:00000000-0000-4000-8000-000000000001`,
}

test('an envelope looks as AWS writes it, to the byte', async () => {
  const signature = '1'.padEnd(344, '=')
  expect(await renderEnvelope(MESSAGE, RECIPIENT, new TestSigner())).toBe(`{
  "Type" : "Notification",
  "MessageId" : "abababab-abab-abab-abab-abababababab",
  "TopicArn" : "${TOPIC}",
  "Subject" : "A \\"subject\\"",
  "Message" : "a\\nb",
  "Timestamp" : "2026-01-02T03:04:05.006Z",
  "SignatureVersion" : "1",
  "Signature" : "${signature}",
  "SigningCertURL" : "http://mill:4566/certificate.pem",
  "UnsubscribeURL" : "http://mill:4566/?Action=Unsubscribe&SubscriptionArn=${RECIPIENT.subscriptionArn}",
  "MessageAttributes" : {
    "kind" : {"Type":"String","Value":"a"},
    "raw" : {"Type":"Binary","Value":"AP8="}
  }
}`)
})

test.each([0, 5])('its size is known before it is published (sequence %d)', async (sequence) => {
  const { publishedAt: _at, sequence: _number, ...before } = MESSAGE
  const text = await renderEnvelope({ ...MESSAGE, sequence }, RECIPIENT, new TestSigner())
  expect(envelopeBytes(before, 'sqs', sequence !== 0, '/certificate.pem')).toBe(Buffer.byteLength(text))
})

test('the id of a landing is the same in words and in bytes, and another for each subscription', () => {
  const seed = new Uint8Array(16).map((_, i) => 240 + i)
  const words = new Uint32Array(seed.slice().buffer)
  for (const subscription of [0, 1, 0xffff_ffff]) {
    expect([...bytesOf(landingId(words, subscription))]).toEqual([...landingIdBytes(seed, subscription)])
  }
  expect(landingIdBytes(seed, 1)).not.toEqual(landingIdBytes(seed, 2))
})

test('an origin is read back as it was written, and what is none is refused', () => {
  for (const [isRaw, signatureVersion] of [
    [true, '1'],
    [false, '1'],
    [false, '2'],
  ] as const) {
    const origin = { subscriptionArn: RECIPIENT.subscriptionArn, subscription: 7, protocol: 'sqs' }
    const whole = { ...origin, isRaw, signatureVersion }
    expect(decodeOrigin(encodeOrigin(whole))).toEqual(whole)
  }
  for (const text of ['', 'raw 7 sqs', '3 7 sqs arn']) expect(() => decodeOrigin(text)).toThrow(RangeError)
})
