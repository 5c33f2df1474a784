import { expect, test } from 'vitest'
import { topSelfTimes } from './cpu-profile.ts'

const node = (id: number, functionName: string, url = '', lineNumber = -1) => ({
  id,
  callFrame: { functionName, url, lineNumber },
})

test('self times are added up per function, idle time left out', () => {
  const url = 'file:///home/me/millrace/server/dist/protocol/aws-json.js'
  const profile = {
    nodes: [
      node(1, '(root)'),
      node(2, '(idle)'),
      node(3, 'parse', url, 9),
      node(4, 'parse', url, 9),
      node(5, 'hash'),
    ],
    samples: [2, 3, 5, 4, 2],
    timeDeltas: [5000, 100, 100, 200, 9000],
  }
  expect(topSelfTimes(profile, 10)).toEqual([
    { place: 'parse server/protocol/aws-json.js:10', fraction: 0.75 },
    { place: 'hash', fraction: 0.25 },
  ])
  expect(topSelfTimes(profile, 1)).toHaveLength(1)
})

test('functions of one name in different places stay apart', () => {
  const profile = {
    nodes: [node(1, 'run', 'node:net', 4), node(2, 'run', 'node:net', 8), node(3, '', 'node:net', 1)],
    samples: [1, 2, 3],
    timeDeltas: [10, 20, 30],
  }
  expect(topSelfTimes(profile, 10).map(({ place }) => place)).toEqual([
    '(anonymous) node:net:2',
    'run node:net:9',
    'run node:net:5',
  ])
})
