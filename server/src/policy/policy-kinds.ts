import * as limits from './limits.ts'

/** What a policy is attached to, which decides what may be in it. */
export type PolicyKind =
  | 'managed'
  | 'user'
  | 'group'
  | 'role'
  | 'session'
  | 'trust'
  | 'queue'
  | 'topic'
  | 'stream'
  | 'key'
  | 'function'

export interface KindRules {
  /** Which of AWS's two readers it meets: they find faults in another order, and have other words for them. */
  readonly reader: 'identity' | 'resource'
  readonly sizeMax: number
  /** White space between the elements counts only where bytes or characters do. */
  readonly sizeUnit: 'characters without white space' | 'characters' | 'bytes'
  /** What AWS says when it's too large, where that is known. */
  readonly sizeText: string
  readonly statementsMax: number | null
  /** Policies of 2008, which is what one without a version is, are taken too. */
  readonly takesVersionOf2008: boolean
  /** The services whose actions it may be about; null for any. */
  readonly service: string | null
}

const identity = (sizeMax: number, sizeText: string): KindRules => ({
  reader: 'identity',
  sizeMax,
  sizeUnit: 'characters without white space',
  sizeText,
  statementsMax: null,
  takesVersionOf2008: true,
  service: null,
})

const inline = (sizeMax: number) => identity(sizeMax, `Maximum policy size of ${sizeMax} bytes exceeded`)

const ofResource = (service: string, sizeMax: number): KindRules => ({
  reader: 'resource',
  sizeMax,
  sizeUnit: 'bytes',
  sizeText: `The policy is longer than ${sizeMax} bytes.`,
  statementsMax: null,
  takesVersionOf2008: true,
  service,
})

export const POLICY_KINDS: Readonly<Record<PolicyKind, KindRules>> = {
  // Also permissions boundaries, which are managed policies.
  managed: {
    ...identity(
      limits.MANAGED_POLICY_CHARACTERS_MAX,
      `Cannot exceed quota for PolicySize: ${limits.MANAGED_POLICY_CHARACTERS_MAX}`,
    ),
    takesVersionOf2008: false,
  },
  // The limits are for all inline policies of one user, group or role together, so that one of them can't exceed it either.
  user: inline(limits.USER_POLICIES_CHARACTERS_MAX),
  group: inline(limits.GROUP_POLICIES_CHARACTERS_MAX),
  role: inline(limits.ROLE_POLICIES_CHARACTERS_MAX),
  session: {
    ...identity(
      limits.SESSION_POLICY_CHARACTERS_MAX,
      `The session policy is longer than ${limits.SESSION_POLICY_CHARACTERS_MAX} characters.`,
    ),
    sizeUnit: 'characters',
  },
  trust: {
    ...ofResource('sts', limits.TRUST_POLICY_CHARACTERS_MAX),
    sizeUnit: 'characters without white space',
    sizeText: `Cannot exceed quota for ACLSizePerRole: ${limits.TRUST_POLICY_CHARACTERS_MAX}`,
  },
  queue: {
    ...ofResource('sqs', limits.QUEUE_POLICY_BYTES_MAX),
    statementsMax: limits.QUEUE_POLICY_STATEMENTS_MAX,
  },
  topic: ofResource('sns', limits.TOPIC_POLICY_BYTES_MAX),
  stream: ofResource('kinesis', limits.STREAM_POLICY_BYTES_MAX),
  key: ofResource('kms', limits.KEY_POLICY_BYTES_MAX),
  function: ofResource('lambda', limits.FUNCTION_POLICY_BYTES_MAX),
}
