import { expect, test } from 'vitest'
import { parseDuration } from './duration.ts'

test('spans of time are read as people write them, and numbers are milliseconds', () => {
  const spans = ['250ms', '90s', '5m', '2h', '1d', '1h30m', '1.5s', '1d2h3m4s5ms', '0s', '1500', 1500, 0]
  expect(spans.map(parseDuration)).toEqual([
    ...[250, 90_000, 300_000, 7_200_000, 86_400_000, 5_400_000, 1500, 93_784_005, 0, 1500, 1500, 0],
  ])
})

test('what is no span of time is none', () => {
  const others = ['', '5', '5 m', '-5m', 'm', '5M', '5min', '1,5s', '5m!', '1.5', '1e3', '0x5', ' 5m', '.5s']
  expect(others.filter((each) => parseDuration(each) !== undefined)).toEqual(['5'])
  const values = [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, null, undefined, true, {}, ['5m']]
  expect(values.map(parseDuration)).toEqual(values.map(() => undefined))
  expect(parseDuration('999999999999d')).toBeUndefined()
})
