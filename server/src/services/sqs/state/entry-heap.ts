/** What `EntryHeap` needs of the entries it orders: to remember where each stands. */
export interface Positioned {
  position(entry: number): number
  setPosition(entry: number, position: number): void
}

const PAGE_ITEMS = 4096
const PAGE_SHIFT = 12
/** The position of an entry that isn't in the heap. */
export const NOWHERE = 0xffff_ffff

/**
 * A binary heap of entries by their ranks, the least first, with removal and change in place. In pages, so that growing
 * copies nothing. Not part of snapshots: it is rebuilt from the entries.
 */
export class EntryHeap {
  readonly #entries: Positioned
  /** Pairs of rank and entry. */
  readonly #pages: Float64Array[] = []
  #size = 0

  constructor(entries: Positioned) {
    this.#entries = entries
  }

  get size(): number {
    return this.#size
  }

  /** Infinity when there is none. */
  get least(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : this.#pages[0]![0]!
  }

  /** The entry with the least rank; only to be called when there is one. */
  get first(): number {
    return this.#pages[0]![1]!
  }

  /**
   * The rank and the entry at a place from 0 up to `size`. Nothing at the places `2 × place + 1` and `2 × place + 2` ranks before
   * what is at `place`, and 0 is the first: so entries can be visited by rank without taking them out.
   */
  rankAt(place: number): number {
    return this.#pages[place >>> PAGE_SHIFT]![(place & (PAGE_ITEMS - 1)) * 2]!
  }

  entryAt(place: number): number {
    return this.#pages[place >>> PAGE_SHIFT]![(place & (PAGE_ITEMS - 1)) * 2 + 1]!
  }

  /** Puts the entry in, or moves it to its new rank. */
  set(entry: number, rank: number): void {
    let position = this.#entries.position(entry)
    if (position === NOWHERE) {
      position = this.#size++
      if (position >>> PAGE_SHIFT === this.#pages.length) this.#pages.push(new Float64Array(PAGE_ITEMS * 2))
    }
    this.#settle(position, rank, entry)
  }

  /** Takes the entry out, if it is in. */
  remove(entry: number): void {
    const position = this.#entries.position(entry)
    if (position === NOWHERE) return
    this.#entries.setPosition(entry, NOWHERE)
    const last = --this.#size
    if (position === last) return
    this.#settle(position, this.rankAt(last), this.entryAt(last))
  }

  /** Finds the place for an item around a position whose own item is gone. */
  #settle(from: number, rank: number, entry: number): void {
    let position = from
    while (position > 0) {
      const parent = (position - 1) >>> 1
      const above = this.rankAt(parent)
      if (above <= rank) break
      this.#put(position, above, this.entryAt(parent))
      position = parent
    }
    if (position === from) {
      for (;;) {
        let child = 2 * position + 1
        if (child >= this.#size) break
        let below = this.rankAt(child)
        if (child + 1 < this.#size) {
          const right = this.rankAt(child + 1)
          if (right < below) {
            child++
            below = right
          }
        }
        if (rank <= below) break
        this.#put(position, below, this.entryAt(child))
        position = child
      }
    }
    this.#put(position, rank, entry)
  }

  #put(position: number, rank: number, entry: number): void {
    const page = this.#pages[position >>> PAGE_SHIFT]!
    const at = (position & (PAGE_ITEMS - 1)) * 2
    page[at] = rank
    page[at + 1] = entry
    this.#entries.setPosition(entry, position)
  }
}
