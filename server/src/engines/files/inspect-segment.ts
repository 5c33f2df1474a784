import type { DecodedFrame } from '../../journal/frame-format.ts'
import type { Segment } from './body-file.ts'
import type { Disk, DiskFile } from './disk.ts'
import { FILE_HEADER_BYTES } from './file-header.ts'
import { FileWindow } from './file-window.ts'
import {
  findFrame,
  readFrameHeader,
  sameBytes,
  type WalkEnd,
  type WalkPosition,
  walkFrames,
} from './frame-walk.ts'
import type { IdRange } from './losses.ts'
import { addBodyBlocks, emptySegment, type FoundSegment } from './segment-load.ts'
import { blocksOf, openBlock } from './stored-block.ts'
import { withFile } from './whole-file.ts'

const STRETCH_BYTES = 1024 * 1024

/** A stretch of a segment that holds no frame which counts. */
export interface Damage {
  readonly offset: number
  readonly why: string
  /** The frames that should be there; none where the last is less than the first. */
  readonly frames: IdRange
  readonly bodies: IdRange
  /** What can still be read of their events: only good for saying what they were about. */
  readonly events: readonly Uint8Array[]
}

/** A block of bodies that does not match its checksum, in a frame that is otherwise good. */
export interface BadBlock {
  readonly offset: number
  readonly bodies: IdRange
}

/** All there is to know about a segment's bytes. */
export interface SegmentInspection {
  readonly found: FoundSegment
  /** What is wrong with its header, which was then made out from its first frame; null where it is good. */
  readonly headerProblem: string | null
  /** Where good frames begin, after the header and after each damage. */
  readonly runs: readonly WalkPosition[]
  /** The places of its bodies. Not to be used by ordinal where there is damage: bodies are missing then. */
  readonly segment: Segment
  readonly frames: number
  readonly damages: readonly Damage[]
  readonly badBlocks: readonly BadBlock[]
  /** Where the last good frame ends. */
  readonly end: WalkEnd
  /** The newest segment ends in a write that was never answered. */
  readonly torn: { readonly offset: number; readonly bytes: number; readonly why: string } | null
}

/**
 * Reads every byte of a segment and goes on behind what is damaged. `next` is what the following segment says it begins with;
 * null for the newest, whose torn tail is no damage.
 */
export async function inspectSegment(
  disk: Disk,
  found: FoundSegment,
  next: { readonly number: number; readonly firstBodyId: number } | null,
  headerProblem: string | null,
): Promise<SegmentInspection> {
  return await withFile(disk, found.name, async (file) => {
    return { ...(await new Inspector(file, found, next).run()), headerProblem }
  })
}

class Inspector {
  readonly #file: DiskFile
  readonly #found: FoundSegment
  readonly #next: { readonly number: number; readonly firstBodyId: number } | null
  readonly #window: FileWindow
  readonly #segment: Segment
  readonly #damages: Damage[] = []
  readonly #badBlocks: BadBlock[] = []
  readonly #runs: WalkPosition[] = []
  #frames = 0

  constructor(
    file: DiskFile,
    found: FoundSegment,
    next: { readonly number: number; readonly firstBodyId: number } | null,
  ) {
    this.#file = file
    this.#found = found
    this.#next = next
    this.#window = new FileWindow(file, found.size, STRETCH_BYTES)
    this.#segment = emptySegment(found)
  }

