import { type Code, get, i8x16, i16x8, type Local, seq, set, v128, when } from '../../../base/wasm-code.ts'

/**
 * Sixteen characters of base64 at once become twelve bytes, by tables of sixteen entries.
 *
 * ```
 *   character      high and low half: each names a set of ranges; a character that is in none has a set in common
 *   + shift        of its range                                    │ 0 to 63
 *   joined         four of them in each 32 bits, the first highest │ 24 bits
 *   turned round   and moved together                              │ 12 bytes, 4 zeros
 * ```
 *
 * Wojciech Muła, Daniel Lemire: Faster Base64 Encoding and Decoding Using AVX2 Instructions, 2018, https://arxiv.org/abs/1704.00605
 */
const LOW_SETS = [
  0x15, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x11, 0x13, 0x1a, 0x1b, 0x1b, 0x1b, 0x1a,
]
const HIGH_SETS = [
  0x10, 0x10, 0x01, 0x02, 0x04, 0x08, 0x04, 0x08, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10, 0x10,
]
/** By the high half; the slash, which has a shift of its own, one place lower. */
const SHIFTS = [0, 16, 19, 4, -65, -65, -71, -71, 0, 0, 0, 0, 0, 0, 0, 0]
const SLASH = '/'.charCodeAt(0)
const LOW_HALF = 0x0f
const NONE = 0xff
const TURNED = [2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, NONE, NONE, NONE, NONE]

const bytes = (values: readonly number[]): Code => v128.constant(values.map((value) => value & 0xff))
const sixteen = (value: number): Code => bytes(Array(16).fill(value))
/** Of each pair of bytes the first one. */
const FIRSTS = bytes(Array(8).fill([0xff, 0]).flat())
/** To be multiplied with pairs of 16 bits: the first moves up by twelve bits. */
const JOINING = bytes(Array(4).fill([0x00, 0x10, 0x01, 0x00]).flat())

/** Makes the bytes of the characters in `block`; `fails` is done where one of them is none of base64. `high` is used on the way. */
export function decoded(block: Local, high: Local, fails: Code): Code {
  const lowSets = v128.swizzle(bytes(LOW_SETS), v128.and(get(block), sixteen(LOW_HALF)))
  const highSets = v128.swizzle(bytes(HIGH_SETS), get(high))
  const shifts = v128.swizzle(bytes(SHIFTS), i8x16.add(get(high), i8x16.equal(get(block), sixteen(SLASH))))
  const pairs = v128.or(i16x8.shiftLeft(v128.and(get(block), FIRSTS), 6), i16x8.shiftRight(get(block), 8))
  return seq(
    set(high, i8x16.shiftRight(get(block), 4)),
    when(v128.anyTrue(v128.and(lowSets, highSets)), fails),
    set(block, i8x16.add(get(block), shifts)),
    set(block, v128.swizzle(i16x8.dot(pairs, JOINING), bytes(TURNED))),
  )
}
