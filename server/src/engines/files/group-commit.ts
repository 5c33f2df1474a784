import assert from 'node:assert/strict'
import type { Timers } from '../../base/time.ts'
import { type Durability, JournalError } from '../../journal/journal.ts'
import type { BlockCache } from './block-cache.ts'
import type { Segment } from './body-file.ts'
import type { BodyPlaces } from './body-places.ts'
import type { DiskFile } from './disk.ts'
import { FILE_HEADER_BYTES } from './file-header.ts'
import type { FilesLimits } from './limits.ts'
import { PendingFrame } from './pending-frame.ts'
import { createSegmentFile, planSegment, type SegmentOrigin } from './segment-file.ts'
import { SegmentWriter } from './segment-writer.ts'

/** The thread makes the next frame while the disk has one; with a second it need not wait for the first to be done. */
const WRITES_MAX = 2

export interface GroupCommitOptions {
  readonly origin: SegmentOrigin
  readonly timers: Timers
  readonly durability: Durability
  readonly limits: FilesLimits
  readonly places: BodyPlaces
  readonly cache: BlockCache
  /** Asked before each write of so many bytes; may make room for them. */
  readonly beforeWrite: (bytes: number) => unknown
  /** Whether there is room for so many bytes that could as well be left out. If so, they are accounted for. */
  readonly takeSpare: (bytes: number) => boolean
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
 *   append ─▶ open frame ──(has enough, or nobody joins it, or a snapshot's cut)──▶ closed frames ──▶ write + sync ─▶ durable
 *                ▲                                                                        at most two at a time     │
 *                └────────────────────── gathers what comes meanwhile ◀── goes on while there is more ──────────────┘
 *
 *   segment full:   last frames, all durable ─▶ footer ─▶ sync ─▶ next segment's file, durable ─▶ go on
 *   nothing to do:  5 ms ─▶ seal frame ─▶ sync
 * ```
 *
 * Frames are assigned to segments when they open, by their planned sizes, so that the accounts of a body have their place
 * before it is on disk.
 */
export class GroupCommit {
  readonly #options: GroupCommitOptions
  readonly #writer: SegmentWriter
  /** What is not durable, in order: what is being written, closed frames, the open one last. */
  readonly #frames: PendingFrame[] = []
  /** How many of them are being written. */
  #handedOver = 0
  #open: PendingFrame
  /** What the open frame's segment will measure with the frames closed so far. */
  #plannedBytes = FILE_HEADER_BYTES
  #durableFrame: number
  /** For how many turns the open frame has waited for more. */
  #turnsWaited = 0
  /** How many appends it had when the last of them began; null while none is being waited for. */
  #appendsBefore: number | null = null
  /** It has waited for a turn that brought nothing. */
  #joinedByNobody = false
  /** What is to be written will be looked at when the command that brings it is done. */
  #writesSoon = false
  /** Between two segments: nothing can be written. */
  #changingSegment = false
  /** Resolves when the file of the newest segment is there, or won't be. */
  #segmentBegun: Promise<void> = Promise.resolve()
  #closing = false
  #whenSettled: (() => void) | null = null
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
    this.#writer = new SegmentWriter(
      {
        origin: options.origin,
        durability: options.durability,
        limits: options.limits,
        cache: options.cache,
        beforeWrite: options.beforeWrite,
        takeSpare: options.takeSpare,
        onDurable: (frames) => this.#written(frames),
        onFailure: (cause) => this.#failToWrite(cause),
      },
      start.segment,
      start.file,
    )
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
    if (this.#open.used && this.#open.bytes + more > this.#options.limits.frameBytes) {
      this.#closeFrame()
      this.#writeSoon()
    }
    assert(now >= this.#open.now, 'the journal is never told of an earlier time')
    this.#open.append(now, events, bodies)
    this.appendedBytes += more
    if (this.#hasEnough()) this.#writeSoon()
    else if (this.#writer.underWay === 0) this.#waitForTurn()
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
    this.#writeSoon()
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
    this.#whenSettled?.()
    this.#options.onFailure(this.#failure)
  }

  /** Writes what is there, then a footer. All is durable, and the segment sealed, when this resolves. */
  async close(): Promise<void> {
    this.#closing = true
    this.#sealTimer?.()
    this.#sealTimer = null
    try {
      await this.#settled()
      const { segment } = this.#writer
      // A segment without frames is replaced at the next start.
      if (segment.lastFrame < segment.firstFrame) return
      const { number, firstBodyId, now } = this.#open
      const footer = new PendingFrame('footer', number, segment, firstBodyId, now)
      footer.close()
      // The open frame stays behind it, empty for good.
      this.#frames.unshift(footer)
      await this.#settled()
    } finally {
      await this.#segmentBegun
      await this.#writer.close().catch(() => {})
    }
  }

  #assertTaking(): void {
    if (this.#failure !== null) throw this.#failure
    if (this.#closing) throw new JournalError('the journal is closed')
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
    this.#turnsWaited = 0
    this.#joinedByNobody = false
  }

  /** Not at once: whoever appends still has to say what for, and one command may append more than once. */
  #writeSoon(): void {
    if (this.#writesSoon || this.#writer.underWay === WRITES_MAX) return
    this.#writesSoon = true
    queueMicrotask(() => {
      this.#writesSoon = false
      this.#writeWhatIsDue()
    })
  }

  #writeWhatIsDue(): void {
    while (this.#failure === null && !this.#changingSegment && this.#writer.underWay < WRITES_MAX) {
      if (!this.#hasClosed && !this.#closeIfDue()) return
      const batch = this.#nextBatch()
      const { kind } = batch.at(-1)!
      // What a footer ends is complete, with all that the segment's index will say of it.
      if (kind === 'footer' && this.#writer.underWay > 0) return
      this.#commits++
      this.#sealed = kind !== 'commit'
      this.#changingSegment = kind === 'footer'
      this.#handedOver += batch.length
      this.#writer.write(batch, this.#durableFrame)
    }
  }

  /** Whether there are closed frames that are not being written. */
  get #hasClosed(): boolean {
    return this.#frames.length - this.#handedOver > 1
  }

  /**
   * Closes the open frame if it has waited long enough. It waits while more joins it with every turn of the event loop: a sync
   * costs as much as several requests, so who is busy had better write less often; who isn't, waits one turn for nothing.
   * Those whom the last commit answered also come back together. With enough in it it goes at once: the disk is then at work
   * while the next one is made, instead of one waiting for the other. And while the disk is at work, nothing is lost by waiting
   * until it has enough.
   */
  #closeIfDue(): boolean {
    if (!this.#open.used) return false
    if (!this.#closing && !this.#hasEnough()) {
      if (this.#writer.underWay > 0) return false
      if (!this.#joinedByNobody && this.#turnsWaited < this.#options.limits.gatherTurns) {
        this.#waitForTurn()
        return false
      }
    }
    this.#closeFrame()
    return true
  }

  #hasEnough(): boolean {
    const { gatherBytes, gatherAppends } = this.#options.limits
    return this.#open.bytes >= gatherBytes || this.#open.appends >= gatherAppends
  }

  #waitForTurn(): void {
    if (this.#appendsBefore !== null) return
    const { number } = this.#open
    this.#appendsBefore = this.#open.appends
    this.#options.timers.soon(() => {
      // The frame that was open then may be gone.
      if (this.#open.number === number) {
        this.#turnsWaited++
        this.#joinedByNobody = this.#open.appends === this.#appendsBefore
      }
      this.#appendsBefore = null
      this.#writeWhatIsDue()
    })
  }

  /** Closed frames for one write: of one segment, and not too many bytes. */
  #nextBatch(): PendingFrame[] {
    const batch: PendingFrame[] = []
    const { segment } = this.#writer
    let bytes = 0
    for (let i = this.#handedOver; i < this.#frames.length; i++) {
      const frame = this.#frames[i]!
      if (frame.plan === null || frame.segment !== segment) break
      if (batch.length > 0 && bytes + frame.plan.bytes > this.#options.limits.writeBytes) break
      batch.push(frame)
      bytes += frame.plan.bytes
    }
    return batch
  }

  #written(frames: readonly PendingFrame[]): void {
    // Someone else's failure may have closed the journal meanwhile: then nothing is reported durable any more.
    if (this.#failure !== null) return
    this.#frames.splice(0, frames.length)
    this.#handedOver -= frames.length
    const { number, kind } = frames.at(-1)!
    this.#reportDurable(number)
    if (kind === 'footer') {
      const next = this.#frames[0]!.segment
      if (next !== this.#writer.segment) {
        this.#beginSegment(next)
        return
      }
      this.#changingSegment = false
    }
    this.#goOn()
  }

  #goOn(): void {
    this.#writeWhatIsDue()
    if (!this.#isSettled) return
    this.#whenSettled?.()
    this.#armSeal()
  }

  /** Nothing is left to write, or nothing will be written any more. */
  get #isSettled(): boolean {
    if (this.#failure !== null) return true
    return this.#frames.length === 1 && !this.#open.used && !this.#changingSegment
  }

  /** Resolves when all that was appended is durable; rejects when it never will be. */
  async #settled(): Promise<void> {
    this.#writeWhatIsDue()
    if (!this.#isSettled) {
      await new Promise<void>((resolve) => {
        this.#whenSettled = resolve
      })
    }
    if (this.#failure !== null) throw this.#failure
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
  #beginSegment(next: Segment): void {
    const full = this.#writer.segment
    full.blocks.trim()
    const begin = async () => {
      const file = await createSegmentFile(this.#options.origin, next, full.nonce)
      await this.#writer.continueIn(next, file).close()
    }
    this.#segmentBegun = begin().then(
      () => {
        this.#changingSegment = false
        this.#options.onSealed(full)
        this.#goOn()
      },
      (cause) => this.#failToWrite(cause),
    )
  }

  #failToWrite(cause: unknown): void {
    this.fail(
      'the journal is closed: a write did not reach the disk. What was not answered may or may not be kept',
      cause,
    )
  }

  /** An acknowledged frame that another one follows can't be taken for a torn tail. */
  #armSeal(): void {
    if (this.#sealed || this.#sealTimer !== null || this.#closing || this.#failure !== null) return
    const commits = this.#commits
    this.#sealTimer = this.#options.timers.after(this.#options.limits.sealAfterMilliseconds, () => {
      this.#sealTimer = null
      if (!this.#isSettled) return
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
    this.#writeWhatIsDue()
  }
}
