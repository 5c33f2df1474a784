import { expect, test } from 'vitest'
import { decodeDirectOrigin, decodeOrigin, encodeDirectOrigin, encodeOrigin } from './landing-origin.ts'

const SUBSCRIPTION = {
  ...{ subscriptionArn: 'arn:aws:sns:eu-west-1:000000000000:news:id', subscription: 7, isRaw: false },
  signatureVersion: '2',
} as const

test.each([
  null,
  { senderId: '', type: 'Promotional' },
  { senderId: 'Mill', type: 'Transactional' },
] as const)('an origin with the defaults %j is read as it was written', (sms) => {
  const origin = { ...SUBSCRIPTION, protocol: 'sms', sms }
  expect(decodeOrigin(encodeOrigin(origin))).toEqual(origin)
  const direct = { protocol: 'sms', endpoint: '+15551234567', sms }
  expect(decodeDirectOrigin(encodeDirectOrigin(direct))).toEqual(direct)
})

test('what was written before there were defaults has none', () => {
  expect(decodeOrigin('1 7 sqs arn')).toMatchObject({ subscriptionArn: 'arn', protocol: 'sqs', sms: null })
  expect(encodeOrigin({ ...SUBSCRIPTION, protocol: 'sqs', sms: null })).toBe(
    `2 7 sqs ${SUBSCRIPTION.subscriptionArn}`,
  )
})

test('an origin is that of a subscription or of a message that has none', () => {
  expect(decodeDirectOrigin('1 7 sms arn')).toBeUndefined()
  expect(decodeDirectOrigin('raw 7 sms arn')).toBeUndefined()
  expect(() => decodeOrigin('direct sms +15551234567 - Promotional')).toThrow(RangeError)
})
