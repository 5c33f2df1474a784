import assert from 'node:assert/strict'
import type { Durability } from '../../journal/journal.ts'
import type { BlockCache } from './block-cache.ts'
import type { Segment } from './body-file.ts'
import type { DiskFile } from './disk.ts'
import { type EncodedFrame, encodeFrame, openedBytes } from './frame-layout.ts'
import { type FrameLoan, FrameMemory } from './frame-memory.ts'
import type { FilesLimits } from './limits.ts'
import type { PendingFrame } from './pending-frame.ts'
import type { SegmentOrigin } from './segment-file.ts'
import { ZerosAhead } from './zeros-ahead.ts'

export interface SegmentWriterOptions {
  readonly origin: SegmentOrigin
  readonly durability: Durability
  readonly limits: FilesLimits
  readonly cache: BlockCache
  /** Asked before each write of so many bytes; may make room for them. */
  readonly beforeWrite: (bytes: number) => unknown
  /** Whether there is room for so many bytes that could as well be left out. If so, they are accounted for. */
  readonly takeSpare: (bytes: number) => boolean
  /** These are durable, and all before them. Called in their order. */
  readonly onDurable: (frames: readonly PendingFrame[]) => void
  /** A write did not reach the disk, or it could not be reported. Nothing is reported durable any more. */
  readonly onFailure: (cause: unknown) => void
}

/** A frame as it goes to the disk, and the memory that it was put together in. */
interface MadeFrame {
  readonly encoded: EncodedFrame
  readonly loan: FrameLoan
}

/** Frames on their way to the disk together. */
interface Write {
  readonly frames: readonly PendingFrame[]
  readonly made: readonly MadeFrame[]
  /** That of its last frame. */
  readonly checksum: number
  isDone: boolean
}

/**
 * Writes frames to the newest segment, each chained to the one before, also while writes before are under way:
 *
 * ```
 *   segment   ...──[durable]──[write]──[write]── the next begins here
 *                      ▲         └─ under way ─┘
 *                      └ what the segment knows of, and what was reported
 * ```
 *
 * The disk may complete them in any order, and lose any of them when the power goes. So a write counts only when all before it are
 * done; and a frame calls none durable that was not when it was encoded, by which a start tells a hole that nobody was
 * told of from damage.
 */
export class SegmentWriter {
  readonly #options: SegmentWriterOptions
  #file: DiskFile
  #segment: Segment
  #zeros: ZerosAhead
  /** Where the next frame lies, and what it chains to. */
  #offset: number
  #checksum: number
  readonly #memory = new FrameMemory()
  /** Under way, in their order. */
  readonly #writes: Write[] = []
  #failed = false

  constructor(options: SegmentWriterOptions, segment: Segment, file: DiskFile) {
    this.#options = options
    this.#segment = segment
    this.#file = file
    this.#zeros = this.#zerosOf(file)
    this.#offset = segment.bytes
    this.#checksum = segment.lastChecksum
  }

  get segment(): Segment {
    return this.#segment
  }

  /** How many writes are under way. */
  get underWay(): number {
    return this.#writes.length
  }

  /** Goes on in another segment, whose file is empty but for its header. Returns the file of the one before. */
  continueIn(segment: Segment, file: DiskFile): DiskFile {
    assert(this.#writes.length === 0, 'a segment ends when all of it is written')
    const before = this.#file
    this.#segment = segment
    this.#file = file
    this.#zeros = this.#zerosOf(file)
    this.#offset = segment.bytes
    this.#checksum = segment.lastChecksum
    return before
  }

  /** Hands closed frames of the segment to the disk, in one write. `durableFrame` is the newest that is durable now. */
  write(frames: readonly PendingFrame[], durableFrame: number): void {
    const start = this.#offset
    const made = frames.map((frame) => this.#make(frame, durableFrame))
    const write: Write = { frames, made, checksum: this.#checksum, isDone: false }
    this.#writes.push(write)
    this.#bring(write, start, this.#offset - start)
      .then(() => this.#ended(write))
      .catch((cause) => this.#fail(cause))
  }

  /** Closes the file, when what is under way there has ended. */
  async close(): Promise<void> {
    await this.#zeros.settled()
    await this.#file.close()
  }

  #zerosOf(file: DiskFile): ZerosAhead {
    const { limits, takeSpare } = this.#options
    return new ZerosAhead({ file, limits, takeSpare, onFailure: (cause) => this.#fail(cause) })
  }

  #fail(cause: unknown): void {
    this.#failed = true
    this.#options.onFailure(cause)
  }

  #make(frame: PendingFrame, durableFrame: number): MadeFrame {
    const { kind, number, now, firstBodyId } = frame
    const { epoch } = this.#options.origin
    const { nonce, key } = this.#segment
    const header = {
      kind,
      epoch,
      number,
      now,
      firstBodyId,
      durableFrame,
      nonce,
      previousChecksum: this.#checksum,
    }
    const plan = frame.close()
    const loan = this.#memory.borrow(openedBytes(plan))
    const encoded = encodeFrame(header, frame, plan, { key, offset: this.#offset }, loan.memory)
    this.#checksum = encoded.checksum
    this.#offset += encoded.bytes
    return { encoded, loan }
  }

  async #bring({ frames, made }: Write, start: number, bytes: number): Promise<void> {
    const { beforeWrite, durability } = this.#options
    const file = this.#file
    const buffers = buffersOf(made)
    const isLast = frames.at(-1)!.kind === 'footer'
    await beforeWrite(bytes)
    if (durability === 'fsync') {
      await (isLast ? this.#zeros.cutOff(start) : this.#zeros.makeWay(start, start + bytes))
      return await file.writeDurably(buffers, start)
    }
    await file.write(buffers, start)
    // A segment is synced when it ends, whatever the durability: a sealed one is never torn.
    if (isLast) await file.sync()
  }

  #ended(write: Write): void {
    write.isDone = true
    while (!this.#failed && this.#writes[0]?.isDone === true) {
      const first = this.#writes.shift()!
      this.#take(first)
      this.#options.onDurable(first.frames)
    }
  }

  /** The segment has these frames from now on. */
  #take({ frames, made, checksum }: Write): void {
    const segment = this.#segment
    for (const { encoded, loan } of made) {
      const { bytes, bodyBlocks } = encoded
      const home = { loan, bytes: loan.memory.length / bodyBlocks.length }
      for (const block of bodyBlocks) {
        segment.blocks.add(block.count, segment.bytes + block.offset, block.length, block.checksum)
        this.#options.cache.put(segment, segment.blocks.length - 1, block.opened, home)
      }
      segment.bytes += bytes
      loan.release()
    }
    const last = frames.at(-1)!
    segment.lastChecksum = checksum
    segment.lastFrame = last.number
    segment.lastNow = last.now
    segment.sealed = last.kind === 'footer'
  }
}

/** What is written. Mostly that is one frame's. */
function buffersOf(made: readonly MadeFrame[]): readonly Uint8Array[] {
  return made.length === 1 ? made[0]!.encoded.buffers : made.flatMap(({ encoded }) => encoded.buffers)
}
