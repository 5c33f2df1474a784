import { HashIndex } from './hash-index.ts'
import { KEY_WORDS, keyHash } from './key.ts'
import { Page, type Unit, type Units } from './units.ts'

/**
 * Keys that a queue remembers for some minutes, in the order in which they came, each with a slot and four words. Entry
 * numbers are reused, 0 is never one.
 *
 * ```
 *   a page     f64 base slot │ f64 base time │ u32 entries │ u32 layout, 1 │ 256 heads │ 256 rows
 *   a head     u32 first word of the key │ u32 that means nothing: earlier builds linked entries by it
 *   a row      u32 the key's other words (3) │ value (4) │ slot − base │ time − base, ms
 * ```
 *
 * A key of four zeros is forgotten.
 *
 * In layout 0, which earlier builds wrote, each entry has its whole key, value, slot, time and such a word in one row.
 *
 * A page goes when its last entry's time is up. Until then an entry whose time is up is there but not found.
 */
const ENTRIES_PER_PAGE = 256
const SHIFT = 8
const HEADER_WORDS = 6
const COUNT_WORD = 4
const LAYOUT_WORD = 5
const LAYOUT = 1
const HEAD_WORDS = 2
const ROWS_AT = HEADER_WORDS + ENTRIES_PER_PAGE * HEAD_WORDS
const ROW_WORDS = 9
const PAGE_WORDS = ROWS_AT + ENTRIES_PER_PAGE * ROW_WORDS
const PAGE_BYTES = PAGE_WORDS * 4

/** Words of a row. */
const W = { otherKeyWords: 0, value: 3, slot: 7, time: 8 } as const
/** How far below its first slot a page reaches. */
const SLOTS_BELOW = 2 ** 31
const WORD_END = 2 ** 32

export class RecentKeys {
  readonly #units: Units
  readonly #beforePagesChange: () => void
  readonly #lifetimeMs: number
  readonly #index = new HashIndex()
  /** By the number that their entries' numbers begin with; a freed number is given to a later page. */
  readonly #byNumber: (Page | undefined)[] = []
  readonly #freeNumbers: number[] = []
  /** Numbers of pages, the oldest first, from `#oldest` on. */
  #order: number[] = []
  #oldest = 0

  constructor(units: Units, lifetimeMs: number, beforePagesChange: () => void) {
    this.#units = units
    this.#lifetimeMs = lifetimeMs
    this.#beforePagesChange = beforePagesChange
  }

  /** Entries that are there, those included whose time is up. */
  get size(): number {
    return this.#index.size
  }

  /** Units of all pages, the oldest first. */
  pageUnits(): number[] {
    return this.#order.slice(this.#oldest).map((number) => this.#byNumber[number]!.id)
  }

