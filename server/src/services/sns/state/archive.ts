import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { PageQueue } from '../../../core/page-queue.ts'
import { Unit, type Units } from '../../../core/units.ts'
import { ArchivePage } from './archive-page.ts'

interface ArchiveRecord {
  readonly since: number
  readonly nextSequence: number
  /** Unit ids, the oldest page first. */
  readonly pages: Uint8Array
}

/** An archived message. */
export interface ArchivedMessage {
  readonly sequence: number
  readonly bodyId: number
  /** Stored bytes of the body. */
  readonly bytes: number
  /** When it was published, in milliseconds since the epoch. */
  readonly time: number
}

/**
 * What a FIFO topic keeps to be replayed: a reference to each message's body, in the order in which they were published. A
 * message is found by its sequence number, or the first one from a time on, by halving; nothing here is done for each message
 * but what says so.
 */
export class Archive extends Unit {
  readonly #units: Units
  /** Since when messages are archived, in milliseconds since the epoch: what was published before is not to be replayed. */
  #since: number
  /** That of the next message that is published. */
  #nextSequence: number
  readonly #pages: PageQueue<ArchivePage>

  constructor(units: Units, since: number, nextSequence: number) {
    super()
    this.#units = units
    this.#since = since
    this.#nextSequence = nextSequence
    this.#pages = new PageQueue(units, this)
  }

  get since(): number {
    return this.#since
  }

  get nextSequence(): number {
    return this.#nextSequence
  }

  /** That of the oldest message there is; `nextSequence` where there is none. */
  get firstSequence(): number {
    const oldest = this.#pages.first
    return oldest === undefined ? this.#nextSequence : oldest.firstSequence + oldest.gone
  }

  /** How many messages there are. */
  get size(): number {
    return this.#nextSequence - this.firstSequence
  }

  encode(): Uint8Array {
    const record: ArchiveRecord = {
      since: this.#since,
      nextSequence: this.#nextSequence,
      pages: this.#pages.pack(),
    }
    return encodeCbor(record)
  }

  static restore(units: Units, unit: number, contentOf: (unit: number) => Uint8Array): Archive {
    const record = decodeCbor(contentOf(unit)) as ArchiveRecord
    const archive = new Archive(units, record.since, record.nextSequence)
    units.addAs(unit, archive)
    archive.#pages.restore(record.pages, (page) => new ArchivePage(contentOf(page)))
    const newest = archive.#pages.last
    if (newest !== undefined) archive.#nextSequence = newest.firstSequence + newest.entries
    return archive
  }

  /** What was published until now is not to be replayed. */
  beginAnew(now: number): void {
    this.#units.touch(this)
    this.#since = now
  }

  /** Its sequence number is the next one. */
  add(bodyId: number, bytes: number, now: number): void {
    let page = this.#pages.last
    if (page === undefined || !page.fits(bodyId, now)) {
      page = new ArchivePage()
      this.#pages.add(page)
    }
    this.#units.touch(page)
    page.add(this.#nextSequence++, bodyId, now, bytes)
  }

  /** That of the first message that was published at `time` or later; `nextSequence` where there is none. */
  firstAt(time: number): number {
    const page = this.#pages.find((each) => each.time(each.entries - 1) >= time)
    if (page === undefined) return this.#nextSequence
    let [low, high] = [page.gone, page.entries - 1]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (page.time(middle) < time) low = middle + 1
      else high = middle
    }
    return page.firstSequence + low
  }

  /** Messages from a sequence number on that is there, one after the other. */
  *from(sequence: number): IterableIterator<ArchivedMessage> {
    for (const page of this.#pages.from((each) => each.firstSequence + each.entries > sequence)) {
      for (let index = Math.max(0, sequence - page.firstSequence); index < page.entries; index++) {
        yield {
          sequence: page.firstSequence + index,
          bodyId: page.bodyId(index),
          bytes: page.bytes(index),
          time: page.time(index),
        }
      }
    }
  }

  /**
   * Lets go of messages that were published before `time`, the oldest first: of up to `limit`, and none with `sequence` or a
   * higher number. `release` is told each of them. True if there are more.
   */
  drop(
    {
      before,
      sequence,
      limit,
    }: { readonly before: number; readonly sequence: number; readonly limit: number },
    release: (bodyId: number, bytes: number) => void,
  ): boolean {
    const end = Math.min(this.firstAt(before), sequence)
    let left = limit
    while (this.firstSequence < end) {
      const page = this.#pages.first!
      const stop = Math.min(page.entries, end - page.firstSequence, page.gone + left)
      if (stop === page.gone) return true
      this.#units.touch(page)
      left -= stop - page.gone
      for (let index = page.gone; index < stop; index++) release(page.bodyId(index), page.bytes(index))
      page.gone = stop
      if (stop === page.entries) this.#pages.removeFirst()
    }
    return false
  }

  /** Calls `visit` with the body of each message. */
  visitBodies(visit: (bodyId: number, bytes: number) => void): void {
    for (const page of this.#pages) {
      for (let index = page.gone; index < page.entries; index++) visit(page.bodyId(index), page.bytes(index))
    }
  }
}
