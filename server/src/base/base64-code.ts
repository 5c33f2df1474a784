import { type Code, get, i8x16, i16x8, i32x4, type Local, seq, set, V128, v128 } from './wasm-code.ts'
import type { Locals } from './wasm-module.ts'

/**
 * Sixteen characters of base64 at once become twelve bytes, by tables of sixteen entries, and twelve bytes sixteen characters.
 *
 * ```
 *   character      high and low half: each names a set of bits; a character that is in no range has a bit in common
 *   + shift        of its range                                    │ 0 to 63
 *   joined         four of them in each 32 bits, the first highest │ 24 bits
 *   turned round   and moved together                              │ 12 bytes, 4 zeros
 * ```
 *
 * Wojciech Muła, Daniel Lemire: Faster Base64 Encoding and Decoding Using AVX2 Instructions, 2018, https://arxiv.org/abs/1704.00605
 */
export interface Base64Alphabet {
  /** The numbers' characters, in their order. */
  readonly characters: string
  /** For each low half a bit for each high half with which it is no character. */
  readonly lowSets: readonly number[]
  /** What is added to a character, by its high half; that of the last one, which has a shift of its own, is at `LAST_PLACE`. */
  readonly shifts: readonly number[]
}

const VECTOR_BYTES = 16
const LAST_PLACE = 8
const LOW_HALF = 0x0f
const NONE = 0xff
/** A bit for each high half; those that no ASCII character has, share one with control characters. */
const HIGH_SETS = Array.from({ length: VECTOR_BYTES }, (_, high) => (high < 8 ? 1 << high : 1))
const TURNED = [2, 1, 0, 6, 5, 4, 10, 9, 8, 14, 13, 12, NONE, NONE, NONE, NONE]
/** Twelve bytes in four times 32 bits, the first byte of three highest. */
const SPREAD = [2, 1, 0, NONE, 5, 4, 3, NONE, 8, 7, 6, NONE, 11, 10, 9, NONE]

/** With `-` and `_`, and without padding, so that it may stand in URLs. */
export const BASE64_URL = alphabet('-_')
export const BASE64 = alphabet('+/')

function alphabet(lastTwo: string): Base64Alphabet {
  const characters = `ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789${lastTwo}`
  const lowSets = Array(VECTOR_BYTES).fill(0xff)
  const shifts = Array(VECTOR_BYTES).fill(0)
  for (let number = 0; number < characters.length; number++) {
    const code = characters.charCodeAt(number)
    lowSets[code & LOW_HALF] &= ~(1 << (code >> 4))
    shifts[number === 63 ? LAST_PLACE : code >> 4] = number - code
  }
  return { characters, lowSets, shifts }
}

const bytes = (values: readonly number[]): Code => v128.constant(values.map((value) => value & 0xff))
const sixteen = (value: number): Code => bytes(Array(VECTOR_BYTES).fill(value))
/** Of each pair of bytes the first one. */
const FIRSTS = bytes(Array(8).fill([0xff, 0]).flat())
/** To be multiplied with pairs of 16 bits: the first moves up by twelve bits. */
const JOINING = bytes(Array(4).fill([0x00, 0x10, 0x01, 0x00]).flat())

/**
 * Makes the bytes of the characters in `block`. In `bad`, which starts without one, a bit is set where one of them is none of the alphabet's, whatever the bytes are then:
 * so those of many blocks are looked for once. `high` is used on the way.
 */
export function decodeBase64(
  { characters, lowSets, shifts }: Base64Alphabet,
  block: Local,
  high: Local,
  bad: Local,
): Code {
  const last = characters.charCodeAt(63)
  const forbidden = v128.swizzle(bytes(lowSets), v128.and(get(block), sixteen(LOW_HALF)))
  const own = v128.swizzle(bytes(HIGH_SETS), get(high))
  const isLast = i8x16.equal(get(block), sixteen(last))
  const place = i8x16.add(get(high), v128.and(isLast, sixteen(LAST_PLACE - (last >> 4))))
  const pairs = v128.or(i16x8.shiftLeft(v128.and(get(block), FIRSTS), 6), i16x8.shiftRight(get(block), 8))
  return seq(
    set(high, v128.and(i16x8.shiftRight(get(block), 4), sixteen(LOW_HALF))),
    set(bad, v128.or(get(bad), v128.and(forbidden, own))),
    set(block, i8x16.add(get(block), v128.swizzle(bytes(shifts), place))),
    set(block, v128.swizzle(i16x8.dot(pairs, JOINING), bytes(TURNED))),
  )
}

/** Makes the characters of the first twelve bytes in `block`. */
export function encodeBase64({ characters }: Base64Alphabet, block: Local, locals: Locals): Code {
  const numbers = locals.one(V128)
  const oneOf = (place: number, bits: Code) => v128.and(bits, bytes(Array(4).fill(sextetAt(place)).flat()))
  /** What is added to the number of each character from `first` on, beside what is added to those before. */
  const stepAt = (first: number) => shiftOf(first) - shiftOf(first - 1)
  const shiftOf = (number: number) => characters.charCodeAt(number) - number
  const added = (first: number) =>
    v128.and(i8x16.isLess(sixteen(first - 1), get(numbers)), sixteen(stepAt(first)))
  return seq(
    set(block, v128.swizzle(get(block), bytes(SPREAD))),
    set(
      numbers,
      v128.or(
        v128.or(oneOf(0, i32x4.shiftRight(get(block), 18)), oneOf(1, i32x4.shiftRight(get(block), 4))),
        v128.or(oneOf(2, i32x4.shiftLeft(get(block), 10)), oneOf(3, i32x4.shiftLeft(get(block), 24))),
      ),
    ),
    set(block, [26, 52, 62, 63].map(added).reduce(i8x16.add, i8x16.add(get(numbers), sixteen(shiftOf(0))))),
  )
}

function sextetAt(place: number): readonly number[] {
  return Array.from({ length: 4 }, (_, i) => (i === place ? 0x3f : 0))
}
