import { expect, test } from 'vitest'
import { type Identity, rootIdentity } from '../../src/api/identity.ts'
import type { Request } from '../../src/api/operation.ts'
import { PolicyAuthorizer } from '../../src/auth/policy-authorizer.ts'
import type { KeyLookup } from '../../src/services/kms/access.ts'
import { defaultPolicy } from '../../src/services/kms/key-policy.ts'
import { keyUsersBy } from '../../src/services/kms/key-users.ts'
import { policyOfManaged } from '../../src/services/kms/managed-key.ts'
import { TEST_REQUEST } from '../../src/services/sqs/test-cell.ts'

const ACCOUNT = '000000000000'
const OTHER = '111111111111'
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1b0dd9f4-2b9b-4f0e-a2ca-3b1d1f0f6a52`
const QUEUE_CONTEXT = { 'aws:sqs:arn': `arn:aws:sqs:eu-west-1:${ACCOUNT}:orders` }
const TOPIC = {
  arn: `arn:aws:sns:eu-west-1:${ACCOUNT}:news`,
  ...{ accountId: ACCOUNT, region: 'eu-west-1' },
}

function usersUnder(policy: string | object, isGranted: KeyLookup['isGranted'] = () => false) {
  const text = typeof policy === 'string' ? policy : JSON.stringify({ Version: '2012-10-17', ...policy })
  const authorizer = new PolicyAuthorizer(
    (arn) => (arn === KEY ? { policy: { text, kind: 'key' }, tags: {} } : undefined),
    () => 0,
  )
  return keyUsersBy(authorizer, { arnOf: (keyId) => (keyId === KEY ? KEY : null), isGranted })
}

function requestOf(identity: Identity, accountId = ACCOUNT): Request {
  const { principal } = identity
  const principalArn = 'arn' in principal ? principal.arn : ''
  return { ...TEST_REQUEST, caller: { ...TEST_REQUEST.caller, accountId, principalArn, identity } }
}

const root = (accountId = ACCOUNT) => requestOf(rootIdentity(accountId), accountId)

function userWithoutPolicies(): Request {
  const principal = {
    ...({ kind: 'user', accountId: ACCOUNT, id: 'AIDAEXAMPLE' } as const),
    arn: `arn:aws:iam::${ACCOUNT}:user/example`,
  }
  const permissions = { principal, identityPolicies: [], boundary: null, sessionPolicies: null }
  return requestOf({ principal, session: null, tags: () => ({}), permissions: () => permissions })
}

test('the account itself may use its keys through a service, and another account may not', () => {
  const users = usersUnder(defaultPolicy(ACCOUNT))
  expect(users.of(root(), 'sqs').denial('Decrypt', KEY, QUEUE_CONTEXT)).toBe(null)
  expect(users.of(root(OTHER), 'sqs').denial('GenerateDataKey', KEY, QUEUE_CONTEXT)).toBe(
    `User: arn:aws:iam::${OTHER}:root is not authorized to perform: kms:GenerateDataKey on resource: ${KEY} ` +
      'because no resource-based policy allows the kms:GenerateDataKey action',
  )
})

test('a user needs a policy, or a grant, or to be let in by that of the key', () => {
  const user = userWithoutPolicies()
  const denied = usersUnder(defaultPolicy(ACCOUNT)).of(user, 'sqs')
  expect(denied.denial('Decrypt', KEY, QUEUE_CONTEXT)).toContain('no identity-based policy allows')
  const granted = usersUnder(defaultPolicy(ACCOUNT), (arn, { operation, context }) => {
    return arn === KEY && operation === 'Decrypt' && context === QUEUE_CONTEXT
  }).of(user, 'sqs')
  expect(granted.denial('Decrypt', KEY, QUEUE_CONTEXT)).toBe(null)
  expect(granted.denial('GenerateDataKey', KEY, QUEUE_CONTEXT)).toContain('not authorized')
})

test('a key that AWS would manage is used through its own service alone, by whoever is of the account', () => {
  const managed = policyOfManaged({ accountId: ACCOUNT, region: 'eu-west-1', name: 'alias/aws/sqs' })
  const users = usersUnder(managed)
  const user = userWithoutPolicies()
  expect(users.of(user, 'sqs').denial('GenerateDataKey', KEY, QUEUE_CONTEXT)).toBe(null)
  expect(users.of(user, 'sns').denial('GenerateDataKey', KEY, QUEUE_CONTEXT)).toContain('not authorized')
  expect(users.of(root(OTHER), 'sqs').denial('Decrypt', KEY, QUEUE_CONTEXT)).toContain('not authorized')
  // Topics are let into queues by a key of the customer's alone, as at AWS.
  expect(users.ofService('sns', 'sqs', TOPIC).denial('GenerateDataKey', KEY, QUEUE_CONTEXT)).toBe(
    `User: sns.amazonaws.com is not authorized to perform: kms:GenerateDataKey on resource: ${KEY} ` +
      'because no resource-based policy allows the kms:GenerateDataKey action',
  )
})

test('policies of keys may ask for the context, the service and what a service acts for', () => {
  const users = usersUnder({
    Statement: [
      {
        ...{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Resource: '*' },
        Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
        Condition: {
          ArnLike: { 'aws:SourceArn': `arn:aws:sns:*:${ACCOUNT}:news` },
          StringEquals: {
            'aws:SourceAccount': ACCOUNT,
            'kms:ViaService': 'sqs.eu-west-1.amazonaws.com',
            'kms:EncryptionContext:aws:sqs:arn': QUEUE_CONTEXT['aws:sqs:arn'],
          },
        },
      },
    ],
  })
  const denial = (through = 'sqs', source = TOPIC, context: Record<string, string> = QUEUE_CONTEXT) =>
    users.ofService('sns', through, source).denial('GenerateDataKey', KEY, context)
  expect(denial()).toBe(null)
  expect(denial('sns')).toContain('not authorized')
  expect(denial('sqs', { ...TOPIC, arn: `${TOPIC.arn}2` })).toContain('not authorized')
  expect(denial('sqs', { ...TOPIC, accountId: OTHER })).toContain('not authorized')
  expect(denial('sqs', TOPIC, {})).toContain('not authorized')
})
