import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RememberedDecisions } from '../../src/auth/remembered-decisions.ts'
import { type CompiledPolicy, compilePolicy } from '../../src/policy/compile-policy.ts'
import { type Caller, evaluate } from '../../src/policy/evaluate.ts'
import { readPolicy } from '../../src/policy/read-policy.ts'
import { contextOf } from '../../src/policy/request-context.ts'
import { CALLERS, HOME } from './callers.ts'
import { ASKED_ACTIONS, ASKED_RESOURCES, identityPolicies, requests } from './written-policies.ts'

const QUEUE = `arn:aws:sqs:us-east-1:${HOME}:orders`

describe('decisions that are remembered', () => {
  test('are those that would be made anew, whatever changed between two requests', () => {
    const runs = fc.record({
      policies: fc.array(identityPolicies, { minLength: 2, maxLength: 2 }),
      resource: identityPolicies,
      asked: fc.array(
        fc.record({
          caller: fc.nat({ max: 1 }),
          action: fc.constantFrom(...ASKED_ACTIONS.slice(0, 3)),
          arn: fc.constantFrom(...ASKED_RESOURCES.slice(0, 3)),
          hasPolicy: fc.boolean(),
          keys: requests,
        }),
        { minLength: 40, maxLength: 40 },
      ),
    })
    fc.assert(
      fc.property(runs, ({ policies, resource, asked }) => {
        const callers = policies.map((policy) => callerWith(compiled(policy)))
        const ofResource = compiled(resource)
        const decisions = new RememberedDecisions()
        for (const { caller, action, arn, hasPolicy, keys } of asked) {
          const request = {
            ...{ action, caller: callers[caller]!, context: contextOf(keys) },
            target: {
              ...{ arn, accountId: HOME, kind: 'ordinary' as const },
              policy: hasPolicy ? ofResource : null,
            },
          }
          expect(decisions.decide(request)).toEqual(evaluate(request))
        }
      }),
      { numRuns: 300 },
    )
  })

  test('ask no policy again', () => {
    const { caller, timesAsked } = counted({ Effect: 'Allow', Action: 'sqs:*', Resource: '*' })
    const decisions = new RememberedDecisions()
    for (let i = 0; i < 3; i++) expect(decide(decisions, caller, {}).kind).toBe('allowed')
    expect(timesAsked()).toBe(1)
  })

  test('hold for as long as what conditions asked for is the same', () => {
    const { caller, timesAsked } = counted({
      ...{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' },
      Condition: { IpAddress: { 'aws:SourceIp': '10.0.0.0/8' } },
    })
    const decisions = new RememberedDecisions()
    const kinds = ['10.1.1.1', '10.1.1.1', '11.1.1.1', '10.1.1.1'].map(
      (address) => decide(decisions, caller, { 'aws:SourceIp': address }).kind,
    )
    expect(kinds).toEqual(['allowed', 'allowed', 'denied', 'allowed'])
    expect(timesAsked()).toBe(3)
  })

  test('are not held against what a request has besides', () => {
    const { caller, timesAsked } = counted({ Effect: 'Allow', Action: 'sqs:*', Resource: '*' })
    const decisions = new RememberedDecisions()
    for (const address of ['10.1.1.1', '11.1.1.1']) decide(decisions, caller, { 'aws:SourceIp': address })
    expect(timesAsked()).toBe(1)
  })

  test.each([
    ['a value', { 'aws:UserAgent': 'x'.repeat(257) }, QUEUE],
    ['a resource', { 'aws:UserAgent': 'x' }, `${QUEUE}${'s'.repeat(300)}`],
  ])('are not kept with %s that is long', (_, facts, arn) => {
    const { caller, timesAsked } = counted({
      ...{ Effect: 'Allow', Action: 'sqs:*', Resource: '*' },
      Condition: { StringLike: { 'aws:UserAgent': 'x*' } },
    })
    const decisions = new RememberedDecisions()
    for (let i = 0; i < 2; i++) expect(decide(decisions, caller, facts, arn).kind).toBe('allowed')
    expect(timesAsked()).toBe(2)
  })

  test('are forgotten when there are too many, and made anew', () => {
    const { caller, timesAsked } = counted({ Effect: 'Allow', Action: 'sqs:*', Resource: '*' })
    const decisions = new RememberedDecisions()
    for (let i = 0; i < 16_384; i++) decide(decisions, caller, {}, `${QUEUE}-${i}`)
    expect(decide(decisions, caller, {}, `${QUEUE}-0`).kind).toBe('allowed')
    expect(timesAsked()).toBe(16_385)
  })
})

function decide(
  decisions: RememberedDecisions,
  caller: Caller,
  facts: Readonly<Record<string, string>>,
  arn = QUEUE,
) {
  return decisions.decide({
    ...{ action: 'sqs:SendMessage', caller, context: contextOf(Object.entries(facts)) },
    target: { arn, accountId: HOME, policy: null, kind: 'ordinary' },
  })
}

function counted(statement: object) {
  const policy = compiled({ Version: '2012-10-17', Statement: [statement] })
  let count = 0
  const counting: CompiledPolicy = {
    ask(question) {
      count++
      return policy.ask(question)
    },
  }
  return { caller: callerWith(counting), timesAsked: () => count }
}

function callerWith(policy: CompiledPolicy): Caller {
  return {
    ...{ principal: Object.values(CALLERS).find(({ kind }) => kind === 'user')! },
    ...{ identityPolicies: [policy], boundary: null, sessionPolicies: null },
  }
}

function compiled(policy: object): CompiledPolicy {
  const read = readPolicy(JSON.stringify(policy), 'role')
  if (read.kind === 'refused') throw new Error(read.fault.text)
  return compilePolicy(read.document)
}
