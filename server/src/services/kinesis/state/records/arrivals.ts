import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { PageQueue } from '../../../../core/page-queue.ts'
import type { VisitBody } from '../../../../core/service-state.ts'
import { Unit, type Units } from '../../../../core/units.ts'
import {
  type Arrival,
  ArrivalPage,
  FIRST_PAGE_BYTES,
  PAGE_BYTES,
  PAGE_BYTES_PER_SHARD,
  pageBytesFor,
} from './arrival-page.ts'
import { RunCursor } from './run-cursor.ts'
import type { ReleaseBody } from './run-list.ts'
import { NOBODY, type RunWords, shardIn, WORDS_PER_RUN } from './run-words.ts'
import type { ShardRecords } from './shard-records.ts'

interface ArrivalsRecord {
  /** Unit ids, the oldest page first. */
  readonly pages: Uint8Array
}

interface ShardOfArrivals {
  readonly records: ShardRecords
}

/** What arrivals need of their stream. */
export interface StreamOfArrivals {
  readonly openShardCount: number
  /** Undefined for a shard that is gone. */
  shardNumbered(number: number): ShardOfArrivals | undefined
}

/**
 * What came to a stream lately, in the order in which it came, for whichever shards: one entry for each body, with its runs, all in one place. A request that brings
 * something to a hundred shards so writes to one page, and not to a hundred. The shards know what is theirs. See docs/decisions/0034-arrivals.md.
 */
export class Arrivals extends Unit {
  readonly #units: Units
  readonly #stream: StreamOfArrivals
  readonly #pages: PageQueue<ArrivalPage>
  /** Where the oldest arrival begins in its page. */
  #firstRun = 0
  #runs = 0
  #bytes = 0
  /** What the queue of packings knows of when it is due. It is the queue's to set; derived, and in no snapshot. */
  packingNotedAt = Number.POSITIVE_INFINITY

  constructor(units: Units, stream: StreamOfArrivals) {
    super()
    this.#units = units
    this.#stream = stream
    this.#pages = new PageQueue(units, this)
  }

  /** To be called when the shards are there, and know their records up to where the arrivals begin. */
  static restore(
    units: Units,
    unit: number,
    stream: StreamOfArrivals,
    contentOf: (unit: number) => Uint8Array,
  ): Arrivals {
    const { pages } = decodeCbor(contentOf(unit)) as ArrivalsRecord
    const arrivals = new Arrivals(units, stream)
    units.addAs(unit, arrivals)
    arrivals.#pages.restore(pages, (each) => new ArrivalPage(contentOf(each)))
    arrivals.#restore()
    return arrivals
  }

