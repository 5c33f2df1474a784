import { expect, test } from 'vitest'
import { isPhoneNumber, normalizePhoneNumber } from './phone-number.ts'

test.each(['+15551234567', '+4915112345678', '+123456789012345', '+88212'])(
  '%s is a phone number',
  (text) => {
    expect(isPhoneNumber(text)).toBe(true)
  },
)

test.each([
  ...[
    '',
    '15551234567',
    '+1',
    '+1234567890123456',
    '+05551234567',
    '+1 555 1234567',
    '+1555a',
    '+15551234567\n',
    '++1555123',
  ],
])('%j is no phone number', (text) => {
  expect(isPhoneNumber(text)).toBe(false)
})

test.each([
  ['+15551234567', '+15551234567'],
  ['15551234567', '+15551234567'],
  ['+1 555-123.4567', '+15551234567'],
  ['+15--551234567', undefined],
  ['+15551234567.', undefined],
  ['/+15551234567', undefined],
  ['NAA+15551234567', undefined],
  ['invalid-number', undefined],
  ['+0 555 1234', undefined],
])('%s is sent to %s', (text, number) => {
  expect(normalizePhoneNumber(text)).toBe(number)
})
