import { crc32 } from 'node:zlib'
import { NONCE_BYTES } from '../../journal/frame-format.ts'
import { readUint53, writeUint53 } from '../../journal/uint53.ts'
import type { BlockTable } from './block-table.ts'
import type { Segment } from './body-file.ts'
import type { Disk } from './disk.ts'
import { fileName } from './file-names.ts'
import { readWholeFile, writeNewFile } from './whole-file.ts'

/**
 * Where the bodies of one sealed segment lie, so that opening a journal need not walk through segments that a snapshot
 * covers. Derived: it can be deleted at any time. All numbers are little-endian.
 *
 * ```
 *     0   8  magic "MRINDEX1"
 *     8   4  CRC32 of everything behind these 12 bytes
 *    12   4  number of blocks
 *    16   8  nonce of the segment
 *    24   8  first frame
 *    32   8  last frame, the footer
 *    40   8  time of the last frame
 *    48   8  id of the first body
 *    56   8  id of the first body of the next segment
 *    64   8  length of the segment
 *    72   4  checksum of the footer
 *    76   4  zeros
 *    80      blocks, 16 bytes each: 4 number of bodies, 4 offset, 4 stored length, 4 CRC32
 * ```
 *
 * An index is written only after the segment, footer included, was synced. One that matches is therefore also proof that
 * what can be read of the segment is on stable storage.
 */
const MAGIC = new TextEncoder().encode('MRINDEX1')
const HEAD_BYTES = 80
const ENTRY_BYTES = 16

export function indexName(segment: Segment): string {
  return fileName('index', segment.firstFrame)
}

/** The segment has to be sealed and its blocks complete. The same segment always gives the same bytes. */
export function encodeIndex(segment: Segment): Uint8Array {
  const { blocks } = segment
  const bytes = new Uint8Array(HEAD_BYTES + blocks.length * ENTRY_BYTES)
  const view = new DataView(bytes.buffer)
  bytes.set(MAGIC, 0)
  view.setUint32(12, blocks.length, true)
  bytes.set(segment.nonce, 16)
  writeUint53(view, 24, segment.firstFrame)
  writeUint53(view, 32, segment.lastFrame)
  writeUint53(view, 40, segment.lastNow)
  writeUint53(view, 48, segment.firstBodyId)
  writeUint53(view, 56, segment.nextBodyId)
  writeUint53(view, 64, segment.bytes)
  view.setUint32(72, segment.lastChecksum, true)
  for (let block = 0; block < blocks.length; block++) {
    const at = HEAD_BYTES + block * ENTRY_BYTES
    view.setUint32(at, blocks.count(block), true)
    view.setUint32(at + 4, blocks.offset(block), true)
    view.setUint32(at + 8, blocks.storedLength(block), true)
    view.setUint32(at + 12, blocks.checksum(block), true)
  }
  view.setUint32(8, crc32(bytes.subarray(12)), true)
  return bytes
}

/** What an index says about its segment. */
export interface DecodedIndex {
  readonly nonce: Uint8Array
  readonly firstFrame: number
  readonly lastFrame: number
  readonly lastNow: number
  readonly firstBodyId: number
  readonly nextBodyId: number
  readonly segmentBytes: number
  readonly lastChecksum: number
  readonly addBlocksTo: (blocks: BlockTable) => void
}

/** Null if the bytes are not what was written. */
export function decodeIndex(bytes: Uint8Array): DecodedIndex | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const whole =
    bytes.length >= HEAD_BYTES &&
    MAGIC.every((byte, i) => bytes[i] === byte) &&
    bytes.length === HEAD_BYTES + view.getUint32(12, true) * ENTRY_BYTES &&
    crc32(bytes.subarray(12)) === view.getUint32(8, true)
  if (!whole) return null
  return {
    nonce: bytes.slice(16, 16 + NONCE_BYTES),
    firstFrame: readUint53(view, 24),
    lastFrame: readUint53(view, 32),
    lastNow: readUint53(view, 40),
    firstBodyId: readUint53(view, 48),
    nextBodyId: readUint53(view, 56),
    segmentBytes: readUint53(view, 64),
    lastChecksum: view.getUint32(72, true),
    addBlocksTo: (blocks) => {
      for (let at = HEAD_BYTES; at < bytes.length; at += ENTRY_BYTES) {
        const offset = view.getUint32(at + 4, true)
        blocks.add(
          view.getUint32(at, true),
          offset,
          view.getUint32(at + 8, true),
          view.getUint32(at + 12, true),
        )
      }
    },
  }
}

/** The index of a segment as it is on disk; null if there is none, or it is not what was written. */
export async function readIndex(
  disk: Disk,
  names: readonly string[],
  name: string,
): Promise<DecodedIndex | null> {
  return names.includes(name) ? decodeIndex(await readWholeFile(disk, name)) : null
}

export async function writeIndex(disk: Disk, segment: Segment): Promise<void> {
  await writeNewFile(disk, indexName(segment), [encodeIndex(segment)])
}
