import assert from 'node:assert/strict'
import type { Timers } from '../../base/time.ts'
import { type Durability, JournalError } from '../../journal/journal.ts'
import type { BlockCache } from './block-cache.ts'
import type { Segment } from './body-file.ts'
import type { BodyPlaces } from './body-places.ts'
import type { DiskFile } from './disk.ts'
import { FILE_HEADER_BYTES } from './file-header.ts'
import { encodeFrame } from './frame-layout.ts'
import type { FilesLimits } from './limits.ts'
import { PendingFrame } from './pending-frame.ts'
import { createSegmentFile, planSegment, type SegmentOrigin } from './segment-file.ts'

export interface GroupCommitOptions {
  readonly origin: SegmentOrigin
  readonly timers: Timers
  readonly durability: Durability
  readonly limits: FilesLimits
  readonly places: BodyPlaces
  readonly cache: BlockCache
  /** Asked before each write of so many bytes; may make room for them. */
  readonly beforeWrite: (bytes: number) => unknown
  readonly onDurable: (frame: number) => void
  /** Called once. */
  readonly onFailure: (error: Error) => void
  /** A segment is complete and on stable storage. */
  readonly onSealed: (segment: Segment) => void
}

/** Where writing goes on: in a new segment that has a file, and no frame yet. */
export interface CommitStart {
  readonly segment: Segment
  readonly file: DiskFile
  readonly now: number
}

