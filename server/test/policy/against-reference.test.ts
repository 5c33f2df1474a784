import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type CompiledPolicy, compilePolicy } from '../../src/policy/compile-policy.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import type { PolicyDocument } from '../../src/policy/policy-document.ts'
import type { PolicyKind } from '../../src/policy/policy-kinds.ts'
import type { Principal } from '../../src/policy/principal.ts'
import { readConditions, readListed, readPrincipals, readStatements } from '../../src/policy/read-elements.ts'
import { readPolicy } from '../../src/policy/read-policy.ts'
import { contextOf } from '../../src/policy/request-context.ts'
import { CALLERS, HOME } from './callers.ts'
import { isAllowed, type WrittenPolicy } from './reference-evaluator.ts'
import {
  ASKED_ACTIONS,
  ASKED_RESOURCES,
  identityPolicies,
  requests,
  resourcePolicies,
} from './written-policies.ts'

const principals: readonly Principal[] = Object.values(CALLERS)

const cases = fc.record({
  action: fc.constantFrom(...ASKED_ACTIONS),
  arn: fc.constantFrom(...ASKED_RESOURCES),
  principal: fc.constantFrom(...principals),
  identity: fc.array(identityPolicies, { maxLength: 3 }),
  boundary: fc.option(identityPolicies, { freq: 1 }),
  session: fc.option(fc.array(identityPolicies, { minLength: 1, maxLength: 2 }), { freq: 1 }),
  resource: fc.option(resourcePolicies, { freq: 5 }),
  kind: fc.constantFrom('ordinary', 'ordinary', 'key', 'role'),
  keys: requests,
})

const RUNS = 5000
const seen = { allowed: 0, denied: 0 }

test('every decision is that of an evaluator that was written to be read', () => {
  fc.assert(
    fc.property(cases, (each) => {
      const written: WrittenCase = JSON.parse(JSON.stringify(each))
      const decision = evaluate({
        action: each.action,
        caller: {
          principal: each.principal,
          identityPolicies: written.identity.map(compileIdentity),
          boundary: written.boundary === null ? null : compileIdentity(written.boundary),
          sessionPolicies: written.session === null ? null : written.session.map(compileIdentity),
        },
        target: {
          arn: each.arn,
          accountId: HOME,
          kind: each.kind,
          policy: written.resource === null ? null : compilePolicy(documentOf(written.resource)),
        },
        context: contextOf(each.keys),
      })
      const expected = isAllowed({ ...each, ...written, resourceAccount: HOME })
      seen[decision.kind] += 1
      expect(decision.kind).toBe(expected ? 'allowed' : 'denied')
    }),
    { numRuns: RUNS },
  )
  // Both are to be tried: a generator whose policies concern nobody would prove nothing.
  expect(seen.allowed / RUNS).toBeGreaterThan(0.1)
  expect(seen.denied / RUNS).toBeGreaterThan(0.1)
})

interface WrittenCase {
  readonly identity: readonly WrittenPolicy[]
  readonly boundary: WrittenPolicy | null
  readonly session: readonly WrittenPolicy[] | null
  readonly resource: WrittenPolicy | null
}

function compileIdentity(policy: WrittenPolicy): CompiledPolicy {
  return compilePolicy(readDocument(policy, 'role'))
}

function readDocument(policy: WrittenPolicy, kind: PolicyKind): PolicyDocument {
  const read = readPolicy(JSON.stringify(policy), kind)
  if (read.kind === 'refused') throw new Error(read.fault.text)
  return read.document
}

/** Those of resources are about actions of several services here, which no service takes. */
function documentOf({ Version, Statement }: WrittenPolicy): PolicyDocument {
  return {
    version: Version === '2012-10-17' ? Version : '2008-10-17',
    id: null,
    statements: readStatements(Statement).map((statement) => ({
      sid: null,
      effect: statement.Effect === 'Deny' ? 'Deny' : 'Allow',
      principals: readPrincipals(statement),
      actions: readListed(statement, 'Action') ?? { negated: false, values: [] },
      resources: readListed(statement, 'Resource'),
      conditions: readConditions(statement.Condition),
    })),
  }
}
