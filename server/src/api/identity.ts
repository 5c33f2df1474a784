import type { Caller as PolicyCaller } from '../policy/evaluate.ts'
import type { Principal } from '../policy/principal.ts'

/** Whoever was authenticated, as IAM knows it. What it may do is always as it is now, not as it was when its key was first seen. */
export interface Identity {
  readonly principal: Principal
  /** What was settled when its session began; null for who has no session. */
  readonly session: SessionFacts | null
  /** Those of the user or role, and over them those of the session. Keys are the same whatever their case. */
  tags(): Readonly<Record<string, string>>
  /** The policies that say what it may do. The same object for as long as nothing of it changes. */
  permissions(): PolicyCaller
}

export interface SessionFacts {
  /** Milliseconds since the epoch. */
  readonly issuedAt: number
  readonly expiresAt: number
  /** Whether it is a role's, or a user's, or a federated one. */
  readonly kind: 'role' | 'user' | 'federated user'
  /** Of those that were passed for the session, the ones that roles assumed from it have too, and can't change. */
  readonly transitiveTags: Readonly<Record<string, string>>
  /** Null where none was set. */
  readonly sourceIdentity: string | null
}

/** The root user of an account, which has no policies: what the account may do, it may. */
export function rootIdentity(accountId: string): Identity {
  const principal: Principal = { kind: 'root', accountId, arn: `arn:aws:iam::${accountId}:root` }
  const permissions: PolicyCaller = { principal, identityPolicies: [], boundary: null, sessionPolicies: null }
  return { principal, session: null, tags: () => NO_TAGS, permissions: () => permissions }
}

const NO_TAGS = {}
