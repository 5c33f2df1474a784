import fc from 'fast-check'
import { expect, test } from 'vitest'
import { compilePolicy, type Question } from '../../src/policy/compile-policy.ts'
import { SEARCHED_CHARACTERS_MAX } from '../../src/policy/limits.ts'
import { POLICY_KINDS, type PolicyKind } from '../../src/policy/policy-kinds.ts'
import { readPolicy } from '../../src/policy/read-policy.ts'
import { contextOf } from '../../src/policy/request-context.ts'
import { CALLERS } from './callers.ts'
import { identityPolicies, resourcePolicies } from './written-policies.ts'

const ANSWERS = ['denies', 'direct', 'entity', 'account', null]
const QUESTION: Question = {
  action: 'sqs:sendmessage',
  resourceArn: 'arn:aws:sqs:us-east-2:111122223333:orders',
  principal: CALLERS.worker,
  bounded: false,
  context: contextOf([['aws:username', 'ada']]),
}

const KINDS = Object.keys(POLICY_KINDS) as readonly PolicyKind[]

test('any text is read or refused with words, as a policy of any kind', () => {
  const texts = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.json(),
    identityPolicies.map((each) => JSON.stringify(each)),
  )
  fc.assert(
    fc.property(texts, fc.constantFrom(...KINDS), (text, kind) => {
      const read = readPolicy(text, kind)
      if (read.kind === 'refused') expect(read.fault.text).not.toBe('')
      else expect(read.document.statements.length).toBeGreaterThan(0)
    }),
    { numRuns: 1000 },
  )
})

test('a policy of which any part is something else is refused with words, or answers', () => {
  const parts = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('*', '', [], {}, null, 'Allow', '__proto__'),
  )
  const broken = fc
    .tuple(fc.oneof(identityPolicies, resourcePolicies), fc.nat(), parts)
    .map(([document, place, part]) => withPart(document, place, part))
  fc.assert(
    fc.property(broken, fc.constantFrom(...KINDS), (document, kind) => {
      const read = readPolicy(JSON.stringify(document), kind)
      if (read.kind === 'refused') expect(read.fault.text).not.toBe('')
      else expect(ANSWERS).toContain(compilePolicy(read.document).ask(QUESTION))
    }),
    { numRuns: 2000 },
  )
})

test('policies as people write them are taken', () => {
  fc.assert(
    fc.property(identityPolicies, (document) => {
      const read = readPolicy(JSON.stringify(document), 'role')
      expect(read.kind === 'refused' ? read.fault.text : '').toBe('')
    }),
  )
})

const LONG = 'x'.repeat(200)

test.each<[string, string]>([
  ['brackets', '['.repeat(131_000)],
  ['objects', '{"Statement":'.repeat(10_000)],
  ['open strings', '"\\'.repeat(65_000)],
  ['escapes', `"${'\\"'.repeat(65_000)}`],
  ['many names', `{${Array.from({ length: 9_000 }, (_, i) => `"${i}":0`).join()}}`],
  ['many statements', JSON.stringify({ Version: '2012-10-17', Statement: Array(30_000).fill({}) })],
  [
    'open variables',
    JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: '*', Resource: `arn:aws:s3:::${'${a'.repeat(1900)}` },
    }),
  ],
  [
    'open defaults',
    JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: '*', Resource: `arn:aws:s3:::${"${a, '".repeat(900)}` },
    }),
  ],
  [
    'colons',
    JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Allow', Action: '*', Resource: ':'.repeat(6000) },
    }),
  ],
  [
    'digits in a date',
    JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Action: '*',
        Resource: '*',
        Condition: { DateEquals: { a: '1'.repeat(5000) } },
      },
    }),
  ],
  [
    'a long operator',
    JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Action: '*',
        Resource: '*',
        Condition: { [`${'IfExists'.repeat(600)}`]: { a: LONG } },
      },
    }),
  ],
  [
    'a long principal',
    JSON.stringify({
      Version: '2012-10-17',
      Statement: {
        Effect: 'Allow',
        Action: 'sqs:*',
        Principal: { AWS: `arn:aws:iam::111122223333:user/${'a/'.repeat(3000)}*` },
      },
    }),
  ],
])(
  'a hostile text takes no time: %s',
  (_, text) => {
    for (const kind of KINDS) readPolicy(text, kind)
  },
  5_000,
)

/** A policy that takes as long as it can, against what a client may send: as much of one letter as is looked at. */
const SENT = 'a'.repeat(SEARCHED_CHARACTERS_MAX)

test('a policy has so many question marks behind stars, and no more', () => {
  const read = (values: readonly string[]) => {
    const statement = { Effect: 'Allow', Action: '*', Resource: 'arn:aws:s??:::*' }
    const Statement = { ...statement, Condition: { StringLike: { a: values } } }
    return readPolicy(JSON.stringify({ Version: '2012-10-17', Statement }), 'role')
  }
  expect(read([`*${'?'.repeat(600)}`, `a*${'?'.repeat(400)}`, '?'.repeat(2000)]).kind).toBe('read')
  expect(read([`*${'?'.repeat(600)}`, `a*${'?'.repeat(401)}`])).toEqual({
    kind: 'refused',
    fault: {
      kind: 'wildcards',
      text: 'The policy has 1001 question marks behind stars, max allowed is 1000',
    },
  })
})

test.each<[string, object]>([
  ['stars and letters', { Condition: { StringLike: { 'aws:UserAgent': `${'a*'.repeat(4000)}b` } } }],
  [
    'a part that fails at its end',
    { Condition: { StringLike: { 'aws:UserAgent': `*${'a'.repeat(4000)}b*c` } } },
  ],
  [
    'question marks',
    { Condition: { StringLike: { 'aws:UserAgent': `*${'a?'.repeat(500)}b*${'a?'.repeat(500)}b` } } },
  ],
  ['stars and question marks', { Condition: { StringLike: { 'aws:UserAgent': `${'*a?'.repeat(1000)}b` } } }],
  ['many patterns', { Condition: { StringNotLike: { 'aws:UserAgent': Array(1200).fill('*ab*') } } }],
  ['many variables', { Resource: `arn:aws:sqs:*:*:${'${aws:UserAgent}*'.repeat(400)}` }],
  ['a long ARN', { Condition: { ArnLike: { 'aws:UserAgent': `arn:${'*a'.repeat(3000)}:*:*:*:*` } } }],
])(
  'a hostile policy takes no time to answer: %s',
  (_, elements) => {
    const statement = { Effect: 'Allow', Action: '*', Resource: '*', ...elements }
    const read = readPolicy(JSON.stringify({ Version: '2012-10-17', Statement: statement }), 'role')
    if (read.kind === 'refused') throw new Error(read.fault.text)
    const context = contextOf([['aws:UserAgent', SENT]])
    for (let i = 0; i < 20; i++) compilePolicy(read.document).ask({ ...QUESTION, context })
  },
  5_000,
)

/** The document with one of its values replaced. */
function withPart(document: object, place: number, part: unknown): unknown {
  const copy: unknown = structuredClone(document)
  const places: (() => void)[] = []
  const visit = (value: unknown) => {
    if (typeof value !== 'object' || value === null) return
    for (const [name, inner] of Object.entries(value)) {
      places.push(() => Object.assign(value, { [name]: part }))
      visit(inner)
    }
  }
  visit(copy)
  places[place % places.length]?.()
  return copy
}
