import type { StateHost } from '../../../core/service-state.ts'
import type { Unit, Units } from '../../../core/units.ts'
import type { Deadlines } from './deadlines.ts'
import type { Directory } from './directory.ts'
import type { Origins } from './origins.ts'
import type { DetachedContent, Queue } from './queue.ts'
import { EMPTY, FRESH, SLOTS_PER_PAGE, type SlotPage } from './slots.ts'
import type { Tracking } from './tracking.ts'

/** Pages that one call may work on: about a millisecond. */
const PAGES_PER_CALL = 16
/** Units without bodies that one call may let go of. */
const UNITS_PER_CALL = 512
const QUEUES_PER_CALL = 256
const SWEEP_INTERVAL_MS = 1000

interface DetachedPages {
  /** Those still to be done. */
  readonly pages: Map<number, SlotPage>
  readonly next: IterableIterator<SlotPage>
}

/**
 * What has to be given back but nobody waits for: the bodies and entries of purged and deleted queues, and messages whose
 * retention passed. None of it changes what a client sees, so it is neither journaled nor part of snapshots: what a
 * restart leaves undone is found again, or was never referred to.
 */
export class Cleanup {
  readonly #host: StateHost
  readonly #directory: Directory
  readonly #tracking: Tracking
  readonly #deadlines: Deadlines
  readonly #units: Units
  readonly #origins: Origins
  readonly #detached: DetachedPages[] = []
  readonly #others: Iterator<Unit>[] = []
  /** Queues that nobody can reach any more, and that still hold their pages. */
  readonly #unreachable: Queue[] = []
  #sweep: Iterator<Queue> | null = null
  #sweeping: Queue | null = null
  #nextSweepAt = 0

  constructor(
    units: Units,
    host: StateHost,
    directory: Directory,
    tracking: Tracking,
    deadlines: Deadlines,
    origins: Origins,
  ) {
    this.#units = units
    this.#origins = origins
    this.#host = host
    this.#directory = directory
    this.#tracking = tracking
    this.#deadlines = deadlines
  }

  /** Takes over what a queue let go of. */
  add({ pages, others }: DetachedContent): void {
    if (pages.size > 0) this.#detached.push({ pages, next: pages.values() })
    this.#others.push(...others)
  }

  /** Takes over queues that are in no directory any more, however many, with all that they hold. */
  addQueues(queues: readonly Queue[]): void {
    for (const queue of queues) this.#unreachable.push(queue)
  }

  /** The bodies that are still to be given back: a replay leaves them referred to until then. */
  live(visit: (bodyId: number, bytes: number) => void): void {
    for (const { pages } of this.#detached) for (const page of pages.values()) page.visitBodies(visit)
    for (const queue of this.#unreachable) for (const page of queue.slots.pages()) page.visitBodies(visit)
  }

  /**
   * Does a bounded piece of the work. True while there is more to do at once. `afresh` looks for messages whose retention
   * passed from the beginning, and not only when it's a while since they were looked for.
   */
  tidy(now: number, afresh: boolean): boolean {
    this.#dissolveSome()
    for (let i = 0; i < PAGES_PER_CALL && this.#detached.length > 0; i++) {
      const { pages, next } = this.#detached.at(-1)!
      const page = next.next().value!
      this.#giveBack(page)
      this.#units.remove(page)
      if (page.origins !== null) {
        this.#origins.releaseColumn(page.origins)
        this.#units.remove(page.origins)
      }
      pages.delete(page.number)
      if (pages.size === 0) this.#detached.pop()
    }
    for (let i = 0; i < UNITS_PER_CALL && this.#others.length > 0; i++) {
      const { value: unit, done } = this.#others.at(-1)!.next()
      if (done === true) this.#others.pop()
      else this.#units.remove(unit)
    }
    if (afresh || (this.#sweep === null && now >= this.#nextSweepAt)) {
      this.#sweep = this.#directory[Symbol.iterator]()
      this.#nextSweepAt = now + SWEEP_INTERVAL_MS
    }
    if (this.#sweep !== null) this.#sweepSome(this.#sweep, now)
    const moreOrigins = this.#origins.tidy()
    return (
      moreOrigins ||
      this.#detached.length > 0 ||
      this.#others.length > 0 ||
      this.#unreachable.length > 0 ||
      this.#sweep !== null
    )
  }

  /** Takes the pages of a few unreachable queues, unless there is work enough. */
  #dissolveSome(): void {
    for (let i = 0; i < QUEUES_PER_CALL && this.#detached.length < PAGES_PER_CALL; i++) {
      const queue = this.#unreachable.pop()
      if (queue === undefined) return
      this.add(queue.detachForGood())
      this.#units.remove(queue)
    }
  }

  #sweepSome(queues: Iterator<Queue>, now: number): void {
    for (let i = 0; i < QUEUES_PER_CALL; i++) {
      if (this.#sweeping === null) {
        const next = queues.next()
        if (next.done === true) {
          this.#sweep = null
          return
        }
        this.#sweeping = next.value
      }
      const present = this.#directory.numbered(this.#sweeping.number) === this.#sweeping
      if (present && this.#sweeping.sweep(now, PAGES_PER_CALL)) return
      this.#sweeping = null
    }
  }

  #giveBack(page: SlotPage): void {
    for (let index = 0; index < SLOTS_PER_PAGE; index++) {
      const occupancy = page.occupancy(index)
      if (occupancy === EMPTY) continue
      this.#host.release(page.bodyId(index), page.bytes(index))
      if (occupancy === FRESH) continue
      const entry = occupancy - 1
      this.#deadlines.remove(entry)
      this.#tracking.free(entry)
    }
  }
}
