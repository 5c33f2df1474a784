import fc from 'fast-check'
import { expect, test } from 'vitest'
import { FilterIndex } from './filter-index.ts'
import { FilterMessage } from './filter-message.ts'
import { type FilterPolicy, parseFilterPolicy } from './filter-policy.ts'
import type { FilterScope } from './filter-scope.ts'
import { satisfiesPolicy } from './satisfies-policy.ts'

// Few names and few values, so that policies and messages meet often.
const name = fc.constantFrom('a', 'b', 'c', 'a.b', '__proto__')
const text = fc.constantFrom(
  '',
  'x',
  'X',
  'xy',
  'xyx',
  'yx',
  '10.0.0.1',
  'abcdefghijklmnopq',
  'abcdefghijklmnopr',
)
const number = fc.oneof(
  fc.integer({ min: -3, max: 3 }),
  fc.constantFrom(0.5, -0.00001, 1.000001, 100, 1e9, 2e9, 123456.78901),
)

const comparison = fc.oneof(
  fc.tuple(fc.constantFrom('=', '<', '<=', '>', '>='), fc.integer({ min: -3, max: 3 })),
  fc
    .tuple(
      fc.constantFrom('>', '>='),
      fc.integer({ min: -3, max: 3 }),
      fc.constantFrom('<', '<='),
      fc.nat(200_000),
    )
    .map(([from, bottom, to, width]) => [from, bottom, to, bottom + 0.5 + width]),
)
const stringOperator = fc.oneof(
  fc.record({ prefix: text }),
  fc.record({ suffix: text }),
  fc.record({ 'equals-ignore-case': text }),
  fc.record({
    wildcard: fc.constantFrom('*', 'x*', '*x', 'x*x', '*y*', 'abcdefghijklmnopq*', '*hijklmnopqrstuvwx'),
  }),
)
const alternative: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 2, arbitrary: number },
  fc.constantFrom(true, false, null),
  stringOperator,
  fc.record({ numeric: comparison }),
  fc.record({ exists: fc.boolean() }),
  fc.record({ cidr: fc.constantFrom('10.0.0.0/8', '11.0.0.0/8', '::/0') }),
  fc.record({
    'anything-but': fc.oneof(
      text,
      fc.integer({ min: -3, max: 3 }),
      fc.array(text, { minLength: 1, maxLength: 3 }),
    ),
  }),
  fc
    .record({ 'anything-but': stringOperator })
    .filter((expression) => !JSON.stringify(expression).includes(':""')),
)
const condition = fc.array(alternative, { minLength: 1, maxLength: 3 })

const { nested, flat } = fc.letrec((tie) => ({
  nested: fields(fc.oneof({ weight: 3, arbitrary: condition }, tie('nested')), tie('nested')),
  flat: fields(condition, tie('flat')),
}))

function fields(value: fc.Arbitrary<unknown>, branch: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  const either = fc
    .array(branch, { minLength: 2, maxLength: 3 })
    .map((branches) => ['$or', branches] as const)
  const entry = fc.oneof({ weight: 5, arbitrary: fc.tuple(name, value) }, either)
  return fc
    .array(entry, { minLength: 1, maxLength: 3, depthIdentifier: 'fields' })
    .map((entries) => Object.fromEntries(entries))
}

/** Policies that SNS takes; the others are left out. */
function policies(written: fc.Arbitrary<unknown>, scope: FilterScope): fc.Arbitrary<FilterPolicy> {
  return written
    .map((policy) => {
      try {
        return parseFilterPolicy(JSON.stringify(policy), scope)
      } catch {
        return null
      }
    })
    .filter((policy) => policy !== null)
}
const policy = fc.oneof(
  policies(flat, 'MessageAttributes'),
  policies(nested, 'MessageBody'),
  fc.constant(parseFilterPolicy('{}', 'MessageBody')),
)

const scalar = fc.oneof(text, number, fc.constantFrom(true, false, null))
const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(name, tie('value')), { maxLength: 3 }).map((entries) => Object.fromEntries(entries)),
  ),
}))
const body = fc.oneof(
  {
    weight: 9,
    arbitrary: fc
      .array(fc.tuple(name, value), { maxLength: 4 })
      .map((entries) => Object.fromEntries(entries)),
  },
  value,
)
const attribute = fc.oneof(
  fc.record({ type: fc.constant('String'), value: text }),
  fc.record({ type: fc.constant('Number'), value: number.map(String) }),
  fc.record({ type: fc.constant('String.Array'), value: value.map((each) => JSON.stringify(each)) }),
  fc.record({ type: fc.constant('Binary'), value: fc.constant(new Uint8Array(1)) }),
)
const message = fc
  .tuple(
    fc.uniqueArray(fc.record({ name, attribute }), { selector: (each) => each.name, maxLength: 3 }),
    body,
  )
  .map(
    ([attributes, content]) =>
      new FilterMessage(
        attributes.map((each) => ({ name: each.name, ...each.attribute })),
        JSON.stringify(content),
      ),
  )

