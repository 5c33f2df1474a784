import type { Units } from '../../../core/units.ts'
import { KeyedTable } from './keyed-table.ts'

/**
 * The message groups of one FIFO queue, as long as they have messages.
 *
 * ```
 *   48 bytes   f64 head slot* │ f64 tail slot*
 *              u32 key (4) │ in flight* │ next ready* │ previous ready* │ next free*
 *                                                                     (* rebuilt, not read from snapshots)
 * ```
 *
 * Groups of which something may be received next stand in the list of ready ones, in the order in which they came to be so.
 */
const F = { head: 0, tail: 1 } as const
const W = { key: 4, inFlight: 8, nextReady: 9, previousReady: 10, nextFree: 11 } as const

/** The slot that isn't one. */
const NONE = -1
/** The link of a group that is not in the list of ready ones. */
const NOT_READY = 0xffff_ffff

export class GroupTable extends KeyedTable {
  #readyHead = 0
  #readyTail = 0

  constructor(units: Units, beforePagesChange: () => void) {
    super(units, beforePagesChange, { floats: 6, keyWord: W.key, nextFreeWord: W.nextFree })
  }

  /** The group that was ready first, 0 for none. */
  get firstReady(): number {
    return this.#readyHead
  }

  /** The slot of its first message, -1 where it has none. */
  head(entry: number): number {
    return this.float(entry, F.head)
  }
  setHead(entry: number, slot: number): void {
    this.setFloat(entry, F.head, slot)
  }
  tail(entry: number): number {
    return this.float(entry, F.tail)
  }
  setTail(entry: number, slot: number): void {
    this.setFloat(entry, F.tail, slot)
  }
  /** A message becomes the last one. Returns the slot of the one before, -1 where it's the first too. */
  putLast(entry: number, slot: number): number {
    const { floats } = this.pageOf(entry)
    const first = this.firstFloatOf(entry)
    const before = floats[first + F.tail]!
    if (before < 0) floats[first + F.head] = slot
    floats[first + F.tail] = slot
    return before
  }
  inFlight(entry: number): number {
    return this.word(entry, W.inFlight)
  }
  addInFlight(entry: number, count: number): void {
    this.setWord(entry, W.inFlight, this.inFlight(entry) + count)
  }

  isReady(entry: number): boolean {
    return this.word(entry, W.previousReady) !== NOT_READY
  }
  /** Neither ready nor held up by what is in flight. */
  mayBecomeReady(entry: number): boolean {
    const { words } = this.pageOf(entry)
    const first = this.firstWordOf(entry)
    return words[first + W.inFlight] === 0 && words[first + W.previousReady] === NOT_READY
  }
  nextReady(entry: number): number {
    return this.word(entry, W.nextReady)
  }

  /** Puts the group, which must not be ready yet, behind all that are. */
  makeReady(entry: number): void {
    this.setWord(entry, W.nextReady, 0)
    this.setWord(entry, W.previousReady, this.#readyTail)
    if (this.#readyTail === 0) this.#readyHead = entry
    else this.setWord(this.#readyTail, W.nextReady, entry)
    this.#readyTail = entry
  }

  /** Takes the group out of the list of ready ones, if it is in. */
  makeUnready(entry: number): void {
    if (!this.isReady(entry)) return
    const next = this.nextReady(entry)
    const previous = this.word(entry, W.previousReady)
    if (previous === 0) this.#readyHead = next
    else this.setWord(previous, W.nextReady, next)
    if (next === 0) this.#readyTail = previous
    else this.setWord(next, W.previousReady, previous)
    this.setWord(entry, W.previousReady, NOT_READY)
  }

  protected empty(entry: number): void {
    this.setHead(entry, NONE)
    this.setTail(entry, NONE)
    this.setWord(entry, W.inFlight, 0)
    this.setWord(entry, W.previousReady, NOT_READY)
  }

  protected isHeld(entry: number): boolean {
    return this.head(entry) !== NONE
  }
}
