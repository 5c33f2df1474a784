import { Buffer } from 'node:buffer'
import { moved } from '../../../base/plain-json-code.ts'
import {
  type Code,
  get,
  I32,
  i8x16,
  i16x8,
  i32,
  i32x4,
  type Local,
  repeatWhile,
  seq,
  set,
  V128,
  v128,
  when,
} from '../../../base/wasm-code.ts'
import { Locals, type WasmFunction } from '../../../base/wasm-module.ts'
import { GATHERED_RECORDS_MAX } from '../limits.ts'
import { LEAST_HEAD, SEQUENCE_NUMBER_DIGITS, UNITS, VERSION } from '../sequence-number.ts'
import { SHARD_ID_DIGITS, SHARD_ID_PREFIX } from '../shard-id.ts'

export const HEAD = '{"FailedRecordCount":0,"Records":['
const BEFORE_NUMBER = '{"SequenceNumber":"'
const BEFORE_ID = `","ShardId":"${SHARD_ID_PREFIX}`
const BEHIND_ID = '"},{'
export const TAIL = ']}'
export const ENCRYPTED_TAIL = '],"EncryptionType":"KMS"}'
const ID_END = BEFORE_NUMBER.length + SEQUENCE_NUMBER_DIGITS + BEFORE_ID.length + SHARD_ID_DIGITS
/** An entry of the answer, with its comma, is as long as any other. */
export const ENTRY_BYTES = ID_END + BEHIND_ID.length - 1

/**
 * Numbers are sums of limbs of four decimal digits, each in a lane of 32 bits, the highest first. Four vectors have more digits than a sequence number: those in
 * front are zeros.
 */
const LIMB_DIGITS = 4
const LIMB = 10 ** LIMB_DIGITS
const LANES = 4
const NUMBER_VECTORS = 4
export const NUMBER_LIMBS = NUMBER_VECTORS * LANES
const VECTOR_BYTES = 16
const NUMBER_BYTES = NUMBER_VECTORS * VECTOR_BYTES
const WORD_BYTES = 4
/** The value of the lowest limbs of what comes in two parts. */
export const LOW_PART = LIMB * LIMB

/** A number of 16 decimal digits at most is so many limbs. */
const FACTOR_LIMBS = 4

/** What a group is told as: words of four bytes. */
export const GROUP = { shard: 0, headLow: 1, headHigh: 2, count: 3, indexLow: 4, indexHigh: 5 } as const
export const GROUP_WORDS = Object.keys(GROUP).length

/** What lies in the memory, one behind the other, and its bytes. */
const SIZES = {
  /** What all sequence numbers have; then the units of a head and of an index, each moved up by 0, 1, 2, 3 limbs. */
  least: NUMBER_BYTES,
  headUnits: FACTOR_LIMBS * NUMBER_BYTES,
  indexUnits: FACTOR_LIMBS * NUMBER_BYTES,
  /** What the second of arrival adds. */
  second: NUMBER_BYTES,
  groups: GATHERED_RECORDS_MAX * GROUP_WORDS * WORD_BYTES,
  /** For each record, group after group, its place in the answer. */
  places: GATHERED_RECORDS_MAX * WORD_BYTES,
  json: HEAD.length + GATHERED_RECORDS_MAX * ENTRY_BYTES + ENCRYPTED_TAIL.length + VECTOR_BYTES,
}

type Part = keyof typeof SIZES

/** Where each part begins. */
export const AT = {} as Record<Part, number>
export let MEMORY_BYTES = 0
for (const part of Object.keys(SIZES) as Part[]) {
  AT[part] = MEMORY_BYTES
  MEMORY_BYTES += SIZES[part]
}

/** A number's limbs, as many as there is room for. */
export function writeLimbs(value: bigint, limbs: Uint32Array): void {
  let rest = value
  for (let i = limbs.length - 1; i >= 0; i--) {
    limbs[i] = Number(rest % BigInt(LIMB))
    rest /= BigInt(LIMB)
  }
}

/** Writes what stays as it is into the memory. */
export function fillConstants(memory: ArrayBuffer): void {
  const numberAt = (at: number, place = 0) => new Uint32Array(memory, at + place * NUMBER_BYTES, NUMBER_LIMBS)
  writeLimbs(LEAST_HEAD * UNITS.head + BigInt(VERSION), numberAt(AT.least))
  for (let moves = 0; moves < FACTOR_LIMBS; moves++) {
    const factor = BigInt(LIMB) ** BigInt(moves)
    writeLimbs(UNITS.head * factor, numberAt(AT.headUnits, moves))
    writeLimbs(UNITS.index * factor, numberAt(AT.indexUnits, moves))
  }
}

