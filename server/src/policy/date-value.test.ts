import fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseDateValue } from './date-value.ts'

test.each([
  ['2026-11-26T09:30:00Z', Date.UTC(2026, 10, 26, 9, 30)],
  ['2026-11-26t09:30:00z', Date.UTC(2026, 10, 26, 9, 30)],
  ['2026-11-26T09:30:00.25Z', Date.UTC(2026, 10, 26, 9, 30, 0, 250)],
  ['2026-11-26T09:30:00.593194+00:00', Date.UTC(2026, 10, 26, 9, 30) + 593.194],
  ['2026-11-26T10:30:00+01:00', Date.UTC(2026, 10, 26, 9, 30)],
  ['2026-11-26T04:00:00-05:30', Date.UTC(2026, 10, 26, 9, 30)],
  ['2026-11-26T10:30:00+01', Date.UTC(2026, 10, 26, 9, 30)],
  ['2026-11-26T9:30', Date.UTC(2026, 10, 26, 9, 30)],
  ['2026-11-26T9', Date.UTC(2026, 10, 26, 9)],
  ['2026-11-26', Date.UTC(2026, 10, 26)],
  ['2026-11', Date.UTC(2026, 10)],
  ['2026T', Date.UTC(2026, 0)],
  ['2024-02-29', Date.UTC(2024, 1, 29)],
  ['1900-03-01', Date.UTC(1900, 2, 1)],
  ['1969-12-31T23:59:59Z', -1000],
  ['01T', new Date('0001-01-01T00:00:00Z').getTime()],
  ['-0044-03-15', new Date('-000044-03-15T00:00:00Z').getTime()],
  ['0', 0],
  ['1795685400', 1_795_685_400_000],
  ['1795685400.5', 1_795_685_400_500],
])('%s is a date', (text, time) => {
  expect(parseDateValue(text)).toBeCloseTo(time, 3)
})

test.each([
  ...['', 'today', 'tomorrow', '2026-13', '2026-00', '2026-11-32', '2026-11-26T24:00', '2026-11-26T09:60'],
  ...['2026-11-26T09:30:60Z', '2026-11-26T09:30:00+1', '2026-11-26T09:30:00+24:00', '2026-11-26 09:30:00'],
  ...['2026-11-26T2:00:00.1999999999Z', '2026-11-26-01', '26/11/2026', '9223372036854775808', '-5.5', '1e9'],
  ...['292278994-01-01', '-292275055', ' 5', '5 '],
])('"%s" is none', (text) => {
  expect(parseDateValue(text)).toBeNull()
})

test('the years at both ends of AWS’s calendar are dates', () => {
  expect(parseDateValue('-292275054')).toBeLessThan(-9.2e18)
  expect(parseDateValue('292278993-12')).toBeGreaterThan(9.2e18)
})

test('dates are those of JavaScript, wherever that has them', () => {
  const dates = fc.date({ noInvalidDate: true })
  fc.assert(
    fc.property(dates, (date) => {
      const text = date.toISOString().replace(/^\+/, '')
      expect(parseDateValue(text)).toBe(date.getTime())
    }),
  )
})
