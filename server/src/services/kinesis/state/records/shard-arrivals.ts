import type { Run } from '../../commands.ts'
import type { ArrivalPage } from './arrival-page.ts'
import { RunCursor } from './run-cursor.ts'

/** A run where a reader came to, in the page at a position of the list. */
interface Bookmark {
  readonly page: ArrivalPage
  readonly run: number
  readonly arrival: number
  /** Of the run's first record. */
  readonly index: number
}

/**
 * What arrived for one shard: in which pages of its stream's arrivals it has runs, and which record is its first in each. So a page is found by halving, and a
 * run in it by looking at all. Derived from the arrivals: in no snapshot.
 */
export class ShardArrivals {
  readonly #shard: number
  /** The oldest first. */
  readonly #pages: ArrivalPage[] = []
  readonly #firstIndexes: number[] = []
  /** Of the first record that is in the arrivals, and of the next one to come. */
  #start: number
  #end: number
  /** Where the last reader came to: mostly the next one goes on there. */
  #bookmark: Bookmark | null = null

  /** Without any so far; the next record has the index `start`. */
  constructor(shard: number, start: number) {
    this.#shard = shard
    this.#start = start
    this.#end = start
  }

  /** Of the first record that is in the arrivals: those before went, or are in chunks. */
  get start(): number {
    return this.#start
  }

  /** Of the next record to come. */
  get end(): number {
    return this.#end
  }

  /** When the newest record arrived of those that are there, in milliseconds since the epoch; undefined where none is. */
  get lastTime(): number | undefined {
    const page = this.#pages[this.#pages.length - 1]
    if (page === undefined) return undefined
    const cursor = new RunCursor(page)
    let time: number | undefined
    while (cursor.nextOf(this.#shard)) time = cursor.time
    return time
  }

  /** A run came, behind all others of the page. */
  add(page: ArrivalPage, count: number): void {
    const pages = this.#pages
    if (pages[pages.length - 1] !== page) {
      pages.push(page)
      this.#firstIndexes.push(this.#end)
    }
    this.#end += count
  }

  /** The oldest run goes. */
  pass(count: number): void {
    this.#start += count
  }

  /** Before anything is added: the first page to come has older records too, which went. */
  rewind(count: number): void {
    this.#start -= count
    this.#end -= count
  }

  /** The page goes, all of whose runs went, if it's the shard's oldest. */
  forget(page: ArrivalPage): void {
    if (this.#pages[0] !== page) return
    if (this.#bookmark?.page === page) this.#bookmark = null
    // At once: of many shards each would hold another page that the stream has no more.
    this.#pages.shift()
    this.#firstIndexes.shift()
  }

  /** The runs from the first one on that has the record with the index, or a newer one. */
  *from(index: number): IterableIterator<Run> {
    const first = Math.max(index, this.#start)
    if (first >= this.#end) return
    let position = this.#positionOf(first)
    let [cursor, at] = this.#begin(position, first)
    for (;;) {
      while (cursor.nextOf(this.#shard)) {
        const { count } = cursor
        if (at + count > first) {
          this.#bookmark = { page: cursor.page, run: cursor.run, arrival: cursor.arrival, index: at }
          yield cursor.take(at)
        }
        at += count
      }
      if (++position >= this.#pages.length) return
      cursor = new RunCursor(this.#pages[position]!)
    }
  }

  /** The first run at an index or behind it that arrived at a time or later. */
  firstSince(time: number, index: number): Run | undefined {
    let [low, high] = [0, this.#pages.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#pages[middle]!.lastTime >= time) high = middle
      else low = middle + 1
    }
    if (low === this.#pages.length) return undefined
    const bookmark = this.#bookmark
    const run = firstOfTime(this.from(Math.max(index, this.#firstIndexes[low]!)), time)
    // With each read it's asked where records begin, but nothing is read there: the reader's place stays.
    this.#bookmark = bookmark
    return run
  }

  /** Where the page is in which the record with the index lies, or the oldest. */
  #positionOf(index: number): number {
    let [low, high] = [0, this.#pages.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (this.#firstIndexes[middle]! <= index) low = middle
      else high = middle - 1
    }
    return low
  }

  /** Before a run of the page, and the index of its first record: where the last reader came to, or before the page's first. */
  #begin(position: number, index: number): [RunCursor, number] {
    const page = this.#pages[position]!
    const bookmark = this.#bookmark
    if (bookmark === null || bookmark.page !== page || bookmark.index > index) {
      return [new RunCursor(page), this.#firstIndexes[position]!]
    }
    const { run, arrival } = bookmark
    // The run itself is the next one; where it is its arrival's first, that is counted again.
    return [new RunCursor(page, run - 1, page.isFirst(run) ? arrival - 1 : arrival), bookmark.index]
  }
}

function firstOfTime(runs: Iterable<Run>, time: number): Run | undefined {
  for (const run of runs) if (run.time >= time) return run
  return undefined
}
