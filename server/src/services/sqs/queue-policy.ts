import { Buffer } from 'node:buffer'
import { type Permission, Policy } from '../../api/policy-document.ts'
import { ServiceError } from '../../api/service-error.ts'
import { invalidParameter, OverLimit } from './errors.ts'
import { POLICY_BYTES_MAX, POLICY_STATEMENTS_MAX } from './limits.ts'

/**
 * The policy with one more statement, in the form that AWS writes. An empty policy becomes the queue's default one; whatever
 * else an existing one says stays. Refuses a label that is there, and what makes the policy too large.
 */
export function withPermission(policy: string, permission: Permission, queueArn: string): string {
  const { label } = permission
  const existing = new Policy(policy, { Version: '2008-10-17', Id: `${queueArn}/SQSDefaultPolicy` })
  if (existing.has(label)) throw invalidParameter('Label', label, 'Already exists.')
  const changed = existing.granting(permission, 'SQS', queueArn)
  const count = existing.statements.length + 1
  if (count > POLICY_STATEMENTS_MAX) {
    throw new ServiceError(
      OverLimit,
      `${count} Statements were found, maximum allowed is ${POLICY_STATEMENTS_MAX}.`,
    )
  }
  if (Buffer.byteLength(changed) > POLICY_BYTES_MAX) {
    throw new ServiceError(OverLimit, `The policy would be longer than ${POLICY_BYTES_MAX} bytes.`)
  }
  return changed
}

/** The policy without the statements of that label: empty when none is left. Refuses a label that isn't there. */
export function withoutPermission(policy: string, label: string): string {
  const existing = new Policy(policy)
  if (!existing.has(label)) throw invalidParameter('Label', label, "can't find label.")
  return existing.without(label)
}
