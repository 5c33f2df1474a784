import assert from 'node:assert/strict'
import { crc32 } from 'node:zlib'
import { BODY_DIRECTORY_ENTRY_BYTES, encodeBodyBlock } from '../../journal/body-block.ts'
import {
  BLOCK_ENTRY_BYTES,
  type BlockEntry,
  type BlockKind,
  encodeFrameHeader,
  FRAME_HEADER_BYTES,
  type FrameHeader,
} from '../../journal/frame-format.ts'
import { writeUint53 } from '../../journal/uint53.ts'
import { TAG_BYTES } from './cipher.ts'
import { type FileKey, tagChecksum } from './file-key.ts'
import { BLOCK_BYTES } from './limits.ts'
import { boundOf } from './stored-block.ts'

const ID_BYTES = 8
const BLOCKS_MAX = 0xffff
const FRAME_BYTES_MAX = 0xffff_ffff

/** What a frame is made of before it's bytes: whole appends' events, and bodies in the order of their ids. */
export interface FrameContent {
  readonly events: readonly Uint8Array[]
  readonly bodies: readonly Uint8Array[]
  /** Where bodies have no dense ids (cold files), the ids of all of them. */
  readonly bodyIds?: readonly number[]
}

/** Pieces `from`..`to` (exclusive) of the content's events or bodies make one block of `bytes`, before it is sealed. */
interface BlockPlan {
  readonly kind: BlockKind
  readonly from: number
  readonly to: number
  readonly bytes: number
}

export interface FramePlan {
  readonly blocks: readonly BlockPlan[]
  /** The whole frame, as it is stored. */
  readonly bytes: number
}

/** A body block inside a frame's bytes. */
export interface PlacedBlock {
  /** Position in the frame. */
  readonly offset: number
  readonly length: number
  readonly count: number
  readonly checksum: number
  /** What it holds, for readers. */
  readonly opened: Uint8Array
}

export interface EncodedFrame {
  /** What is written, one behind the other. */
  readonly buffers: readonly Uint8Array[]
  /** Their length together. */
  readonly bytes: number
  readonly checksum: number
  readonly bodyBlocks: readonly PlacedBlock[]
}

/** Divides the content into blocks, for a file with this key. */
export function planFrame(content: FrameContent, key: FileKey | null): FramePlan {
  const blocks: BlockPlan[] = []
  const { events, bodies, bodyIds } = content
  gather(blocks, 'events', events, 0)
  if (bodyIds !== undefined) {
    // A block's count of bodies has 16 bits; ids beyond that go into the next.
    const idsPerBlock = BLOCK_BYTES / ID_BYTES
    for (let from = 0; from < bodyIds.length; from += idsPerBlock) {
      const to = Math.min(bodyIds.length, from + idsPerBlock)
      blocks.push({ kind: 'ids', from, to, bytes: (to - from) * ID_BYTES })
    }
  }
  gather(blocks, 'bodies', bodies, BODY_DIRECTORY_ENTRY_BYTES)
  let bytes = FRAME_HEADER_BYTES + blocks.length * BLOCK_ENTRY_BYTES
  for (const block of blocks) bytes += block.bytes + (key === null ? 0 : TAG_BYTES)
  assert(blocks.length <= BLOCKS_MAX && bytes <= FRAME_BYTES_MAX, 'an append fits into one frame')
  return { blocks, bytes }
}

function gather(blocks: BlockPlan[], kind: BlockKind, pieces: readonly Uint8Array[], overhead: number): void {
  let from = 0
  let bytes = 0
  for (let i = 0; i < pieces.length; i++) {
    const more = pieces[i]!.length + overhead
    if (i > from && bytes + more > BLOCK_BYTES) {
      blocks.push({ kind, from, to: i, bytes })
      from = i
      bytes = 0
    }
    bytes += more
  }
  if (pieces.length > from && (bytes > 0 || kind === 'bodies')) {
    blocks.push({ kind, from, to: pieces.length, bytes })
  }
}

/** Where a frame is to lie, and what it is sealed with. */
export interface FramePlace {
  readonly key: FileKey | null
  /** In the file. */
  readonly offset: number
}

/** How many bytes a frame takes while it is put together: it's sealed out of them. */
export function openedBytes(plan: FramePlan): number {
  return plan.blocks.reduce((sum, block) => sum + block.bytes, headBytes(plan))
}

function headBytes(plan: FramePlan): number {
  return FRAME_HEADER_BYTES + plan.blocks.length * BLOCK_ENTRY_BYTES
}

/**
 * Header, table and blocks in `memory`, of at least `openedBytes(plan)`: everything is copied once, and the result serves readers until
 * it is forgotten. Where the file has a key, each block is sealed out of that memory, and what is written is the head of it and
 * what was sealed.
 */
export function encodeFrame(
  header: FrameHeader,
  content: FrameContent,
  plan: FramePlan,
  { key, offset }: FramePlace,
  memory: Buffer,
): EncodedFrame {
  const bytes = memory.subarray(0, openedBytes(plan))
  const head = headBytes(plan)
  const table: BlockEntry[] = []
  const bodyBlocks: PlacedBlock[] = []
  const sealed: Uint8Array[] = []
  let at = head
  // Where the block lies in the frame as it is stored.
  let storedAt = head
  let { firstBodyId } = header
  for (const { kind, from, to, bytes: length } of plan.blocks) {
    if (kind === 'bodies') encodeBodyBlock(bytes, at, content.bodies, from, to)
    else if (kind === 'ids') encodeIds(bytes, at, content.bodyIds ?? [], from, to)
    else copyPieces(bytes, at, content.events, from, to)
    const opened = bytes.subarray(at, at + length)
    const count = kind === 'events' ? 0 : to - from
    let storedLength = length
    let checksum: number
    if (key === null) checksum = crc32(opened)
    else {
      const { number, now } = header
      const bound = boundOf({ kind, count, firstBodyId, number, now })
      const { text, tag } = key.seal(offset + storedAt, bound, opened)
      sealed.push(text, tag)
      storedLength += TAG_BYTES
      checksum = tagChecksum(tag)
    }
    table.push({ kind, length: storedLength, checksum, count })
    if (kind === 'bodies') {
      bodyBlocks.push({ offset: storedAt, length: storedLength, count, checksum, opened })
      firstBodyId += count
    }
    at += length
    storedAt += storedLength
  }
  const checksum = encodeFrameHeader(bytes, header, table)
  const buffers = key === null ? [bytes] : [bytes.subarray(0, head), ...sealed]
  return { buffers, bytes: storedAt, checksum, bodyBlocks }
}

function copyPieces(target: Uint8Array, at: number, pieces: readonly Uint8Array[], from: number, to: number) {
  let position = at
  for (let i = from; i < to; i++) {
    target.set(pieces[i]!, position)
    position += pieces[i]!.length
  }
}

function encodeIds(target: Uint8Array, at: number, ids: readonly number[], from: number, to: number): void {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength)
  for (let i = from; i < to; i++) writeUint53(view, at + (i - from) * ID_BYTES, ids[i]!)
}