  async run(): Promise<Omit<SegmentInspection, 'headerProblem'>> {
    const { header, number } = this.#found
    let end = await this.#walk({
      offset: FILE_HEADER_BYTES,
      number,
      previousChecksum: header.checksum,
      firstBodyId: header.firstBodyId,
    })
    let torn: SegmentInspection['torn'] = null
    while (end.fault !== null) {
      if (this.#next === null && !end.sealed && !(await this.#wasDurable(end))) {
        torn = { offset: end.offset, bytes: this.#found.size - end.offset, why: end.fault }
        break
      }
      const resumed = await this.#resume(end, end.fault)
      if (resumed === null) break
      end = await this.#walk(resumed)
    }
    if (end.fault === null && !end.sealed && this.#next !== null) {
      this.#reportRest(end, 'it ends without a footer, and later segments follow')
    }
    const segment = this.#segment
    segment.bodies = segment.blocks.bodies
    segment.bytes = end.offset
    segment.lastFrame = end.number - 1
    segment.lastChecksum = end.previousChecksum
    segment.lastNow = end.now
    segment.nextBodyId = end.firstBodyId
    segment.sealed = end.sealed
    return {
      found: this.#found,
      segment,
      runs: this.#runs,
      frames: this.#frames,
      damages: this.#damages,
      badBlocks: this.#badBlocks,
      end,
      torn,
    }
  }

  #walk(start: WalkPosition): Promise<WalkEnd> {
    this.#runs.push(start)
    return walkFrames(this.#window, start, {
      nonce: this.#found.header.nonce,
      key: this.#found.header.key,
      checkBodies: false,
      visit: async (frame, offset) => {
        this.#frames++
        addBodyBlocks(this.#segment, frame, offset)
        await this.#checkBodies(frame, offset)
      },
    })
  }

  async #checkBodies(frame: DecodedFrame, offset: number): Promise<void> {
    const window = this.#window
    for (const block of blocksOf(frame, offset)) {
      if (block.kind !== 'bodies') continue
      const { offset: at, length, count, firstBodyId: first } = block
      const stored = window.peek(at, length) ?? (await window.load(at, length))
      if (openBlock(this.#found.header.key, stored, block) !== null) continue
      this.#badBlocks.push({ offset: at, bodies: { first, last: first + count - 1 } })
    }
  }

  async #wasDurable(end: WalkEnd): Promise<boolean> {
    const isProof = ({ durableFrame }: DecodedFrame) => durableFrame >= end.number
    return (await findFrame(this.#window, end.offset, this.#found.header.nonce, isProof)) !== null
  }

  /** Notes the damage at the end of a walk; returns where good frames go on, or null. */
  async #resume(end: WalkEnd, why: string): Promise<WalkPosition | null> {
    const { header } = this.#found
    const frame = await readFrameHeader(this.#window, end.offset)
    const isDue =
      frame !== null &&
      sameBytes(frame.nonce, header.nonce) &&
      frame.number === end.number &&
      frame.previousChecksum === end.previousChecksum &&
      end.offset + frame.bytes <= this.#found.size
    if (isDue) {
      // The frame's place and length are known: only its events are damaged.
      const next = frame.firstBodyId + bodiesOf(frame)
      this.#damages.push({
        offset: end.offset,
        why,
        frames: { first: frame.number, last: frame.number },
        bodies: { first: frame.firstBodyId, last: next - 1 },
        events: await this.#readableEvents(frame, end.offset),
      })
      return {
        offset: end.offset + frame.bytes,
        number: frame.number + 1,
        previousChecksum: frame.checksum,
        firstBodyId: next,
      }
    }
    const later = await findFrame(this.#window, end.offset, header.nonce, ({ number }) => number > end.number)
    if (later === null) {
      this.#reportRest(end, why)
      return null
    }
    this.#damages.push({
      offset: end.offset,
      why,
      frames: { first: end.number, last: later.frame.number - 1 },
      bodies: { first: end.firstBodyId, last: later.frame.firstBodyId - 1 },
      events: [],
    })
    return {
      offset: later.offset,
      number: later.frame.number,
      previousChecksum: later.frame.previousChecksum,
      firstBodyId: later.frame.firstBodyId,
    }
  }

  /** Nothing good follows in this segment: what is missing goes up to the next one. */
  #reportRest(end: WalkEnd, why: string): void {
    const next = this.#next ?? { number: end.number, firstBodyId: end.firstBodyId }
    this.#damages.push({
      offset: end.offset,
      why,
      frames: { first: end.number, last: next.number - 1 },
      bodies: { first: end.firstBodyId, last: next.firstBodyId - 1 },
      events: [],
    })
  }

  async #readableEvents(frame: DecodedFrame, offset: number): Promise<Uint8Array[]> {
    const events: Uint8Array[] = []
    for (const block of blocksOf(frame, offset)) {
      if (block.kind !== 'events') continue
      const stored = Buffer.alloc(block.length)
      await this.#file.read(stored, block.offset)
      const opened = openBlock(this.#found.header.key, stored, block)
      if (opened !== null) events.push(opened)
    }
    return events
  }
}

export function bodiesOf(frame: DecodedFrame): number {
  return frame.blocks.reduce((sum, { kind, count }) => sum + (kind === 'bodies' ? count : 0), 0)
}
