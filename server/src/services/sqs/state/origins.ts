import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { packPairs, unpackPairs } from '../../../core/packed-lists.ts'
import { Page, Unit, type Units } from '../../../core/units.ts'

/**
 * Where messages come from that landed here rather than were sent: what their sender said of it, once for all messages that
 * have it in common (for SNS, those of one subscription). A message has its origin's number, 4 bytes in a column beside its page of
 * slots; what came by a send has none, 0.
 *
 * ```
 *   note ─▶ counted by the messages that have it ─▶ unused ─▶ dropped, when many others are unused
 * ```
 *
 * Numbers are never used again. Counts are rebuilt from the columns and say only what may be dropped; that happens in the
 * clean-up, which a replay does not do: so an event's number is always there.
 */
const ORIGINS_PER_PAGE = 64
/** Origins that are kept though no message has them: most will be wanted again by the next one. */
const UNUSED_KEPT = 10_000
/** Origins that one clean-up drops at most. */
const DROPS_PER_CALL = 1000

interface Origin {
  readonly number: number
  readonly text: string
  messages: number
}

class OriginPage extends Unit {
  readonly number: number
  readonly origins = new Map<number, Origin>()

  constructor(number: number) {
    super()
    this.number = number
  }

  encode(): Uint8Array {
    return encodeCbor([...this.origins.values()].map(({ number, text }) => [number, text]))
  }
}

/** For each slot of a page the number of its message's origin. */
export class OriginColumn extends Page {
  /** The page's. */
  readonly number: number

  constructor(number: number, slots: number, content?: Uint8Array) {
    super(slots * 4, content)
    this.number = number
  }
}

/** What a snapshot's root says of them. */
export interface OriginsRecord {
  readonly next: number
  /** Pairs of page number and unit id. */
  readonly pages: Uint8Array
}

export class Origins {
  /** The number that the next one gets; 0 is never one. */
  next = 1
  readonly #units: Units
  readonly #beforeChange: () => void
  readonly #pages = new Map<number, OriginPage>()
  readonly #byText = new Map<string, Origin>()
  #size = 0
  /** In the order in which they came to be unused. */
  readonly #unused = new Set<Origin>()

  /** `beforeChange` is called when what `record` says is about to change. */
  constructor(units: Units, beforeChange: () => void) {
    this.#units = units
    this.#beforeChange = beforeChange
  }

  record(): OriginsRecord {
    return { next: this.next, pages: packPairs(this.#pages.size, this.#pages.values()) }
  }

  /** To be called before the columns that name them come back. */
  restore(record: OriginsRecord, contentOf: (unit: number) => Uint8Array): void {
    this.next = record.next
    for (const [number, unit] of unpackPairs(record.pages)) {
      const page = new OriginPage(number)
      this.#units.addAs(unit, page)
      this.#pages.set(number, page)
      for (const [origin, text] of decodeCbor(contentOf(unit)) as (readonly [number, string])[]) {
        this.#add(page, origin, text)
      }
    }
  }

  /** How many there are, those included that no message has. */
  get size(): number {
    return this.#size
  }

  /** How many of them messages have. */
  get used(): number {
    return this.size - this.#unused.size
  }

  /** 0 where it was not noted, or dropped since. */
  numberOf(text: string): number {
    return this.#byText.get(text)?.number ?? 0
  }

  /** Null for 0. */
  text(number: number): string | null {
    return number === 0 ? null : this.#origin(number).text
  }

  note(number: number, text: string): void {
    this.#beforeChange()
    this.next = number + 1
    const pageNumber = Math.floor(number / ORIGINS_PER_PAGE)
    let page = this.#pages.get(pageNumber)
    if (page === undefined) {
      page = new OriginPage(pageNumber)
      this.#units.add(page)
      this.#pages.set(pageNumber, page)
    }
    this.#units.touch(page)
    this.#add(page, number, text)
  }

  /** One more message has it. */
  retain(number: number): void {
    const origin = this.#origin(number)
    if (origin.messages++ === 0) this.#unused.delete(origin)
  }

  release(number: number): void {
    const origin = this.#origin(number)
    if (--origin.messages === 0) this.#unused.add(origin)
  }

  /** Releases what the messages of a whole page have. */
  releaseColumn(column: OriginColumn): void {
    for (const number of column.words) if (number !== 0) this.release(number)
  }

  /** Drops some of those that no message has. True while there are more to be dropped. */
  tidy(): boolean {
    let dropped = 0
    for (const origin of this.#unused) {
      if (this.#unused.size <= UNUSED_KEPT) return false
      if (dropped++ === DROPS_PER_CALL) return true
      this.#drop(origin)
    }
    return false
  }

  #add(page: OriginPage, number: number, text: string): void {
    const origin = { number, text, messages: 0 }
    page.origins.set(number, origin)
    this.#byText.set(text, origin)
    this.#unused.add(origin)
    this.#size++
  }

  #drop(origin: Origin): void {
    this.#unused.delete(origin)
    this.#size--
    if (this.#byText.get(origin.text) === origin) this.#byText.delete(origin.text)
    const page = this.#pages.get(Math.floor(origin.number / ORIGINS_PER_PAGE))!
    this.#units.touch(page)
    page.origins.delete(origin.number)
    if (page.origins.size > 0) return
    this.#beforeChange()
    this.#pages.delete(page.number)
    this.#units.remove(page)
  }

  #origin(number: number): Origin {
    const origin = this.#pages.get(Math.floor(number / ORIGINS_PER_PAGE))?.origins.get(number)
    if (origin === undefined) throw new Error(`no origin has the number ${number}`)
    return origin
  }
}
