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

/** Writes a key, which stands alone, to where it is to stand among others. */
export function copyKey(key: Uint32Array, keys: Uint32Array, at: number): void {
  keys[at] = key[0]!
  keys[at + 1] = key[1]!
  keys[at + 2] = key[2]!
  keys[at + 3] = key[3]!
}

/** Whether there is no key: four zeros, which no digest begins with. */
export function isNoKey(keys: Uint32Array, at: number): boolean {
  return (keys[at]! | keys[at + 1]! | keys[at + 2]! | keys[at + 3]!) === 0
}

/** What a key is kept under in a `Map`. */
export function keyText(key: Uint32Array): string {
  return key.join()
}

/** The key that stands for one within another, as for a deduplication id within a group. */
export function keyWithin(outer: Uint32Array, inner: Uint32Array): Uint32Array {
  const key = new Uint32Array(KEY_WORDS)
  for (let i = 0; i < KEY_WORDS; i++) key[i] = inner[i]! ^ outer[i]!
  return key
}
