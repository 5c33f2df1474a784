import { HashIndex } from '../../../core/hash-index.ts'
import { copyKey, KEY_WORDS, keyHash, keysEqual, newRow } from '../../../core/key.ts'
import { Page, type Unit, type Units } from '../../../core/units.ts'

const ENTRIES_PER_PAGE = 128
const SHIFT = 7

/** What a table's entries are made of. */
export interface EntryLayout {
  /** The size of an entry in 64-bit floats: twice as many words. */
  readonly floats: number
  /** The first of the four words that have its key. */
  readonly keyWord: number
  /** The word that links free entries. */
  readonly nextFreeWord: number
}

export class KeyedPage extends Page {
  readonly number: number
  used = 0
  /** The first of its free entries, which are linked through `nextFree`; 0 for none. */
  firstFree = 0

  constructor(number: number, bytes: number, content?: Uint8Array) {
    super(bytes, content)
    this.number = number
  }
}

/**
 * What one queue knows of keys (message groups), in pages of 128 entries of the same size, found by the key. Entry numbers are
 * reused, 0 is never one. What a page says of an entry is in snapshots, links and counts aside, which are rebuilt.
 */
export abstract class KeyedTable {
  readonly #units: Units
  readonly #beforePagesChange: () => void
  readonly #index = new HashIndex()
  readonly #floats: number
  readonly #words: number
  readonly #keyWord: number
  readonly #nextFreeWord: number
  /** By their numbers; one that has no entry left goes, unless it is the only one. */
  readonly #pages: (KeyedPage | undefined)[] = []
  #pageCount = 0
  readonly #freeNumbers: number[] = []
  /** Numbers of pages with free entries; some that are full or gone by now. */
  readonly #roomy: number[] = []

  constructor(units: Units, beforePagesChange: () => void, layout: EntryLayout) {
    this.#units = units
    this.#beforePagesChange = beforePagesChange
    this.#floats = layout.floats
    this.#words = layout.floats * 2
    this.#keyWord = layout.keyWord
    this.#nextFreeWord = layout.nextFreeWord
  }

  /** Sets what is rebuilt after a restore to what it is without messages. */
  protected abstract empty(entry: number): void

  /** Whether the entry was found to have messages, after a restore. */
  protected abstract isHeld(entry: number): boolean

  get size(): number {
    return this.#index.size
  }

  get pageCount(): number {
    return this.#pageCount
  }

