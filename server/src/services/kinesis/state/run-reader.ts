import type { Lifetime } from '../../../core/lifetime.ts'
import type { Run, RunPage } from './run-page.ts'

/**
 * Reads runs one after the other, the oldest first, and is each of them in turn: packing looks at a hundred thousand of them a second, and an
 * object for each is more work than all that is asked of it. No run may come or go meanwhile.
 */
export class RunReader implements Run {
  readonly #pages: Iterator<RunPage>
  /** The index behind the last record that is read. */
  readonly #to: number
  #page: RunPage | undefined
  #entry: number

  /** From an entry of the first page on, up to before the first run whose records all have the index `to`, or a greater one. */
  constructor(pages: Iterator<RunPage>, entry: number, to: number) {
    this.#pages = pages
    this.#to = to
    this.#page = this.#nextPage()
    this.#entry = entry - 1
  }

  /** Goes on to the next run; false where there is none. */
  next(): boolean {
    let page = this.#page
    if (page !== undefined && ++this.#entry === page.entries) {
      page = this.#nextPage()
      this.#page = page
      this.#entry = page?.gone ?? 0
    }
    return page !== undefined && page.firstIndex(this.#entry) < this.#to
  }

  get firstIndex(): number {
    return this.#page!.firstIndex(this.#entry)
  }

  /** The index of the record behind the run's last. */
  get endIndex(): number {
    return this.#page!.endIndex(this.#entry)
  }

  get count(): number {
    return this.#page!.count(this.#entry)
  }

  get time(): number {
    return this.#page!.time(this.#entry)
  }

  get offset(): number {
    return this.#page!.offset(this.#entry)
  }

  get bytes(): number {
    return this.#page!.bytes(this.#entry)
  }

  get isPacked(): boolean {
    return this.#page!.isPacked(this.#entry)
  }

  get isEncrypted(): boolean {
    return this.#page!.isEncrypted(this.#entry)
  }

  get isSealed(): boolean {
    return this.#page!.isSealed(this.#entry)
  }

  get bodyId(): number {
    return this.#page!.bodyId(this.#entry)
  }

  get bodyBytes(): number {
    return this.#page!.bodyBytes(this.#entry)
  }

  get lifetime(): Lifetime {
    return this.#page!.lifetime(this.#entry)
  }

  #nextPage(): RunPage | undefined {
    const { done, value } = this.#pages.next()
    return done === true ? undefined : value
  }
}
