import { expect, test } from 'vitest'
import { tortureStreams } from './stream-torture.ts'

test('workers with leases and checkpoints get every record once and in order, over ten kills of the server and many reshardings', {
  timeout: 300_000,
}, async () => {
  const report = await tortureStreams({ kills: 10, seed: 20260101 })
  expect(report.violations, JSON.stringify(report)).toEqual([])
  expect(report.acknowledged).toBeGreaterThan(300)
  expect(report.shards).toBeGreaterThan(10)
  expect(report.pushed).toBeGreaterThan(5)
})
