import { expect, test } from 'vitest'
import { torture } from './torture.ts'

test('a server killed with -9 ten times under load loses nothing and brings nothing back', {
  timeout: 300_000,
}, async () => {
  const report = await torture({ kills: 10, seed: 20260101 })
  expect(report.violations, JSON.stringify(report)).toEqual([])
  expect(report.acknowledged).toBeGreaterThan(100)
  expect(report.deleted).toBeGreaterThan(20)
})
