import { Buffer } from 'node:buffer'
import type { ShardDescription } from './commands.ts'

/**
 * Sequence numbers in AWS's layout, which clients such as the Kinesis Client Library look into. They are 47 hexadecimal digits,
 * written in decimal, which makes 56:
 *
 * ```
 *   2 │ 9 second of the shard's creation │ 1 lowest of the shard's number │ 16 index │ 2 zero │ 9 second of arrival │ 8 shard │ 2
 *                                                                             └ index + 1 adds 2^80 ┘      └ adds 2^36 ┘
 * ```
 *
 * Index 0 is where the shard starts; its records have 1, 2, 3 and so on. So numbers grow within a shard, and from a shard to its
 * children, which are created in a later second.
 */
export const SEQUENCE_NUMBER_DIGITS = 56

/** What a shard gives to its sequence numbers. */
export type ShardOrigin = Pick<ShardDescription, 'number' | 'createdSecond'>

/** That of a shard's end, whatever its last record's is. */
const LAST_INDEX = 0x7fff_ffff_ffff_ffffn
/** The first digit, and the last. */
export const VERSION = 2

export function sequenceNumber(shard: ShardOrigin, index: number, second: number): string {
  return integerOf(shard, BigInt(index), second).toString()
}

/** No record has it: those of the shard have greater ones. */
export function startingSequenceNumber(shard: ShardOrigin): string {
  return sequenceNumber(shard, 0, shard.createdSecond)
}

/** Of a closed shard. No record has it: those of the shard have smaller ones. */
export function endingSequenceNumber(shard: ShardOrigin, closedAt: number): string {
  return integerOf(shard, LAST_INDEX, secondOf(closedAt)).toString()
}

/** Of a time in milliseconds since the epoch. */
export function secondOf(time: number): number {
  return Math.floor(time / 1000)
}

/** What one more of each adds to a number. */
export const UNITS = { head: 1n << 144n, index: 1n << 80n, second: 1n << 36n, shard: 1n << 4n } as const
/** The head of a shard that was created in the first second, and has 0 for the lowest digit of its number. */
export const LEAST_HEAD = BigInt(VERSION) << 40n

/** What is behind the first digit up to the index, the same in all numbers of a shard: it comes to `LEAST_HEAD`. */
export function headOf({ number, createdSecond }: ShardOrigin): number {
  return createdSecond * 16 + (number & 15)
}

function integerOf(shard: ShardOrigin, index: bigint, second: number): bigint {
  const head = LEAST_HEAD + BigInt(headOf(shard))
  const tail = BigInt(second) * UNITS.second + BigInt(shard.number) * UNITS.shard + BigInt(VERSION)
  return head * UNITS.head + index * UNITS.index + tail
}

/** What a client gave as a sequence number, which fits the model's pattern. */
export interface ParsedSequenceNumber {
  /** How AWS repeats it in its errors: the oldest ones are completed. */
  readonly text: string
  /** 0 and 1 are older layouts of AWS; null for what is in none. */
  readonly version: 0 | 1 | 2 | null
  readonly shard: number
  /** In seconds since the epoch, as is `second`, the arrival; 0 in the oldest layout. */
  readonly createdSecond: number
  readonly second: number
  /** 0 in the older layouts. Where a shard ends it's `Number.MAX_SAFE_INTEGER`. */
  readonly index: number
}

const OLDEST_MAX = 1n << 128n
const OLDEST_BIT = 1n << 124n
/** AWS takes no later one for a creation. */
const OLDEST_SECOND_MAX = 16_025_174_999

export function parseSequenceNumber(text: string): ParsedSequenceNumber {
  const value = BigInt(text)
  if (value < OLDEST_MAX) return parseOldest((value % OLDEST_BIT) + OLDEST_BIT)
  const digits = value.toString(16)
  const version = Number.parseInt(digits.slice(-1), 16)
  const hex = (from: number, to: number) => Number.parseInt(digits.slice(from, to), 16)
  const unknown = { text, version: null, shard: 0, createdSecond: 0, second: 0, index: 0 } as const
  // The highest bits of index and shard are never set.
  const shard = hex(38, 46)
  if (digits.length !== 47 || hex(0, 1) !== 2 || shard > 0x7fff_ffff) return unknown
  const origin = { text, shard, createdSecond: hex(1, 10) }
  if (version === 1) return { ...origin, version, second: hex(13, 22), index: 0 }
  if (version !== VERSION || hex(11, 12) > 7) return unknown
  const index = Math.min(hex(11, 27), Number.MAX_SAFE_INTEGER)
  return { ...origin, version, second: hex(29, 38), index }
}

function parseOldest(value: bigint): ParsedSequenceNumber {
  const digits = value.toString(16)
  const createdSecond = Number.parseInt(digits.slice(1, 10), 16)
  const shard = Number.parseInt(digits.slice(28), 16)
  const version = createdSecond > OLDEST_SECOND_MAX ? null : 0
  return { text: value.toString(), version, shard, createdSecond, second: 0, index: 0 }
}

