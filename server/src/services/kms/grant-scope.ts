import type { GrantView, Tags } from './commands.ts'
import type { EncryptionContext } from './encryption-context.ts'

/** What somebody is about to do with a grant's key. */
export interface GrantedUse {
  /** As grants name operations: `Decrypt`, `ReEncryptFrom`. */
  readonly operation: string
  /** Every ARN that the caller goes by: a session's own, and that of its role. */
  readonly principals: ReadonlySet<string>
  /** Empty where there is none. */
  readonly context: EncryptionContext
}

/** Operations that have no encryption context, and aren't constrained by what it says. */
const WITHOUT_CONTEXT: ReadonlySet<string> = new Set(['CreateGrant', 'DescribeKey', 'RetireGrant'])

/**
 * Whether a grant lets somebody do something. The context must be just that of `equals`, and have all that is in `subset`; letter case
 * counts. https://docs.aws.amazon.com/kms/latest/APIReference/API_GrantConstraints.html
 */
export function isWithinGrant(grant: GrantView, { operation, principals, context }: GrantedUse): boolean {
  if (!grant.operations.includes(operation) || !principals.has(grant.grantee)) return false
  if (WITHOUT_CONTEXT.has(operation)) return true
  const { equals, subset } = grant.constraints
  const isEqual = equals === null || (hasAll(context, equals) && hasAll(equals, context))
  return isEqual && (subset === null || hasAll(context, subset))
}

function hasAll(context: Tags, pairs: Tags): boolean {
  return Object.entries(pairs).every(([key, value]) => Object.hasOwn(context, key) && context[key] === value)
}
