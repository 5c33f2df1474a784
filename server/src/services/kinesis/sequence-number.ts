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
const VERSION = 2

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

function integerOf({ number, createdSecond }: ShardOrigin, index: bigint, second: number): bigint {
  const head = (2n << 40n) | (BigInt(createdSecond) << 4n) | BigInt(number & 15)
  const tail = (BigInt(second) << 36n) | (BigInt(number) << 4n) | BigInt(VERSION)
  return (head << 144n) | (index << 80n) | tail
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

/** Decimal digits that one number holds: so many that sums of two stay small integers. */
const LIMB_DIGITS = 7
const LIMB = 10 ** LIMB_DIGITS
const LIMBS = SEQUENCE_NUMBER_DIGITS / LIMB_DIGITS
const NEXT_INDEX = limbsOf(1n << 80n)
const SECOND_UNIT = 2 ** 36
/** So many seconds more are added as one exact number. */
const SECONDS_ADDED_MAX = 2 ** 16

/**
 * Writes the sequence numbers of records that follow each other, for requests with thousands of them: the usual next number is
 * a sum, of pieces of decimal digits, and all are cut from one text.
 */
export class SequenceNumberWriter {
  readonly #shard: ShardOrigin
  readonly #digits: Buffer
  #limbs: number[] = []
  #index = 0
  #second = -1
  #end = 0

  constructor(shard: ShardOrigin, countMax: number) {
    this.#shard = shard
    this.#digits = Buffer.allocUnsafe(countMax * SEQUENCE_NUMBER_DIGITS)
  }

  /** Adds that of the record with an index that arrived in a second. */
  write(index: number, second: number): void {
    const seconds = second - this.#second
    if (index === this.#index + 1 && this.#end > 0 && seconds >= 0 && seconds <= SECONDS_ADDED_MAX) {
      this.#advance(seconds)
    } else {
      this.#limbs = limbsOf(integerOf(this.#shard, BigInt(index), second))
    }
    this.#index = index
    this.#second = second
    for (let i = 0; i < LIMBS; i++) writeLimb(this.#digits, this.#end + i * LIMB_DIGITS, this.#limbs[i]!)
    this.#end += SEQUENCE_NUMBER_DIGITS
  }

  /** All that were written, one after the other: cut it at multiples of `SEQUENCE_NUMBER_DIGITS`. */
  read(): string {
    return this.#digits.toString('latin1', 0, this.#end)
  }

  /** To the next index, and so many seconds further. */
  #advance(seconds: number): void {
    let carry = seconds * SECOND_UNIT
    for (let i = LIMBS - 1; i >= 0; i--) {
      const sum = this.#limbs[i]! + NEXT_INDEX[i]! + carry
      carry = sum < LIMB ? 0 : Math.floor(sum / LIMB)
      this.#limbs[i] = sum - carry * LIMB
    }
  }
}

/** The highest digits first. */
function limbsOf(value: bigint): number[] {
  const digits = value.toString().padStart(SEQUENCE_NUMBER_DIGITS, '0')
  return Array.from({ length: LIMBS }, (_, i) => Number(digits.slice(i * LIMB_DIGITS, (i + 1) * LIMB_DIGITS)))
}

function writeLimb(digits: Uint8Array, at: number, limb: number): void {
  let rest = limb
  for (let i = at + LIMB_DIGITS - 1; i >= at; i--) {
    const tens = (rest / 10) | 0
    digits[i] = 48 + rest - tens * 10
    rest = tens
  }
}
