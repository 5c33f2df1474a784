import { crc32 } from 'node:zlib'
import {
  BLOCK_ENTRY_BYTES,
  type BlockEntry,
  type DecodedFrame,
  encodeFrameHeader,
  FRAME_HEADER_BYTES,
  type FrameHeader,
} from '../../journal/frame-format.ts'
import { TAG_BYTES } from './cipher.ts'
import { tagChecksum } from './file-key.ts'
import type { FramePlace } from './frame-layout.ts'
import { blocksOf, boundOf, openBlock } from './stored-block.ts'

/** A frame as it is to be written to another file. */
export interface ResealedFrame {
  readonly buffers: readonly Uint8Array[]
  readonly bytes: number
  readonly checksum: number
  /** As they are in that file. */
  readonly blocks: readonly BlockEntry[]
}

/**
 * Makes a frame that was read from one file one of another, where `header` is what it is to say there: what it holds is opened with
 * the one file's key and sealed with the other's. A block that is damaged stays so.
 */
export function resealFrame(
  stored: Uint8Array,
  frame: DecodedFrame,
  from: FramePlace,
  to: FramePlace,
  header: FrameHeader,
): ResealedFrame {
  const headBytes = FRAME_HEADER_BYTES + frame.blocks.length * BLOCK_ENTRY_BYTES
  const head = new Uint8Array(headBytes)
  const buffers: Uint8Array[] = [head]
  const blocks: BlockEntry[] = []
  let bytes = headBytes
  for (const block of blocksOf(frame, from.offset)) {
    const start = block.offset - from.offset
    const piece = stored.subarray(start, start + block.length)
    const opened = openBlock(from.key, piece, block)
    const { kind, count } = block
    if (opened === null) {
      buffers.push(piece)
      blocks.push({ kind, count, length: piece.length, checksum: block.checksum })
      bytes += piece.length
    } else if (to.key === null) {
      buffers.push(opened)
      blocks.push({ kind, count, length: opened.length, checksum: crc32(opened) })
      bytes += opened.length
    } else {
      const { text, tag } = to.key.seal(to.offset + bytes, boundOf(block), opened)
      buffers.push(text, tag)
      blocks.push({ kind, count, length: opened.length + TAG_BYTES, checksum: tagChecksum(tag) })
      bytes += opened.length + TAG_BYTES
    }
  }
  const checksum = encodeFrameHeader(head, header, blocks)
  return { buffers, bytes, checksum, blocks }
}
