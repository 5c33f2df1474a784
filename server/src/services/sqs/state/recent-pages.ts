/** A power of two. Messages that a thousand groups were sent to in turn, and that are received ten to a group, lie in ten of 40 pages. */
const PLACES = 64

/**
 * Pages of a queue that were asked for lately, by their numbers: those that were asked for last of those whose numbers have the same last bits. It
 * takes less time than a map of all, which is asked for the others.
 */
export class RecentPages<Page extends { readonly number: number }> {
  /** Made with the first page: most queues have none. */
  #places: (Page | undefined)[] = []

  find(number: number): Page | undefined {
    const page = this.#places[number & (PLACES - 1)]
    return page !== undefined && page.number === number ? page : undefined
  }

  /** The page was asked for just now. Returns it. */
  note(page: Page): Page {
    if (this.#places.length === 0) this.#places = new Array(PLACES).fill(undefined)
    this.#places[page.number & (PLACES - 1)] = page
    return page
  }

  /** There is no page of this number any more. */
  forget(number: number): void {
    if (this.find(number) !== undefined) this.#places[number & (PLACES - 1)] = undefined
  }

  forgetAll(): void {
    this.#places = []
  }
}
