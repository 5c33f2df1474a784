/**
 * Keys that stand for texts (a group, a deduplication id, an attempt) in the cell: 16 bytes of a digest as four 32-bit words.
 * Two texts with the same key would be taken for one; with 2^32 different texts that happens once in 2^65 times. Where
 * there are several, they stand one behind the other.
 */
export const KEY_WORDS = 4

/** What a key is looked up by. */
export function keyHash(keys: Uint32Array, at: number): number {
  return keys[at]!
}

export function keysEqual(a: Uint32Array, aAt: number, b: Uint32Array, bAt: number): boolean {
  return (
    a[aAt] === b[bAt] && a[aAt + 1] === b[bAt + 1] && a[aAt + 2] === b[bAt + 2] && a[aAt + 3] === b[bAt + 3]
  )
}

/** Writes the key that stands at `fromAt` among some to where it is to stand among others. */
export function copyKey(from: Uint32Array, fromAt: number, to: Uint32Array, toAt: number): void {
  to[toAt] = from[fromAt]!
  to[toAt + 1] = from[fromAt + 1]!
  to[toAt + 2] = from[fromAt + 2]!
  to[toAt + 3] = from[fromAt + 3]!
}

/** Leaves no key at `at`: see `isNoKey`. */
export function clearKey(keys: Uint32Array, at: number): void {
  keys.fill(0, at, at + KEY_WORDS)
}

/** A copy of the key that stands at `at` among others. */
export function keyAt(keys: Uint32Array, at: number): Uint32Array {
  return Uint32Array.of(keys[at]!, keys[at + 1]!, keys[at + 2]!, keys[at + 3]!)
}

/** Rows of keys share memory as long as it lasts: an allocation of its own takes each of them five times as long. */
const SHARED_WORDS = 4096
let shared = new Uint32Array(SHARED_WORDS)
let sharedUsed = 0

/** Room for so many keys one behind the other, all zeros. It belongs to the caller, and is not to be kept for long. */
export function newRow(count: number): Uint32Array {
  const words = count * KEY_WORDS
  if (words > SHARED_WORDS / 4) return new Uint32Array(words)
  if (sharedUsed + words > SHARED_WORDS) {
    shared = new Uint32Array(SHARED_WORDS)
    sharedUsed = 0
  }
  sharedUsed += words
  return shared.subarray(sharedUsed - words, sharedUsed)
}

/** Puts keys one behind the other. */
export function inRow(keys: readonly Uint32Array[]): Uint32Array {
  const row = newRow(keys.length)
  for (const [i, key] of keys.entries()) copyKey(key, 0, row, i * KEY_WORDS)
  return row
}

/** Whether there is no key: four zeros, which no digest begins with. */
export function isNoKey(keys: Uint32Array, at: number): boolean {
  return (keys[at]! | keys[at + 1]! | keys[at + 2]! | keys[at + 3]!) === 0
}

/** What a key is kept under in a `Map`. */
export function keyText(key: Uint32Array): string {
  return key.join()
}

/**
 * The keys that stand for others within others, as for a deduplication id within a group: a key that is not the inner one itself, and
 * another within each outer one. As many of both stand one behind the other.
 */
export function keysWithin(outer: Uint32Array, inner: Uint32Array): Uint32Array {
  const keys = newRow(inner.length / KEY_WORDS)
  for (let i = 0; i < keys.length; i++) keys[i] = inner[i]! ^ outer[i]!
  return keys
}
