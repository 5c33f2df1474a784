import { expect, test } from 'vitest'
import { type CompiledPolicy, compilePolicy } from '../../src/policy/compile-policy.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import type { PolicyKind } from '../../src/policy/policy-kinds.ts'
import type { Principal } from '../../src/policy/principal.ts'
import { readPolicy } from '../../src/policy/read-policy.ts'
import { contextOf } from '../../src/policy/request-context.ts'
import { CALLERS, HOME } from './callers.ts'
import {
  ARN_ROWS,
  DATE_ROWS,
  IF_EXISTS_ROWS,
  NUMERIC_ROWS,
  OTHER_ROWS,
  SET_ROWS,
  STRING_ROWS,
} from './tables/conditions.ts'
import { DECISION_ROWS, type DecisionRow, type Written } from './tables/decisions.ts'
import { ACTION_ROWS, RESOURCE_ROWS } from './tables/matching.ts'
import { NAMED, PRINCIPAL_ROWS } from './tables/principals.ts'

const QUEUE = `arn:aws:sqs:us-east-2:${HOME}:orders`

function compiled(kind: PolicyKind, Statement: readonly Written[], Version = '2012-10-17'): CompiledPolicy {
  const read = readPolicy(JSON.stringify({ Version, Statement }), kind)
  if (read.kind === 'refused') throw new Error(read.fault.text)
  return compilePolicy(read.document)
}

/** What ada's only policy says. */
function answerOf(
  statement: Written,
  asked: { readonly action?: string; readonly arn?: string; readonly version?: string },
  request: Readonly<Record<string, string | readonly string[]>> = {},
) {
  return compiled('user', [statement], asked.version).ask({
    action: (asked.action ?? 'sqs:SendMessage').toLowerCase(),
    resourceArn: asked.arn ?? QUEUE,
    principal: CALLERS.ada,
    bounded: false,
    context: contextOf(Object.entries(request)),
  })
}

const CONDITIONS = {
  texts: STRING_ROWS,
  numbers: NUMERIC_ROWS,
  dates: DATE_ROWS,
  'other values': OTHER_ROWS,
  ARNs: ARN_ROWS,
  'keys that may be missing': IF_EXISTS_ROWS,
  'several values in the request': SET_ROWS,
}

for (const [subject, rows] of Object.entries(CONDITIONS)) {
  test.each(rows)(`conditions on ${subject}: $name ($operator)`, ({ operator, values, request, holds }) => {
    const statement = {
      Effect: 'Allow',
      Action: '*',
      Resource: '*',
      Condition: { [operator]: { 'some:Key': values } },
    }
    const context: Record<string, string | readonly string[]> =
      request === null ? {} : { 'SOME:key': request }
    expect(answerOf(statement, {}, context)).toBe(holds ? 'direct' : null)
  })
}

test.each(RESOURCE_ROWS)('resources: $name', ({ resource, arn, matches, request, version }) => {
  const asked = version === undefined ? { arn } : { arn, version }
  const allow = { Effect: 'Allow', Action: '*' }
  expect(answerOf({ ...allow, Resource: resource }, asked, request)).toBe(matches ? 'direct' : null)
  expect(answerOf({ ...allow, Resource: ['arn:aws:x:::y', resource] }, asked, request)).toBe(
    matches ? 'direct' : null,
  )
})

test.each(ACTION_ROWS)('actions: $name', ({ element, action, matches }) => {
  const { Action, NotAction } = { Action: undefined, NotAction: undefined, ...element }
  const read = readPolicy(
    JSON.stringify({
      Version: '2012-10-17',
      Statement: { Effect: 'Deny', Action, NotAction, Resource: '*' },
    }),
    'user',
  )
  if (read.kind === 'refused') {
    // AWS takes no empty list; nothing may be done with it either.
    expect([read.fault.kind, matches]).toEqual(['action', false])
    return
  }
  const question = {
    action: action.toLowerCase(),
    resourceArn: QUEUE,
    principal: CALLERS.ada,
    bounded: false,
    context: contextOf([]),
  }
  expect(compilePolicy(read.document).ask(question)).toBe(matches ? 'denies' : null)
})

const LETTERS = { direct: 'd', entity: 'e', account: 'a', denies: 'd' } as const

test.each(PRINCIPAL_ROWS)('principals: $effect $name', ({ element, effect, naming }) => {
  const { document } = readOrThrow({ Effect: effect, Action: '*', Resource: '*', ...element })
  const policy = compilePolicy(document)
  const letters = NAMED.map((name) => {
    const principal: Principal = CALLERS[name]
    const answer = policy.ask({
      action: 'sqs:sendmessage',
      resourceArn: QUEUE,
      principal,
      bounded: false,
      context: contextOf([]),
    })
    return answer === null ? '-' : LETTERS[answer]
  })
  expect(letters.join('')).toBe(naming.replaceAll(' ', ''))
})

/** Some principals of the table can't be written at AWS, but may be left in what was stored once. */
function readOrThrow(statement: Written) {
  const { Principal, NotPrincipal, ...rest } = statement
  const read = readPolicy(
    JSON.stringify({ Version: '2012-10-17', Statement: { ...rest, Principal, NotPrincipal } }),
    'queue',
  )
  if (read.kind === 'refused') throw new Error(read.fault.text)
  return read
}

test.each(DECISION_ROWS)('decisions: $name', (row) => {
  expect(decide(row)).toBe(row.decision)
})

test('no two rows of a table have the same name', () => {
  const tables = [...Object.values(CONDITIONS), RESOURCE_ROWS, ACTION_ROWS, DECISION_ROWS]
  for (const rows of tables) expect(new Set(rows.map(({ name }) => name)).size).toBe(rows.length)
})

function decide({ caller, kind = 'ordinary', action, arn, request = {}, ...policies }: DecisionRow): string {
  const resourceKind = { ordinary: ofService(arn), key: 'key', role: 'trust' } satisfies Record<
    string,
    PolicyKind
  >
  const optional = (statements: readonly Written[] | undefined, policyKind: PolicyKind) =>
    statements === undefined ? null : compiled(policyKind, statements)
  const session = optional(policies.session, 'session')
  const identity = optional(policies.identity, 'managed')
  const decision = evaluate({
    action: action ?? 'sqs:SendMessage',
    caller: {
      principal: CALLERS[caller],
      identityPolicies: identity === null ? [] : [identity],
      boundary: optional(policies.boundary, 'managed'),
      sessionPolicies: session === null ? null : [session],
    },
    target: {
      arn: arn ?? QUEUE,
      accountId: HOME,
      kind,
      policy: optional(policies.resource, resourceKind[kind]),
    },
    context: contextOf(Object.entries(request)),
  })
  if (decision.kind === 'allowed') return 'allowed'
  return `${decision.explicitly ? 'explicitly' : 'implicitly'} denied by ${decision.by}`
}

function ofService(arn = QUEUE): PolicyKind {
  return arn.startsWith('arn:aws:sns:') ? 'topic' : 'queue'
}
