import { Buffer } from 'node:buffer'
import { type Permission, Policy } from '../../api/policy-document.ts'
import { isJsonObject, parseJsonObject } from '../../base/json-object.ts'
import type { TopicAddress } from './commands.ts'
import { invalidParameter } from './errors.ts'
import { POLICY_BYTES_MAX } from './limits.ts'
import { topicArn } from './topic-arn.ts'

/** What a topic's owner may do, and others in the owner's account. AWS writes it in this order. */
const OWNER_ACTIONS = [
  'SNS:GetTopicAttributes',
  'SNS:SetTopicAttributes',
  'SNS:AddPermission',
  'SNS:RemovePermission',
  'SNS:DeleteTopic',
  'SNS:Subscribe',
  'SNS:ListSubscriptionsByTopic',
  'SNS:Publish',
]

/** What AddPermission grants. */
const GRANTABLE = new Set([
  'AddPermission',
  'DeleteTopic',
  'GetDataProtectionPolicy',
  'GetTopicAttributes',
  'ListSubscriptionsByTopic',
  'ListTagsForResource',
  'Publish',
  'PutDataProtectionPolicy',
  'RemovePermission',
  'SetTopicAttributes',
  'Subscribe',
])

/** The policy of a topic whose owner wrote none. */
export function defaultPolicy(topic: TopicAddress): string {
  return JSON.stringify({
    Version: '2008-10-17',
    Id: '__default_policy_ID',
    Statement: [
      {
        Sid: '__default_statement_ID',
        Effect: 'Allow',
        Principal: { AWS: '*' },
        Action: OWNER_ACTIONS,
        Resource: topicArn(topic),
        Condition: { StringEquals: { 'AWS:SourceOwner': topic.accountId } },
      },
    ],
  })
}

/** The policy as it was written, if it has a policy's shape; empty for the default one. */
export function parsePolicy(value: string): string {
  if (value === '') return ''
  const policy = Buffer.byteLength(value) > POLICY_BYTES_MAX ? null : parseJsonObject(value)
  if (policy === null) throw invalidParameter('Policy Error: null')
  const { statements } = new Policy(value)
  const isSound = (statement: unknown) =>
    isJsonObject(statement) && (statement.Effect === 'Allow' || statement.Effect === 'Deny')
  if (statements.length === 0 || !statements.every(isSound)) throw invalidParameter('Policy Error: null')
  const actions = statements.flatMap((statement) =>
    isJsonObject(statement) ? [statement.Action].flat() : [],
  )
  const isOfService = (action: unknown) => typeof action !== 'string' || /^(?:\*$|sns:)/i.test(action)
  if (!actions.every(isOfService)) throw invalidParameter('Policy statement action out of service scope!')
  return value
}

/** Refuses what AddPermission doesn't grant. Whether the label is free depends on the topic. */
export function checkPermission({ label, accountIds, actions }: Permission): void {
  if (label === '') throw invalidParameter('Label')
  if (actions.length === 0 || !actions.every((action) => GRANTABLE.has(action))) {
    throw invalidParameter('Policy statement action out of service scope!')
  }
  if (accountIds.length === 0 || !accountIds.every((id) => /^\d{12}$/.test(id))) {
    throw invalidParameter('AWSAccountId')
  }
}

/** With one more statement. Refuses a label that is there, and what makes the policy too large. */
export function withPermission(policy: string, permission: Permission, topic: TopicAddress): string {
  const existing = new Policy(policy === '' ? defaultPolicy(topic) : policy)
  if (existing.has(permission.label)) throw invalidParameter('Statement already exists')
  const changed = existing.granting(permission, 'SNS', topicArn(topic))
  if (Buffer.byteLength(changed) > POLICY_BYTES_MAX)
    throw invalidParameter('Policy Error: PolicyLimitExceeded')
  return changed
}

/** Without the statements of that label; one that isn't there is gone already. */
export function withoutPermission(policy: string, label: string, topic: TopicAddress): string {
  return new Policy(policy === '' ? defaultPolicy(topic) : policy).without(label)
}
