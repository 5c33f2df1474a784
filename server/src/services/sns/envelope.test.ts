import { Buffer } from 'node:buffer'
import { expect, test } from 'vitest'
import { TestSigner } from '../../../test/sns/topic-world.ts'
import { envelopeBytes, renderEnvelope } from './envelope.ts'
import type { PublishedMessage } from './published-message.ts'

const MESSAGE: PublishedMessage = {
  id: Uint8Array.from({ length: 16 }, (_, i) => i * 17),
  landingSeed: new Uint8Array(16),
  publishedAt: Date.UTC(2026, 0, 31, 12),
  sequence: 0,
  baseUrl: 'http://mill.example:4566',
  topicArn: 'arn:aws:sns:eu-west-1:000000000000:news',
  subject: 'two "stones"',
  groupId: undefined,
  deduplicationId: undefined,
  traceHeader: undefined,
  attributes: [
    { name: 'kind', type: 'String', value: 'grüße\n' },
    { name: 'raw', type: 'Binary', value: Uint8Array.of(0, 255) },
  ],
  texts: new Map([
    ['', 'for "all"\n\u2028'],
    ['http', 'for endpoints'],
  ]),
}

const RECIPIENT = {
  protocol: 'sqs',
  subscriptionArn: 'arn:aws:sns:eu-west-1:000000000000:news:01234567-0123-4123-8123-0123456789ab',
  signatureVersion: '2',
  isReplayed: false,
} as const

test('an envelope has its members in the order that AWS has them, each on a line', async () => {
  const signer = new TestSigner()
  const { subscriptionArn } = RECIPIENT
  expect(await renderEnvelope(MESSAGE, RECIPIENT, signer)).toBe(`{
  "Type" : "Notification",
  "MessageId" : "00112233-4455-6677-8899-aabbccddeeff",
  "TopicArn" : "arn:aws:sns:eu-west-1:000000000000:news",
  "Subject" : "two \\"stones\\"",
  "Message" : "for \\"all\\"\\n\u2028",
  "Timestamp" : "2026-01-31T12:00:00.000Z",
  "SignatureVersion" : "2",
  "Signature" : "${'2'.padEnd(344, '=')}",
  "SigningCertURL" : "http://mill.example:4566/certificate.pem",
  "UnsubscribeURL" : "http://mill.example:4566/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}",
  "MessageAttributes" : {
    "kind" : {"Type":"String","Value":"grüße\\n"},
    "raw" : {"Type":"Binary","Value":"AP8="}
  }
}`)
  expect(signer.signed).toEqual([
    `Message
for "all"
\u2028
MessageId
00112233-4455-6677-8899-aabbccddeeff
Subject
two "stones"
Timestamp
2026-01-31T12:00:00.000Z
TopicArn
arn:aws:sns:eu-west-1:000000000000:news
Type
Notification
`,
  ])
})

test('what is left out has no line, and a notification of a FIFO topic has its number and is not signed', async () => {
  const signer = new TestSigner()
  const message = { ...MESSAGE, sequence: 7, subject: undefined, attributes: [] }
  const { subscriptionArn } = RECIPIENT
  expect(await renderEnvelope(message, { ...RECIPIENT, protocol: 'http' }, signer)).toBe(`{
  "Type" : "Notification",
  "MessageId" : "00112233-4455-6677-8899-aabbccddeeff",
  "SequenceNumber" : "10000000000000000007",
  "TopicArn" : "arn:aws:sns:eu-west-1:000000000000:news",
  "Message" : "for endpoints",
  "Timestamp" : "2026-01-31T12:00:00.000Z",
  "UnsubscribeURL" : "http://mill.example:4566/?Action=Unsubscribe&SubscriptionArn=${subscriptionArn}"
}`)
  expect(signer.signed).toEqual([])
})

test.each([0, 7])(
  'how long an envelope will be is known before it is published (number %i)',
  async (sequence) => {
    const signer = new TestSigner()
    const envelope = await renderEnvelope({ ...MESSAGE, sequence }, RECIPIENT, signer)
    const form = { isFifo: sequence !== 0, certificatePath: signer.certificatePath }
    expect(envelopeBytes(MESSAGE, 'sqs', form)).toBe(Buffer.byteLength(envelope))
  },
)

test('so it is whatever was published before', async () => {
  const signer = new TestSigner()
  const topicArn = 'arn:aws:sns:eu-west-1:000000000000:other'
  const published: readonly (readonly [PublishedMessage, boolean])[] = [
    [MESSAGE, false],
    [{ ...MESSAGE, topicArn }, false],
    [{ ...MESSAGE, topicArn, baseUrl: 'http://m' }, false],
    [{ ...MESSAGE, topicArn, baseUrl: 'http://m', sequence: 7 }, false],
    [{ ...MESSAGE, topicArn, baseUrl: 'http://m', sequence: 7 }, true],
    [{ ...MESSAGE, subject: undefined, attributes: [], texts: new Map() }, false],
  ]
  for (const [message, isReplayed] of [...published, ...published.toReversed()]) {
    const subscriptionArn = RECIPIENT.subscriptionArn.replace(MESSAGE.topicArn, message.topicArn)
    const envelope = await renderEnvelope(message, { ...RECIPIENT, subscriptionArn, isReplayed }, signer)
    const form = { isFifo: message.sequence !== 0, isReplayed, certificatePath: signer.certificatePath }
    expect(envelopeBytes(message, 'sqs', form)).toBe(Buffer.byteLength(envelope))
  }
})
