import type { Range } from '../../base/range.ts'

/** Limits of AWS KMS. https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html and the API reference */

/** Customer managed keys of an account in a region. */
export const KEYS_MAX = 100_000
/** Aliases of one key. */
export const ALIASES_MAX = 50
/** Grants of one key. */
export const GRANTS_MAX = 50_000
export const TAGS_MAX = 50
/** Bytes of a key policy. AWS's model lets more through. */
export const POLICY_BYTES_MAX = 32_768
/** Days from the request of a key's deletion to the deletion. */
export const DELETION_DAYS: Range = { min: 7, max: 30 }
export const DELETION_DAYS_DEFAULT = 30
export const ROTATION_DAYS_DEFAULT = 365
/** On-demand rotations of one key, ever. */
export const ON_DEMAND_ROTATIONS_MAX = 25
/** No rotation on demand so shortly before an automatic one. */
export const ROTATION_CONFLICT_MS = 20 * 60_000
/** Characters of an encryption context, keys and values together, as JSON. */
export const ENCRYPTION_CONTEXT_CHARACTERS_MAX = 8192
/** Pairs of each constraint of a grant, and characters of each. */
export const CONSTRAINT_PAIRS_MAX = 8
export const CONSTRAINT_CHARACTERS_MAX = 384

/** What one answer lists unless it's asked for less or more, and at most. */
interface Page {
  readonly initial: number
  readonly max: number
}
export const KEYS_LISTED: Page = { initial: 100, max: 1000 }
export const ALIASES_LISTED: Page = { initial: 50, max: 100 }
export const GRANTS_LISTED: Page = { initial: 50, max: 100 }
export const TAGS_LISTED: Page = { initial: 50, max: 50 }
export const ROTATIONS_LISTED: Page = { initial: 100, max: 1000 }

/** Ours: keys whose material a front keeps opened, at most. */
export const LOADED_KEYS_MAX = 4096
/** Ours: how often the journal hears that a key is in use; what a front remembers is exact. */
export const USE_NOTED_EVERY_MS = 3_600_000
/** Ours: keys of which a front remembers the last use. */
export const LAST_USES_MAX = 4096
/** Ours: data keys that a front keeps for other services, at most. */
export const DATA_KEYS_MAX = 16_384
