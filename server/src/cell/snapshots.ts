import type { Timers } from '../base/time.ts'
import type { Units } from '../core/units.ts'
import type { Journal, SnapshotWriter } from '../journal/journal.ts'

/** When a snapshot is worth its writing. */
export interface SnapshotLimits {
  /** A restart replays at most about this much, and what was appended while the newest snapshot was written. */
  readonly replayBytes: number
  /** Space worth a snapshot of its own: segments go only after two snapshots that no longer need them. */
  readonly garbageBytes: number
  /** How far apart snapshots for the sake of space are. */
  readonly garbageIntervalMs: number
}

export const SNAPSHOT_LIMITS: SnapshotLimits = {
  replayBytes: 64 * 1024 * 1024,
  garbageBytes: 64 * 1024 * 1024,
  garbageIntervalMs: 30_000,
}

/** After a snapshot that failed: whatever was in its way, a full disk for one, is hardly gone at once. */
const RETRY_INTERVAL_MS = 30_000
/** What is captured and encoded in one go, so that the cell is never held up for long. */
const SLICE_BYTES = 256 * 1024
const SLICE_UNITS = 4096

/** Takes a snapshot of the state whenever a restart would otherwise take long, or space could be won. */
export class Snapshots {
  readonly #units: Units
  readonly #journal: Journal
  readonly #timers: Timers
  readonly #limits: SnapshotLimits
  readonly #report: (error: Error) => void
  /** Settles with the last snapshot that was asked for; never rejects. */
  #last: Promise<void> = Promise.resolve()
  /** How many were asked for and are not done. */
  #pending = 0
  #begunAt = Number.NEGATIVE_INFINITY
  #retryAt = Number.NEGATIVE_INFINITY
  #withoutProgress = 0
  #frame = -1

  /** `report` is told why a snapshot failed; the next one is tried later. */
  constructor(
    units: Units,
    journal: Journal,
    timers: Timers,
    limits: SnapshotLimits,
    report: (error: Error) => void,
  ) {
    this.#units = units
    this.#journal = journal
    this.#timers = timers
    this.#limits = limits
    this.#report = report
  }

  /** Begins a snapshot if one is due. To be called now and then. */
  consider(now: number): void {
    if (this.#pending > 0 || now < this.#retryAt || !this.#due(now)) return
    this.#begunAt = now
    const { durableFrame } = this.#journal
    this.#withoutProgress = durableFrame === this.#frame ? this.#withoutProgress + 1 : 0
    this.#frame = durableFrame
    this.take().catch((error: Error) => {
      this.#retryAt = now + RETRY_INTERVAL_MS
      this.#report(error)
    })
  }

  /** Resolves when no snapshot is under way. */
  settled(): Promise<void> {
    return this.#last
  }

  /** Takes a snapshot as soon as none is under way. Resolves when it is durable. */
  take(): Promise<void> {
    const taken = this.#last.then(() => this.#write())
    const done = () => {
      this.#pending--
    }
    this.#pending++
    this.#last = taken.then(done, done)
    return taken
  }

  async #write(): Promise<void> {
    const writer = this.#journal.beginSnapshot()
    const cut = this.#units.cut()
    try {
      while (await this.#writeSlice(writer, () => cut.next())) await this.#nextTurn()
      await writer.finish()
    } catch (error) {
      cut.abandon(this.#units)
      await writer.abort().catch(() => {})
      throw error
    }
  }

  async #writeSlice(
    writer: SnapshotWriter,
    next: () => { id: number; bytes: Uint8Array | null } | null,
  ): Promise<boolean> {
    let bytes = 0
    for (let i = 0; i < SLICE_UNITS && bytes < SLICE_BYTES; i++) {
      const unit = next()
      if (unit === null) return false
      if (unit.bytes === null) {
        writer.keep(unit.id)
      } else {
        bytes += unit.bytes.length
        await writer.write(unit.id, unit.bytes)
      }
    }
    return true
  }

  #nextTurn(): Promise<void> {
    return new Promise((resolve) => this.#timers.soon(resolve))
  }

  #due(now: number): boolean {
    const { replayBytes, bytes, liveBytes } = this.#journal.stats()
    if (replayBytes > this.#limits.replayBytes) return true
    if (bytes - liveBytes <= this.#limits.garbageBytes) return false
    if (now < this.#begunAt + this.#limits.garbageIntervalMs) return false
    // Two more snapshots free what is dead by now; after that, more of them win nothing until something happens.
    return this.#withoutProgress < 3 || this.#journal.durableFrame !== this.#frame
  }
}
