import type { SessionFacts } from '../../api/identity.ts'
import type { Caller } from '../../api/operation.ts'
import { accessDenied } from './sts-errors.ts'

/** What of STS a session may call, whatever its policies say, by how it was made. */
const MAY_CALL: Readonly<Record<SessionFacts['kind'], (operation: string) => boolean>> = {
  /** By AssumeRole: everything that makes no long session of a user. */
  role: (operation) => operation !== 'GetFederationToken' && operation !== 'GetSessionToken',
  /** By GetSessionToken. */
  user: (operation) => operation === 'AssumeRole' || operation === 'GetCallerIdentity',
  /** By GetFederationToken. */
  'federated user': (operation) => operation === 'GetCallerIdentity',
}

/**
 * Refuses a session that may not call the operation of STS. Of IAM, sessions of users may call nothing: that is for authentication, which
 * doesn't know them there.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_sts-comparison.html
 */
export function refuseSessions({ identity }: Caller, operation: string): void {
  const session = identity?.session ?? null
  if (session === null || MAY_CALL[session.kind](operation)) return
  throw accessDenied(`Cannot call ${operation} with session credentials`)
}
