import { expect, test } from 'vitest'
import { DataKeyRefused } from '../core/data-keys.ts'
import { unreadPushLogOf } from './server-logs.ts'

test('of a key under which messages wait to be pushed there is a line every five minutes, and one of each other problem', () => {
  const lines: [string, Record<string, unknown>][] = []
  let now = 0
  const log = {
    warn: (fields: Record<string, unknown>) => lines.push(['warn', fields]),
    error: (fields: Record<string, unknown>) => lines.push(['error', fields]),
  }
  const report = unreadPushLogOf(log, { now: () => now })
  const refused = (key: string) => new DataKeyRefused('disabled', `${key} is disabled.`)
  for (let i = 0; i < 1000; i++) report(refused('k1'))
  report(refused('k2'))
  const defect = new Error('no message')
  report(defect)
  report(defect)
  now = 5 * 60_000
  report(refused('k1'))
  expect(lines).toEqual([
    ['warn', { reason: 'k1 is disabled.' }],
    ['warn', { reason: 'k2 is disabled.' }],
    ['error', { error: defect }],
    ['error', { error: defect }],
    ['warn', { reason: 'k1 is disabled.', triesMeanwhile: 999 }],
  ])
})
