import { type DecodedFrame, FRAME_HEADER_BYTES } from '../../journal/frame-format.ts'
import { JournalError } from '../../journal/journal.ts'
import { Segment } from './body-file.ts'
import type { Disk } from './disk.ts'
import { type DecodedFileHeader, decodeFileHeader, FILE_HEADER_BYTES } from './file-header.ts'
import { fileName } from './file-names.ts'
import { FileWindow } from './file-window.ts'
import { readFrameHeader, sameBytes, type WalkEnd, type WalkOptions, walkFrames } from './frame-walk.ts'
import { readIndex } from './index-file.ts'
import type { Keyring } from './keyring.ts'
import { blocksOf } from './stored-block.ts'
import { withFile } from './whole-file.ts'

/** Headers and events lie at the front of a frame; what is read along behind them costs less than another call. */
const WALK_STRETCH_BYTES = 256 * 1024
/** Where bodies are read as well, everything is. */
const CHECK_STRETCH_BYTES = 1024 * 1024

/** A segment as it was found, before anything but its header was looked at. */
export interface FoundSegment {
  readonly name: string
  readonly number: number
  readonly header: DecodedFileHeader
  readonly size: number
}

export function corruptAt(name: string, offset: number, why: string): JournalError {
  return new JournalError(
    `${name} is corrupt at offset ${offset}: ${why}. Nothing was changed; \`millrace journal verify\` says more, \`millrace journal repair\` cuts it out`,
  )
}

/** Throws `JournalError` if the file is not the segment that its name says. */
export async function findSegment(disk: Disk, number: number, keyring: Keyring): Promise<FoundSegment> {
  const name = fileName('segment', number)
  return await withFile(disk, name, async (file) => {
    const bytes = Buffer.alloc(FILE_HEADER_BYTES)
    const header = decodeFileHeader(bytes.subarray(0, await file.read(bytes, 0)), 'segment', name, keyring)
    if (header.number !== number) {
      throw new JournalError(
        `${name} is another segment, that of frame ${header.number}: it was renamed or exchanged`,
      )
    }
    return { name, number, header, size: await file.size() }
  })
}

/** The segment from its index, if that is there and matches; null otherwise. No frame is walked through. */
export async function loadByIndex(
  disk: Disk,
  names: readonly string[],
  found: FoundSegment,
): Promise<Segment | null> {
  const index = await readIndex(disk, names, fileName('index', found.number))
  if (index === null) return null
  const { header } = found
  const matches =
    sameBytes(index.nonce, header.nonce) &&
    index.firstFrame === header.number &&
    index.firstBodyId === header.firstBodyId &&
    index.segmentBytes === found.size
  if (!matches) return null
  const footer = await withFile(disk, found.name, (file) =>
    readFrameHeader(new FileWindow(file, found.size, 0), found.size - FRAME_HEADER_BYTES),
  )
  const ends =
    footer?.kind === 'footer' &&
    footer.number === index.lastFrame &&
    footer.checksum === index.lastChecksum &&
    sameBytes(footer.nonce, header.nonce)
  if (!ends) return null
  const segment = emptySegment(found)
  index.addBlocksTo(segment.blocks)
  segment.blocks.trim()
  segment.bodies = segment.blocks.bodies
  segment.bytes = index.segmentBytes
  segment.lastFrame = index.lastFrame
  segment.lastChecksum = index.lastChecksum
  segment.lastNow = index.lastNow
  segment.nextBodyId = index.nextBodyId
  segment.sealed = true
  return segment
}

/**
 * The segment from its frames, and where and why they end. `checkBodies` reads all of it; otherwise bodies are passed over
 * where they are large.
 */
export async function walkSegment(
  disk: Disk,
  found: FoundSegment,
  options: Pick<WalkOptions, 'checkBodies' | 'visit'>,
): Promise<{ readonly segment: Segment; readonly end: WalkEnd }> {
  const segment = emptySegment(found)
  const stretchBytes = options.checkBodies ? CHECK_STRETCH_BYTES : WALK_STRETCH_BYTES
  const start = {
    offset: FILE_HEADER_BYTES,
    number: found.number,
    previousChecksum: found.header.checksum,
    firstBodyId: found.header.firstBodyId,
  }
  const end = await withFile(disk, found.name, (file) =>
    walkFrames(new FileWindow(file, found.size, stretchBytes), start, {
      nonce: found.header.nonce,
      key: found.header.key,
      checkBodies: options.checkBodies,
      visit: (frame, offset, events) => {
        addBodyBlocks(segment, frame, offset)
        return options.visit(frame, offset, events)
      },
    }),
  )
  segment.bodies = segment.blocks.bodies
  segment.bytes = end.offset
  segment.lastFrame = end.number - 1
  segment.lastChecksum = end.previousChecksum
  segment.lastNow = end.now
  segment.nextBodyId = end.firstBodyId
  segment.sealed = end.sealed
  return { segment, end }
}

/** Puts the places of a frame's bodies into the file's table. */
export function addBodyBlocks(file: Pick<Segment, 'blocks'>, frame: DecodedFrame, frameOffset: number): void {
  for (const { kind, count, offset, length, checksum } of blocksOf(frame, frameOffset)) {
    if (kind === 'bodies') file.blocks.add(count, offset, length, checksum)
  }
}

export function emptySegment({ header }: FoundSegment): Segment {
  const segment = new Segment(header.number, header.firstBodyId, header.nonce, header.epoch)
  segment.key = header.key
  return segment
}
