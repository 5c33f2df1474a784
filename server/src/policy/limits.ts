// What AWS limits in policies, with the page that says so, and what we limit ourselves, with the reason.

/** Characters of one managed policy, white space left out. reference_iam-quotas, "IAM object quotas". */
export const MANAGED_POLICY_CHARACTERS_MAX = 6_144
/** Characters of all inline policies of one user, white space left out. The same page. */
export const USER_POLICIES_CHARACTERS_MAX = 2_048
/** Characters of all inline policies of one group, white space left out. The same page. */
export const GROUP_POLICIES_CHARACTERS_MAX = 5_120
/** Characters of all inline policies of one role, white space left out. The same page. */
export const ROLE_POLICIES_CHARACTERS_MAX = 10_240
/** Characters of a role's trust policy, white space left out. The same page; AWS raises it on request. */
export const TRUST_POLICY_CHARACTERS_MAX = 2_048
/** Characters of a session policy as it was passed. AssumeRole, `Policy`. */
export const SESSION_POLICY_CHARACTERS_MAX = 2_048

/** Bytes of a queue's policy, and its statements. The developer guide of SQS, quotas-policies. */
export const QUEUE_POLICY_BYTES_MAX = 8_192
export const QUEUE_POLICY_STATEMENTS_MAX = 20
/** Bytes of a topic's policy. The developer guide of SNS, sns-access-policy. */
export const TOPIC_POLICY_BYTES_MAX = 30_720
/** Bytes of a stream's or a consumer's policy. PutResourcePolicy of Kinesis. */
export const STREAM_POLICY_BYTES_MAX = 20_480
/** Bytes of a key policy. PutKeyPolicy of KMS. */
export const KEY_POLICY_BYTES_MAX = 32_768
/** Bytes of a function's policy. The developer guide of Lambda, gettingstarted-limits. */
export const FUNCTION_POLICY_BYTES_MAX = 20_480

/** Characters of any policy's text, white space included: what the API models say of every parameter that takes one. */
export const POLICY_TEXT_CHARACTERS_MAX = 131_072
/** The grammar goes six deep: document, statements, statement, condition, operator, values. Ours, before anything is built. */
export const POLICY_DEPTH_MAX = 16
/**
 * Characters of a value in a request that patterns are compared with. Ours: a policy may have a thousand patterns, each of which looks through all of
 * it, and a client may send a header of many KiB. Longer ones satisfy the conditions of a `Deny`, and none of an `Allow`.
 */
export const SEARCHED_CHARACTERS_MAX = 1_024
/** Question marks behind a star, in all patterns of one policy. Ours, for the same reason: each is compared at every place of the value. */
export const QUESTION_MARKS_BEHIND_STARS_MAX = 1_000
/** Actions whose statements one policy keeps at hand. Ours: few callers ask for more than a service has, and each costs some hundred bytes. */
export const ACTIONS_REMEMBERED_MAX = 256
