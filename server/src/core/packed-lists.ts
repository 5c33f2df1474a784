/** Lists of unit ids as records of a snapshot have them: little-endian 32-bit words. */

export function packIds(ids: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(ids.length * 4)
  const view = new DataView(bytes.buffer)
  for (let i = 0; i < ids.length; i++) view.setUint32(i * 4, ids[i]!, true)
  return bytes
}

export function unpackIds(bytes: Uint8Array): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const ids: number[] = []
  for (let at = 0; at < bytes.length; at += 4) ids.push(view.getUint32(at, true))
  return ids
}

/** Numbers and unit ids of `count` pages, as little-endian 32-bit words. */
export function packPairs(
  count: number,
  pages: Iterable<{ readonly number: number; readonly id: number }>,
): Uint8Array {
  const pairs = new Uint8Array(count * 8)
  const view = new DataView(pairs.buffer)
  let at = 0
  for (const page of pages) {
    view.setUint32(at, page.number, true)
    view.setUint32(at + 4, page.id, true)
    at += 8
  }
  return pairs
}

export function* unpackPairs(pairs: Uint8Array): Iterable<readonly [number: number, unit: number]> {
  const view = new DataView(pairs.buffer, pairs.byteOffset, pairs.byteLength)
  for (let at = 0; at < view.byteLength; at += 8) {
    yield [view.getUint32(at, true), view.getUint32(at + 4, true)]
  }
}
