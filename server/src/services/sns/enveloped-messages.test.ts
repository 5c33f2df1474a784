import { expect, test } from 'vitest'
import { TestSigner } from '../../../test/sns/topic-world.ts'
import { envelopeFor, renderEnvelope } from './envelope.ts'
import { EnvelopedMessages } from './enveloped-messages.ts'
import { decodePublishedMessage, encodePublishedMessage, stamp } from './published-message.ts'

const TOPIC = 'arn:aws:sns:eu-west-1:000000000000:news'
const FORM = { protocol: 'sqs', signatureVersion: '1', isReplayed: false } as const

function stored(text: string, seed = 1): Uint8Array {
  const bytes = encodePublishedMessage({
    id: new Uint8Array(16).fill(7),
    landingSeed: new Uint8Array(16).fill(seed),
    baseUrl: 'http://mill.example:4566',
    topicArn: TOPIC,
    subject: 'a subject',
    groupId: 'g',
    deduplicationId: undefined,
    traceHeader: 'Root=1',
    attributes: [{ name: 'kind', type: 'String', value: 'x' }],
    texts: new Map([
      ['', text],
      ['http', 'for endpoints'],
    ]),
  })
  stamp(bytes, Date.UTC(2026, 0, 31, 12), 0)
  // No `Buffer`, whose slices are views.
  return new Uint8Array(bytes)
}

test('what is asked for again and again is read and signed twice, and then at hand for every subscription', async () => {
  const signer = new TestSigner()
  const messages = new EnvelopedMessages(signer)
  const body = stored('text "with" marks\n')
  await messages.read(body.slice(), FORM)
  await messages.read(body.slice(), FORM)
  for (const subscription of ['1', '2']) {
    const message = messages.read(body.slice(), FORM)
    if (message instanceof Promise) throw new Error('it was not kept')
    expect(message).toMatchObject({
      landingSeed: new Uint8Array(16).fill(1),
      traceHeader: 'Root=1',
      groupId: 'g',
      deduplicationId: undefined,
    })
    const subscriptionArn = `${TOPIC}:${subscription}`
    const expected = await renderEnvelope(
      decodePublishedMessage(body),
      { ...FORM, subscriptionArn },
      new TestSigner(),
    )
    expect(envelopeFor(message.envelope, subscriptionArn)).toBe(expected)
  }
  expect(signer.signed).toHaveLength(2)
})

test('those who ask while it is signed wait for the same signature', async () => {
  const signer = new TestSigner()
  const messages = new EnvelopedMessages(signer)
  const body = stored('text')
  const all = await Promise.all(Array.from({ length: 10 }, () => messages.read(body, FORM)))
  expect(new Set(all.slice(1)).size).toBe(1)
  expect(signer.signed).toHaveLength(2)
})

test('what is kept of a message holds nothing of the bytes that it was read from', async () => {
  const messages = new EnvelopedMessages(new TestSigner())
  const body = stored('text')
  for (let i = 0; i < 2; i++) await messages.read(body, FORM)
  const again = body.slice()
  body.fill(0)
  expect(await messages.read(again, FORM)).toMatchObject({ landingSeed: new Uint8Array(16).fill(1) })
})

test('messages, signature versions, protocols and replays are kept apart', async () => {
  const messages = new EnvelopedMessages(new TestSigner())
  const asked = [
    [stored('one'), FORM],
    [stored('two', 2), FORM],
    [stored('one'), { ...FORM, signatureVersion: '2' }],
    [stored('one'), { ...FORM, isReplayed: true }],
    [stored('one'), { ...FORM, protocol: 'http' }],
  ] as const
  const envelopes = async () =>
    await Promise.all(asked.map(async ([body, form]) => (await messages.read(body, form)).envelope))
  const first = await envelopes()
  for (let i = 0; i < 3; i++) expect(await envelopes()).toEqual(first)
  expect(new Set(first.map(({ head, tail }) => head + tail)).size).toBe(5)
  expect(first[1]!.head).toContain('two')
  expect(first[2]!.head).toContain('"SignatureVersion" : "2"')
  expect(first[3]!.tail).toContain('"Replayed" : true')
  expect(first[4]!.head).toContain('for endpoints')
})

test('a long envelope is made anew each time', async () => {
  const messages = new EnvelopedMessages(new TestSigner())
  const body = stored('x'.repeat(4096))
  for (let i = 0; i < 3; i++) {
    const message = messages.read(body, FORM)
    expect(message).toBeInstanceOf(Promise)
    expect((await message).envelope.head).toContain('xxx')
  }
})

test('a signature that failed is asked for again by the next', async () => {
  const signer = new TestSigner()
  const messages = new EnvelopedMessages(signer)
  const body = stored('text')
  signer.fails = () => true
  for (let i = 0; i < 3; i++) await expect(messages.read(body, FORM)).rejects.toThrow('not signed')
  signer.fails = () => false
  expect((await messages.read(body, FORM)).envelope.head).toContain('text')
})

test('bytes that are no published message are refused, however often', async () => {
  const messages = new EnvelopedMessages(new TestSigner())
  const body = stored('text')
  body[0] = 9
  for (let i = 0; i < 3; i++) await expect(messages.read(body, FORM)).rejects.toThrow(RangeError)
})
