import { expect, test } from 'vitest'
import { bareDenialText, denialText } from './denial-text.ts'
import type { DenialSource } from './evaluate.ts'
import type { Principal } from './principal.ts'

const ADA: Principal = {
  kind: 'user',
  accountId: '111122223333',
  arn: 'arn:aws:iam::111122223333:user/ada',
  id: 'AIDAADA0000000000001',
}
const ORDERS = 'arn:aws:sqs:us-east-2:111122223333:orders'

test.each<[DenialSource, string, string]>([
  ['identity', 'no identity-based policy', 'an identity-based policy'],
  ['resource', 'no resource-based policy', 'a resource-based policy'],
  ['boundary', 'no permissions boundary', 'a permissions boundary'],
  ['session', 'no session policy', 'a session policy'],
  ['trust', 'no role trust policy', 'the role trust policy'],
])('who is denied by %s is told so, in AWS’s words', (by, none, one) => {
  const subject = `User: arn:aws:iam::111122223333:user/ada is not authorized to perform: sqs:SendMessage on resource: ${ORDERS}`
  const text = (explicitly: boolean) =>
    denialText(ADA, 'sqs:SendMessage', ORDERS, { kind: 'denied', explicitly, by })
  expect(text(false)).toBe(`${subject} because ${none} allows the sqs:SendMessage action`)
  expect(text(true)).toBe(`${subject} with an explicit deny in ${one}`)
})

test('an action about no resource is told without one', () => {
  expect(denialText(ADA, 'sqs:ListQueues', null, { kind: 'denied', explicitly: false, by: 'identity' })).toBe(
    'User: arn:aws:iam::111122223333:user/ada is not authorized to perform: sqs:ListQueues because no identity-based policy allows the sqs:ListQueues action',
  )
})

test.each<[Principal, string]>([
  [{ kind: 'service', name: 'sns.amazonaws.com' }, 'sns.amazonaws.com'],
  [{ kind: 'federated identity', provider: 'accounts.google.com' }, 'accounts.google.com'],
  [{ kind: 'anonymous' }, 'anonymous'],
  [
    { kind: 'root', accountId: '111122223333', arn: 'arn:aws:iam::111122223333:root' },
    'arn:aws:iam::111122223333:root',
  ],
])('whoever asks has a name: %o', (principal, name) => {
  expect(bareDenialText(principal, 'SNS:Publish', null)).toBe(
    `User: ${name} is not authorized to perform: SNS:Publish`,
  )
})