const every = (value: number): Code => i32x4.splat(i32.constant(value))
const fixed = (value: number): Code => i32.constant(value)
const lanes = (...positions: readonly number[]): readonly number[] =>
  positions.flatMap((lane) => [0, 1, 2, 3].map((byte) => WORD_BYTES * lane + byte))

/** Adds the products of a factor of two parts and a unit. Of what has no high part, which is usual, half of them. */
function addProducts(
  sums: readonly Local[],
  low: Local,
  high: Local,
  unitsAt: number,
  unitLimbs: number,
): Code {
  const partAt = (moves: number, factor: Code) =>
    sums.map((sum, i) => {
      // Where the unit has nothing but zeros.
      const lowestLimb = (NUMBER_VECTORS - i - 1) * LANES
      if (lowestLimb >= unitLimbs + moves || lowestLimb + LANES <= moves) return seq()
      const unit = v128.load(fixed(0), unitsAt + moves * NUMBER_BYTES + i * VECTOR_BYTES)
      return set(sum, i32x4.add(get(sum), i16x8.dot(unit, i32x4.splat(factor))))
    })
  return seq(
    ...partAt(0, i32.rem(get(low), fixed(LIMB))),
    ...partAt(1, i32.div(get(low), fixed(LIMB))),
    when(
      get(high),
      seq(...partAt(2, i32.rem(get(high), fixed(LIMB))), ...partAt(3, i32.div(get(high), fixed(LIMB)))),
    ),
  )
}

const limbsOf = (unit: bigint): number => Math.ceil(unit.toString().length / LIMB_DIGITS)

/** Takes from each limb what is too much, so many times the limb, and adds it to the limb above. */
function carry(sums: readonly Local[], carried: readonly Local[]): Code {
  return seq(
    ...sums.map((sum, i) => set(sum, i32x4.sub(get(sum), i32x4.mul(get(carried[i]!), every(LIMB))))),
    ...sums.map((sum, i) => {
      const below = i + 1 < sums.length ? get(carried[i + 1]!) : every(0)
      return set(sum, i32x4.add(get(sum), v128.shuffle(get(carried[i]!), below, lanes(1, 2, 3, 4))))
    }),
  )
}

/**
 * Makes limbs of sums of products, which are up to eight times a limb's square: what is carried first is never too much, and a few too little; what is carried
 * then is exact. That leaves limbs of which one is too much, and those only where nines stand in a row.
 */
function carryAll(sums: readonly Local[], carried: readonly Local[]): Code {
  const shares = (share: (sum: Code) => Code) => sums.map((sum, i) => set(carried[i]!, share(get(sum))))
  const nearlyLimbs = (sum: Code) => i32x4.shiftRight(i16x8.dot(i32x4.shiftRight(sum, 15), every(26_843)), 13)
  // 16 times 625 is a limb.
  const exactlyLimbs = (sum: Code) => i32x4.shiftRight(i16x8.dot(i32x4.shiftRight(sum, 4), every(26_844)), 24)
  const tooMuch = (sum: Code) => i32x4.isBelow(every(LIMB - 1), sum)
  const isAnyTooMuch = v128.anyTrue(
    sums.map((sum) => tooMuch(get(sum))).reduce((any, one) => v128.or(any, one)),
  )
  return seq(
    ...shares(nearlyLimbs),
    carry(sums, carried),
    ...shares(exactlyLimbs),
    carry(sums, carried),
    when(
      isAnyTooMuch,
      repeatWhile(
        seq(...shares((sum) => i32x4.shiftRight(tooMuch(sum), 31)), carry(sums, carried)),
        isAnyTooMuch,
      ),
    ),
  )
}

/** The sixteen digits of four limbs. `pairs` and `tens` are used on the way. */
function digits(limbs: Local, pairs: Local, tens: Local): Code {
  return seq(
    // Hundreds, then what is left, side by side in 16 bits each.
    set(pairs, i32x4.shiftRight(i16x8.dot(get(limbs), every(5243)), 19)),
    set(tens, i32x4.sub(get(limbs), i16x8.dot(get(pairs), every(100)))),
    set(pairs, v128.or(get(pairs), i32x4.shiftLeft(get(tens), 16))),
    // Tens, then ones, in eight.
    set(tens, i16x8.shiftRight(i16x8.mul(get(pairs), i16x8.splat(fixed(103))), 10)),
    v128.or(
      i16x8.add(i16x8.shiftLeft(get(pairs), 8), i16x8.mul(get(tens), i16x8.splat(fixed(1 - (10 << 8))))),
      i8x16.splat(fixed('0'.charCodeAt(0))),
    ),
  )
}

