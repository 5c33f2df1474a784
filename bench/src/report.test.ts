import { expect, test } from 'vitest'
import type { Figure } from './figures.ts'
import { isMet, ratioOf, renderTable } from './report.ts'

const throughput = (millrace: number[], ceiling: number[], atLeast: number): Figure => ({
  name: 'SendMessage',
  unit: 'messages/s',
  millrace,
  ceiling,
  budget: { kind: 'of ceiling', atLeast },
})

const restart = (millrace: number[], value: number): Figure => ({
  name: 'restart',
  unit: 's',
  millrace,
  budget: { kind: 'at most', value },
})

test('the ratio is the median of those of the runs, each of which had its own moments', () => {
  expect(ratioOf(throughput([80, 1, 8000], [100, 99, 5000], 0.8))).toBe(0.8)
})

test('a budget against the ceiling is met exactly at its fraction', () => {
  expect(isMet(throughput([80], [100], 0.8))).toBe(true)
  expect(isMet(throughput([79], [100], 0.8))).toBe(false)
})

test('what costs so many times the ceiling at most is met exactly at that, and says so', () => {
  const journal = (bytes: number): Figure => ({
    name: 'journal',
    unit: 'bytes',
    millrace: [bytes],
    ceiling: [1000],
    budget: { kind: 'times ceiling', atMost: 1.2 },
  })
  expect(isMet(journal(1200))).toBe(true)
  expect(isMet(journal(1201))).toBe(false)
  expect(renderTable([journal(1100)])).toContain('| 1.10 of the ceiling | at most 1.20: met |')
})

test('without a ceiling, the ratio is to the budget', () => {
  expect(ratioOf(restart([1.5], 2))).toBe(0.75)
  expect(isMet(restart([2], 2))).toBe(true)
  expect(isMet(restart([2.1], 2))).toBe(false)
  const cell = (value: number): Figure => ({
    name: 'cell',
    unit: 'messages/s',
    millrace: [value],
    budget: { kind: 'at least', value: 150_000 },
  })
  expect(isMet(cell(150_000))).toBe(true)
  expect(isMet(cell(149_999))).toBe(false)
})

test('a figure without a budget has no ratio and misses nothing', () => {
  const figure: Figure = { name: 'memory', unit: 'bytes', millrace: [400] }
  expect(ratioOf(figure)).toBeUndefined()
  expect(isMet(figure)).toBe(true)
})

test('the table gives ratio, budget, medians and spread', () => {
  const lines = renderTable([
    throughput([8000.4, 8100, 7900], [10_000, 11_000, 9000], 0.8),
    restart([2.345], 2),
  ])
  expect(lines.split('\n').slice(2)).toEqual([
    '| SendMessage, messages/s | 0.80 of the ceiling | at least 0.80: met | 8,000 (7,900 – 8,100) | 10,000 (9,000 – 11,000) |',
    '| restart, s | 1.17 of the budget | at most 2: missed | 2.35 |  |',
  ])
})
