import { Buffer } from 'node:buffer'
import type { StreamAddress } from './commands.ts'
import { shardNotFound } from './errors.ts'

const SHARD_ID_PREFIX = 'shardId-'
const DIGITS = 12
const NUMBER_MAX = 0x7fff_ffff
/** Every shard's: no number has more digits. */
export const SHARD_ID_CHARACTERS = SHARD_ID_PREFIX.length + DIGITS

/** `shardId-000000000000` is the first. */
export function shardId(number: number): string {
  return `${SHARD_ID_PREFIX}${String(number).padStart(DIGITS, '0')}`
}

/** What makes the id of one shard another than that of the rest: its digits, one byte each, as three words whose highest byte is the first. */
export type ShardIdWords = readonly [number, number, number]

export function shardIdWords(number: number): ShardIdWords {
  const digits = Buffer.from(shardId(number).slice(SHARD_ID_PREFIX.length), 'latin1')
  return [digits.readUInt32BE(0), digits.readUInt32BE(4), digits.readUInt32BE(8)]
}

/** Writes a shard's id where one of another shard stands. */
export function overwriteShardId(view: DataView, at: number, [high, middle, low]: ShardIdWords): void {
  const digitsAt = at + SHARD_ID_PREFIX.length
  view.setUint32(digitsAt, high)
  view.setUint32(digitsAt + 4, middle)
  view.setUint32(digitsAt + 8, low)
}

/** The shard's number; null for what is none. AWS minds neither what stands before the number, nor how many zeros do. */
export function parseShardId(id: string): number | null {
  const digits = /^(?:[^-]*-)?(\d+)$/.exec(id)?.[1]
  const number = digits === undefined ? Number.NaN : Number(digits)
  return number <= NUMBER_MAX ? number : null
}

/** The number of the shard that a request names. Whether the stream has it is for the cell to say. */
export function resolveShard(id: string, stream: StreamAddress): number {
  const number = parseShardId(id)
  if (number === null) throw shardNotFound(id, stream)
  return number
}
