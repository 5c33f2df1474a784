import { expect, test } from 'vitest'
import { FilterIndex } from './filter-index.ts'
import { FilterMessage } from './filter-message.ts'
import { parseFilterPolicy } from './filter-policy.ts'

/** SNS takes five times as many; here it's enough that a policy too many would show. */
const SUBSCRIPTIONS = 2000

/** How many branches are evaluated for one message. */
function evaluationsOf(
  policyOf: (i: number) => unknown,
  body: unknown,
): { evaluated: number; found: number } {
  let evaluated = 0
  const index = new FilterIndex<number>()
  for (let i = 0; i < SUBSCRIPTIONS; i++) {
    const policy = parseFilterPolicy(JSON.stringify(policyOf(i)), 'MessageBody')
    const branches = policy.branches.map(({ conditions, tree }) => ({
      conditions,
      get tree() {
        evaluated++
        return tree
      },
    }))
    index.add(i, { ...policy, branches })
  }
  const found = index.match(new FilterMessage([], JSON.stringify(body))).length
  return { evaluated, found }
}

test.each<[string, (i: number) => unknown, unknown, number]>([
  ['an exact value', (i) => ({ id: [`c${i}`] }), { id: 'c77' }, 1],
  ['one of several values', (i) => ({ id: [i, i + 1, i + 2] }), { id: 77 }, 3],
  [
    'a value that all share before one that they do not',
    (i) => ({ a: ['x'], id: [i] }),
    { a: 'x', id: 7 },
    1,
  ],
  [
    'a value that all share behind one that they do not',
    (i) => ({ id: [i], z: ['x'] }),
    { z: 'x', id: 7 },
    1,
  ],
  ['anything-but beside a value', (i) => ({ a: [{ 'anything-but': 'x' }], id: [i] }), { a: 'y', id: 7 }, 1],
  [
    'exists beside a value',
    (i) => ({ a: [{ exists: true }], b: [{ exists: false }], id: [i] }),
    { a: 1, id: 7 },
    1,
  ],
  ['a prefix', (i) => ({ id: [{ prefix: `${i}-` }] }), { id: '77-5' }, 1],
  ['a suffix', (i) => ({ id: [{ suffix: `-${i}` }] }), { id: '5-77' }, 1],
  ['a wildcard with a beginning', (i) => ({ id: [{ wildcard: `${i}-*-x` }] }), { id: '77-5-x' }, 1],
  ['a wildcard with an ending', (i) => ({ id: [{ wildcard: `*-${i}` }] }), { id: '5-77' }, 1],
  ['a value without regard to case', (i) => ({ id: [{ 'equals-ignore-case': `C${i}` }] }), { id: 'c77' }, 1],
  ['a number', (i) => ({ n: [{ numeric: ['=', i / 8] }] }), { n: 2.5 }, 1],
  ['a narrow range', (i) => ({ n: [{ numeric: ['>=', i, '<', i + 1] }] }), { n: 77.5 }, 1],
  [
    'ranges of all widths',
    (i) => ({ n: [{ numeric: ['>', i * i, '<=', i * i + i + 1] }] }),
    { n: 77 * 77 + 5 },
    1,
  ],
  ['a bottom', (i) => ({ n: [{ numeric: ['>', i] }] }), { n: 7 }, 7],
  ['a top', (i) => ({ n: [{ numeric: ['<=', i] }] }), { n: SUBSCRIPTIONS - 7 }, 7],
  ['a nested value', (i) => ({ a: { b: { c: [i] } } }), { a: [{ b: [{ c: 7 }, { c: 8 }] }] }, 2],
  ['alternatives', (i) => ({ $or: [{ a: [i] }, { b: [i] }] }), { a: 7, b: 8 }, 2],
])('%s leads to the policies that it satisfies and to few others', (_, policyOf, body, found) => {
  const result = evaluationsOf(policyOf, body)
  expect(result.found).toBe(found)
  expect(result.evaluated).toBeLessThanOrEqual(2 * found + 5)
})

test('a message that no policy looks at costs nothing', () => {
  expect(evaluationsOf((i) => ({ id: [i] }), { other: 5, id: {} })).toEqual({ evaluated: 0, found: 0 })
})

test('policies that are gone are forgotten with their places', () => {
  const index = new FilterIndex<number>()
  const policy = (i: number) => parseFilterPolicy(`{"k${i}":[{"numeric":[">",${i}]}]}`, 'MessageBody')
  for (let i = 0; i < 100; i++) index.add(i, policy(i))
  for (let i = 0; i < 100; i++) index.remove(i)
  const message = new FilterMessage([], '{"k5":1000}')
  const seen: unknown[] = []
  const body = message.body.bind(message)
  message.body = (paths) => {
    seen.push(paths)
    return body(paths)
  }
  index.add(200, policy(200))
  expect(index.match(message)).toEqual([])
  expect(seen).toHaveLength(1)
  expect(JSON.stringify([...(seen as { children: Map<string, unknown> }[])[0]!.children.keys()])).toBe(
    '["k200"]',
  )
})
