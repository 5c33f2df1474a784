/**
 * The longest text that a client is told of an error. Errors quote what was wrong, which may be as long as a request; the longest that a person
 * needs to see is the canonical request that a signature should have been made for.
 */
export const ERROR_TEXT_CHARACTERS_MAX = 65_536