  encode(): Uint8Array {
    const record: ArrivalsRecord = { pages: this.#pages.pack() }
    return encodeCbor(record)
  }

  /** How many runs there are, of all shards. */
  get runs(): number {
    return this.#runs
  }

  /** Of the bodies. */
  get bytes(): number {
    return this.#bytes
  }

  /** When the oldest arrival came, in milliseconds since the epoch; Infinity without. */
  get firstTime(): number {
    const page = this.#pages.first
    return page === undefined ? Number.POSITIVE_INFINITY : page.time(page.gone)
  }

  /** Whether the oldest of the bodies has at most this id. */
  reachesBackTo(bodyId: number): boolean {
    const page = this.#pages.first
    return page !== undefined && page.bodyId(page.gone) <= bodyId
  }

  /** Takes in a body with its runs, behind all others, and tells of each shard that has one. */
  add(arrival: Arrival, runs: RunWords, each: (shard: ShardOfArrivals) => void): void {
    let page = this.#pages.last
    if (page === undefined || !page.fits(arrival, runs)) {
      const usual = page === undefined ? FIRST_PAGE_BYTES : this.#usualPageBytes
      page = new ArrivalPage(Math.max(usual, pageBytesFor(runs)))
      this.#pages.add(page)
    }
    this.#units.touch(page)
    const first = page.runs
    page.add(arrival, runs)
    this.#bytes += arrival.bodyBytes
    for (let i = 1, run = first; i < runs.length; i += WORDS_PER_RUN, run++) {
      const number = shardIn(runs[i]!)
      if (number === NOBODY) continue
      this.#runs++
      const shard = this.#stream.shardNumbered(number)
      if (shard === undefined) throw new Error(`the stream has no shard ${number}`)
      shard.records.arrived.add(page, page.countOf(run))
      each(shard)
    }
  }

  /** Lets go of the arrivals whose bodies have ids up to this. */
  removeUpTo(bodyId: number, release: ReleaseBody): void {
    while (this.reachesBackTo(bodyId)) this.#removeFirst(this.#pages.first!, release)
  }

  /** Lets go of arrivals that came before a time, the oldest first, until they had `limit` runs. True if there are more. */
  drop(before: number, limit: number, release: ReleaseBody): boolean {
    const enough = this.#runs - limit
    while (this.firstTime < before) {
      if (this.#runs <= enough) return true
      this.#removeFirst(this.#pages.first!, release)
    }
    return false
  }

  /** Stands at the first run of one body after the other, the oldest first. Whoever goes through the runs of one leaves it at the last. */
  *bodies(): IterableIterator<RunCursor> {
    let firstRun = this.#firstRun
    for (const page of this.#pages) {
      const cursor = new RunCursor(page, firstRun - 1, page.gone - 1)
      firstRun = 0
      while (cursor.next()) yield cursor
    }
  }

  /** Calls `visit` with every body. */
  visitBodies(visit: VisitBody): void {
    for (const page of this.#pages) {
      for (let entry = page.gone; entry < page.entries; entry++) {
        visit(page.bodyId(entry), page.bodyBytes(entry), page.lifetime(entry))
      }
    }
  }

  get #usualPageBytes(): number {
    return Math.max(PAGE_BYTES, PAGE_BYTES_PER_SHARD * this.#stream.openShardCount)
  }

  #removeFirst(page: ArrivalPage, release: ReleaseBody): void {
    this.#units.touch(page)
    const arrival = page.gone
    release(page.bodyId(arrival), page.bodyBytes(arrival))
    this.#bytes -= page.bodyBytes(arrival)
    const cursor = new RunCursor(page, this.#firstRun - 1, arrival - 1)
    while (cursor.next() && cursor.arrival === arrival) {
      if (cursor.shard === NOBODY) continue
      this.#runs--
      this.#recordsOf(cursor.shard)?.passArrival(cursor.count, cursor.time)
    }
    this.#firstRun = cursor.run
    page.gone++
    if (page.gone < page.entries) return
    this.#forget(page)
    this.#pages.removeFirst()
    this.#firstRun = 0
  }

  /** No shard has anything in the page any more. */
  #forget(page: ArrivalPage): void {
    const cursor = new RunCursor(page)
    while (cursor.next()) {
      if (cursor.shard !== NOBODY) this.#recordsOf(cursor.shard)?.arrived.forget(page)
    }
  }

  /** The shards learn what is theirs anew, that included which is gone but stands in the oldest page still. */
  #restore(): void {
    const { first } = this.#pages
    if (first === undefined) return
    const gone: RunCursor[] = []
    for (const cursor = new RunCursor(first); cursor.next(); this.#firstRun++) {
      if (cursor.arrival === first.gone) break
      if (cursor.shard !== NOBODY) gone.push(new RunCursor(first, cursor.run, cursor.arrival))
    }
    for (const { shard, count } of gone) this.#recordsOf(shard)?.arrived.rewind(count)
    for (const page of this.#pages) {
      for (let entry = page.gone; entry < page.entries; entry++) this.#bytes += page.bodyBytes(entry)
      const cursor = new RunCursor(page)
      while (cursor.next()) {
        if (cursor.shard === NOBODY) continue
        this.#runs++
        this.#recordsOf(cursor.shard)?.arrived.add(page, cursor.count)
      }
    }
    this.#runs -= gone.length
    for (const { shard, count } of gone) this.#recordsOf(shard)?.arrived.pass(count)
  }

  /** Undefined where the shard is gone, whose records were older than any that may be read. */
  #recordsOf(shard: number): ShardRecords | undefined {
    return this.#stream.shardNumbered(shard)?.records
  }
}
