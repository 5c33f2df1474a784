import { expect, test } from 'vitest'
import { GLOBAL_CONDITION_KEYS } from '../../src/policy/condition-keys.ts'
import { denialText } from '../../src/policy/denial-text.ts'
import { evaluate } from '../../src/policy/evaluate.ts'
import { principalKeys } from '../../src/policy/principal-keys.ts'
import { contextOf } from '../../src/policy/request-context.ts'
import { CALLERS, HOME } from './callers.ts'

const PLAIN = { tags: [], userName: null, sessionName: null }

test('what principals bring to a request are keys that all services have', () => {
  const known = new Set(GLOBAL_CONDITION_KEYS.map(({ name }) => name))
  for (const principal of Object.values(CALLERS)) {
    const keys = principalKeys(principal, { tags: [['team', 'orders']], userName: 'x', sessionName: 'y' })
    for (const [key] of keys) expect(known).toContain(key.replace(/\/.*$/, '/'))
  }
})

test('keys are listed once', () => {
  const names = GLOBAL_CONDITION_KEYS.map(({ name }) => name.toLowerCase())
  expect(new Set(names).size).toBe(names.length)
})

test('a session is its role by ARN, and itself by id', () => {
  const context = contextOf(
    principalKeys(CALLERS.worker, { tags: [['Team', 'orders']], userName: null, sessionName: 'shift-1' }),
  )
  expect(context.get('aws:principalarn')).toEqual([`arn:aws:iam::${HOME}:role/jobs/worker`])
  expect(context.get('aws:userid')).toEqual(['AROAWORKER0000000001:shift-1'])
  expect(context.get('aws:principaltag/team')).toEqual(['orders'])
  expect(context.get('aws:username')).toBeUndefined()
})

test.each([
  ['root', 'Account', HOME],
  ['ada', 'User', 'AIDAADA0000000000001'],
  ['guest', 'FederatedUser', `${HOME}:guest`],
  ['anonymous', 'Anonymous', 'anonymous'],
] as const)('%s has a type and an id', (name, type, id) => {
  const context = contextOf(principalKeys(CALLERS[name], { ...PLAIN, sessionName: 'guest' }))
  expect(context.get('aws:principaltype')).toEqual([type])
  expect(context.get('aws:userid')).toEqual([id])
  expect(context.get('aws:principalisawsservice')).toEqual(['false'])
})

test('a service is told from all others', () => {
  const context = contextOf(principalKeys(CALLERS.sns, PLAIN))
  expect(context.get('aws:principalisawsservice')).toEqual(['true'])
  expect(context.get('aws:principalservicename')).toEqual(['sns.amazonaws.com'])
  expect(context.get('aws:principalaccount')).toBeUndefined()
})

test('of a denial, who is denied is told in AWS’s words', () => {
  const decision = evaluate({
    action: 'sqs:SendMessage',
    caller: { principal: CALLERS.ada, identityPolicies: [], boundary: null, sessionPolicies: null },
    target: {
      arn: 'arn:aws:sqs:us-east-2:111122223333:orders',
      accountId: HOME,
      policy: null,
      kind: 'ordinary',
    },
    context: contextOf(principalKeys(CALLERS.ada, PLAIN)),
  })
  if (decision.kind === 'allowed') throw new Error('allowed without a policy')
  expect(
    denialText(CALLERS.ada, 'sqs:SendMessage', 'arn:aws:sqs:us-east-2:111122223333:orders', decision),
  ).toBe(
    'User: arn:aws:iam::111122223333:user/ada is not authorized to perform: sqs:SendMessage on resource: arn:aws:sqs:us-east-2:111122223333:orders because no identity-based policy allows the sqs:SendMessage action',
  )
})
