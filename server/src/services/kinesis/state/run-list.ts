import { PageQueue } from '../../../core/page-queue.ts'
import type { VisitBody } from '../../../core/service-state.ts'
import type { Unit, Units } from '../../../core/units.ts'
import { type Run, type RunOrigin, RunPage, type RunPlace } from './run-page.ts'
import { RunReader } from './run-reader.ts'

/** The state lets go of a body; `bytes` is its stored length. */
export type ReleaseBody = (bodyId: number, bytes: number) => void

/**
 * Runs in the order of their records, which come at the end and go at the beginning. Indexes have no gaps and times don't fall: a
 * run is found by either by halving.
 */
export class RunList {
  readonly #units: Units
  readonly #pages: PageQueue<RunPage>
  /** How many runs there are. */
  #size = 0
  /** Of their records. */
  #bytes = 0
  /** The newest page, where runs come: kept here, nothing else is looked at when one does. */
  #tail: RunPage | undefined

  /** A list of `owner`, whose record names the pages. */
  constructor(units: Units, owner: Unit) {
    this.#units = units
    this.#pages = new PageQueue(units, owner)
  }

  get size(): number {
    return this.#size
  }

  get bytes(): number {
    return this.#bytes
  }

  get first(): Run | undefined {
    const page = this.#pages.first
    return page?.run(page.gone)
  }

  get last(): Run | undefined {
    const page = this.#tail
    return page?.run(page.entries - 1)
  }

  /** When the oldest run's first record arrived, in milliseconds since the epoch; Infinity without runs. */
  get firstTime(): number {
    const page = this.#pages.first
    return page === undefined ? Number.POSITIVE_INFINITY : page.time(page.gone)
  }

  /** When the newest run's first record arrived; undefined without runs. */
  get lastTime(): number | undefined {
    const page = this.#tail
    return page?.time(page.entries - 1)
  }

  pack(): Uint8Array {
    return this.#pages.pack()
  }

  restore(packed: Uint8Array, contentOf: (unit: number) => Uint8Array): void {
    this.#pages.restore(packed, (unit) => new RunPage(contentOf(unit)))
    for (const page of this.#pages) {
      this.#size += page.entries - page.gone
      for (let entry = page.gone; entry < page.entries; entry++) this.#bytes += page.bytes(entry)
    }
    this.#tail = this.#pages.last
  }

  /** In three parts, as a request may bring a run to each of many shards: an object for each would take longer than all else there is to do. */
  append(firstIndex: number, place: RunPlace, origin: RunOrigin): void {
    let page = this.#tail
    if (page === undefined || !page.fits(firstIndex, origin)) {
      page = new RunPage()
      this.#pages.add(page)
      this.#tail = page
    }
    this.#units.touch(page)
    page.add(firstIndex, place, origin)
    this.#size++
    this.#bytes += place.bytes
  }

  /** Takes away the oldest run, if there is one. */
  removeFirst(): void {
    const page = this.#pages.first
    if (page === undefined) return
    this.#units.touch(page)
    this.#bytes -= page.bytes(page.gone)
    this.#size--
    page.gone++
    if (page.gone < page.entries) return
    this.#pages.removeFirst()
    if (page === this.#tail) this.#tail = undefined
  }

  /** Takes away the oldest runs, those whose records all come before the index, and lets go of their bodies. */
  removeBefore(index: number, release: ReleaseBody): void {
    for (let page = this.#pages.first; page !== undefined; page = this.#pages.first) {
      const { entries, gone } = page
      let entry = gone
      for (; entry < entries && page.endIndex(entry) <= index; entry++) {
        this.#bytes -= page.bytes(entry)
        release(page.bodyId(entry), page.bodyBytes(entry))
      }
      if (entry === gone) return
      this.#units.touch(page)
      this.#size -= entry - gone
      page.gone = entry
      if (entry < entries) return
      this.#pages.removeFirst()
      if (page === this.#tail) this.#tail = undefined
    }
  }

  /** Reads the runs with the records from one index on, up to before another. */
  read(from: number, to: number): RunReader {
    const reachesFrom = (page: RunPage) => page.endIndex(page.entries - 1) > from
    const first = this.#pages.find(reachesFrom)
    const entry = first === undefined ? 0 : firstEntry(first, (each) => first.endIndex(each) > from)
    return new RunReader(this.#pages.from(reachesFrom), entry, to)
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