/** Writes a text of at least one vector, and nothing beside it. */
function writeExactly(to: Local, offset: number, literal: string): Code {
  const starts: number[] = []
  for (let start = 0; start + VECTOR_BYTES < literal.length; start += VECTOR_BYTES) starts.push(start)
  starts.push(literal.length - VECTOR_BYTES)
  const partAt = (start: number) =>
    Array.from({ length: VECTOR_BYTES }, (_, i) => literal.charCodeAt(start + i))
  return seq(...starts.map((start) => v128.store(get(to), v128.constant(partAt(start)), offset + start)))
}

/** `write(end)`: writes the entries of all records of the groups, the last of which ends there. */
function write(): WasmFunction {
  const end = 0
  const locals = new Locals(1)
  const [group, place, left, to] = locals.some(4, I32) as [Local, Local, Local, Local]
  const [shard, low, high] = locals.some(3, I32) as [Local, Local, Local]
  const bases = locals.some(NUMBER_VECTORS, V128)
  const sums = locals.some(NUMBER_VECTORS, V128)
  const carried = locals.some(NUMBER_VECTORS, V128)
  const [id, pairs, tens] = locals.some(3, V128) as [Local, Local, Local]
  const word = (name: keyof typeof GROUP) => i32.load(get(group), AT.groups + GROUP[name] * WORD_BYTES)
  const shardLimbs = [
    i32.div(get(shard), fixed(LOW_PART)),
    i32.rem(i32.div(get(shard), fixed(LIMB)), fixed(LIMB)),
    i32.rem(get(shard), fixed(LIMB)),
  ]
  const lowest = bases[NUMBER_VECTORS - 1]!
  const takeGroup = seq(
    set(shard, word('shard')),
    set(
      id,
      shardLimbs.reduce<Code>((limbs, limb, i) => i32x4.replace(limbs, i + 1, limb), every(0)),
    ),
    ...bases.map((base, i) => {
      const partOf = (at: number) => v128.load(fixed(0), at + i * VECTOR_BYTES)
      return set(base, i32x4.add(partOf(AT.least), partOf(AT.second)))
    }),
    set(lowest, i32x4.add(get(lowest), i32x4.mul(get(id), every(Number(UNITS.shard))))),
    set(low, word('headLow')),
    set(high, word('headHigh')),
    addProducts(bases, low, high, AT.headUnits, limbsOf(UNITS.head)),
    set(id, digits(id, pairs, tens)),
    set(left, word('count')),
    set(low, word('indexLow')),
    set(high, word('indexHigh')),
    moved(group, GROUP_WORDS * WORD_BYTES),
  )
  const numberAt = BEFORE_NUMBER.length + SEQUENCE_NUMBER_DIGITS - NUMBER_LIMBS * LIMB_DIGITS
  // Digits come first: what they have too many in front is written over.
  const writeEntry = seq(
    set(to, i32.mul(i32.load(get(place), AT.places), fixed(ENTRY_BYTES))),
    moved(to, AT.json + HEAD.length),
    ...sums.map((sum, i) => v128.store(get(to), digits(sum, pairs, tens), numberAt + i * VECTOR_BYTES)),
    writeExactly(to, 0, BEFORE_NUMBER),
    v128.store(get(to), get(id), ID_END - VECTOR_BYTES),
    writeExactly(to, BEFORE_NUMBER.length + SEQUENCE_NUMBER_DIGITS, BEFORE_ID),
    i32.store(get(to), fixed(wordOf(BEHIND_ID)), ID_END),
    moved(place, WORD_BYTES),
  )
  const nextIndex = seq(
    moved(low, 1),
    when(i32.equal(get(low), fixed(LOW_PART)), seq(set(low, fixed(0)), moved(high, 1))),
  )
  const body = repeatWhile(
    seq(
      takeGroup,
      repeatWhile(
        seq(
          ...sums.map((sum, i) => set(sum, get(bases[i]!))),
          addProducts(sums, low, high, AT.indexUnits, limbsOf(UNITS.index)),
          carryAll(sums, carried),
          writeEntry,
          nextIndex,
          moved(left, -1),
        ),
        get(left),
      ),
    ),
    i32.isBelow(get(group), get(end)),
  )
  return { name: 'write', parameters: 1, returns: false, locals: locals.types, body }
}

export function putJsonFunctions() {
  return [{ ...write(), name: 'write' as const }]
}

/** Four characters as they are stored. */
function wordOf(text: string): number {
  return Buffer.from(text, 'latin1').readInt32LE()
}