/** A number in writing: so many limbs of so many decimal digits, the lowest first. */
const LIMB_DIGITS = 4
const LIMB = 10 ** LIMB_DIGITS
const LIMBS = SEQUENCE_NUMBER_DIGITS / LIMB_DIGITS
/** What is added for the next index, and for the next second; higher limbs only get what is carried. */
const NEXT_INDEX = limbsOf(UNITS.index).slice(0, 7)
const NEXT_SECOND = Number(UNITS.second)
/** So many seconds, or indexes, more are added as one exact number. */
const SECONDS_ADDED_MAX = 2 ** 16
const INDEXES_ADDED_MAX = 2 ** 16

/** For each value of a limb its digits: four characters of one byte in one word, the first one highest. */
const LIMB_WORDS = Uint32Array.from({ length: LIMB }, (_, limb) =>
  Buffer.from(String(limb).padStart(LIMB_DIGITS, '0'), 'latin1').readUInt32BE(),
)

/**
 * The sequence number of one record of a shard after the other. The next one, which is the usual one, is a sum of small integers, and
 * so is that of a record a little further on: kept from request to request, it hardly ever needs large ones.
 */
export class SequenceNumberCursor {
  readonly #shard: ShardOrigin
  #limbs: Int32Array | null = null
  #index = 0
  #second = 0

  constructor(shard: ShardOrigin) {
    this.#shard = shard
  }

  /** To the record with an index, which arrived in a second. */
  moveTo(index: number, second: number): void {
    const indexes = index - this.#index
    const seconds = second - this.#second
    const isNear =
      indexes >= 0 && indexes <= INDEXES_ADDED_MAX && seconds >= 0 && seconds <= SECONDS_ADDED_MAX
    if (this.#limbs === null || !isNear) {
      this.#limbs = limbsOf(integerOf(this.#shard, BigInt(index), second))
    } else {
      addIndexes(this.#limbs, indexes)
      if (seconds > 0) addAt(this.#limbs, 0, seconds * NEXT_SECOND)
    }
    this.#index = index
    this.#second = second
  }

  /** Writes the number's digits. To be called after `moveTo`. */
  writeDigits(view: DataView, at: number): void {
    const limbs = this.#limbs!
    let end = at + SEQUENCE_NUMBER_DIGITS
    for (let i = 0; i < LIMBS; i++) {
      end -= LIMB_DIGITS
      view.setUint32(end, LIMB_WORDS[limbs[i]!]!)
    }
  }
}

/** Sequence numbers of a whole request, of which there may be thousands: all are cut from one text. */
export class SequenceNumberWriter {
  readonly #digits: Buffer
  readonly #view: DataView
  /** Where the next number begins. */
  #end = 0

  constructor(countMax: number) {
    this.#digits = Buffer.allocUnsafe(countMax * SEQUENCE_NUMBER_DIGITS)
    const { buffer, byteOffset, length } = this.#digits
    this.#view = new DataView(buffer, byteOffset, length)
  }

  /** Adds that of the record that the cursor is at. */
  write(cursor: SequenceNumberCursor): void {
    cursor.writeDigits(this.#view, this.#end)
    this.#end += SEQUENCE_NUMBER_DIGITS
  }

  /** All that were written, one after the other: cut it at multiples of `SEQUENCE_NUMBER_DIGITS`. */
  read(): string {
    return this.#digits.toString('latin1', 0, this.#end)
  }
}

function limbsOf(value: bigint): Int32Array {
  const digits = value.toString().padStart(SEQUENCE_NUMBER_DIGITS, '0')
  return Int32Array.from({ length: LIMBS }, (_, i) => {
    const end = SEQUENCE_NUMBER_DIGITS - i * LIMB_DIGITS
    return Number(digits.slice(end - LIMB_DIGITS, end))
  })
}

function addIndexes(limbs: Int32Array, count: number): void {
  if (count === 1) {
    addOneIndex(limbs)
    return
  }
  let carry = 0
  for (let i = 0; i < NEXT_INDEX.length; i++) {
    const sum = limbs[i]! + NEXT_INDEX[i]! * count + carry
    carry = Math.floor(sum / LIMB)
    limbs[i] = sum - carry * LIMB
  }
  if (carry > 0) addAt(limbs, NEXT_INDEX.length, carry)
}

/** The usual one. What is carried is one at most: nothing is divided. */
function addOneIndex(limbs: Int32Array): void {
  let carry = 0
  for (let i = 0; i < NEXT_INDEX.length; i++) {
    const sum = limbs[i]! + NEXT_INDEX[i]! + carry
    carry = sum >= LIMB ? 1 : 0
    limbs[i] = sum - carry * LIMB
  }
  if (carry > 0) addAt(limbs, NEXT_INDEX.length, carry)
}

/** Adds to the limb and, as far as it is carried, to those above it. */
function addAt(limbs: Int32Array, position: number, value: number): void {
  let carry = value
  for (let i = position; carry > 0; i++) {
    const sum = limbs[i]! + carry
    carry = Math.floor(sum / LIMB)
    limbs[i] = sum % LIMB
  }
}
