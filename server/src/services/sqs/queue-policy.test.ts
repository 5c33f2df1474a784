import { expect, test } from 'vitest'
import { ServiceError } from '../../api/service-error.ts'
import { withoutPermission, withPermission } from './queue-policy.ts'

const ARN = 'arn:aws:sqs:eu-west-1:000000000000:orders'
const permission = { label: 'alice', accountIds: ['111111111111'], actions: ['SendMessage'] }

const alice = {
  Sid: 'alice',
  Effect: 'Allow',
  Principal: { AWS: 'arn:aws:iam::111111111111:root' },
  Action: 'SQS:SendMessage',
  Resource: ARN,
}

function refusalOf(task: () => unknown) {
  try {
    task()
  } catch (error) {
    if (error instanceof ServiceError) return [error.shape.code, error.message]
    throw error
  }
  return 'not refused'
}

test('a first permission makes a policy as AWS writes it', () => {
  expect(withPermission('', permission, ARN)).toBe(
    JSON.stringify({ Version: '2008-10-17', Id: `${ARN}/SQSDefaultPolicy`, Statement: [alice] }),
  )
})

test('several accounts and actions are lists', () => {
  const many = { ...permission, accountIds: ['111111111111', '222222222222'], actions: ['*', 'PurgeQueue'] }
  expect(JSON.parse(withPermission('', many, ARN)).Statement).toEqual([
    {
      ...alice,
      Principal: { AWS: ['arn:aws:iam::111111111111:root', 'arn:aws:iam::222222222222:root'] },
      Action: ['SQS:*', 'SQS:PurgeQueue'],
    },
  ])
})

test.each([[[{ Effect: 'Deny', NotPrincipal: '*' }]], [{ Effect: 'Deny', NotPrincipal: '*' }]])(
  'a permission joins what the owner wrote, which stays as it is: %j',
  (Statement) => {
    const owners = { Version: '2012-10-17', Id: 'mine', Statement, Other: 1 }
    const changed = withPermission(JSON.stringify(owners), permission, ARN)
    expect(JSON.parse(changed)).toEqual({
      ...owners,
      Statement: [{ Effect: 'Deny', NotPrincipal: '*' }, alice],
    })
    expect(JSON.parse(withoutPermission(changed, 'alice'))).toEqual({
      ...owners,
      Statement: [{ Effect: 'Deny', NotPrincipal: '*' }],
    })
  },
)

test('a label is there once', () => {
  const policy = withPermission('', permission, ARN)
  expect(refusalOf(() => withPermission(policy, { ...permission, actions: ['*'] }, ARN))).toEqual([
    'InvalidParameterValueException',
    'Value alice for parameter Label is invalid. Reason: Already exists.',
  ])
  expect(withPermission(policy, { ...permission, label: 'Alice' }, ARN)).toContain('Alice')
})

test('the last permission takes the policy with it', () => {
  const two = withPermission(withPermission('', permission, ARN), { ...permission, label: 'bob' }, ARN)
  const one = withoutPermission(two, 'alice')
  expect(JSON.parse(one).Statement).toMatchObject([{ Sid: 'bob' }])
  expect(withoutPermission(one, 'bob')).toBe('')
})

test('a label that is not there is refused, whether there is a policy or not', () => {
  for (const policy of ['', withPermission('', permission, ARN), '{"Statement":[{"Effect":"Allow"}]}']) {
    expect(refusalOf(() => withoutPermission(policy, 'bob'))).toEqual([
      'InvalidParameterValueException',
      "Value bob for parameter Label is invalid. Reason: can't find label.",
    ])
  }
})

test('a policy has at most 20 statements and 8,192 bytes', () => {
  let policy = ''
  for (let i = 0; i < 20; i++) policy = withPermission(policy, { ...permission, label: `l${i}` }, ARN)
  expect(refusalOf(() => withPermission(policy, permission, ARN))).toEqual([
    'OverLimit',
    '21 Statements were found, maximum allowed is 20.',
  ])
  const accountIds = Array.from({ length: 50 }, () => '111111111111')
  let long = ''
  for (let i = 0; i < 4; i++) long = withPermission(long, { ...permission, accountIds, label: `l${i}` }, ARN)
  expect(refusalOf(() => withPermission(long, { ...permission, accountIds }, ARN))).toMatchObject([
    'OverLimit',
    {},
  ])
})
