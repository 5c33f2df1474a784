import { crc32 } from 'node:zlib'
import { TAG_BYTES } from './cipher.ts'
import { type FileKey, tagChecksum } from './file-key.ts'
import type { UnitPlace } from './snapshot-directory.ts'

/** A unit as it is stored at `offset`, in pieces one behind the other, and its checksum. */
export function storeUnit(
  key: FileKey | null,
  offset: number,
  unit: number,
  bytes: Uint8Array,
): { readonly pieces: readonly Uint8Array[]; readonly length: number; readonly checksum: number } {
  if (key === null) return { pieces: [bytes], length: bytes.length, checksum: crc32(bytes) }
  const { text, tag } = key.seal(offset, boundTo(unit), bytes)
  return { pieces: [text, tag], length: bytes.length + TAG_BYTES, checksum: tagChecksum(tag) }
}

/** The unit as it was before it was stored, or null if the bytes are not what was written. */
export function openUnit(key: FileKey | null, stored: Uint8Array, place: UnitPlace): Uint8Array | null {
  if (key === null) return crc32(stored) === place.checksum ? stored : null
  if (stored.length < TAG_BYTES || tagChecksum(stored.subarray(-TAG_BYTES)) !== place.checksum) return null
  return key.open(place.offset, boundTo(place.unit), stored)
}

const bound = new Uint8Array(4)
const boundView = new DataView(bound.buffer)

/** A unit does not open as another one: its number is bound to it, in 4 bytes, little-endian. Good until the next call. */
function boundTo(unit: number): Uint8Array {
  boundView.setUint32(0, unit, true)
  return bound
}
