import { Page, type Unit, type Units } from '../../../core/units.ts'
import { type Hashed, HashIndex } from './hash-index.ts'
import { KEY_WORDS, keyHash, keysEqual } from './key.ts'

/**
 * The message groups of one queue, as long as they have messages. Entry numbers are reused, 0 is never one.
 *
 * ```
 *   48 bytes   f64 head slot* │ f64 tail slot*
 *              u32 key (4) │ in flight* │ next ready* │ previous ready* │ next in bucket, or next free*
 *                                                                     (* rebuilt, not read from snapshots)
 * ```
 *
 * Groups of which something may be received next stand in the list of ready ones, in the order in which they came to be so.
 */
const ENTRIES_PER_PAGE = 128
const SHIFT = 7
const FLOATS = 6
const WORDS = 12
const PAGE_BYTES = ENTRIES_PER_PAGE * FLOATS * 8

const F = { head: 0, tail: 1 } as const
const W = { key: 4, inFlight: 8, nextReady: 9, previousReady: 10, nextInBucket: 11 } as const

/** The slot that isn't one. */
const NONE = -1
/** The link of a group that is not in the list of ready ones. */
const NOT_READY = 0xffff_ffff

class GroupPage extends Page {
  readonly number: number
  used = 0
  /** The first of its free entries, which are linked through `nextInBucket`; 0 for none. */
  firstFree = 0

  constructor(number: number, content?: Uint8Array) {
    super(PAGE_BYTES, content)
    this.number = number
  }
}

export class GroupTable implements Hashed {
  readonly #units: Units
  readonly #beforePagesChange: () => void
  readonly #index = new HashIndex(this)
  /** By their numbers; one that has no group left goes, unless it is the only one. */
  readonly #pages: (GroupPage | undefined)[] = []
  #pageCount = 0
  readonly #freeNumbers: number[] = []
  /** Numbers of pages with free entries; some that are full or gone by now. */
  readonly #roomy: number[] = []
  #readyHead = 0
  #readyTail = 0

  constructor(units: Units, beforePagesChange: () => void) {
    this.#units = units
    this.#beforePagesChange = beforePagesChange
  }

  /** Groups that have messages. */
  get size(): number {
    return this.#index.size
  }

  /** The group that was ready first, 0 for none. */
  get firstReady(): number {
    return this.#readyHead
  }

  get pageCount(): number {
    return this.#pageCount
  }

