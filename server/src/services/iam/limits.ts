/**
 * Quotas of IAM, as they are until one asks AWS for more.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
 */

/** In an account. */
export const USERS_MAX = 5_000
export const GROUPS_MAX = 300
export const ROLES_MAX = 1_000
export const POLICIES_MAX = 1_500
export const VERSIONS_PER_POLICY_MAX = 5
export const KEYS_PER_USER_MAX = 2
export const GROUPS_PER_USER_MAX = 10
/** Managed policies attached to one user, group or role. */
export const ATTACHED_POLICIES_MAX = 10
export const TAGS_MAX = 50
/** Characters of policies, white space not counted; of inline policies those of all that one user, group or role has. */
export const POLICY_CHARACTERS_MAX = 6_144
export const INLINE_CHARACTERS_MAX = { user: 2_048, group: 5_120, role: 10_240 } as const
export const TRUST_CHARACTERS_MAX = 2_048
/** Versions of policies that an account has in use: what GetAccountSummary tells. */
export const VERSIONS_IN_USE_MAX = 10_000

/** What one answer lists at most, and does unless it is asked for less. */
export const PAGE_ITEMS_MAX = 1_000
export const PAGE_ITEMS_DEFAULT = 100

/**
 * Of STS, in seconds: how long sessions last.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_request.html
 */
export const ROLE_SESSION_SECONDS_DEFAULT = 3_600
/** Of a role that was assumed with the credentials of another. */
export const CHAINED_SESSION_SECONDS_MAX = 3_600
/** Of GetSessionToken and GetFederationToken; the root user's are shorter. The model has the least and the most. */
export const USER_SESSION_SECONDS_DEFAULT = 43_200
export const ROOT_SESSION_SECONDS_MAX = 3_600
/** Managed policies that may be passed for a session, and characters of what is passed of policies. */
export const SESSION_POLICY_ARNS_MAX = 10
export const SESSION_POLICY_CHARACTERS_MAX = 2_048

/** Ours: characters of a session token. AWS has no limit, and advises to expect 4,096 bytes. */
export const TOKEN_CHARACTERS_MAX = 4_096
/** Ours: what policies and tags may take of a token, in bytes as they are packed. */
export const PACKED_BYTES_MAX = 2_500
/** Ours: accounts that the operator makes. */
export const ACCOUNTS_MAX = 1_000
/** Ours: how long it may take until it's durable when a key was last used. */
export const USES_NOTED_EVERY_MS = 15 * 60_000
/** Ours: sessions whose tokens are kept open. */
export const OPEN_SESSIONS_MAX = 2_048
