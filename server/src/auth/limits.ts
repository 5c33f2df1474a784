/**
 * How far a request's date may lie from ours, in either direction.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-authentication-methods.html
 */
export const CLOCK_SKEW_MAX_MS = 15 * 60 * 1000

/** The longest life of a presigned request, in seconds: seven days. */
export const PRESIGNED_EXPIRES_SECONDS_MAX = 604_800

/** Signing keys kept at most; each is about 2 KiB. An account with many regions or keys stays well below. */
export const SIGNING_KEYS_MAX = 2_048

/** Parsed `Authorization` headers kept at most, and the longest that is kept. */
export const AUTHORIZATIONS_MAX = 2_048
export const AUTHORIZATION_KEPT_CHARACTERS_MAX = 1_024

/** Parsed lists of signed headers kept at most: a client sends the same few again and again. */
export const SIGNED_HEADER_LISTS_MAX = 512

/** The longest list of signed headers that is kept: what is longer is parsed each time. */
export const SIGNED_HEADER_LIST_KEPT_CHARACTERS_MAX = 1_024

/** What values have in common from request to request is kept for each list of signed headers up to this length. */
export const SIGNED_VALUES_KEPT_CHARACTERS_MAX = 4_096

/** Decisions on requests kept at most; each takes some 300 bytes. */
export const DECISIONS_REMEMBERED_MAX = 16_384

/** Of decisions that are kept: facts they were made of, and characters of each of these and of the resource's ARN. */
export const FACTS_REMEMBERED_MAX = 8
export const REMEMBERED_CHARACTERS_MAX = 256

/** Failures to authenticate, from one network of whatever keys, and with one key from anywhere: so many times those of an address with a key. */
export const FAILURES_OF_A_SOURCE_FACTOR = 5
export const FAILURES_OF_A_KEY_FACTOR = 5

/** Sources, keys, and pairs of both, whose failures are counted, at most; each takes about 200 bytes. */
export const FAILURES_KEPT_MAX = 8_192

/** Addresses with keys that have signed rightly, at most, and for how long that counts. */
export const PROVEN_MAX = 16_384
export const PROVEN_FOR_MS = 60 * 60 * 1000

/** How often an operator is told of a source that fails too often, and of how many sources that is remembered. */
export const FAILURE_WARNING_INTERVAL_MS = 60_000
export const FAILURE_WARNINGS_KEPT_MAX = 1_024
