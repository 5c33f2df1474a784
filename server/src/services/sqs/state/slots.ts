import { Page, type Units } from '../../../core/units.ts'
import { OriginColumn, type Origins } from './origins.ts'
import { RecentPages } from './recent-pages.ts'

/**
 * A queue's messages in the order they came, 24 bytes each, in pages of 256 slots. A page lives from its first message
 * to the last one's end.
 *
 * ```
 *   slot record   f64 body id │ f64 sentAt │ u32 stored bytes │ u32 occupancy
 *   occupancy     0 empty │ 1 waiting, never received │ n + 1 tracked as entry n (see tracking.ts)
 * ```
 *
 * Beside a page in which a message landed lies a column of origins: see origins.ts.
 */
export const SLOTS_PER_PAGE = 256
const FLOATS = 3
const WORDS = 6
const BYTES_WORD = 4
const OCCUPANCY_WORD = 5
const PAGE_BYTES = SLOTS_PER_PAGE * FLOATS * 8

export const EMPTY = 0
export const FRESH = 1

export class SlotPage extends Page {
  readonly number: number
  /** How many of its slots hold a message. */
  occupied = 0
  /** Null while none of its messages landed. */
  origins: OriginColumn | null = null
  /** No message in it was sent before this. */
  earliestSentAt = Number.POSITIVE_INFINITY

  constructor(number: number, content?: Uint8Array) {
    super(PAGE_BYTES, content)
    this.number = number
    if (content === undefined) return
    for (let i = 0; i < SLOTS_PER_PAGE; i++) {
      if (this.occupancy(i) === EMPTY) continue
      this.occupied++
      this.earliestSentAt = Math.min(this.earliestSentAt, this.sentAt(i))
    }
  }

  get firstSlot(): number {
    return this.number * SLOTS_PER_PAGE
  }

  bodyId(index: number): number {
    return this.floats[index * FLOATS]!
  }

  sentAt(index: number): number {
    return this.floats[index * FLOATS + 1]!
  }

  bytes(index: number): number {
    return this.words[index * WORDS + BYTES_WORD]!
  }

  occupancy(index: number): number {
    return this.words[index * WORDS + OCCUPANCY_WORD]!
  }

  /** Calls `visit` with the body of each of its messages. */
  visitBodies(visit: (bodyId: number, bytes: number) => void): void {
    for (let i = 0; i < SLOTS_PER_PAGE; i++) {
      if (this.occupancy(i) !== EMPTY) visit(this.bodyId(i), this.bytes(i))
    }
  }

  put(index: number, bodyId: number, sentAt: number, bytes: number, occupancy: number): void {
    this.floats[index * FLOATS] = bodyId
    this.floats[index * FLOATS + 1] = sentAt
    this.words[index * WORDS + BYTES_WORD] = bytes
    this.words[index * WORDS + OCCUPANCY_WORD] = occupancy
    this.occupied++
    if (sentAt < this.earliestSentAt) this.earliestSentAt = sentAt
  }

  setOccupancy(index: number, occupancy: number): void {
    this.words[index * WORDS + OCCUPANCY_WORD] = occupancy
  }
}

/** All slot pages of one queue. */
export class Slots {
  readonly #units: Units
  readonly #origins: Origins
  #pages = new Map<number, SlotPage>()
  readonly #beforePagesChange: () => void
  readonly #recent = new RecentPages<SlotPage>()

  /** `beforePagesChange` is called when a page is about to come or go: the queue's own record lists them. */
  constructor(units: Units, origins: Origins, beforePagesChange: () => void) {
    this.#units = units
    this.#origins = origins
    this.#beforePagesChange = beforePagesChange
  }

  /** In the order they were made, which is the order of their slots. */
  pages(): IterableIterator<SlotPage> {
    return this.#pages.values()
  }

  get pageCount(): number {
    return this.#pages.size
  }

  restorePage(number: number, unit: number, content: Uint8Array): void {
    const page = new SlotPage(number, content)
    this.#units.addAs(unit, page)
    this.#pages.set(number, page)
  }