/**
 * Turns appends into frames on disk.
 *
 * ```
 *   append ─▶ open frame ──(nobody joins it, or full, or a snapshot's cut)──▶ closed frames ──▶ one write ─▶ one sync ─▶ durable
 *                ▲                                                                                              │
 *                └────────────── gathers what comes meanwhile ◀── goes on while there is more ──────────────────┘
 *
 *   segment full:   last frame + footer ─▶ sync ─▶ next segment's file, durable ─▶ go on
 *   nothing to do:  5 ms ─▶ seal frame ─▶ sync
 * ```
 *
 * Frames are assigned to segments when they open, by their planned sizes, so that the accounts of a body have their place
 * before it is on disk.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions
  /** What is not durable: closed frames in order, the open one last. */
  readonly #frames: PendingFrame[] = []
  #open: PendingFrame
  #file: DiskFile
  /** The segment that `#file` is. */
  #segment: Segment
  /** What the open frame's segment will measure with the frames closed so far. */
  #plannedBytes = FILE_HEADER_BYTES
  #durableFrame: number
  /** How many appends there were. */
  #appends = 0
  /** Set while the open frame waits for more. */
  #endGathering: (() => void) | null = null
  #running: Promise<void> | null = null
  #closing = false
  #failure: JournalError | null = null
  #commits = 0
  #sealTimer: (() => void) | null = null
  #sealed = true
  #waiting: {
    readonly frame: number
    readonly resolve: () => void
    readonly reject: (error: Error) => void
  }[] = []
  /** Events and bodies appended since the start, in bytes. */
  appendedBytes = 0

  constructor(options: GroupCommitOptions, start: CommitStart) {
    this.#options = options
    this.#segment = start.segment
    this.#file = start.file
    this.#durableFrame = start.segment.firstFrame - 1
    this.#open = new PendingFrame(
      'commit',
      start.segment.firstFrame,
      start.segment,
      start.segment.firstBodyId,
      start.now,
    )
    this.#frames.push(this.#open)
  }

  get nextBodyId(): number {
    return this.#open.firstBodyId + this.#open.bodies.length
  }

  get openFrame(): number {
    return this.#open.number
  }

  get durableFrame(): number {
    return this.#durableFrame
  }

  /** Why nothing is taken any more, once that is so. */
  get failure(): JournalError | null {
    return this.#failure
  }

  append(now: number, events: Uint8Array, bodies: readonly Uint8Array[]): number {
    this.#assertTaking()
    const more = events.length + bodies.reduce((sum, body) => sum + body.length, 0)
    if (this.#open.used && this.#open.bytes + more > this.#options.limits.frameBytes) this.#closeFrame()
    assert(now >= this.#open.now, 'the journal is never told of an earlier time')
    this.#open.append(now, events, bodies)
    this.appendedBytes += more
    this.#appends++
    if (this.#open.bytes >= this.#options.limits.gatherBytes) this.#endGathering?.()
    this.#startFlush()
    return this.#open.number
  }

  /** The segment that the bodies of the last append lie in. */
  get openSegment(): Segment {
    return this.#open.segment
  }

  /**
   * The open frame takes nothing more. Returns the number of the last frame before it, which is greater than `after`: an
   * empty frame is written if need be.
   */
  cut(after: number): { readonly frame: number; readonly now: number } {
    this.#assertTaking()
    if (!this.#open.used && this.#open.number - 1 <= after) this.#open.used = true
    const { used, number, now } = this.#open
    if (!used) return { frame: number - 1, now }
    this.#closeFrame()
    this.#startFlush()
    return { frame: number, now }
  }

  /** A body that is not yet on disk. */
  pendingBody(bodyId: number): Uint8Array | undefined {
    for (let i = this.#frames.length - 1; i >= 0; i--) {
      const frame = this.#frames[i]!
      if (bodyId >= frame.firstBodyId) return frame.bodies[bodyId - frame.firstBodyId]
    }
    return undefined
  }

  /** Resolves when the frame is durable, and rejects when it never will be. */
  whenDurable(frame: number): Promise<void> {
    if (this.#failure !== null) return Promise.reject(this.#failure)
    if (frame <= this.#durableFrame) return Promise.resolve()
    return new Promise((resolve, reject) => this.#waiting.push({ frame, resolve, reject }))
  }

  /** Nothing is taken any more, and nothing more is written: what is durable now is all that ever will be. */
  fail(message: string, cause: unknown): void {
    if (this.#failure !== null) return
    this.#failure = new JournalError(message, { cause })
    this.#sealTimer?.()
    this.#sealTimer = null
    for (const { reject } of this.#waiting) reject(this.#failure)
    this.#waiting = []
    this.#options.onFailure(this.#failure)
  }

  /** Writes what is there, then a footer. All is durable, and the segment sealed, when this resolves. */
  async close(): Promise<void> {
    this.#closing = true
    this.#sealTimer?.()
    this.#sealTimer = null
    // What runs may have been given nothing to do yet, and may give up on the way.
    while (this.#failure === null && (this.#running !== null || this.#open.used || this.#frames.length > 1)) {
      await (this.#running ?? this.#flush())
    }
    try {
      if (this.#failure !== null) throw this.#failure
      // A segment without frames is replaced at the next start.
      if (this.#segment.lastFrame >= this.#segment.firstFrame) await this.#writeFooter()
    } finally {
      await this.#file.close().catch(() => {})
    }
  }

  #assertTaking(): void {
    if (this.#failure !== null) throw this.#failure
    if (this.#closing) throw new JournalError('the journal is closed')
  }

  #startFlush(): void {
    if (this.#running === null) void this.#flush()
  }

  /** Closes the open frame and opens the next, in the next segment if this one will be full. */
  #closeFrame(): void {
    const closed = this.#open
    this.#plannedBytes += closed.close().bytes
    const nextBodyId = closed.firstBodyId + closed.bodies.length
    if (this.#plannedBytes < this.#options.limits.segmentBytes) {
      this.#openNext(closed.number + 1, closed.segment, nextBodyId, closed.now)
      return
    }
    const footer = new PendingFrame('footer', closed.number + 1, closed.segment, nextBodyId, closed.now)
    footer.close()
    this.#frames.push(footer)
    const segment = planSegment(this.#options.origin, footer.number + 1, nextBodyId)
    this.#options.places.addSegment(segment)
    this.#plannedBytes = FILE_HEADER_BYTES
    this.#openNext(footer.number + 1, segment, nextBodyId, closed.now)
  }

  #openNext(number: number, segment: Segment, firstBodyId: number, now: number): void {
    this.#open = new PendingFrame('commit', number, segment, firstBodyId, now)
    this.#frames.push(this.#open)
  }

  #flush(): Promise<void> {
    this.#running = this.#writeAll().then(
      () => {
        this.#running = null
        // An append that came between the last look for more and here relied on what ran to take it along.
        if (this.#open.used && this.#failure === null && !this.#closing) this.#startFlush()
        else this.#armSeal()
      },
      (cause) => {
        this.#running = null
        this.fail(
          'the journal is closed: a write did not reach the disk. What was not answered may or may not be kept',
          cause,
        )
      },
    )
    return this.#running
  }

  async #writeAll(): Promise<void> {
    while (this.#failure === null) {
      if (this.#frames.length === 1 && this.#open.used) await this.#gather()
      if (this.#failure !== null) return
      if (this.#open.used) this.#closeFrame()
      const batch = this.#nextBatch()
      if (batch.length === 0) return
      const { kind } = batch.at(-1)!
      this.#commits++
      this.#sealed = kind !== 'commit'
      await this.#write(batch)
      if (kind === 'footer' && this.#failure === null) await this.#beginSegment()
    }
  }

  /**
   * Waits while more joins the open frame with every turn of the event loop. A sync costs as much as several requests,
   * so who is busy had better write less often; who isn't, waits one turn for nothing. Those whom the last commit
   * answered also come back together. A frame that is large already goes at once: the disk is then at work while the next
   * is made, instead of one waiting for the other.
   */
  async #gather(): Promise<void> {
    const { gatherTurns, gatherBytes } = this.#options.limits
    for (let turn = 0; turn < gatherTurns && this.#open.bytes < gatherBytes; turn++) {
      const appends = this.#appends
      await new Promise<void>((resolve) => {
        this.#endGathering = resolve
        this.#options.timers.soon(resolve)
      })
      this.#endGathering = null
      if (this.#appends === appends) return
    }
  }

  /** Closed frames for one write: of one segment, and not too many bytes. */
  #nextBatch(): PendingFrame[] {
    const batch: PendingFrame[] = []
    let bytes = 0
    for (const frame of this.#frames) {
      if (frame.plan === null || frame.segment !== this.#segment) break
      if (batch.length > 0 && bytes + frame.plan.bytes > this.#options.limits.writeBytes) break
      batch.push(frame)
      bytes += frame.plan.bytes
    }
    return batch
  }

  async #write(batch: readonly PendingFrame[]): Promise<void> {
    const segment = this.#segment
    const { epoch } = this.#options.origin
    let checksum = segment.lastChecksum
    let offset = segment.bytes
    const encoded = batch.map((frame) => {
      const { kind, number, now, firstBodyId } = frame
      const durableFrame = this.#durableFrame
      const result = encodeFrame(
        {
          kind,
          epoch,
          number,
          now,
          firstBodyId,
          durableFrame,
          nonce: segment.nonce,
          previousChecksum: checksum,
        },
        frame,
        frame.close(),
        { key: segment.key, offset },
      )
      checksum = result.checksum
      offset += result.bytes
      return result
    })
    const last = batch.at(-1)!
    const buffers = encoded.flatMap((frame) => frame.buffers)
    await this.#options.beforeWrite(offset - segment.bytes)
    if (this.#options.durability === 'fsync') {
      await this.#file.writeDurably(buffers, segment.bytes)
    } else {
      await this.#file.write(buffers, segment.bytes)
      // A segment is synced when it ends, whatever the durability: a sealed one is never torn.
      if (last.kind === 'footer') await this.#file.sync()
    }
    // Someone else's failure may have closed the journal meanwhile: then nothing is reported durable any more.
    if (this.#failure !== null) return

    for (const { bytes, bodyBlocks } of encoded) {
      for (const block of bodyBlocks) {
        segment.blocks.add(block.count, segment.bytes + block.offset, block.length, block.checksum)
        this.#options.cache.put(segment, segment.blocks.length - 1, block.opened)
      }
      segment.bytes += bytes
    }
    segment.lastChecksum = checksum
    segment.lastFrame = last.number
    segment.lastNow = last.now
    segment.sealed = last.kind === 'footer'
    this.#frames.splice(0, batch.length)
    this.#reportDurable(last.number)
  }

  #reportDurable(frame: number): void {
    this.#durableFrame = frame
    this.#options.onDurable(frame)
    const reached = this.#waiting.filter((waiting) => waiting.frame <= frame)
    if (reached.length === 0) return
    this.#waiting = this.#waiting.filter((waiting) => waiting.frame > frame)
    for (const { resolve } of reached) resolve()
  }

  /** The next segment's file is durable before a frame in it is acknowledged. */
  async #beginSegment(): Promise<void> {
    const full = this.#segment
    const fullFile = this.#file
    full.blocks.trim()
    const next = this.#frames[0]!.segment
    this.#file = await createSegmentFile(this.#options.origin, next, full.nonce)
    this.#segment = next
    await fullFile.close()
    this.#options.onSealed(full)
  }

  async #writeFooter(): Promise<void> {
    const open = this.#open
    const footer = new PendingFrame('footer', open.number, this.#segment, open.firstBodyId, open.now)
    footer.close()
    this.#frames.splice(0, 1, footer)
    try {
      await this.#write([footer])
    } catch (cause) {
      this.fail('the journal did not close: its last write did not reach the disk', cause)
    }
    if (this.#failure !== null) throw this.#failure
  }

  /** An acknowledged frame that another one follows can't be taken for a torn tail. */
  #armSeal(): void {
    if (this.#sealed || this.#sealTimer !== null || this.#closing || this.#failure !== null) return
    const commits = this.#commits
    this.#sealTimer = this.#options.timers.after(this.#options.limits.sealAfterMilliseconds, () => {
      this.#sealTimer = null
      if (this.#running !== null || this.#open.used) return
      if (commits === this.#commits) this.#writeSeal()
      else this.#armSeal()
    })
  }

  #writeSeal(): void {
    const { number, segment, firstBodyId, now } = this.#open
    const seal = new PendingFrame('seal', number, segment, firstBodyId, now)
    this.#plannedBytes += seal.close().bytes
    this.#frames.splice(this.#frames.indexOf(this.#open), 1, seal)
    this.#openNext(number + 1, segment, firstBodyId, now)
    void this.#flush()
  }
}
