import type { Units } from '../../../core/units.ts'
import { NOWHERE, type Positioned } from './entry-heap.ts'
import { KeyedTable } from './keyed-table.ts'
import type { ProcessingTime } from './processing-time.ts'

/**
 * The tenants of one standard queue: its message groups, as long as they have messages in it.
 *
 * ```
 *   96 bytes   f64 first fresh slot* │ f64 last fresh slot*
 *              f64 counted until │ f64 time spent this minute │ f64 time spent the minute before │ f64 last sent at
 *              u32 key (4) │ messages* │ in flight* │ first returned* │ last returned*
 *              u32 place in line* │ standing │ place among the noisy* │ next free*
 *                                                                     (* rebuilt, not read from snapshots)
 * ```
 */
const F = { firstFresh: 0, lastFresh: 1, countedUntil: 2, current: 3, before: 4, sentAt: 5 } as const
const W = {
  key: 12,
  messages: 16,
  inFlight: 17,
  firstReturned: 18,
  lastReturned: 19,
  place: 20,
  standing: 21,
  placeAmongNoisy: 22,
  nextFree: 23,
} as const

/** Its messages stand in line by when they became available. */
export const QUIET = 0
/** Its messages wait until no quiet tenant has any. */
export const NOISY = 1
/** It was noisy, and has a backlog from then: one message of it at a time stands in line. */
export const FORGIVEN = 2
export type Standing = typeof QUIET | typeof NOISY | typeof FORGIVEN

/** The slot that isn't one. */
const NONE = -1

export class TenantTable extends KeyedTable implements Positioned {
  constructor(units: Units, beforePagesChange: () => void) {
    super(units, beforePagesChange, { floats: 12, keyWord: W.key, nextFreeWord: W.nextFree })
  }

  /** The oldest of its messages that were never received, -1 for none; the others follow by their links. */
  firstFresh(tenant: number): number {
    return this.float(tenant, F.firstFresh)
  }
  setFirstFresh(tenant: number, slot: number): void {
    this.setFloat(tenant, F.firstFresh, slot)
  }
  lastFresh(tenant: number): number {
    return this.float(tenant, F.lastFresh)
  }
  setLastFresh(tenant: number, slot: number): void {
    this.setFloat(tenant, F.lastFresh, slot)
  }
  /** The entries of its messages that came back, or were delayed: the first and the last, 0 for none. */
  firstReturned(tenant: number): number {
    return this.word(tenant, W.firstReturned)
  }
  setFirstReturned(tenant: number, entry: number): void {
    this.setWord(tenant, W.firstReturned, entry)
  }
  lastReturned(tenant: number): number {
    return this.word(tenant, W.lastReturned)
  }
  setLastReturned(tenant: number, entry: number): void {
    this.setWord(tenant, W.lastReturned, entry)
  }

  /** All its messages, whether available, in flight or delayed. */
  messages(tenant: number): number {
    return this.word(tenant, W.messages)
  }
  addMessages(tenant: number, count: number): void {
    this.setWord(tenant, W.messages, this.messages(tenant) + count)
  }
  inFlight(tenant: number): number {
    return this.word(tenant, W.inFlight)
  }
  addInFlight(tenant: number, count: number): void {
    this.setWord(tenant, W.inFlight, this.inFlight(tenant) + count)
  }

  processingTime(tenant: number): ProcessingTime {
    return {
      countedUntil: this.float(tenant, F.countedUntil),
      current: this.float(tenant, F.current),
      before: this.float(tenant, F.before),
    }
  }
  setProcessingTime(tenant: number, { countedUntil, current, before }: ProcessingTime): void {
    this.touch(tenant)
    this.setFloat(tenant, F.countedUntil, countedUntil)
    this.setFloat(tenant, F.current, current)
    this.setFloat(tenant, F.before, before)
  }
  /** When a message of it came into the queue last, in milliseconds since the epoch. */
  sentAt(tenant: number): number {
    return this.float(tenant, F.sentAt)
  }
  setSentAt(tenant: number, now: number): void {
    this.touch(tenant)
    this.setFloat(tenant, F.sentAt, now)
  }
  standing(tenant: number): Standing {
    return this.word(tenant, W.standing) as Standing
  }
  setStanding(tenant: number, standing: Standing): void {
    this.touch(tenant)
    this.setWord(tenant, W.standing, standing)
  }

  /** In the line of the quiet, or in that of the noisy: it's never in both. */
  position(tenant: number): number {
    return this.word(tenant, W.place)
  }
  setPosition(tenant: number, position: number): void {
    this.setWord(tenant, W.place, position)
  }
  placeAmongNoisy(tenant: number): number {
    return this.word(tenant, W.placeAmongNoisy)
  }
  setPlaceAmongNoisy(tenant: number, place: number): void {
    this.setWord(tenant, W.placeAmongNoisy, place)
  }

  protected empty(tenant: number): void {
    this.setFirstFresh(tenant, NONE)
    this.setLastFresh(tenant, NONE)
    this.setFirstReturned(tenant, 0)
    this.setLastReturned(tenant, 0)
    this.setWord(tenant, W.messages, 0)
    this.setWord(tenant, W.inFlight, 0)
    this.setPosition(tenant, NOWHERE)
    this.setPlaceAmongNoisy(tenant, NOWHERE)
  }

  protected isHeld(tenant: number): boolean {
    return this.messages(tenant) > 0
  }
}
