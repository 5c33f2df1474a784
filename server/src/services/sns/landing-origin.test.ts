import { expect, test } from 'vitest'
import { bytesOf } from '../../core/keys.ts'
import { landingId, landingIdBytes } from './landing-id.ts'
import { decodeDirectOrigin, decodeOrigin, encodeDirectOrigin, encodeOrigin } from './landing-origin.ts'

const SUBSCRIPTION = {
  ...{ subscriptionArn: 'arn:aws:sns:eu-west-1:000000000000:news:id', subscription: 7, isRaw: false },
  signatureVersion: '2',
  replay: 0,
} as const

test('the id of a landing is the same in words and in bytes, and another for each subscription', () => {
  const seed = new Uint8Array(16).map((_, i) => 240 + i)
  const words = new Uint32Array(seed.slice().buffer)
  for (const subscription of [0, 1, 0xffff_ffff]) {
    expect([...bytesOf(landingId(words, subscription, 3))]).toEqual([
      ...landingIdBytes(seed, subscription, 3),
    ])
  }
  expect(landingIdBytes(seed, 1, 0)).not.toEqual(landingIdBytes(seed, 2, 0))
})

test('an origin is read back as it was written, and what is none is refused', () => {
  for (const [isRaw, signatureVersion] of [
    [true, '1'],
    [false, '1'],
    [false, '2'],
  ] as const) {
    const replay = isRaw ? 3 : 0
    const origin = { ...SUBSCRIPTION, protocol: 'sqs', isRaw, signatureVersion, replay, sms: null }
    expect(decodeOrigin(encodeOrigin(origin))).toEqual(origin)
  }
  for (const text of ['', 'raw 7 sqs', '3 7 sqs arn']) expect(() => decodeOrigin(text)).toThrow(RangeError)
})

test.each([
  null,
  { senderId: '', type: 'Promotional' },
  { senderId: 'Mill', type: 'Transactional' },
  { senderId: '7', type: 'Transactional' },
] as const)('an origin with the defaults %j is read as it was written', (sms) => {
  const origin = { ...SUBSCRIPTION, protocol: 'sms', sms }
  expect(decodeOrigin(encodeOrigin(origin))).toEqual(origin)
  const direct = { protocol: 'sms', endpoint: '+15551234567', sms }
  expect(decodeDirectOrigin(encodeDirectOrigin(direct))).toEqual(direct)
})

test('what was written before there were defaults or replays has none', () => {
  expect(decodeOrigin('1 7 sqs arn')).toMatchObject({ subscriptionArn: 'arn', replay: 0, sms: null })
  expect(decodeOrigin('1 7 sms arn')).toMatchObject({ protocol: 'sms', replay: 0, sms: null })
  expect(encodeOrigin({ ...SUBSCRIPTION, protocol: 'sqs', sms: null })).toBe(
    `2 7 sqs ${SUBSCRIPTION.subscriptionArn}`,
  )
})

test('a replay is the fifth part of what is for a queue', () => {
  expect(decodeOrigin('raw 7 sqs arn 3')).toMatchObject({ subscriptionArn: 'arn', replay: 3, sms: null })
})

test('an origin is that of a subscription or of a message that has none', () => {
  expect(decodeDirectOrigin('1 7 sms arn')).toBeUndefined()
  expect(decodeDirectOrigin('raw 7 sms arn')).toBeUndefined()
  expect(() => decodeOrigin('direct sms +15551234567 - Promotional')).toThrow(RangeError)
})
