import type { Random } from '../../base/random.ts'
import { NONCE_BYTES } from '../../journal/frame-format.ts'
import { Segment } from './body-file.ts'
import type { Disk, DiskFile } from './disk.ts'
import { chainChecksum, encodeFileHeader, FILE_HEADER_BYTES, type FileHeader } from './file-header.ts'
import type { Keyring } from './keyring.ts'
import { createWholeFile } from './whole-file.ts'

/** What all segments of one journal, written by one process, have in common. */
export interface SegmentOrigin {
  readonly disk: Disk
  readonly random: Random
  readonly keyring: Keyring
  readonly journalId: Uint8Array
  readonly epoch: number
}

/** A segment in memory that has no file yet. Its nonce and its key are fresh. */
export function planSegment(origin: SegmentOrigin, firstFrame: number, firstBodyId: number): Segment {
  const segment = new Segment(firstFrame, firstBodyId, origin.random.bytes(NONCE_BYTES), origin.epoch)
  segment.key = origin.keyring.newKey('segment', segment.nonce)
  return segment
}

/**
 * Makes the file of a planned segment, with what `write` puts behind its header at `FILE_HEADER_BYTES`. File and name are
 * durable when it resolves: a frame in it can be acknowledged.
 */
export async function createSegmentFile(
  origin: SegmentOrigin,
  segment: Segment,
  previousNonce: Uint8Array,
  write?: (file: DiskFile) => Promise<void>,
): Promise<DiskFile> {
  const header: FileHeader = {
    kind: 'segment',
    epoch: segment.epoch,
    number: segment.firstFrame,
    firstBodyId: segment.firstBodyId,
    journalId: origin.journalId,
    nonce: segment.nonce,
    previousNonce,
    generation: 0,
    key: segment.key,
  }
  const bytes = encodeFileHeader(header)
  segment.lastChecksum = chainChecksum(bytes)
  segment.bytes = FILE_HEADER_BYTES
  return await createWholeFile(origin.disk, segment.name, async (file) => {
    await file.write([bytes], 0)
    await write?.(file)
  })
}
