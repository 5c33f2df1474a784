import fc from 'fast-check'
import { expect, test } from 'vitest'
import { POLICY_KINDS, type PolicyKind } from '../../src/policy/policy-kinds.ts'
import { readPolicy } from '../../src/policy/read-policy.ts'
import { identityPolicies, resourcePolicies } from './written-policies.ts'

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

test('a policy of which any part is something else is read or refused with words', () => {
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