  /** All that is to be taken out of the units when nobody asks for these keys any more. */
  *detach(): IterableIterator<Unit> {
    for (const page of this.#byNumber) if (page !== undefined) yield page
  }

  /** Brings a page back, in the order of `pageUnits`. */
  restorePage(unit: number, content: Uint8Array): void {
    const page = new Page(PAGE_BYTES, content)
    if (page.words[LAYOUT_WORD] !== LAYOUT) renewLayout(page.words)
    this.#units.addAs(unit, page)
    const first = this.#place(page)
    for (let i = 0; i < page.words[COUNT_WORD]!; i++)
      if (!this.#isForgotten(first + i)) this.#index.add(this.#hash(first + i), first + i)
  }

  /** To be called when these keys, one behind the other, are about to be looked for. */
  lookAhead(keys: Uint32Array): void {
    this.#index.lookAhead(keys)
  }

  /** The newest entry with the key whose time is not up, or 0. */
  find(keys: Uint32Array, at: number, now: number): number {
    let found = 0
    for (let entry = this.#index.first(keyHash(keys, at)); entry !== 0; entry = this.#index.next()) {
      if (this.#isLive(entry, keys, at, now)) found = entry
    }
    return found
  }

  /** All entries with the key whose time is not up, in the order in which they came. */
  findAll(keys: Uint32Array, at: number, now: number): number[] {
    const found: number[] = []
    for (let entry = this.#index.first(keyHash(keys, at)); entry !== 0; entry = this.#index.next()) {
      if (this.#isLive(entry, keys, at, now)) found.push(entry)
    }
    return found
  }

  /** Remembers a key from `now` on; `values` are four words from `valuesAt` on. */
  add(keys: Uint32Array, at: number, values: Uint32Array, valuesAt: number, slot: number, now: number): void {
    const page = this.#openPage(slot, now)
    this.#units.touch(page)
    const { words, floats } = page
    const count = words[COUNT_WORD]!
    words[COUNT_WORD] = count + 1
    writeEntry(words, count, keys, at, values, valuesAt, slot - floats[0]!, now - floats[1]!)
    this.#index.add(keyHash(keys, at), this.#newestPageEntry + count)
  }

  /** As `add`, of keys and values that stand one behind the other, as many of both, with slots from the first one on. */
  addAll(keys: Uint32Array, values: Uint32Array, firstSlot: number, now: number): void {
    const lastSlot = firstSlot + keys.length / KEY_WORDS - 1
    for (let at = 0, slot = firstSlot; at < keys.length; ) {
      const page = this.#openPage(lastSlot, now)
      this.#units.touch(page)
      const { words, floats } = page
      const baseSlot = floats[0]!
      const time = now - floats[1]!
      const firstEntry = this.#newestPageEntry
      let count = words[COUNT_WORD]!
      for (; at < keys.length && count < ENTRIES_PER_PAGE; at += KEY_WORDS) {
        writeEntry(words, count, keys, at, values, at, slot++ - baseSlot, time)
        this.#index.add(keyHash(keys, at), firstEntry + count++)
      }
      words[COUNT_WORD] = count
    }
  }

  /** Forgets an entry before its time is up. */
  forget(entry: number): void {
    this.#index.remove(this.#hash(entry), entry)
    const page = this.#page(entry)
    this.#units.touch(page)
    const row = rowOf(entry)
    page.words[headOf(entry)] = 0
    page.words.fill(0, row + W.otherKeyWords, row + W.otherKeyWords + KEY_WORDS - 1)
  }

  slot(entry: number): number {
    const page = this.#page(entry)
    return page.floats[0]! + page.words[rowOf(entry) + W.slot]!
  }

  /** When it came, in milliseconds since the epoch. */
  time(entry: number): number {
    const page = this.#page(entry)
    return page.floats[1]! + page.words[rowOf(entry) + W.time]!
  }

  /** One of its four words. */
  value(entry: number, word: number): number {
    return this.#page(entry).words[rowOf(entry) + W.value + word]!
  }

  setValue(entry: number, word: number, value: number): void {
    const page = this.#page(entry)
    this.#units.touch(page)
    page.words[rowOf(entry) + W.value + word] = value
  }

  /** Lets go of up to `limit` pages of which all entries' time is up. True if there are more. */
  expire(now: number, limit: number): boolean {
    for (let dropped = 0; this.#oldest < this.#order.length; dropped++) {
      const number = this.#order[this.#oldest]!
      const page = this.#byNumber[number]!
      const first = this.#firstEntry(number)
      const count = page.words[COUNT_WORD]!
      if (this.time(first + count - 1) + this.#lifetimeMs > now) return false
      if (dropped === limit) return true
      this.#beforePagesChange()
      for (let i = 0; i < count; i++) {
        if (!this.#isForgotten(first + i)) this.#index.remove(this.#hash(first + i), first + i)
      }
      this.#units.remove(page)
      this.#byNumber[number] = undefined
      this.#freeNumbers.push(number)
      this.#oldest++
      // Now and then the numbers that are done with are cut off, so that the list stays as short as it is.
      if (this.#oldest * 2 > this.#order.length) {
        this.#order = this.#order.slice(this.#oldest)
        this.#oldest = 0
      }
    }
    return false
  }

  /** The newest page, if there is room in it for an entry with this slot; else a new one. */
  #openPage(slot: number, now: number): Page {
    const { length } = this.#order
    if (this.#oldest < length) {
      const page = this.#byNumber[this.#order[length - 1]!]!
      const baseSlot = page.floats[0]!
      const baseTime = page.floats[1]!
      const fits = slot >= baseSlot && slot - baseSlot < WORD_END && now - baseTime < WORD_END
      if (fits && page.words[COUNT_WORD]! < ENTRIES_PER_PAGE) return page
    }
    this.#beforePagesChange()
    const page = new Page(PAGE_BYTES)
    page.words[LAYOUT_WORD] = LAYOUT
    page.floats[0] = Math.max(0, slot - SLOTS_BELOW)
    page.floats[1] = now
    this.#units.add(page)
    this.#place(page)
    return page
  }

  /** Gives the page a number and returns the number of its first entry. */
  #place(page: Page): number {
    const number = this.#freeNumbers.pop() ?? this.#byNumber.length
    this.#byNumber[number] = page
    this.#order.push(number)
    return this.#firstEntry(number)
  }

  get #newestPageEntry(): number {
    return this.#firstEntry(this.#order[this.#order.length - 1]!)
  }

  #firstEntry(number: number): number {
    return (number << SHIFT) + 1
  }

  #hash(entry: number): number {
    return this.#page(entry).words[headOf(entry)]!
  }

  #isLive(entry: number, keys: Uint32Array, at: number, now: number): boolean {
    return this.#hasKey(entry, keys, at) && this.time(entry) + this.#lifetimeMs > now
  }

