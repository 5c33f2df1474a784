/** What knows its place in a list. */
export interface Placed {
  /** The list's own business. */
  place: number
}

/**
 * What has begun and not ended. Each knows its place, where the last one comes when it goes: a set would hash each, and be made anew
 * now and then for what was deleted, which costs ten times as much.
 */
export class UnderWay<Item extends Placed> {
  readonly #items: Item[] = []

  get size(): number {
    return this.#items.length
  }

  add(item: Item): void {
    item.place = this.#items.length
    this.#items.push(item)
  }

  /** Does nothing where it isn't in the list. */
  delete(item: Item): void {
    if (this.#items[item.place] !== item) return
    const last = this.#items.pop()!
    if (last === item) return
    this.#items[item.place] = last
    last.place = item.place
  }

  /** All that there are now, in no order, whatever goes meanwhile. */
  all(): readonly Item[] {
    return this.#items.slice()
  }
}
