/**
 * WebAssembly written as expressions, so that a loop of 64 rounds is a loop in TypeScript. Each function returns the bytes that
 * leave its value on the stack, or do what it says; arguments come in the order in which they are evaluated.
 *
 * https://webassembly.github.io/spec/core/binary/instructions.html
 */
export type Code = readonly (number | Code)[]

/** A local variable, by its number: the parameters first. */
export type Local = number

/** The value types of locals: 32-bit integers, and vectors of 128 bits. */
export const I32 = 0x7f
export const V128 = 0x7b
export type ValueType = typeof I32 | typeof V128

const VECTOR = 0xfd
const BULK = 0xfc
const VOID_BLOCK = 0x40
const END = 0x0b

export function unsigned(value: number): Code {
  const bytes: number[] = []
  let rest = value
  while (rest > 0x7f) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>>= 7
  }
  return [...bytes, rest]
}

function signed(value: number): Code {
  const bytes: number[] = []
  let rest = value | 0
  while (rest < -0x40 || rest > 0x3f) {
    bytes.push((rest & 0x7f) | 0x80)
    rest >>= 7
  }
  return [...bytes, rest & 0x7f]
}

export const seq = (...parts: readonly Code[]): Code => parts

export const get = (local: Local): Code => [0x20, unsigned(local)]
export const set = (local: Local, value: Code): Code => [value, 0x21, unsigned(local)]
/** Sets, and leaves the value there. */
export const tee = (local: Local, value: Code): Code => [value, 0x22, unsigned(local)]

const unary = (operator: Code) => (a: Code) => [a, operator]
const binary = (operator: Code) => (a: Code, b: Code) => [a, b, operator]

export const i32 = {
  constant: (value: number): Code => [0x41, signed(value)],
  load: (address: Code, offset = 0): Code => [address, 0x28, 0, unsigned(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [address, value, 0x36, 0, unsigned(offset)],
  /** Two bytes, unsigned. */
  load16: (address: Code, offset = 0): Code => [address, 0x2f, 0, unsigned(offset)],
  /** One byte, unsigned. */
  load8: (address: Code, offset = 0): Code => [address, 0x2d, 0, unsigned(offset)],
  store8: (address: Code, value: Code, offset = 0): Code => [address, value, 0x3a, 0, unsigned(offset)],
  isZero: unary([0x45]),
  equal: binary([0x46]),
  notEqual: binary([0x47]),
  isBelow: binary([0x49]),
  isAbove: binary([0x4b]),
  /** How many of the lowest bits are zero. */
  trailingZeros: unary([0x68]),
  add: binary([0x6a]),
  sub: binary([0x6b]),
  mul: binary([0x6c]),
  /** Unsigned. */
  div: binary([0x6e]),
  rem: binary([0x70]),
  and: binary([0x71]),
  or: binary([0x72]),
  xor: binary([0x73]),
  shiftLeft: binary([0x74]),
  shiftRight: binary([0x76]),
  rotateLeft: binary([0x77]),
} as const

const vector = (operator: number): Code => [VECTOR, unsigned(operator)]

export const v128 = {
  load: (address: Code, offset = 0): Code => [address, vector(0), 0, unsigned(offset)],
  store: (address: Code, value: Code, offset = 0): Code => [address, value, vector(11), 0, unsigned(offset)],
  constant: (bytes: ArrayLike<number>): Code => [vector(12), ...Array.from(bytes)],
  not: unary(vector(77)),
  and: binary(vector(78)),
  or: binary(vector(80)),
  xor: binary(vector(81)),
  anyTrue: unary(vector(83)),
  /** Sixteen bytes out of the 32 of `a` and `b`, by their positions. */
  shuffle: (a: Code, b: Code, positions: readonly number[]): Code => [a, b, vector(13), ...positions],
  /** Bytes of `table` at the positions that `positions` has. */
  swizzle: binary(vector(14)),
} as const

/** Sixteen bytes each. */
export const i8x16 = {
  splat: unary(vector(15)),
  equal: binary(vector(35)),
  isBelow: binary(vector(38)),
  /** Of signed bytes. */
  isLess: binary(vector(37)),
  /** The highest bit of each byte, that of the first one lowest. */
  bits: unary(vector(100)),
  shiftRight: (a: Code, bits: number): Code => [a, i32.constant(bits), vector(109)],
  add: binary(vector(110)),
} as const

/** Eight numbers of 16 bits each. */
export const i16x8 = {
  splat: unary(vector(16)),
  shiftLeft: (a: Code, bits: number): Code => [a, i32.constant(bits), vector(139)],
  shiftRight: (a: Code, bits: number): Code => [a, i32.constant(bits), vector(141)],
  add: binary(vector(142)),
  mul: binary(vector(149)),
  /** Sums of two products each, in 32 bits: of signed numbers that stand together. */
  dot: binary(vector(186)),
} as const

/** Four numbers of 32 bits each. */
export const i32x4 = {
  splat: unary(vector(17)),
  extract: (a: Code, lane: number): Code => [a, vector(27), lane],
  replace: (a: Code, lane: number, value: Code): Code => [a, value, vector(28), lane],
  isBelow: binary(vector(58)),
  shiftLeft: (a: Code, bits: number): Code => [a, i32.constant(bits), vector(171)],
  shiftRight: (a: Code, bits: number): Code => [a, i32.constant(bits), vector(173)],
  add: binary(vector(174)),
  sub: binary(vector(177)),
  mul: binary(vector(181)),
} as const

/** Does `body` again and again as long as `condition`, which comes last in it, is not zero. */
export const repeatWhile = (body: Code, condition: Code): Code => [
  0x03,
  VOID_BLOCK,
  body,
  condition,
  0x0d,
  0,
  END,
]

export const when = (condition: Code, then: Code): Code => [condition, 0x04, VOID_BLOCK, then, END]

export const either = (condition: Code, then: Code, otherwise: Code): Code => [
  condition,
  0x04,
  VOID_BLOCK,
  then,
  0x05,
  otherwise,
  END,
]

/** Leaves the function with a value. */
export const giveBack = (value: Code): Code => [value, 0x0f]

/** Calls a function of the module, by its place. */
export const call = (place: number, ...parameters: readonly Code[]): Code => [
  parameters,
  0x10,
  unsigned(place),
]

export const copy = (to: Code, from: Code, length: Code): Code => [to, from, length, BULK, 10, 0, 0]

export const fill = (address: Code, byte: Code, length: Code): Code => [address, byte, length, BULK, 11, 0]
