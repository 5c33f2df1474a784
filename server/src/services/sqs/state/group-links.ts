import { Page, type Unit, type Units } from '../../../core/units.ts'
import { RecentPages } from './recent-pages.ts'
import { SLOTS_PER_PAGE } from './slots.ts'

/**
 * What a queue with groups keeps beside its slots: for each message its group and the group's next message. A page lies
 * beside each page of slots that has messages with a group, and lives as long.
 *
 * ```
 *   a page   256 × f64 slot of the group's next message, -1 for none*   (* rebuilt, not read from snapshots)
 *            256 × u32 entry of the group (see group-table.ts)
 * ```
 */
const GROUPS_AT = SLOTS_PER_PAGE * 2
const PAGE_BYTES = SLOTS_PER_PAGE * 12
/** The slot that isn't one. */
const NO_SLOT = -1

export class GroupLinkPage extends Page {
  readonly number: number
  /** How many of the messages beside it were never received. */
  fresh = 0

  constructor(number: number, content?: Uint8Array) {
    super(PAGE_BYTES, content)
    this.number = number
  }
}

export class GroupLinks {
  readonly #units: Units
  #pages = new Map<number, GroupLinkPage>()
  readonly #recent = new RecentPages<GroupLinkPage>()

  constructor(units: Units) {
    this.#units = units
  }

  get pageCount(): number {
    return this.#pages.size
  }

  pages(): IterableIterator<GroupLinkPage> {
    return this.#pages.values()
  }

  page(number: number): GroupLinkPage | undefined {
    return this.#pages.get(number)
  }

  restorePage(number: number, unit: number, content: Uint8Array): void {
    const page = new GroupLinkPage(number, content)
    this.#units.addAs(unit, page)
    this.#pages.set(number, page)
  }

  /** The group of the slot's message, 0 where it has none. Only in queues whose messages need no group. */
  groupOf(slot: number): number {
    const number = Math.floor(slot / SLOTS_PER_PAGE)
    const page = this.#recent.find(number) ?? this.#pages.get(number)
    return page?.words[GROUPS_AT + (slot % SLOTS_PER_PAGE)] ?? 0
  }

  /** The group of the slot's message, which must have one. */
  group(slot: number): number {
    return this.#pageOf(slot).words[GROUPS_AT + (slot % SLOTS_PER_PAGE)]!
  }

  next(slot: number): number {
    return this.#pageOf(slot).floats[slot % SLOTS_PER_PAGE]!
  }

  setNext(slot: number, next: number): void {
    this.#pageOf(slot).floats[slot % SLOTS_PER_PAGE] = next
  }

  countFresh(slot: number, change: number): void {
    this.#pageOf(slot).fresh += change
  }

  /** The message in the slot, whose page of slots there is or is about to be, belongs to the group, and none comes behind it. */
  put(slot: number, group: number): GroupLinkPage {
    const number = Math.floor(slot / SLOTS_PER_PAGE)
    const page =
      this.#recent.find(number) ?? this.#recent.note(this.#pages.get(number) ?? this.#addPage(number))
    this.#units.touch(page)
    page.words[GROUPS_AT + (slot % SLOTS_PER_PAGE)] = group
    page.floats[slot % SLOTS_PER_PAGE] = NO_SLOT
    return page
  }

  /** The page of slots beside this one, if there is this one, is gone. */
  removePage(number: number): void {
    const page = this.#pages.get(number)
    if (page === undefined) return
    this.#pages.delete(number)
    this.#recent.forget(number)
    this.#units.remove(page)
  }

  /** Lets go of all pages at once; whoever takes them takes them out of the units. */
  detach(): IterableIterator<Unit> {
    const pages = this.#pages
    this.#pages = new Map()
    this.#recent.forgetAll()
    return pages.values()
  }

  #pageOf(slot: number): GroupLinkPage {
    const number = Math.floor(slot / SLOTS_PER_PAGE)
    return this.#recent.find(number) ?? this.#recent.note(this.#pages.get(number)!)
  }

  #addPage(number: number): GroupLinkPage {
    const page = new GroupLinkPage(number)
    this.#units.add(page)
    this.#pages.set(number, page)
    return page
  }
}
