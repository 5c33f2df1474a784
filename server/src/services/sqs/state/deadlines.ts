/** What `Deadlines` needs of the entries it orders: to remember where each stands. */
export interface Positioned {
  position(entry: number): number
  setPosition(entry: number, position: number): void
}

const PAGE_ITEMS = 4096
const PAGE_SHIFT = 12
/** The position of an entry that isn't in the heap. */
export const NOWHERE = 0xffff_ffff

/**
 * A binary heap of entries by deadline (milliseconds since the epoch), with removal and change in place. In pages, so
 * that growing copies nothing. Not part of snapshots: it is rebuilt from the entries.
 */
export class Deadlines {
  readonly #entries: Positioned
  /** Pairs of deadline and entry. */
  readonly #pages: Float64Array[] = []
  #size = 0

  constructor(entries: Positioned) {
    this.#entries = entries
  }

  get size(): number {
    return this.#size
  }

  /** Infinity when there is none. */
  get earliest(): number {
    return this.#size === 0 ? Number.POSITIVE_INFINITY : this.#pages[0]![0]!
  }

  /** The entry with the earliest deadline; only to be called when there is one. */
  get first(): number {
    return this.#pages[0]![1]!
  }

  /** Puts the entry in, or moves it to its new deadline. */
  set(entry: number, deadline: number): void {
    let position = this.#entries.position(entry)
    if (position === NOWHERE) {
      position = this.#size++
      if (position >>> PAGE_SHIFT === this.#pages.length) this.#pages.push(new Float64Array(PAGE_ITEMS * 2))
    }
    this.#settle(position, deadline, entry)
  }

  /** Takes the entry out, if it is in. */
  remove(entry: number): void {
    const position = this.#entries.position(entry)
    if (position === NOWHERE) return
    this.#entries.setPosition(entry, NOWHERE)
    const last = --this.#size
    if (position === last) return
    this.#settle(position, this.#deadlineAt(last), this.#entryAt(last))
  }

  /** Finds the place for an item around a position whose own item is gone. */
  #settle(from: number, deadline: number, entry: number): void {
    let position = from
    while (position > 0) {
      const parent = (position - 1) >>> 1
      const above = this.#deadlineAt(parent)
      if (above <= deadline) break
      this.#put(position, above, this.#entryAt(parent))
      position = parent
    }
    if (position === from) {
      for (;;) {
        let child = 2 * position + 1
        if (child >= this.#size) break
        let below = this.#deadlineAt(child)
        if (child + 1 < this.#size) {
          const right = this.#deadlineAt(child + 1)
          if (right < below) {
            child++
            below = right
          }
        }
        if (deadline <= below) break
        this.#put(position, below, this.#entryAt(child))
        position = child
      }
    }
    this.#put(position, deadline, entry)
  }

  #deadlineAt(position: number): number {
    return this.#pages[position >>> PAGE_SHIFT]![(position & (PAGE_ITEMS - 1)) * 2]!
  }

  #entryAt(position: number): number {
    return this.#pages[position >>> PAGE_SHIFT]![(position & (PAGE_ITEMS - 1)) * 2 + 1]!
  }

  #put(position: number, deadline: number, entry: number): void {
    const page = this.#pages[position >>> PAGE_SHIFT]!
    const at = (position & (PAGE_ITEMS - 1)) * 2
    page[at] = deadline
    page[at + 1] = entry
    this.#entries.setPosition(entry, position)
  }
}
