import { crc32 } from 'node:zlib'
import { readUint53, writeUint53 } from './uint53.ts'

/**
 * One frame: the blocks of one group commit, chained to what came before. All numbers are little-endian.
 *
 * ```
 *     0  4  magic "MRFR"
 *     4  2  kind: 0 commit, 1 seal, 2 footer
 *     6  2  number of blocks
 *     8  4  epoch
 *    12  4  bytes after this header: block table and blocks
 *    16  8  frame number
 *    24  8  now, milliseconds since the epoch
 *    32  8  id of the frame's first body
 *    40  8  the newest frame that was durable when this one was written
 *    48  8  nonce of the segment
 *    56  4  checksum of the frame before, or of the segment header
 *    60  4  checksum: CRC32 of bytes 0..59 and of the block table
 *    64     block table, 16 bytes per block:
 *           0  4  stored length
 *           4  4  CRC32 of the stored bytes
 *           8  1  kind: 1 events, 2 bodies, 3 ids of bodies
 *           9  1  flags, 0 (encryption)
 *          10  2  number of bodies, 0 for events
 *          12  4  block counter, 0 (encryption)
 *           blocks, one after the other: events (or ids) first, then bodies
 * ```
 *
 * A frame counts only where it chains: the nonce is random per segment, so neither stale bytes nor a frame inside a client's
 * body ever pass for one. Everything that decides whether it does, lies under the header's checksum; each block has its own,
 * so that it can be read alone.
 */
export const FRAME_HEADER_BYTES = 64
export const BLOCK_ENTRY_BYTES = 16
export const NONCE_BYTES = 8

/** "MRFR" as it is read by `getUint32(…, true)`. */
const FRAME_MAGIC = 0x5246524d
export const FRAME_MAGIC_BYTES: Uint8Array = Uint8Array.of(0x4d, 0x52, 0x46, 0x52)

/**
 * `seal` is empty and only makes the frame before it one that is followed by another. `footer` is the last of a sealed
 * segment.
 */
export type FrameKind = 'commit' | 'seal' | 'footer'
const FRAME_KINDS: readonly FrameKind[] = ['commit', 'seal', 'footer']

/** `ids` name the bodies of the blocks that follow it, where they are not dense (cold files). */
export type BlockKind = 'events' | 'bodies' | 'ids'
const BLOCK_KINDS: readonly (BlockKind | null)[] = [null, 'events', 'bodies', 'ids']

export interface BlockEntry {
  readonly kind: BlockKind
  readonly length: number
  readonly checksum: number
  /** How many bodies the block holds; 0 for events. */
  readonly count: number
}

export interface FrameHeader {
  readonly kind: FrameKind
  readonly epoch: number
  readonly number: number
  readonly now: number
  readonly firstBodyId: number
  /** The newest frame that was durable when this one was written: proof that it was, if this frame can be read. */
  readonly durableFrame: number
  readonly nonce: Uint8Array
  readonly previousChecksum: number
}

/** What the first 64 bytes say before their checksum can be verified: how much more is to be read. */
export interface FrameLengths {
  readonly tableBytes: number
  readonly payloadBytes: number
}

export interface DecodedFrame extends FrameHeader {
  readonly checksum: number
  readonly blocks: readonly BlockEntry[]
  /** Header, table and blocks. */
  readonly bytes: number
}

/**
 * Writes header and block table to the start of `target`, whose length decides nothing, and returns the frame's checksum.
 * The blocks follow right behind.
 */
export function encodeFrameHeader(target: Uint8Array, header: FrameHeader, blocks: readonly BlockEntry[]) {
  const tableBytes = blocks.length * BLOCK_ENTRY_BYTES
  const view = new DataView(target.buffer, target.byteOffset, FRAME_HEADER_BYTES + tableBytes)
  let blockBytes = 0
  let at = FRAME_HEADER_BYTES
  for (const block of blocks) {
    view.setUint32(at, block.length, true)
    view.setUint32(at + 4, block.checksum, true)
    view.setUint8(at + 8, BLOCK_KINDS.indexOf(block.kind))
    view.setUint8(at + 9, 0)
    view.setUint16(at + 10, block.count, true)
    view.setUint32(at + 12, 0, true)
    blockBytes += block.length
    at += BLOCK_ENTRY_BYTES
  }
  view.setUint32(0, FRAME_MAGIC, true)
  view.setUint16(4, FRAME_KINDS.indexOf(header.kind), true)
  view.setUint16(6, blocks.length, true)
  view.setUint32(8, header.epoch, true)
  view.setUint32(12, tableBytes + blockBytes, true)
  writeUint53(view, 16, header.number)
  writeUint53(view, 24, header.now)
  writeUint53(view, 32, header.firstBodyId)
  writeUint53(view, 40, header.durableFrame)
  target.set(header.nonce, 48)
  view.setUint32(56, header.previousChecksum, true)
  const checksum = headerChecksum(target, tableBytes)
  view.setUint32(60, checksum, true)
  return checksum
}

/** Null if these are not the first bytes of a frame. Not yet to be trusted: the checksum lies over the table too. */
export function peekFrameLengths(bytes: Uint8Array): FrameLengths | null {
  if (bytes.length < FRAME_HEADER_BYTES) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, FRAME_HEADER_BYTES)
  if (view.getUint32(0, true) !== FRAME_MAGIC) return null
  const tableBytes = view.getUint16(6, true) * BLOCK_ENTRY_BYTES
  const payloadBytes = view.getUint32(12, true)
  return payloadBytes < tableBytes ? null : { tableBytes, payloadBytes }
}

/** Reads header and block table. Null unless `bytes` has both whole, and they are what was written. */
export function decodeFrameHeader(bytes: Uint8Array): DecodedFrame | null {
  const lengths = peekFrameLengths(bytes)
  if (lengths === null || bytes.length < FRAME_HEADER_BYTES + lengths.tableBytes) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, FRAME_HEADER_BYTES + lengths.tableBytes)
  const checksum = view.getUint32(60, true)
  if (headerChecksum(bytes, lengths.tableBytes) !== checksum) return null
  const kind = FRAME_KINDS[view.getUint16(4, true)]
  if (kind === undefined) return null
  const blocks: BlockEntry[] = []
  let blockBytes = 0
  for (let at = FRAME_HEADER_BYTES; at < view.byteLength; at += BLOCK_ENTRY_BYTES) {
    const blockKind = BLOCK_KINDS[view.getUint8(at + 8)] ?? null
    if (blockKind === null) return null
    const block: BlockEntry = {
      kind: blockKind,
      length: view.getUint32(at, true),
      checksum: view.getUint32(at + 4, true),
      count: view.getUint16(at + 10, true),
    }
    blocks.push(block)
    blockBytes += block.length
  }
  if (lengths.tableBytes + blockBytes !== lengths.payloadBytes) return null
  return {
    kind,
    epoch: view.getUint32(8, true),
    number: readUint53(view, 16),
    now: readUint53(view, 24),
    firstBodyId: readUint53(view, 32),
    durableFrame: readUint53(view, 40),
    nonce: bytes.subarray(48, 48 + NONCE_BYTES),
    previousChecksum: view.getUint32(56, true),
    checksum,
    blocks,
    bytes: FRAME_HEADER_BYTES + lengths.payloadBytes,
  }
}

function headerChecksum(bytes: Uint8Array, tableBytes: number): number {
  const head = crc32(bytes.subarray(0, 60))
  return crc32(bytes.subarray(FRAME_HEADER_BYTES, FRAME_HEADER_BYTES + tableBytes), head)
}