  /** The columns of the pages that have one. */
  columns(): readonly OriginColumn[] {
    const columns: OriginColumn[] = []
    for (const { origins } of this.#pages.values()) if (origins !== null) columns.push(origins)
    return columns
  }

  /** Brings a column back beside its page, which must be there, and counts the origins in it. */
  restoreColumn(number: number, unit: number, content: Uint8Array): void {
    const column = new OriginColumn(number, SLOTS_PER_PAGE, content)
    this.#units.addAs(unit, column)
    this.#pages.get(number)!.origins = column
    for (const origin of column.words) if (origin !== 0) this.#origins.retain(origin)
  }

  /** The number of the origin that the slot's message has; 0 for none. */
  origin(slot: number): number {
    return this.page(slot)?.origins?.words[slot % SLOTS_PER_PAGE] ?? 0
  }

  /** The slot's message, which was just put there, has this origin; 0 for none. */
  setOrigin(slot: number, origin: number): void {
    if (origin === 0) return
    const page = this.page(slot)!
    if (page.origins === null) {
      this.#beforePagesChange()
      page.origins = new OriginColumn(page.number, SLOTS_PER_PAGE)
      this.#units.add(page.origins)
    }
    this.#units.touch(page.origins)
    page.origins.words[slot % SLOTS_PER_PAGE] = origin
    this.#origins.retain(origin)
  }

  /** The page that has the slot, if any message is left in it. */
  page(slot: number): SlotPage | undefined {
    const number = Math.floor(slot / SLOTS_PER_PAGE)
    const recent = this.#recent.find(number)
    if (recent !== undefined) return recent
    const page = this.#pages.get(number)
    if (page !== undefined) this.#recent.note(page)
    return page
  }

  occupancy(slot: number): number {
    return this.page(slot)?.occupancy(slot % SLOTS_PER_PAGE) ?? EMPTY
  }

  put(slot: number, bodyId: number, sentAt: number, bytes: number, occupancy: number): void {
    let page = this.page(slot)
    if (page === undefined) {
      this.#beforePagesChange()
      page = new SlotPage(Math.floor(slot / SLOTS_PER_PAGE))
      this.#units.add(page)
      this.#pages.set(page.number, page)
      this.#recent.note(page)
    }
    this.#units.touch(page)
    page.put(slot % SLOTS_PER_PAGE, bodyId, sentAt, bytes, occupancy)
  }

  setOccupancy(slot: number, occupancy: number): void {
    const page = this.page(slot)!
    this.#units.touch(page)
    page.setOccupancy(slot % SLOTS_PER_PAGE, occupancy)
  }

  /** Empties the slot. A page without messages goes, unless `keptPage` (where the next message goes) is its number. */
  clear(slot: number, keptPage: number): void {
    const page = this.page(slot)!
    this.#units.touch(page)
    page.setOccupancy(slot % SLOTS_PER_PAGE, EMPTY)
    page.occupied--
    if (page.origins !== null) this.#clearOrigin(page.origins, slot % SLOTS_PER_PAGE)
    if (page.occupied > 0 || page.number === keptPage) return
    this.#beforePagesChange()
    this.#pages.delete(page.number)
    this.#recent.forget(page.number)
    this.#units.remove(page)
    if (page.origins !== null) this.#units.remove(page.origins)
  }

  /**
   * Lets go of all pages, however many, at once. Whoever takes them gives back what they hold, and takes them out of the
   * units: they are still in there.
   */
  detach(): Map<number, SlotPage> {
    this.#beforePagesChange()
    const pages = this.#pages
    this.#pages = new Map()
    this.#recent.forgetAll()
    return pages
  }

  /** The first slot from `from` on, and before `end`, with a message that was never received; -1 if there is none. */
  nextFresh(from: number, end: number): number {
    let slot = from
    while (slot < end) {
      const page = this.page(slot)
      if (page === undefined || page.occupied === 0) {
        slot = (Math.floor(slot / SLOTS_PER_PAGE) + 1) * SLOTS_PER_PAGE
        continue
      }
      const stop = Math.min(end, page.firstSlot + SLOTS_PER_PAGE)
      for (; slot < stop; slot++) if (page.occupancy(slot - page.firstSlot) === FRESH) return slot
    }
    return -1
  }

  #clearOrigin(column: OriginColumn, index: number): void {
    const origin = column.words[index]!
    if (origin === 0) return
    this.#units.touch(column)
    column.words[index] = 0
    this.#origins.release(origin)
  }
}
