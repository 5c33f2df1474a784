import { expect, test } from 'vitest'
import { formatReport } from './format-report.ts'

test('every entry is a line, in words; figures are grouped and times are in UTC', () => {
  const report = { journalId: '0a1b', totalBytes: 1234567, lastFrameAt: 0, snapshot: null, repaired: false }
  expect(formatReport(report)).toBe(
    'journal id: 0a1b\ntotal bytes: 1,234,567\nlast frame at: 1970-01-01T00:00:00.000Z\nsnapshot: none\nrepaired: false',
  )
})

test('a list stands below its key, an item in one line without what it lacks, an empty list nowhere', () => {
  const problems = [
    { file: '1.segment', offset: 4096, problem: 'it is damaged' },
    { file: '1.cold', offset: null, problem: 'it is gone' },
  ]
  expect(formatReport({ problems, notes: [], snapshotFrames: [7, 1000] })).toBe(
    [
      'problems:',
      '  file 1.segment, offset 4,096, problem it is damaged',
      '  file 1.cold, problem it is gone',
      'snapshot frames:',
      '  7',
      '  1,000',
    ].join('\n'),
  )
})

test('a report of empty lists alone says that there is none of what they list', () => {
  expect(formatReport({ encrypted: [], failed: [] })).toBe('encrypted: none\nfailed: none')
})
