import type { Credentials, PolicyDescriptorType, Tag } from '../../api/generated/sts.ts'
import { policySize, readPolicy } from '../../policy/read-policy.ts'
import {
  PACKED_BYTES_MAX,
  SESSION_POLICY_ARNS_MAX,
  SESSION_POLICY_CHARACTERS_MAX,
  TAGS_MAX,
  TOKEN_CHARACTERS_MAX,
} from './limits.ts'
import { newAccessKeyId, newSecretKey } from './new-ids.ts'
import type { StsPorts } from './ports.ts'
import { encodePassed, encodeSession, type PassedForSession, type Session } from './session.ts'
import { usablePolicy } from './state/find.ts'
import { invalidParameter, malformedPolicy, packedTooLarge, validationError } from './sts-errors.ts'

interface PassedInput {
  readonly Policy?: string | undefined
  readonly PolicyArns?: readonly PolicyDescriptorType[] | undefined
  readonly Tags?: readonly Tag[] | undefined
  readonly TransitiveTagKeys?: readonly string[] | undefined
}

/** What is passed for a session of that account, checked; without what a session before it passes on. */
export function readPassed(
  { identities }: StsPorts,
  accountId: string,
  input: PassedInput,
): PassedForSession {
  const { Policy: policy = null, Tags = [], TransitiveTagKeys: transitiveTagKeys = [] } = input
  const policyArns = (input.PolicyArns ?? []).map(({ arn }) => arn ?? '')
  checkTags(Tags, transitiveTagKeys)
  if (policyArns.length > SESSION_POLICY_ARNS_MAX) {
    throw validationError(
      `1 validation error detected: Value '${policyArns.join(', ')}' at 'policyArns' failed to satisfy constraint: ` +
        `Member must have length less than or equal to ${SESSION_POLICY_ARNS_MAX}`,
    )
  }
  for (const arn of policyArns) {
    if (usablePolicy(identities.directory, { accountId, arn }) === undefined) {
      throw invalidParameter(`Policy ${arn} does not exist or is not attachable.`)
    }
  }
  if (policy !== null) checkPolicy(policy, policyArns)
  return {
    ...{ policy, policyArns, transitiveTagKeys },
    tags: Object.fromEntries(Tags.map(({ Key, Value }) => [Key, Value])),
  }
}

function checkTags(tags: readonly Tag[], transitiveTagKeys: readonly string[]): void {
  const keys = new Set(tags.map(({ Key }) => Key.toLowerCase()))
  if (keys.size < tags.length) {
    throw invalidParameter('Duplicate tag keys found. Please note that Tag keys are case insensitive.')
  }
  if (tags.length > TAGS_MAX) throw invalidParameter(`A session can have up to ${TAGS_MAX} tags.`)
  if (transitiveTagKeys.some((key) => !keys.has(key.toLowerCase()))) {
    throw invalidParameter('The specified transitive tag key must be included in the requested tags.')
  }
}

function checkPolicy(policy: string, policyArns: readonly string[]): void {
  const size = policySize(policy, 'session') + policyArns.join('').length
  if (size > SESSION_POLICY_CHARACTERS_MAX) {
    throw packedTooLarge(Math.ceil((size / SESSION_POLICY_CHARACTERS_MAX) * 100))
  }
  const read = readPolicy(policy, 'session')
  if (read.kind === 'refused') throw malformedPolicy(read.fault.text)
}

export interface NewSession
  extends Pick<Session, 'kind' | 'accountId' | 'ownerId' | 'name' | 'passed' | 'sourceIdentity'> {
  readonly seconds: number
}

interface MadeSession {
  readonly Credentials: Credentials
  /** Of the space there is for what was passed, in percent; left out where nothing was. */
  readonly PackedPolicySize?: number
}

/** A session from now on. Refuses one whose token would be too long. */
export function makeSession({ random, tokens, now }: StsPorts, session: NewSession): MadeSession {
  const { seconds, passed, ...rest } = session
  const hasAny = passed.policy !== null || passed.policyArns.length > 0 || Object.keys(passed.tags).length > 0
  const packed = hasAny ? tokens.packedBytes(encodePassed(passed)) : 0
  const percent = Math.ceil((packed / PACKED_BYTES_MAX) * 100)
  if (percent > 100) throw packedTooLarge(percent)
  const accessKeyId = newAccessKeyId(random, 'ASIA', session.accountId)
  const secretKey = newSecretKey(random)
  // Clients are told whole seconds.
  const issuedAt = Math.floor(now() / 1000) * 1000
  const expiresAt = issuedAt + seconds * 1000
  const token = tokens.encode(encodeSession({ ...rest, passed, accessKeyId, secretKey, issuedAt, expiresAt }))
  // What is passed was measured by itself; with it, names may be as long as they may be.
  if (token.length > TOKEN_CHARACTERS_MAX) throw packedTooLarge(percent)
  return {
    Credentials: {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretKey,
      SessionToken: token,
      Expiration: expiresAt,
    },
    ...(hasAny && { PackedPolicySize: percent }),
  }
}
