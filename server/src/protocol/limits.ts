/** How deep a client's value may nest inside recursive shapes. Amazon's own shapes nest far less. */
export const NESTING_MAX = 64

/**
 * How many parameters a form may have. The largest legitimate one, a batch of ten messages with ten attributes each,
 * has about 330.
 */
export const FORM_PARAMETERS_MAX = 10_000

/**
 * The longest form that is read, in bytes. The longest legitimate ones are the batches of SQS: a mebibyte of messages, of whose bytes each may be
 * written as three characters, and a few hundred names.
 */
export const FORM_BYTES_MAX = 4 * 1024 * 1024

/** How many parts the dots may divide a parameter's name into. */
export const FORM_NAME_PARTS_MAX = 24

/** The highest position in a form's list: as many as there may be parameters. */
export const FORM_POSITION_MAX = FORM_PARAMETERS_MAX

/** What an integer shape may hold. */
export const INTEGER_MIN = -(2 ** 31)
export const INTEGER_MAX = 2 ** 31 - 1

/** What a long shape may hold, as near as a JavaScript number comes to it. */
export const LONG_MIN = -(2 ** 63)
export const LONG_MAX = 2 ** 63

/**
 * How many items one CBOR body may consist of: values, containers, and pieces of strings. The largest legitimate one, of 500 records, has
 * about 10,000, half of them pieces as Jackson makes them of long texts.
 */
export const CBOR_ITEMS_MAX = 100_000

/**
 * How deep CBOR may nest, also in members that no shape has: its decoder follows by recursion. Every tag counts, too.
 */
export const CBOR_NESTING_MAX = 2 * NESTING_MAX

/** Inputs kept at most of each operation whose requests say the same again and again, and the longest body of one. */
export const KNOWN_INPUTS_MAX = 64
export const KNOWN_INPUT_BYTES_MAX = 1_024