  *pages(): IterableIterator<KeyedPage> {
    for (const page of this.#pages) if (page !== undefined) yield page
  }

  /** Entries in use, in the order of their numbers. */
  *entries(): IterableIterator<number> {
    for (const { number } of this.pages()) {
      for (let entry = firstEntry(number); entry < firstEntry(number + 1); entry++) {
        if (this.isHeld(entry)) yield entry
      }
    }
  }

  /** All that is to be taken out of the units when the table is done with. */
  detach(): IterableIterator<Unit> {
    this.#beforePagesChange()
    return this.pages()
  }

  /** Brings a page back; `rebuild` comes after the last one. */
  restorePage(number: number, unit: number, content: Uint8Array): void {
    const page = new KeyedPage(number, this.#pageBytes, content)
    this.#units.addAs(unit, page)
    this.#pages[number] = page
    this.#pageCount++
    for (let i = 0; i < ENTRIES_PER_PAGE; i++) this.empty(firstEntry(number) + i)
  }

  /** To be called when all messages that are there were added to their entries: the other entries are free. */
  rebuild(): void {
    for (let number = this.#pages.length - 1; number >= 0; number--) {
      const page = this.#pages[number]
      if (page === undefined) {
        this.#freeNumbers.push(number)
        continue
      }
      for (let entry = firstEntry(number) + ENTRIES_PER_PAGE - 1; entry >= firstEntry(number); entry--) {
        if (this.isHeld(entry)) {
          this.#index.add(this.#hash(entry), entry)
          page.used++
        } else {
          this.#setFree(entry)
        }
      }
      if (page.firstFree !== 0) this.#roomy.push(number)
    }
  }

  /** To be called when these keys, one behind the other, are about to be looked for. */
  lookAhead(keys: Uint32Array): void {
    this.#index.lookAhead(keys)
  }

  /** The entry with the key, or 0. */
  find(keys: Uint32Array, at: number): number {
    let entry = this.#index.first(keyHash(keys, at))
    while (entry !== 0) {
      if (keysEqual(this.#page(entry).words, this.#firstWord(entry) + this.#keyWord, keys, at)) break
      entry = this.#index.next()
    }
    return entry
  }

  /** A new entry with the key, and zeros in all that `empty` does not set. */
  add(keys: Uint32Array, at: number): number {
    const page = this.#roomyPage()
    const entry = page.firstFree
    page.firstFree = this.word(entry, this.#nextFreeWord)
    page.used++
    this.#units.touch(page)
    const first = this.#firstWord(entry)
    // Word by word, which for so few takes less than a call out of JavaScript.
    for (let at = first; at < first + this.#words; at++) page.words[at] = 0
    this.empty(entry)
    const key = first + this.#keyWord
    for (let i = 0; i < KEY_WORDS; i++) page.words[key + i] = keys[at + i]!
    this.#index.add(keyHash(keys, at), entry)
    return entry
  }

  /** Lets go of an entry, which must be without messages and out of every list and heap. */
  remove(entry: number): void {
    this.#index.remove(this.#hash(entry), entry)
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

  /** To be called when these entries are about to be removed. */
  lookAheadToRemoval(entries: readonly number[]): void {
    const keys = newRow(entries.length)
    for (let i = 0; i < entries.length; i++) {
      const entry = entries[i]!
      copyKey(this.#page(entry).words, this.#firstWord(entry) + this.#keyWord, keys, i * KEY_WORDS)
    }
    this.#index.lookAhead(keys)
  }

  key(entry: number): Uint32Array {
    const at = this.#firstWord(entry) + this.#keyWord
    return this.#page(entry).words.slice(at, at + KEY_WORDS)
  }

  /** Where an entry lies, for what has to do with several of its words at once. */
  protected pageOf(entry: number): KeyedPage {
    return this.#page(entry)
  }
  protected firstWordOf(entry: number): number {
    return this.#firstWord(entry)
  }
  protected firstFloatOf(entry: number): number {
    return this.#firstFloat(entry)
  }
  protected word(entry: number, word: number): number {
    return this.#page(entry).words[this.#firstWord(entry) + word]!
  }
  protected setWord(entry: number, word: number, value: number): void {
    this.#page(entry).words[this.#firstWord(entry) + word] = value
  }
  protected float(entry: number, float: number): number {
    return this.#page(entry).floats[this.#firstFloat(entry) + float]!
  }
  protected setFloat(entry: number, float: number, value: number): void {
    this.#page(entry).floats[this.#firstFloat(entry) + float] = value
  }
  /** To be called before what a snapshot keeps of the entry changes. */
  protected touch(entry: number): void {
    this.#units.touch(this.#page(entry))
  }

  /** A page with a free entry. */
  #roomyPage(): KeyedPage {
    while (this.#roomy.length > 0) {
      const page = this.#pages[this.#roomy.at(-1)!]
      if (page !== undefined && page.firstFree !== 0) return page
      this.#roomy.pop()
    }
    this.#beforePagesChange()
    const number = this.#freeNumbers.pop() ?? this.#pages.length
    const page = new KeyedPage(number, this.#pageBytes)
    this.#units.add(page)
    this.#pages[number] = page
    this.#pageCount++
    for (let i = ENTRIES_PER_PAGE - 1; i >= 0; i--) {
      this.empty(firstEntry(number) + i)
      this.#setFree(firstEntry(number) + i)
    }
    this.#roomy.push(number)
    return page
  }

  #setFree(entry: number): void {
    const page = this.#page(entry)
    this.setWord(entry, this.#nextFreeWord, page.firstFree)
    page.firstFree = entry
  }

  #hash(entry: number): number {
    return keyHash(this.#page(entry).words, this.#firstWord(entry) + this.#keyWord)
  }

  get #pageBytes(): number {
    return ENTRIES_PER_PAGE * this.#floats * 8
  }

  #page(entry: number): KeyedPage {
    return this.#pages[(entry - 1) >>> SHIFT]!
  }
  #firstWord(entry: number): number {
    return ((entry - 1) & (ENTRIES_PER_PAGE - 1)) * this.#words
  }
  #firstFloat(entry: number): number {
    return ((entry - 1) & (ENTRIES_PER_PAGE - 1)) * this.#floats
  }
}

function firstEntry(page: number): number {
  return (page << SHIFT) + 1
}
