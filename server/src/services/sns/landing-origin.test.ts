import { expect, test } from 'vitest'
import { bytesOf } from '../../core/keys.ts'
import { landingId, landingIdBytes } from './landing-id.ts'
import { decodeOrigin, encodeOrigin } from './landing-origin.ts'

const SUBSCRIPTION_ARN = 'arn:aws:sns:eu-west-1:000000000000:news:00000000-0000-4000-8000-000000000001'

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
    const origin = {
      subscriptionArn: SUBSCRIPTION_ARN,
      subscription: 7,
      protocol: 'sqs',
      replay: isRaw ? 3 : 0,
    }
    const whole = { ...origin, isRaw, signatureVersion }
    expect(decodeOrigin(encodeOrigin(whole))).toEqual(whole)
  }
  for (const text of ['', 'raw 7 sqs', '3 7 sqs arn']) expect(() => decodeOrigin(text)).toThrow(RangeError)
})
