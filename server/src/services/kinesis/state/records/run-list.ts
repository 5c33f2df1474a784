import { PageQueue } from '../../../../core/page-queue.ts'
import type { VisitBody } from '../../../../core/service-state.ts'
import type { Unit, Units } from '../../../../core/units.ts'
import type { Run } from '../../commands.ts'
import { RunPage } from './run-page.ts'

/** The state lets go of a body; `bytes` is its stored length. */
export type ReleaseBody = (bodyId: number, bytes: number) => void

/**
 * Runs and chunks of a shard in the order of their records, which come at the end and go at the beginning. Indexes grow and times don't fall: one
 * is found by either by halving.
 */
export class RunList {
  readonly #units: Units
  readonly #pages: PageQueue<RunPage>

  /** A list of `owner`, whose record names the pages. */
  constructor(units: Units, owner: Unit) {
    this.#units = units
    this.#pages = new PageQueue(units, owner)
  }

  get first(): Run | undefined {
    const page = this.#pages.first
    return page?.run(page.gone)
  }

  pack(): Uint8Array {
    return this.#pages.pack()
  }

  restore(packed: Uint8Array, contentOf: (unit: number) => Uint8Array): void {
    this.#pages.restore(packed, (unit) => new RunPage(contentOf(unit)))
  }

  append(run: Run): void {
    let page = this.#pages.last
    if (page === undefined || !page.fits(run)) {
      page = new RunPage()
      this.#pages.add(page)
    }
    this.#units.touch(page)
    page.add(run)
  }

  /** Takes away the oldest run, if there is one. */
  removeFirst(): void {
    const page = this.#pages.first
    if (page === undefined) return
    this.#units.touch(page)
    page.gone++
    if (page.gone === page.entries) this.#pages.removeFirst()
  }

  /** The runs from the first one on that has the record with the index, or a newer one. */
  *from(index: number): IterableIterator<Run> {
    for (const page of this.#pages.from((each) => each.endIndex(each.entries - 1) > index)) {
      const first = firstEntry(page, (entry) => page.endIndex(entry) > index)
      for (let entry = first; entry < page.entries; entry++) yield page.run(entry)
    }
  }

  /** The first run whose first record arrived at a time or later. */
  firstSince(time: number): Run | undefined {
    const page = this.#pages.find((each) => each.time(each.entries - 1) >= time)
    return page?.run(firstEntry(page, (entry) => page.time(entry) >= time))
  }

  /** The last run whose first record arrived before a time. */
  lastBefore(time: number): Run | undefined {
    const page = this.#pages.findLast((each) => each.time(each.gone) < time)
    if (page === undefined) return undefined
    const isLater = page.time(page.entries - 1) >= time
    return page.run(isLater ? firstEntry(page, (entry) => page.time(entry) >= time) - 1 : page.entries - 1)
  }

  visitBodies(visit: VisitBody): void {
    for (const page of this.#pages) {
      for (let entry = page.gone; entry < page.entries; entry++) {
        visit(page.bodyId(entry), page.bodyBytes(entry), page.lifetime(entry))
      }
    }
  }

  /** Its pages. */
  units(): IterableIterator<RunPage> {
    return this.#pages[Symbol.iterator]()
  }
}

/** The first entry of which the claim holds, as it does of all behind it; the last one does. */
function firstEntry(page: RunPage, holds: (entry: number) => boolean): number {
  let [low, high] = [page.gone, page.entries - 1]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}