  *pages(): IterableIterator<GroupPage> {
    for (const page of this.#pages) if (page !== undefined) yield page
  }

  /** All that is to be taken out of the units when the table is done with. */
  detach(): IterableIterator<Unit> {
    this.#beforePagesChange()
    return this.pages()
  }

  /** Brings a page back; `rebuild` comes after the last one. */
  restorePage(number: number, unit: number, content: Uint8Array): void {
    const page = new GroupPage(number, content)
    this.#units.addAs(unit, page)
    this.#pages[number] = page
    this.#pageCount++
    for (let i = 0; i < ENTRIES_PER_PAGE; i++) this.#empty(firstEntry(number) + i)
  }

  /** To be called when all messages that are there were appended to their groups: the other groups are free. */
  rebuild(): void {
    for (let number = this.#pages.length - 1; number >= 0; number--) {
      const page = this.#pages[number]
      if (page === undefined) {
        this.#freeNumbers.push(number)
        continue
      }
      for (let entry = firstEntry(number) + ENTRIES_PER_PAGE - 1; entry >= firstEntry(number); entry--) {
        if (this.head(entry) === NONE) this.#setFree(entry)
        else this.#index.add(entry)
      }
      page.used = ENTRIES_PER_PAGE - freeEntries(this, page.firstFree)
      if (page.firstFree !== 0) this.#roomy.push(number)
    }
  }

  /** The group with the key, or 0. */
  find(keys: Uint32Array, at: number): number {
    let entry = this.#index.first(keyHash(keys, at))
    while (entry !== 0) {
      const page = this.#page(entry)
      if (keysEqual(page.words, wordOf(entry) + W.key, keys, at)) return entry
      entry = this.nextInBucket(entry)
    }
    return 0
  }

  /** A new group with the key, without messages. */
  add(keys: Uint32Array, at: number): number {
    const page = this.#roomyPage()
    const entry = page.firstFree
    page.firstFree = this.nextInBucket(entry)
    page.used++
    this.#units.touch(page)
    this.#empty(entry)
    const key = wordOf(entry) + W.key
    for (let i = 0; i < KEY_WORDS; i++) page.words[key + i] = keys[at + i]!
    this.#index.add(entry)
    return entry
  }

  /** Lets go of a group, which must be without messages and not ready. */
  remove(entry: number): void {
    this.#index.remove(entry)
    const page = this.#page(entry)
    if (--page.used === 0 && this.#pageCount > 1) {
      this.#beforePagesChange()
      this.#pages[page.number] = undefined
      this.#pageCount--
      this.#freeNumbers.push(page.number)
      this.#units.remove(page)
      return
    }
    if (page.firstFree === 0) this.#roomy.push(page.number)
    this.#setFree(entry)
  }

  key(entry: number): Uint32Array {
    const at = wordOf(entry) + W.key
    return this.#page(entry).words.slice(at, at + KEY_WORDS)
  }

  /** The slot of its first message, -1 where it has none. */
  head(entry: number): number {
    return this.#page(entry).floats[floatOf(entry) + F.head]!
  }
  setHead(entry: number, slot: number): void {
    this.#page(entry).floats[floatOf(entry) + F.head] = slot
  }
  tail(entry: number): number {
    return this.#page(entry).floats[floatOf(entry) + F.tail]!
  }
  setTail(entry: number, slot: number): void {
    this.#page(entry).floats[floatOf(entry) + F.tail] = slot
  }
  inFlight(entry: number): number {
    return this.#page(entry).words[wordOf(entry) + W.inFlight]!
  }
  addInFlight(entry: number, count: number): void {
    this.#page(entry).words[wordOf(entry) + W.inFlight]! += count
  }

  isReady(entry: number): boolean {
    return this.#page(entry).words[wordOf(entry) + W.previousReady] !== NOT_READY
  }
  nextReady(entry: number): number {
    return this.#page(entry).words[wordOf(entry) + W.nextReady]!
  }

  /** Puts the group, which must not be ready yet, behind all that are. */
  makeReady(entry: number): void {
    this.#setWord(entry, W.nextReady, 0)
    this.#setWord(entry, W.previousReady, this.#readyTail)
    if (this.#readyTail === 0) this.#readyHead = entry
    else this.#setWord(this.#readyTail, W.nextReady, entry)
    this.#readyTail = entry
  }

  /** Takes the group out of the list of ready ones, if it is in. */
  makeUnready(entry: number): void {
    if (!this.isReady(entry)) return
    const next = this.nextReady(entry)
    const previous = this.#page(entry).words[wordOf(entry) + W.previousReady]!
    if (previous === 0) this.#readyHead = next
    else this.#setWord(previous, W.nextReady, next)
    if (next === 0) this.#readyTail = previous
    else this.#setWord(next, W.previousReady, previous)
    this.#setWord(entry, W.previousReady, NOT_READY)
  }

  hash(entry: number): number {
    return keyHash(this.#page(entry).words, wordOf(entry) + W.key)
  }
  nextInBucket(entry: number): number {
    return this.#page(entry).words[wordOf(entry) + W.nextInBucket]!
  }
  setNextInBucket(entry: number, next: number): void {
    this.#setWord(entry, W.nextInBucket, next)
  }

  /** A page with a free entry. */
  #roomyPage(): GroupPage {
    while (this.#roomy.length > 0) {
      const page = this.#pages[this.#roomy.at(-1)!]
      if (page !== undefined && page.firstFree !== 0) return page
      this.#roomy.pop()
    }
    this.#beforePagesChange()
    const number = this.#freeNumbers.pop() ?? this.#pages.length
    const page = new GroupPage(number)
    this.#units.add(page)
    this.#pages[number] = page
    this.#pageCount++
    for (let i = ENTRIES_PER_PAGE - 1; i >= 0; i--) this.#setFree(firstEntry(number) + i)
    this.#roomy.push(number)
    return page
  }

  #setFree(entry: number): void {
    const page = this.#page(entry)
    this.setNextInBucket(entry, page.firstFree)
    page.firstFree = entry
  }

  #empty(entry: number): void {
    this.setHead(entry, NONE)
    this.setTail(entry, NONE)
    this.#setWord(entry, W.inFlight, 0)
    this.#setWord(entry, W.previousReady, NOT_READY)
  }

  #page(entry: number): GroupPage {
    return this.#pages[(entry - 1) >>> SHIFT]!
  }
  #setWord(entry: number, word: number, value: number): void {
    this.#page(entry).words[wordOf(entry) + word] = value
  }
}

function firstEntry(page: number): number {
  return (page << SHIFT) + 1
}

function freeEntries(table: GroupTable, firstFree: number): number {
  let count = 0
  for (let entry = firstFree; entry !== 0; entry = table.nextInBucket(entry)) count++
  return count
}

function wordOf(entry: number): number {
  return ((entry - 1) & (ENTRIES_PER_PAGE - 1)) * WORDS
}

function floatOf(entry: number): number {
  return ((entry - 1) & (ENTRIES_PER_PAGE - 1)) * FLOATS
}
