import { packIds, unpackIds } from './packed-lists.ts'
import type { Unit, Units } from './units.ts'

/** Some entries in order, of which the oldest may be gone. */
export interface EntryPage extends Unit {
  /** Those that are gone included. */
  readonly entries: number
  readonly gone: number
}

/**
 * Pages of entries, which come at the end and go at the beginning. They belong to a unit, whose record names them: it is touched
 * before a page comes or goes.
 */
export class PageQueue<Page extends EntryPage> {
  readonly #units: Units
  readonly #owner: Unit
  /** From `#oldest` on. */
  #pages: Page[] = []
  #oldest = 0

  constructor(units: Units, owner: Unit) {
    this.#units = units
    this.#owner = owner
  }

  get first(): Page | undefined {
    return this.#pages[this.#oldest]
  }

  get last(): Page | undefined {
    const { length } = this.#pages
    return length === this.#oldest ? undefined : this.#pages[length - 1]
  }

  [Symbol.iterator](): IterableIterator<Page> {
    return this.#from(this.#oldest)
  }

  /** The first page of which the claim holds, as it does of all behind it. */
  find(holds: (page: Page) => boolean): Page | undefined {
    return this.#pages[this.#find(holds)]
  }

  /** The last page of which the claim holds, as it does of all before it. */
  findLast(holds: (page: Page) => boolean): Page | undefined {
    const position = this.#find((page) => !holds(page)) - 1
    return position < this.#oldest ? undefined : this.#pages[position]
  }

  /** As `find`, and all behind it. */
  from(holds: (page: Page) => boolean): IterableIterator<Page> {
    return this.#from(this.#find(holds))
  }

  add(page: Page): void {
    this.#units.touch(this.#owner)
    this.#units.add(page)
    this.#pages.push(page)
  }

  removeFirst(): void {
    this.#units.touch(this.#owner)
    this.#units.remove(this.#pages[this.#oldest]!)
    this.#oldest++
    // Now and then those that are gone are cut off, so that the list stays as short as it is.
    if (this.#oldest * 2 <= this.#pages.length) return
    this.#pages = this.#pages.slice(this.#oldest)
    this.#oldest = 0
  }

  /** The pages' unit ids, as the owner's record has them. */
  pack(): Uint8Array {
    return packIds(Array.from(this, ({ id }) => id))
  }

  /** Brings back the pages that were packed. */
  restore(packed: Uint8Array, pageOf: (unit: number) => Page): void {
    for (const unit of unpackIds(packed)) {
      const page = pageOf(unit)
      this.#units.addAs(unit, page)
      this.#pages.push(page)
    }
  }

  *#from(position: number): IterableIterator<Page> {
    for (let i = position; i < this.#pages.length; i++) yield this.#pages[i]!
  }

  #find(holds: (page: Page) => boolean): number {
    let [low, high] = [this.#oldest, this.#pages.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (holds(this.#pages[middle]!)) high = middle
      else low = middle + 1
    }
    return low
  }
}
