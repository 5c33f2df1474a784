import { Buffer } from 'node:buffer'
import type { Caller } from '../../api/operation.ts'
import { isJsonObject, type JsonObject, parseJsonObject } from '../../base/json-object.ts'
import { malformedPolicy } from './errors.ts'
import { POLICY_BYTES_MAX } from './limits.ts'

/** The only name that a key's policy has. */
export const POLICY_NAME = 'default'

/** What a key gets without a policy of its own, as AWS prints it: what may be done is up to the account's own policies. */
export function defaultPolicy(accountId: string): string {
  return `{
  "Version" : "2012-10-17",
  "Id" : "key-default-1",
  "Statement" : [ {
    "Sid" : "Enable IAM User Permissions",
    "Effect" : "Allow",
    "Principal" : {
      "AWS" : "arn:aws:iam::${accountId}:root"
    },
    "Action" : "kms:*",
    "Resource" : "*"
  } ]
}`
}

/**
 * Refuses what is no policy, and one that locks out who sets it, unless that is wanted. What a policy allows is looked at here
 * without its conditions.
 */
export function checkPolicy(text: string, caller: Caller, bypassesLockout: boolean): void {
  if (Buffer.byteLength(text) > POLICY_BYTES_MAX) {
    throw malformedPolicy(`The policy is longer than ${POLICY_BYTES_MAX} bytes.`)
  }
  const policy = parseJsonObject(text)
  if (policy === null) throw malformedPolicy('The policy is not a JSON object.')
  const statements = listOf(policy.Statement)
  if (statements.length === 0) throw malformedPolicy('The policy has no Statement.')
  const checked = statements.map(checkStatement)
  if (bypassesLockout || checked.some((statement) => letsChange(statement, caller))) return
  throw malformedPolicy('The new key policy will not allow you to update the key policy in the future.')
}

function checkStatement(statement: unknown): JsonObject {
  if (!isJsonObject(statement)) throw malformedPolicy('A Statement is not an object.')
  const { Effect, Principal, NotPrincipal, Action, NotAction, Resource, NotResource } = statement
  if (Effect !== 'Allow' && Effect !== 'Deny') {
    throw malformedPolicy('The Effect of a Statement is neither Allow nor Deny.')
  }
  if (Principal === undefined && NotPrincipal === undefined)
    throw malformedPolicy('A Statement has no Principal.')
  if (Action === undefined && NotAction === undefined) throw malformedPolicy('A Statement has no Action.')
  if (Resource === undefined && NotResource === undefined)
    throw malformedPolicy('A Statement has no Resource.')
  return statement
}

/** Whether the caller, or whoever its account lets, may set the policy anew. */
function letsChange({ Effect, Principal, Action }: JsonObject, caller: Caller): boolean {
  if (Effect !== 'Allow') return false
  const allowsAction = listOf(Action).some((action) => isPutKeyPolicy(String(action)))
  const { accountId, principalArn } = caller
  const ours = new Set(['*', accountId, `arn:aws:iam::${accountId}:root`, principalArn])
  const principals = isJsonObject(Principal) ? listOf(Principal.AWS) : listOf(Principal)
  return allowsAction && principals.some((principal) => ours.has(String(principal)))
}

const PUT_KEY_POLICY = 'kms:PutKeyPolicy'

/** Whether a pattern of actions, with stars and question marks, has the one that sets a policy. */
function isPutKeyPolicy(pattern: string): boolean {
  // What stands for more characters than there are can't match, and needn't be gone through.
  if (pattern.replaceAll('*', '').length > PUT_KEY_POLICY.length) return false
  const escaped = pattern
    .replaceAll(/[\\^$.|+()[\]{}]/g, '\\$&')
    .replaceAll(/\*+/g, '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${escaped}$`, 'i').test(PUT_KEY_POLICY)
}

function listOf(value: unknown): readonly unknown[] {
  if (value === undefined) return []
  return Array.isArray(value) ? value : [value]
}
