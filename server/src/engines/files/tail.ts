import {
  encodeFrameHeader,
  FRAME_HEADER_BYTES,
  type FrameHeader,
  NONCE_BYTES,
} from '../../journal/frame-format.ts'
import { BlockTable } from './block-table.ts'
import type { Segment } from './body-file.ts'
import type { Disk, DiskFile } from './disk.ts'
import { FILE_HEADER_BYTES } from './file-header.ts'
import { FileWindow } from './file-window.ts'
import { findFrame, type WalkEnd, walkFrames } from './frame-walk.ts'
import { resealFrame } from './reseal-frame.ts'
import { createSegmentFile, type SegmentOrigin } from './segment-file.ts'
import { addBodyBlocks, corruptAt, type FoundSegment } from './segment-load.ts'
import { withFile } from './whole-file.ts'

const STRETCH_BYTES = 1024 * 1024

/**
 * Decides whether the newest segment ends in a write that was under way, which nobody was told of, or was damaged. Throws
 * `JournalError` in the second case.
 *
 * Every frame says which frame was durable when it was written. So a later frame that names the missing one, or one behind
 * it, proves that the missing one was acknowledged; and one that names an earlier one was part of the same write.
 */
export async function judgeTail(disk: Disk, found: FoundSegment, end: WalkEnd): Promise<void> {
  if (end.fault === null) return
  if (end.sealed) throw corruptAt(found.name, end.offset, end.fault)
  const later = await withFile(disk, found.name, (file) =>
    findFrame(
      new FileWindow(file, found.size, STRETCH_BYTES),
      end.offset,
      found.header.nonce,
      ({ durableFrame }) => durableFrame >= end.number,
    ),
  )
  if (later === null) return
  const why = `${end.fault}, and frame ${later.frame.number} at offset ${later.offset} says that frame ${end.number} was durable`
  throw corruptAt(found.name, end.offset, why)
}

/**
 * Writes the good frames of the newest segment into a new file with a new nonce, epoch and key, seals it, and puts it in the
 * place of the old one: what can be read after a crash need not be on disk, and a sync of pages that an earlier sync
 * failed for would succeed without writing them.
 *
 * A crash at any point leaves either the old file or the new one under the name. Both have every acknowledged frame; what else
 * the old one showed was never answered.
 */
export async function rewriteTail(
  origin: SegmentOrigin,
  found: FoundSegment,
  segment: Segment,
): Promise<void> {
  segment.nonce = origin.random.bytes(NONCE_BYTES)
  segment.epoch = origin.epoch
  await rewriteSealed(origin, found, segment)
}

/**
 * Writes the frames of a segment into a new file in its place, as the segment's nonce, epoch and a new key have it, with a footer.
 * Whole or not at all. The segment is told where its blocks lie now.
 */
export async function rewriteSealed(
  origin: SegmentOrigin,
  found: FoundSegment,
  segment: Segment,
): Promise<void> {
  const end = segment.bytes
  segment.key = origin.keyring.newKey('segment', segment.nonce)
  segment.blocks = new BlockTable()
  const renewed = await withFile(origin.disk, found.name, (from) =>
    createSegmentFile(origin, segment, found.header.previousNonce, async (to) => {
      await copyFrames(from, to, found, segment, end)
      if (!segment.sealed) await writeFooter(to, segment)
    }),
  )
  await renewed.close()
  segment.blocks.trim()
}

async function copyFrames(
  from: DiskFile,
  to: DiskFile,
  found: FoundSegment,
  segment: Segment,
  end: number,
): Promise<void> {
  const window = new FileWindow(from, end, STRETCH_BYTES)
  const start = {
    offset: FILE_HEADER_BYTES,
    number: found.number,
    previousChecksum: found.header.checksum,
    firstBodyId: found.header.firstBodyId,
  }
  const { key, nonce } = found.header
  let pending: Uint8Array[] = []
  let pendingBytes = 0
  const flush = async () => {
    await to.write(pending, segment.bytes)
    segment.bytes += pendingBytes
    pending = []
    pendingBytes = 0
  }
  const copied = await walkFrames(window, start, {
    nonce,
    key,
    // The bytes may have been read wrong the first time, or now.
    checkBodies: true,
    visit: async (frame, offset) => {
      const stored = window.peek(offset, frame.bytes) ?? (await window.load(offset, frame.bytes))
      const header = {
        ...frame,
        nonce: segment.nonce,
        epoch: segment.epoch,
        previousChecksum: segment.lastChecksum,
      }
      const to = { key: segment.key, offset: segment.bytes + pendingBytes }
      const copy = resealFrame(stored, frame, { key, offset }, to, header)
      addBodyBlocks(segment, { ...frame, blocks: copy.blocks }, to.offset)
      segment.lastChecksum = copy.checksum
      pending.push(...copy.buffers)
      pendingBytes += copy.bytes
      if (pendingBytes >= STRETCH_BYTES) await flush()
    },
  })
  await flush()
  if (copied.fault !== null || copied.offset !== end) {
    throw corruptAt(found.name, copied.offset, `it was read differently the second time: ${copied.fault}`)
  }
}

/** Seals a segment whose frames are written. */
export async function writeFooter(to: DiskFile, segment: Segment): Promise<void> {
  const header: FrameHeader = {
    kind: 'footer',
    epoch: segment.epoch,
    number: segment.lastFrame + 1,
    now: segment.lastNow,
    firstBodyId: segment.nextBodyId,
    durableFrame: segment.lastFrame,
    nonce: segment.nonce,
    previousChecksum: segment.lastChecksum,
  }
  const bytes = new Uint8Array(FRAME_HEADER_BYTES)
  segment.lastChecksum = encodeFrameHeader(bytes, header, [])
  await to.write([bytes], segment.bytes)
  segment.bytes += bytes.length
  segment.lastFrame++
  segment.sealed = true
}
