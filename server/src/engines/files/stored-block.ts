import { crc32 } from 'node:zlib'
import {
  BLOCK_ENTRY_BYTES,
  type BlockEntry,
  type BlockKind,
  FRAME_HEADER_BYTES,
  type FrameHeader,
} from '../../journal/frame-format.ts'
import { writeUint53 } from '../../journal/uint53.ts'
import { TAG_BYTES } from './cipher.ts'
import { type FileKey, tagChecksum } from './file-key.ts'

/** What a frame, its table or an index says of a block. */
export interface BlockIdentity {
  readonly kind: BlockKind
  /** Bodies or ids in it; 0 for events. */
  readonly count: number
  /** That of its own first body where it has bodies, that of the frame's first otherwise; counted as the frame counts. */
  readonly firstBodyId: number
  /** Frame number and time; they don't count for bodies, which are found without their frame. */
  readonly number: number
  readonly now: number
}

export interface BlockClaim extends BlockIdentity {
  /** Where it lies in its file. */
  readonly offset: number
  readonly checksum: number
}

/**
 * What a sealed block is bound to besides its place in its file, so that neither a frame nor an index can say something else of it
 * than what was written. All numbers are little-endian.
 *
 * ```
 *     0  1  kind: 1 events, 2 bodies, 3 ids
 *     1  1  zero
 *     2  2  number of bodies (or ids)
 *     4  4  zeros
 *     8  8  number of the frame; 0 for bodies
 *    16  8  time of the frame; 0 for bodies
 *    24  8  id of the frame's first body; that of the block's own first body for bodies
 * ```
 */
const BOUND_BYTES = 32
const KINDS = { events: 1, bodies: 2, ids: 3 } as const

const bound = new Uint8Array(BOUND_BYTES)
const boundView = new DataView(bound.buffer)

/** Good until the next call. */
export function boundOf({ kind, count, firstBodyId, number, now }: BlockIdentity): Uint8Array {
  const isOfBodies = kind === 'bodies'
  boundView.setUint8(0, KINDS[kind])
  boundView.setUint16(2, count, true)
  writeUint53(boundView, 8, isOfBodies ? 0 : number)
  writeUint53(boundView, 16, isOfBodies ? 0 : now)
  writeUint53(boundView, 24, firstBodyId)
  return bound
}

/** The bytes as they were before they were stored, the same bytes in a plain file; null if they are not what was written. */
export function openBlock(key: FileKey | null, stored: Uint8Array, claim: BlockClaim): Uint8Array | null {
  if (key === null) return crc32(stored) === claim.checksum ? stored : null
  if (stored.length < TAG_BYTES || tagChecksum(stored.subarray(-TAG_BYTES)) !== claim.checksum) return null
  return key.open(claim.offset, boundOf(claim), stored)
}

/** A block where it lies. */
export interface PlacedEntry extends BlockEntry, BlockClaim {}

/** The blocks of a frame that begins at `offset`, in their order. */
export function* blocksOf(
  frame: Pick<FrameHeader, 'number' | 'now' | 'firstBodyId'> & { readonly blocks: readonly BlockEntry[] },
  offset: number,
): Generator<PlacedEntry> {
  const { number, now, blocks } = frame
  let { firstBodyId } = frame
  let at = offset + FRAME_HEADER_BYTES + blocks.length * BLOCK_ENTRY_BYTES
  for (const { kind, length, checksum, count } of blocks) {
    yield { kind, length, checksum, count, offset: at, firstBodyId, number, now }
    if (kind === 'bodies') firstBodyId += count
    at += length
  }
}
