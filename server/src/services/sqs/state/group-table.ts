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

export class GroupTable implements Hashed {
  readonly #units: Units
  readonly #pages: Page[] = []
  readonly #beforePagesChange: () => void
  readonly #index = new HashIndex(this)
  /** Free entries, linked through `nextInBucket`; 0 for none. */
  #firstFree = 0
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

  pages(): IterableIterator<Page> {
    return this.#pages.values()
  }

  /** All that is to be taken out of the units when the table is done with. */
  detach(): IterableIterator<Unit> {
    this.#beforePagesChange()
    return this.#pages.values()
  }

  /** Brings a page back; `rebuild` comes after the last one. */
  restorePage(unit: number, content: Uint8Array): void {
    const page = new Page(PAGE_BYTES, content)
    this.#units.addAs(unit, page)
    this.#pages.push(page)
    const first = (this.#pages.length - 1) << SHIFT
    for (let entry = Math.max(1, first); entry < first + ENTRIES_PER_PAGE; entry++) this.#empty(entry)
  }

  /** To be called when all messages that are there were appended to their groups: the other groups are free. */
  rebuild(): void {
    for (let entry = (this.#pages.length << SHIFT) - 1; entry > 0; entry--) {
      if (this.head(entry) === NONE) this.#setFree(entry)
      else this.#index.add(entry)
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
    if (this.#firstFree === 0) this.#addPage()
    const entry = this.#firstFree
    this.#firstFree = this.nextInBucket(entry)
    const page = this.#page(entry)
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

  #addPage(): void {
    this.#beforePagesChange()
    const page = new Page(PAGE_BYTES)
    this.#units.add(page)
    const first = (this.#pages.push(page) - 1) << SHIFT
    for (let entry = first + ENTRIES_PER_PAGE - 1; entry >= Math.max(1, first); entry--) this.#setFree(entry)
  }

  #setFree(entry: number): void {
    this.setNextInBucket(entry, this.#firstFree)
    this.#firstFree = entry
  }

  #empty(entry: number): void {
    this.setHead(entry, NONE)
    this.setTail(entry, NONE)
    this.#setWord(entry, W.inFlight, 0)
    this.#setWord(entry, W.previousReady, NOT_READY)
  }

  #page(entry: number): Page {
    return this.#pages[entry >>> SHIFT]!
  }
  #setWord(entry: number, word: number, value: number): void {
    this.#page(entry).words[wordOf(entry) + word] = value
  }
}

function wordOf(entry: number): number {
  return (entry & (ENTRIES_PER_PAGE - 1)) * WORDS
}

function floatOf(entry: number): number {
  return (entry & (ENTRIES_PER_PAGE - 1)) * FLOATS
}
