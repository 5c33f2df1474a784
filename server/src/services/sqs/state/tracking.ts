import { Page, type Units } from '../../../core/units.ts'
import { NOWHERE, type Positioned } from './entry-heap.ts'

/**
 * What there is to know about a message beyond its slot: only for those that are delayed, in flight, received before, or
 * came as dead letters. One table for all queues of a cell; entry numbers are reused, 0 is never one.
 *
 * ```
 *   80 bytes   f64 slot │ f64 deadline │ f64 firstReceivedAt │ f64 receivedAt
 *              u32 tag high │ tag low │ receive count │ receive number │ heap position* │ queue │ phase │ source
 *              u32 next* │ previous* │ arrived with │ redrives             (* rebuilt, not read from snapshots)
 * ```
 */
const ENTRIES_PER_PAGE = 512
const SHIFT = 9
const FLOATS = 10
const WORDS = 20
const PAGE_BYTES = ENTRIES_PER_PAGE * FLOATS * 8

/** Free. */
export const FREE = 0
/** Visible again, or for the first time after a delay: in its queue's list of returned messages. */
export const RETURNED = 1
/** Hidden by a receive until its deadline. */
export const IN_FLIGHT = 2
/** Hidden since it was sent until its deadline. */
export const DELAYED = 3
export type Phase = typeof RETURNED | typeof IN_FLIGHT | typeof DELAYED

/** What happened to a message in the queues it was in. */
export interface MessagePast {
  readonly receiveCount: number
  readonly firstReceivedAt: number
  /** The incarnation of the queue it is a dead letter of, or 0. */
  readonly source: number
  readonly redrives: number
}

export const NO_PAST: MessagePast = { receiveCount: 0, firstReceivedAt: 0, source: 0, redrives: 0 }

const F = { slot: 0, deadline: 1, firstReceivedAt: 2, receivedAt: 3 } as const
const W = {
  tagHigh: 8,
  tagLow: 9,
  receiveCount: 10,
  receiveNumber: 11,
  position: 12,
  queue: 13,
  phase: 14,
  source: 15,
  next: 16,
  previous: 17,
  arrivedWith: 18,
  redrives: 19,
} as const

export class Tracking implements Positioned {
  readonly #units: Units
  readonly #pages: Page[] = []
  readonly #beforePagesChange: () => void
  readonly #free: number[] = []
  #used = 0

  constructor(units: Units, beforePagesChange: () => void) {
    this.#units = units
    this.#beforePagesChange = beforePagesChange
  }

  /** Entries in use. */
  get size(): number {
    return this.#used
  }

  pageUnits(): number[] {
    return this.#pages.map((page) => page.id)
  }

  /** Brings a page back; call `rebuild` after the last one. */
  restorePage(unit: number, content: Uint8Array): void {
    const page = new Page(PAGE_BYTES, content)
    this.#units.addAs(unit, page)
    this.#pages.push(page)
  }

  /** Goes through all restored entries: `valid` says which still belong to a message; the others are freed. */
  rebuild(valid: (entry: number) => boolean): void {
    this.#used = 0
    for (let entry = this.#pages.length * ENTRIES_PER_PAGE - 1; entry > 0; entry--) {
      this.#setWord(entry, W.position, NOWHERE)
      if (this.phase(entry) !== FREE && valid(entry)) {
        this.#used++
        continue
      }
      if (this.phase(entry) !== FREE) this.#change(entry, W.phase, FREE)
      this.#free.push(entry)
    }
  }

  /** Entries in use, in no order that means anything. */
  *entries(): Iterable<number> {
    for (let entry = 1; entry < this.#pages.length * ENTRIES_PER_PAGE; entry++) {
      if (this.phase(entry) !== FREE) yield entry
    }
  }

  add(queue: number, slot: number, phase: Phase): number {
    const entry = this.#free.pop() ?? this.#grow()
    this.#used++
    const page = this.#writable(entry)
    const words = (entry & (ENTRIES_PER_PAGE - 1)) * WORDS
    // By hand: a call of `fill` costs more than so few words do.
    for (let word = words; word < words + WORDS; word++) page.words[word] = 0
    page.floats[words / 2 + F.slot] = slot
    page.words[words + W.queue] = queue
    page.words[words + W.phase] = phase
    page.words[words + W.position] = NOWHERE
    return entry
  }

  /** The entry must be out of every list and heap. */
  free(entry: number): void {
    this.#change(entry, W.phase, FREE)
    this.#free.push(entry)
    this.#used--
  }

