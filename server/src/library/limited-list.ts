export interface ListLimits {
  readonly entries: number
  readonly bytes: number
}

/** A list that lets go of its oldest entries when it grows beyond its limits; the newest always stays. */
export class LimitedList<T> {
  readonly #limits: ListLimits
  #entries: { readonly entry: T; readonly bytes: number }[] = []
  /** How many at the beginning were let go of; they are cut off once in a while. */
  #gone = 0
  #bytes = 0

  constructor(limits: ListLimits) {
    this.#limits = limits
  }

  add(entry: T, bytes: number): void {
    this.#entries.push({ entry, bytes })
    this.#bytes += bytes
    while (this.#isTooLong()) {
      this.#bytes -= this.#entries[this.#gone]!.bytes
      this.#gone++
    }
    if (this.#gone * 2 > this.#entries.length) {
      this.#entries = this.#entries.slice(this.#gone)
      this.#gone = 0
    }
  }

  /** The oldest first; belongs to the caller. */
  toArray(): T[] {
    return this.#entries.slice(this.#gone).map(({ entry }) => entry)
  }

  #isTooLong(): boolean {
    const count = this.#entries.length - this.#gone
    return count > 1 && (count > this.#limits.entries || this.#bytes > this.#limits.bytes)
  }
}
