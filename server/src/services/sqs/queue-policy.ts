import { Buffer } from 'node:buffer'
import { ServiceError } from '../../api/service-error.ts'
import { invalidParameter, OverLimit } from './errors.ts'
import { POLICY_BYTES_MAX, POLICY_STATEMENTS_MAX } from './limits.ts'

/** What AddPermission grants: one statement of a queue's policy. */
export interface Permission {
  /** The statement's `Sid`, by which RemovePermission finds it. */
  readonly label: string
  /** Twelve digits each. */
  readonly accountIds: readonly string[]
  /** Names of operations, or `*`. */
  readonly actions: readonly string[]
}

interface PolicyDocument {
  readonly Statement?: unknown
  readonly [member: string]: unknown
}

/**
 * The policy with one more statement, in the form that AWS writes. An empty policy becomes the queue's default one; whatever
 * else an existing one says stays. Refuses a label that is there, and what makes the policy too large.
 */
export function withPermission(policy: string, permission: Permission, queueArn: string): string {
  const { label, accountIds, actions } = permission
  const document: PolicyDocument =
    policy === '' ? { Version: '2008-10-17', Id: `${queueArn}/SQSDefaultPolicy` } : JSON.parse(policy)
  const statements = statementsOf(document)
  if (statements.some((statement) => hasLabel(statement, label))) {
    throw invalidParameter('Label', label, 'Already exists.')
  }
  const granted = {
    Sid: label,
    Effect: 'Allow',
    Principal: { AWS: oneOrMany(accountIds.map((id) => `arn:aws:iam::${id}:root`)) },
    Action: oneOrMany(actions.map((action) => `SQS:${action}`)),
    Resource: queueArn,
  }
  const changed = JSON.stringify({ ...document, Statement: [...statements, granted] })
  if (statements.length >= POLICY_STATEMENTS_MAX) {
    throw new ServiceError(
      OverLimit,
      `${statements.length + 1} Statements were found, maximum allowed is ${POLICY_STATEMENTS_MAX}.`,
    )
  }
  if (Buffer.byteLength(changed) > POLICY_BYTES_MAX) {
    throw new ServiceError(OverLimit, `The policy would be longer than ${POLICY_BYTES_MAX} bytes.`)
  }
  return changed
}

/** The policy without the statements of that label: empty when none is left. Refuses a label that isn't there. */
export function withoutPermission(policy: string, label: string): string {
  const document: PolicyDocument = policy === '' ? {} : JSON.parse(policy)
  const statements = statementsOf(document)
  const kept = statements.filter((statement) => !hasLabel(statement, label))
  if (kept.length === statements.length) throw invalidParameter('Label', label, "can't find label.")
  return kept.length === 0 ? '' : JSON.stringify({ ...document, Statement: kept })
}

/** A policy may have one statement without a list around it. */
function statementsOf({ Statement }: PolicyDocument): readonly unknown[] {
  if (Statement === undefined) return []
  return Array.isArray(Statement) ? Statement : [Statement]
}

function hasLabel(statement: unknown, label: string): boolean {
  return typeof statement === 'object' && statement !== null && 'Sid' in statement && statement.Sid === label
}

function oneOrMany(values: readonly string[]): string | readonly string[] {
  return values.length === 1 ? values[0]! : values
}
