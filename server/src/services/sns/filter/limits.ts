/**
 * What SNS allows of a filter policy. Source: the developer guide's page `subscription-filter-policy-constraints`, for
 * wildcards also `string-value-matching`.
 */

/** "The maximum size of a filter policy is 256 KB", as UTF-8. */
export const POLICY_BYTES_MAX = 262_144
/** "A filter policy can have a maximum of five keys": those at the top. */
export const POLICY_KEYS_MAX = 5
/** "The total combination of values in a filter policy must not exceed 150." */
export const COMBINATIONS_MAX = 150
/** Wildcards in one pattern. */
export const WILDCARDS_MAX = 3
/** A pattern with one wildcard costs this much … */
export const SINGLE_WILDCARD_POINTS = 1
/** … and one with more costs this much for each. */
export const EACH_WILDCARD_POINTS = 3
/** All fields of a policy together; a field costs its patterns' points times the number of its patterns. */
export const WILDCARD_POINTS_MAX = 100
/** "The value can range from -10⁹ to 10⁹, with five digits of accuracy after the decimal point." */
export const NUMBER_MAGNITUDE_MAX = 1e9
export const FRACTION_DIGITS_MAX = 5

/**
 * Of an account in a region: a quota that AWS raises on request. So is its quota of 200 for one topic, which is not kept: the index
 * makes thousands of them cost what a few do.
 */
export const POLICIES_PER_ACCOUNT_MAX = 10_000

/**
 * What the JSON reader behind AWS's answers allows: objects and arrays inside each other, in policies and in
 * bodies. Ours: also the names in a dotted key.
 */
export const NESTING_MAX = 1000
/**
 * Ours: AWS's limits leave room for objects of `$or` with any number of keys. So many conditions a policy may have in all the
 * combinations of its alternatives.
 */
export const CONDITIONS_MAX = 10_000
/** How much of a policy the texts of errors quote. */
export const QUOTED_CHARACTERS_MAX = 500
