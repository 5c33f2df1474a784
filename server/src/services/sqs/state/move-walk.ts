import type { Queue } from './queue.ts'
import { EMPTY, SLOTS_PER_PAGE, type SlotPage } from './slots.ts'

/**
 * Goes through the messages that are in a queue once, in pieces, for a task that moves them: in the order of their slots, and
 * where a message has others waiting behind it (its group, in a FIFO queue) through all of these before it goes on.
 *
 * What it passed over it doesn't look at again, so that messages which can't be moved, however many, cost a task one look
 * each. It is part of no event and no snapshot: after a restart a task goes through its queue anew.
 */
export class MoveWalk {
  /** Whether the queue is to be gone through once more: something moved, or was missed. */
  leadsToAnother = false
  readonly #queue: Queue
  readonly #pages: Iterator<SlotPage>
  /**
   * Why the messages of these sources can't be moved. What held for one of them holds for the rest of the walk: else the later
   * ones of a group might go before it.
   */
  readonly #obstacles = new Map<number, string>()
  #page: SlotPage | undefined
  #index = 0
  /** The slot to look at next, behind a message that had others waiting; -1 for none. */
  #waiting = -1
  #isOver = false
  /** How many more places may be looked at in this piece. */
  #left = 0
  /**
   * What this piece found behind other messages. These may be gone before it is over: left in the piece before, or past their
   * retention. Then it comes by a message that is the first in line by now, and was found already.
   */
  #found = new Set<number>()

  constructor(queue: Queue) {
    this.#queue = queue
    this.#pages = queue.slots.pages()
  }

  /** True when every message was looked at. */
  get isOver(): boolean {
    return this.#isOver
  }

  /** Why some of what was passed over can't be moved; an empty string where nothing was. */
  get obstacle(): string {
    const [first = ''] = this.#obstacles.values()
    return first
  }

  /** The message's source, and with it others, can't be told or isn't there. */
  passOver(source: number, obstacle: string): void {
    this.#obstacles.set(source, obstacle)
  }

  isPassedOver(source: number): boolean {
    return this.#obstacles.has(source)
  }

  /** Begins a piece, in which so many places are looked at. What was found in the one before has left the queue. */
  goOn(places: number): void {
    this.#left = places
    this.#found = new Set()
  }

  /** The next slot whose message may leave; -1 at the end of the piece, or when it's over. Clears away what expired. */
  next(now: number): number {
    const queue = this.#queue
    while (!this.#isOver && this.#left > 0) {
      this.#left--
      const slot = this.#nextSlot()
      if (slot < 0) continue
      this.#waiting = queue.waitingBehind(slot)
      if (queue.sentAt(slot) > queue.expiredUntil(now)) return slot
      queue.remove(slot, now)
    }
    return -1
  }

  /** -1 where the one looked at may not leave. */
  #nextSlot(): number {
    const queue = this.#queue
    if (this.#waiting >= 0) {
      const slot = this.#waiting
      this.#waiting = -1
      if (queue.isAvailable(slot)) {
        this.#found.add(slot)
        return slot
      }
      // It left meanwhile: what stands behind it is found when the queue is gone through again.
      if (queue.slots.occupancy(slot) === EMPTY) this.leadsToAnother = true
      return -1
    }
    const page = this.#page
    if (page === undefined || this.#index === SLOTS_PER_PAGE || queue.slots.page(page.firstSlot) !== page) {
      this.#turnPage()
      return -1
    }
    const slot = page.firstSlot + this.#index++
    if (slot >= queue.nextSlot) {
      this.#isOver = true
      return -1
    }
    if (this.#found.has(slot) || !queue.isAvailable(slot)) return -1
    return queue.isFirstInLine(slot) ? slot : -1
  }

  #turnPage(): void {
    this.#page = this.#pages.next().value
    this.#index = 0
    if (this.#page === undefined) this.#isOver = true
  }
}