type Step =
  | { readonly kind: 'add'; readonly policy: FilterPolicy }
  | { readonly kind: 'remove'; readonly of: number }
  | { readonly kind: 'match'; readonly message: FilterMessage }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: policy.map((each) => ({ kind: 'add', policy: each }) as const) },
  { weight: 2, arbitrary: fc.nat().map((of) => ({ kind: 'remove', of }) as const) },
  { weight: 5, arbitrary: message.map((each) => ({ kind: 'match', message: each }) as const) },
)

test('the index finds what evaluating each policy by itself finds, whatever came and went before', () => {
  let delivered = 0
  let withheld = 0
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => {
      const index = new FilterIndex<number>()
      const model = new Map<number, FilterPolicy>()
      let next = 0
      for (const each of steps) {
        if (each.kind === 'add') {
          // Ids that don't come in their order.
          const id = (next++ * 37) % 101
          model.set(id, each.policy)
          index.add(id, each.policy)
        } else if (each.kind === 'remove') {
          const id = [...model.keys()][each.of % Math.max(1, model.size)] ?? -1
          model.delete(id)
          index.remove(id)
        } else {
          const expected = [...model].filter(([, policy]) => satisfiesPolicy(policy, each.message))
          const ids = expected.map(([id]) => id).sort((a, b) => a - b)
          expect(index.match(each.message)).toEqual(ids)
          delivered += ids.length
          withheld += model.size - ids.length
        }
      }
      expect(index.size).toBe(model.size)
    }),
    { numRuns: 400 },
  )
  // Else the policies and messages above have nothing to do with each other.
  expect(delivered).toBeGreaterThan(1000)
  expect(withheld).toBeGreaterThan(1000)
})

test('ids come in ascending order, numbers and texts', () => {
  const all = parseFilterPolicy('{"a":[{"exists":true}]}', 'MessageBody')
  const numbers = new FilterIndex<number>()
  for (const id of [10, 9, 100, 1]) numbers.add(id, all)
  expect(numbers.match(new FilterMessage([], '{"a":1}'))).toEqual([1, 9, 10, 100])
  const texts = new FilterIndex<string>()
  for (const id of ['b', 'a', 'B']) texts.add(id, all)
  expect(texts.match(new FilterMessage([], '{"a":1}'))).toEqual(['B', 'a', 'b'])
})

test('a policy with several ways to be satisfied names its subscription once', () => {
  const index = new FilterIndex<number>()
  index.add(1, parseFilterPolicy('{"a":["x","y"],"$or":[{"b":["x"]},{"c":["x"]}]}', 'MessageBody'))
  expect(index.match(new FilterMessage([], '{"a":["x","y"],"b":"x","c":"x"}'))).toEqual([1])
})

test('an id is in the index once', () => {
  const index = new FilterIndex<number>()
  index.add(1, parseFilterPolicy('{}', 'MessageBody'))
  expect(() => index.add(1, parseFilterPolicy('{}', 'MessageBody'))).toThrow('indexed once')
  index.remove(1)
  index.remove(1)
  expect(index.match(new FilterMessage([], ''))).toEqual([])
})

test('the body is parsed only if a policy looks at it', () => {
  const parse = JSON.parse
  let parsed = 0
  JSON.parse = (...args) => {
    parsed++
    return parse(...args)
  }
  try {
    const index = new FilterIndex<number>()
    const message = () => new FilterMessage([{ name: 'a', type: 'String', value: 'x' }], '{"a":"x"}')
    index.add(0, parseFilterPolicy('{}', 'MessageBody'))
    index.add(1, parseFilterPolicy('{"a":["x"]}', 'MessageAttributes'))
    expect(index.match(message())).toEqual([0, 1])
    expect(parsed).toBe(0)
    for (let id = 2; id < 10; id++) index.add(id, parseFilterPolicy('{"a":["x"]}', 'MessageBody'))
    expect(index.match(message())).toHaveLength(10)
    expect(parsed).toBe(1)
    for (let id = 2; id < 10; id++) index.remove(id)
    expect(index.match(message())).toEqual([0, 1])
    expect(parsed).toBe(1)
  } finally {
    JSON.parse = parse
  }
})