  slot(entry: number): number {
    return this.#float(entry, F.slot)
  }
  queue(entry: number): number {
    return this.#word(entry, W.queue)
  }
  phase(entry: number): number {
    return this.#word(entry, W.phase)
  }
  setPhase(entry: number, phase: Phase): void {
    this.#change(entry, W.phase, phase)
  }
  /** When the message becomes visible, in milliseconds since the epoch; means nothing for one that is. */
  deadline(entry: number): number {
    return this.#float(entry, F.deadline)
  }
  setDeadline(entry: number, deadline: number): void {
    this.#changeFloat(entry, F.deadline, deadline)
  }
  /** 0 while it was never received. */
  firstReceivedAt(entry: number): number {
    return this.#float(entry, F.firstReceivedAt)
  }
  receivedAt(entry: number): number {
    return this.#float(entry, F.receivedAt)
  }
  /** Over all queues it was in. */
  receiveCount(entry: number): number {
    return this.#word(entry, W.receiveCount)
  }
  /** Receives that count in this queue alone. */
  receivesHere(entry: number): number {
    return this.#word(entry, W.receiveCount) - this.#word(entry, W.arrivedWith)
  }
  /** Grows with every receive in this queue, also with those that were undone, and once more with one that was postponed. */
  receiveNumber(entry: number): number {
    return this.#word(entry, W.receiveNumber)
  }
  /** The incarnation of the queue it is a dead letter of, or 0. */
  source(entry: number): number {
    return this.#word(entry, W.source)
  }
  /** The two halves of the newest receive's tag. */
  tagHigh(entry: number): number {
    return this.#word(entry, W.tagHigh)
  }
  tagLow(entry: number): number {
    return this.#word(entry, W.tagLow)
  }
  /** How often the message was moved out of a dead-letter queue and began anew: its id depends on it. */
  redrives(entry: number): number {
    return this.#word(entry, W.redrives)
  }
  /** Whether the tag is the one of the newest receive; takes the same time for every answer. */
  hasTag(entry: number, high: number, low: number): boolean {
    return ((this.#word(entry, W.tagHigh) ^ high) | (this.#word(entry, W.tagLow) ^ low)) === 0
  }

  receive(entry: number, now: number, deadline: number, tagHigh: number, tagLow: number): void {
    const page = this.#writable(entry)
    const words = (entry & (ENTRIES_PER_PAGE - 1)) * WORDS
    const floats = words / 2
    page.words[words + W.phase] = IN_FLIGHT
    page.words[words + W.tagHigh] = tagHigh
    page.words[words + W.tagLow] = tagLow
    page.words[words + W.receiveCount]! += 1
    page.words[words + W.receiveNumber]! += 1
    page.floats[floats + F.deadline] = deadline
    page.floats[floats + F.receivedAt] = now
    if (page.floats[floats + F.firstReceivedAt] === 0) page.floats[floats + F.firstReceivedAt] = now
  }

  /** Takes the newest receive back: it does not count. */
  undoReceive(entry: number): void {
    const count = this.receiveCount(entry) - 1
    this.#change(entry, W.receiveCount, count)
    if (count === 0) this.#changeFloat(entry, F.firstReceivedAt, 0)
  }

  /** The same, and its receipt is worth nothing more, though the message stays as it is. */
  postponeReceive(entry: number): void {
    this.undoReceive(entry)
    this.#change(entry, W.receiveNumber, this.receiveNumber(entry) + 1)
  }

  /** Carries over what a message brings from the queue it was in. */
  arrive(entry: number, past: MessagePast): void {
    this.#change(entry, W.receiveCount, past.receiveCount)
    this.#change(entry, W.arrivedWith, past.receiveCount)
    this.#change(entry, W.source, past.source)
    this.#change(entry, W.redrives, past.redrives)
    this.#changeFloat(entry, F.firstReceivedAt, past.firstReceivedAt)
  }

  /** What a message takes along to another queue; `NO_PAST` for one without an entry. */
  past(entry: number): MessagePast {
    return {
      receiveCount: this.receiveCount(entry),
      firstReceivedAt: this.firstReceivedAt(entry),
      source: this.source(entry),
      redrives: this.redrives(entry),
    }
  }

  // The links and the heap position are rebuilt after a restore, so their changes need no copy for a snapshot.
  position(entry: number): number {
    return this.#word(entry, W.position)
  }
  setPosition(entry: number, position: number): void {
    this.#setWord(entry, W.position, position)
  }
  next(entry: number): number {
    return this.#word(entry, W.next)
  }
  setNext(entry: number, next: number): void {
    this.#setWord(entry, W.next, next)
  }
  previous(entry: number): number {
    return this.#word(entry, W.previous)
  }
  setPrevious(entry: number, previous: number): void {
    this.#setWord(entry, W.previous, previous)
  }
  /** Puts the entry behind the last one of a list, 0 where that is empty. */
  link(entry: number, last: number): void {
    this.setNext(entry, 0)
    this.setPrevious(entry, last)
    if (last !== 0) this.setNext(last, entry)
  }
  /** Joins what stands before and behind the entry in its list. */
  unlink(entry: number): void {
    const next = this.next(entry)
    const previous = this.previous(entry)
    if (previous !== 0) this.setNext(previous, next)
    if (next !== 0) this.setPrevious(next, previous)
  }

  #grow(): number {
    this.#beforePagesChange()
    const page = new Page(PAGE_BYTES)
    this.#units.add(page)
    const first = this.#pages.push(page) * ENTRIES_PER_PAGE - ENTRIES_PER_PAGE
    for (let i = ENTRIES_PER_PAGE - 1; i > 0; i--) this.#free.push(first + i)
    return first === 0 ? this.#free.pop()! : first
  }

  #writable(entry: number): Page {
    const page = this.#pages[entry >>> SHIFT]!
    this.#units.touch(page)
    return page
  }
  #word(entry: number, word: number): number {
    return this.#pages[entry >>> SHIFT]!.words[(entry & (ENTRIES_PER_PAGE - 1)) * WORDS + word]!
  }
  #setWord(entry: number, word: number, value: number): void {
    this.#pages[entry >>> SHIFT]!.words[(entry & (ENTRIES_PER_PAGE - 1)) * WORDS + word] = value
  }
  #float(entry: number, float: number): number {
    return this.#pages[entry >>> SHIFT]!.floats[(entry & (ENTRIES_PER_PAGE - 1)) * FLOATS + float]!
  }
  #change(entry: number, word: number, value: number): void {
    this.#writable(entry).words[(entry & (ENTRIES_PER_PAGE - 1)) * WORDS + word] = value
  }
  #changeFloat(entry: number, float: number, value: number): void {
    this.#writable(entry).floats[(entry & (ENTRIES_PER_PAGE - 1)) * FLOATS + float] = value
  }
}