  #hasKey(entry: number, keys: Uint32Array, at: number): boolean {
    const { words } = this.#page(entry)
    const others = rowOf(entry) + W.otherKeyWords
    return (
      words[headOf(entry)] === keys[at] &&
      words[others] === keys[at + 1] &&
      words[others + 1] === keys[at + 2] &&
      words[others + 2] === keys[at + 3]
    )
  }

  #isForgotten(entry: number): boolean {
    return this.#hasKey(entry, NO_KEY, 0)
  }

  #page(entry: number): Page {
    return this.#byNumber[(entry - 1) >>> SHIFT]!
  }
}

const NO_KEY = new Uint32Array(KEY_WORDS)

function headOf(entry: number): number {
  return HEADER_WORDS + ((entry - 1) & (ENTRIES_PER_PAGE - 1)) * HEAD_WORDS
}

function rowOf(entry: number): number {
  return ROWS_AT + ((entry - 1) & (ENTRIES_PER_PAGE - 1)) * ROW_WORDS
}

/** Writes the entry at a place of a page, with slot and time from its bases on. */
function writeEntry(
  words: Uint32Array,
  place: number,
  keys: Uint32Array,
  at: number,
  values: Uint32Array,
  valuesAt: number,
  slot: number,
  time: number,
): void {
  const row = ROWS_AT + place * ROW_WORDS
  words[HEADER_WORDS + place * HEAD_WORDS] = keys[at]!
  for (let i = 1; i < KEY_WORDS; i++) words[row + W.otherKeyWords + i - 1] = keys[at + i]!
  for (let i = 0; i < KEY_WORDS; i++) words[row + W.value + i] = values[valuesAt + i]!
  words[row + W.slot] = slot
  words[row + W.time] = time
}

/** A page in layout 0 gets the one of today. Both have the same size; the word that means nothing was each row's last. */
function renewLayout(words: Uint32Array): void {
  const older = words.slice()
  const olderRowWords = KEY_WORDS + KEY_WORDS + 3
  words[LAYOUT_WORD] = LAYOUT
  for (let i = 0; i < ENTRIES_PER_PAGE; i++) {
    const row = HEADER_WORDS + i * olderRowWords
    words[HEADER_WORDS + i * HEAD_WORDS] = older[row]!
    words.set(older.subarray(row + 1, row + 1 + ROW_WORDS), ROWS_AT + i * ROW_WORDS)
  }
}
