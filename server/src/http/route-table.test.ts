import { expect, test } from 'vitest'
import { RouteTable } from './route-table.ts'

const route = (body: string) => () => ({ status: 200, headers: {}, body })
const exact = route('exact')
const all = route('all')
const longer = route('longer')
const table = new RouteTable({ '/health/live': exact, '/_millrace/': all, '/_millrace/metrics/': longer })

test.each([
  ['/health/live', exact],
  ['/health/live/', undefined],
  ['/_millrace/x/y', all],
  ['/_millrace/metrics/x', longer],
  ['/_millrace', undefined],
  ['/', undefined],
  ['/000000000000/health', undefined],
])('%s has its route or none', (path, expected) => {
  expect(table.find(path)).toBe(expected)
})
