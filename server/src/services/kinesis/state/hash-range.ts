import type { HashKey } from '../commands.ts'
import { GREATEST_HASH_KEY } from '../hash-key.ts'

/** Hash keys that a shard takes: both ends are among them. */
export interface HashRange {
  readonly startingHashKey: HashKey
  readonly endingHashKey: HashKey
}

const KEYS = 1n << 128n
const DIGITS = '0123456789abcdef'

/** Where each of `count` ranges of the same size begins, which cover all hash keys; they differ by one where it doesn't come out even. */
export function uniformStarts(count: number): readonly HashKey[] {
  const divisor = BigInt(count)
  const size = KEYS / divisor
  // What is left over of the division for each of them, until it comes to one more.
  const left = Number(KEYS % divisor)
  const starts: HashKey[] = []
  let start = 0n
  for (let i = 0, over = 0; i < count; i++) {
    starts.push(asHashKey(start))
    start += size
    over += left
    if (over < count) continue
    over -= count
    start += 1n
  }
  return starts
}

/** The ranges that begin at these keys, which ascend from the first there is; each ends where the next one begins. */
export function rangesFrom(starts: readonly HashKey[]): readonly HashRange[] {
  return starts.map((startingHashKey, i) => {
    const next = starts[i + 1]
    return { startingHashKey, endingHashKey: next === undefined ? GREATEST_HASH_KEY : hashKeyBefore(next) }
  })
}

/** That of the first key is none that there is; not to be asked for. */
export function hashKeyBefore(key: HashKey): HashKey {
  // Mostly only the last digit is another one, and many of them are needed at once.
  const last = DIGITS.indexOf(key.charAt(key.length - 1))
  if (last > 0) return key.slice(0, -1) + DIGITS.charAt(last - 1)
  return asHashKey(BigInt(`0x${key}`) - 1n)
}

/** That of the last key is none that there is; not to be asked for. */
export function hashKeyAfter(key: HashKey): HashKey {
  return asHashKey(BigInt(`0x${key}`) + 1n)
}

function asHashKey(number: bigint): HashKey {
  return number.toString(16).padStart(GREATEST_HASH_KEY.length, '0')
}
