import { expect, test } from 'vitest'
import { formatDifferences } from './format-differences.ts'

const queue = (name: string) => ({
  ...{ accountId: '000000000000', region: 'us-east-1', name, attributes: {}, tags: {} },
  place: 'm.yaml: queues[0]',
})

test('says of each queue what would change, from what to what', () => {
  const created = { queue: queue('new'), isMissing: true }
  const changed = { queue: queue('old'), isMissing: false }
  const text = formatDifferences(
    [
      { ...created, attributes: [{ name: 'DelaySeconds', from: '', to: '9' }], tags: [] },
      {
        ...changed,
        attributes: [{ name: 'Policy', from: '{}', to: '' }],
        tags: [{ name: 'team', from: '', to: 'mill' }],
      },
    ],
    5,
  )
  expect(text.split('\n')).toEqual([
    'create new (us-east-1, 000000000000)',
    '  DelaySeconds: 9',
    'change old (us-east-1, 000000000000)',
    '  Policy: {} → (none)',
    '  tag team: (none) → mill',
    '',
    'declared: 5; to create: 1, to change: 1, as declared: 3',
  ])
})

test('nothing to do is one line', () => {
  expect(formatDifferences([], 2)).toBe('declared: 2; to create: 0, to change: 0, as declared: 2')
})
