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

/** Decisions on requests kept at most; each takes some 300 bytes. */
export const DECISIONS_REMEMBERED_MAX = 16_384

/** Of decisions that are kept: facts they were made of, and characters of each of these and of the resource's ARN. */
export const FACTS_REMEMBERED_MAX = 8
export const REMEMBERED_CHARACTERS_MAX = 256
