import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { packIds, unpackIds } from '../../../core/packed-lists.ts'
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
  /** From `#oldest` on, in the order of their messages. */
  #pages: ArchivePage[] = []
  #oldest = 0

  constructor(units: Units, since: number, nextSequence: number) {
    super()
    this.#units = units
    this.#since = since
    this.#nextSequence = nextSequence
  }

  get since(): number {
    return this.#since
  }

  get nextSequence(): number {
    return this.#nextSequence
  }

  /** That of the oldest message there is; `nextSequence` where there is none. */
  get firstSequence(): number {
    const oldest = this.#pages[this.#oldest]
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
      pages: packIds(this.#present().map(({ id }) => id)),
    }
    return encodeCbor(record)
  }

  static restore(units: Units, unit: number, contentOf: (unit: number) => Uint8Array): Archive {
    const record = decodeCbor(contentOf(unit)) as ArchiveRecord
    const archive = new Archive(units, record.since, record.nextSequence)
    units.addAs(unit, archive)
    for (const each of unpackIds(record.pages)) {
      const page = new ArchivePage(contentOf(each))
      units.addAs(each, page)
      archive.#pages.push(page)
    }
    const newest = archive.#pages.at(-1)
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
    let page = this.#pages.length === this.#oldest ? undefined : this.#pages.at(-1)
    if (page === undefined || !page.fits(bodyId, now)) {
      this.#units.touch(this)
      page = new ArchivePage()
      this.#units.add(page)
      this.#pages.push(page)
    }
    this.#units.touch(page)
    page.add(this.#nextSequence++, bodyId, now, bytes)
  }

  /** That of the first message that was published at `time` or later; `nextSequence` where there is none. */
  firstAt(time: number): number {
    const number = this.#firstPage((page) => page.time(page.entries - 1) >= time)
    const page = this.#pages[number]
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
    let number = this.#firstPage((page) => page.firstSequence + page.entries > sequence)
    let index = sequence - (this.#pages[number]?.firstSequence ?? 0)
    for (; number < this.#pages.length; number++) {
      const page = this.#pages[number]!
      for (; index < page.entries; index++) {
        yield {
          sequence: page.firstSequence + index,
          bodyId: page.bodyId(index),
          bytes: page.bytes(index),
          time: page.time(index),
        }
      }
      index = 0
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
      const page = this.#pages[this.#oldest]!
      const stop = Math.min(page.entries, end - page.firstSequence, page.gone + left)
      if (stop === page.gone) return true
      this.#units.touch(page)
      left -= stop - page.gone
      for (let index = page.gone; index < stop; index++) release(page.bodyId(index), page.bytes(index))
      page.gone = stop
      if (stop === page.entries) this.#removeOldest(page)
    }
    return false
  }

  /** Calls `visit` with the body of each message. */
  visitBodies(visit: (bodyId: number, bytes: number) => void): void {
    for (const page of this.#present()) {
      for (let index = page.gone; index < page.entries; index++) visit(page.bodyId(index), page.bytes(index))
    }
  }

  #present(): readonly ArchivePage[] {
    return this.#oldest === 0 ? this.#pages : this.#pages.slice(this.#oldest)
  }

  #removeOldest(page: ArchivePage): void {
    this.#units.touch(this)
    this.#units.remove(page)
    this.#oldest++
    // Now and then those that are gone are cut off, so that the list stays as short as it is.
    if (this.#oldest * 2 <= this.#pages.length) return
    this.#pages = this.#pages.slice(this.#oldest)
    this.#oldest = 0
  }

  /** The position of the first page that is there and of which the claim holds, as it does of all behind it. */
  #firstPage(holds: (page: ArchivePage) => boolean): number {
    let [low, high] = [this.#oldest, this.#pages.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (holds(this.#pages[middle]!)) high = middle
      else low = middle + 1
    }
    return low
  }
}
