import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import type { Tags } from './entities.ts'

/** All that there is of a session; it is in its token. Times are milliseconds since the epoch. */
export interface Session {
  readonly kind: 'role' | 'user' | 'federated user'
  readonly accessKeyId: string
  readonly secretKey: string
  readonly accountId: string
  /** The id of the role or user that it is of; the account's for the root user. It ends with them. */
  readonly ownerId: string
  /** RoleSessionName, or a federated user's; empty for a user's own session. */
  readonly name: string
  readonly issuedAt: number
  readonly expiresAt: number
  readonly passed: PassedForSession
  readonly sourceIdentity: string | null
}

/** What was passed to limit or describe it. */
export interface PassedForSession {
  /** A policy's text; null for none. */
  readonly policy: string | null
  /** ARNs of managed policies. */
  readonly policyArns: readonly string[]
  readonly tags: Tags
  /** Keys of those tags that go on to roles that are assumed from it. */
  readonly transitiveTagKeys: readonly string[]
}

const VERSION = 1
const KINDS = ['role', 'user', 'federated user'] as const

/** The members in this order; those that were passed as `encodePassed` has them. Sessions last for 36 hours at most, and so do layouts. */
export function encodeSession(session: Session): Uint8Array {
  const { kind, accessKeyId, secretKey, accountId, ownerId, name, issuedAt, expiresAt, sourceIdentity } =
    session
  return encodeCbor([
    ...[VERSION, KINDS.indexOf(kind), accessKeyId, secretKey, accountId, ownerId, name],
    ...[issuedAt, expiresAt, sourceIdentity, passedMembers(session.passed)],
  ])
}

/** Undefined for one that another version made. */
export function decodeSession(bytes: Uint8Array): Session | undefined {
  // Only we could make it: it was sealed.
  const members = decodeCbor(bytes) as [
    ...[number, number, string, string, string, string, string],
    ...[number, number, string | null, ReturnType<typeof passedMembers>],
  ]
  const [version, kind, accessKeyId, secretKey, accountId, ownerId, name] = members
  if (version !== VERSION) return undefined
  const [, , , , , , , issuedAt, expiresAt, sourceIdentity, passed] = members
  const [policy, policyArns, tags, transitiveTagKeys] = passed
  return {
    ...{ kind: KINDS[kind]!, accessKeyId, secretKey, accountId, ownerId, name, issuedAt, expiresAt },
    passed: { policy, policyArns, tags: Object.fromEntries(tags), transitiveTagKeys },
    sourceIdentity,
  }
}

/** What of a session may be too large. */
export function encodePassed(passed: PassedForSession): Uint8Array {
  return encodeCbor(passedMembers(passed))
}

function passedMembers({ policy, policyArns, tags, transitiveTagKeys }: PassedForSession) {
  return [policy, policyArns, Object.entries(tags), transitiveTagKeys] as const
}
