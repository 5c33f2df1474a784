import { expect, test } from 'vitest'
import { ago, ahead, count, duration, size } from './quantities.ts'

test('durations are in their two largest units', () => {
  expect([0, 1, 90, 3600, 345_600, 1_209_600, 90_061].map(duration)).toEqual([
    ...['0 seconds', '1 second', '1 minute 30 seconds', '1 hour', '4 days', '14 days', '1 day 1 hour'],
  ])
})

test('moments are told from now', () => {
  expect([999, 60_000, 5_400_000, 172_800_000].map((ms) => ago(0, ms))).toEqual([
    ...['1 s ago', '60 s ago', '2 h ago', '2 d ago'],
  ])
  expect([ahead(5_000, 0), ahead(600_000, 0), ahead(0, 1), ago(5, 0)]).toEqual([
    ...['in 5 s', 'in 10 min', 'now', '0 s ago'],
  ])
})

test('numbers and sizes are written for people', () => {
  expect([null, 0, 1_234_567].map(count)).toEqual(['–', '0', '1,234,567'])
  expect([0, 1, 1023, 1024, 1536, 1_048_576].map(size)).toEqual([
    ...['0 bytes', '1 byte', '1023 bytes', '1 KiB', '1.5 KiB', '1 MiB'],
  ])
})
