/** Things in the order of their numbers, which grow: the newest is the last, but for those that come back. */
export class NumberedList<Item> {
  readonly #numberOf: (item: Item) => number
  readonly #items: Item[] = []

  constructor(numberOf: (item: Item) => number) {
    this.#numberOf = numberOf
  }

  get items(): readonly Item[] {
    return this.#items
  }

  add(item: Item): void {
    this.#items.splice(this.#firstAfter(this.#numberOf(item)), 0, item)
  }

  remove(number: number): void {
    this.#items.splice(this.#firstAfter(number - 1), 1)
  }

  numbered(number: number): Item | undefined {
    const found = this.#items[this.#firstAfter(number - 1)]
    return found !== undefined && this.#numberOf(found) === number ? found : undefined
  }

  /** Up to `limit` items with numbers above `after`. */
  page(after: number, limit: number): readonly Item[] {
    const start = this.#firstAfter(after)
    return this.#items.slice(start, start + limit)
  }

  #firstAfter(number: number): number {
    let low = 0
    let high = this.#items.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#numberOf(this.#items[middle]!) <= number) low = middle + 1
      else high = middle
    }
    return low
  }
}
