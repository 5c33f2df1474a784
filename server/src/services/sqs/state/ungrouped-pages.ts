import type { GroupLinks } from './group-links.ts'
import { FRESH, SLOTS_PER_PAGE, type Slots } from './slots.ts'

/** Of the list of pages, how much may be used up before it is cut off. */
const USED_UP_MAX = 1024

/**
 * Finds the messages without a group that were never received, in a queue where others have one, however many of those lie
 * between them. Takes a number for each page of slots that got such a message. Not part of snapshots.
 */
export class UngroupedPages {
  readonly #slots: Slots
  readonly #links: GroupLinks
  /** No message before this slot has a group. */
  readonly #ungroupedUntil: number
  /** Numbers of pages that got messages without a group behind that slot, ascending. */
  #pages: number[] = []
  /** Those before it are used up. */
  #first = 0

  constructor(slots: Slots, links: GroupLinks, ungroupedUntil: number) {
    this.#slots = slots
    this.#links = links
    this.#ungroupedUntil = ungroupedUntil
  }

  /** The message in the slot, which is behind all others, has no group. */
  add(slot: number): void {
    const number = Math.floor(slot / SLOTS_PER_PAGE)
    if (this.#pages.at(-1) !== number) this.#pages.push(number)
  }

  /** The first such message from `from` on, -1 for none. Nothing before `from` is asked for again. */
  first(from: number): number {
    const number = Math.floor(from / SLOTS_PER_PAGE)
    while (this.#first < this.#pages.length && this.#pages[this.#first]! < number) this.#first++
    if (this.#first > USED_UP_MAX) {
      this.#pages = this.#pages.slice(this.#first)
      this.#first = 0
    }
    return this.next(from)
  }

  /** As `first`, and what is before may be asked for again. */
  next(from: number): number {
    if (from < this.#ungroupedUntil) {
      const slot = this.#slots.nextFresh(from, this.#ungroupedUntil)
      if (slot >= 0) return slot
    }
    for (let i = this.#first; i < this.#pages.length; i++) {
      const firstSlot = this.#pages[i]! * SLOTS_PER_PAGE
      for (let slot = Math.max(from, firstSlot); slot < firstSlot + SLOTS_PER_PAGE; slot++) {
        if (this.#slots.occupancy(slot) === FRESH && this.#links.groupOf(slot) === 0) return slot
      }
    }
    return -1
  }
}
