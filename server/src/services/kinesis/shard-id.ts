import type { StreamAddress } from './commands.ts'
import { shardNotFound } from './errors.ts'

export const SHARD_ID_PREFIX = 'shardId-'
/** Every shard's: no number has more. */
export const SHARD_ID_DIGITS = 12
const NUMBER_MAX = 0x7fff_ffff

/** `shardId-000000000000` is the first. */
export function shardId(number: number): string {
  return `${SHARD_ID_PREFIX}${String(number).padStart(SHARD_ID_DIGITS, '0')}`
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
