import type { Lifetime } from '../../../../core/lifetime.ts'
import { Page } from '../../../../core/units.ts'
import {
  countIn,
  FIRST_OF_BODY,
  offsetIn,
  type RunWords,
  shardIn,
  WORDS_BYTES_MAX,
  WORDS_PER_RUN,
} from './run-words.ts'

/** A body, which one request brought or several that were put at once, with runs of records for one shard or many. */
export interface Arrival {
  readonly bodyId: number
  /** Stored bytes of the whole body. */
  readonly bodyBytes: number
  /** In milliseconds since the epoch. */
  readonly time: number
  readonly lifetime: Lifetime
  /** Whether the stream had a key when it came. */
  readonly isEncrypted: boolean
  /** Whether each run is sealed by itself. */
  readonly isSealed: boolean
}

/**
 * Arrivals of a stream in the order in which they came, each with its runs: 12 bytes for an arrival and 8 for a run.
 *
 * ```
 *   header     f64 first body id │ f64 first time │ u32 arrivals │ u32 gone │ u32 runs │ 4 zeros
 *   arrivals   u32 body id − first │ u32 time − first, ms │ u24 stored bytes of the body, u8 flags
 *   free
 *   runs       from the end of the page on, backwards: the last two words are those of the first run
 * ```
 *
 * Flags: 1 encrypted, 2 sealed, 4 and 8 the lifetime. The words of a run are those of run-words.ts. The arrivals that are gone are the oldest. A page is as
 * long as it was made.
 */
export const FIRST_PAGE_BYTES = 4096
export const PAGE_BYTES = 16_384
/** A page has at least so many for each shard. Each may know the page, which takes it 16 bytes: 4 for a record that came by itself, of 20 in the page. */
export const PAGE_BYTES_PER_SHARD = 80
const HEADER_WORDS = 8
const ARRIVAL_WORDS = 3
const F = { bodyId: 0, time: 1 } as const
const W = { arrivals: 4, gone: 5, runs: 6 } as const
const A = { bodyId: 0, time: 1, body: 2 } as const
const FLAG = { encrypted: 1, sealed: 2 } as const
const LIFETIME_SHIFT = 2
const FLAGS_SHIFT = 24
const WORD_END = 2 ** 32
const WORD_BYTES = 4

/** What a page has at least that takes in an arrival with these runs. */
export function pageBytesFor({ length }: RunWords): number {
  // Floats are to end with the page, too.
  return (HEADER_WORDS + ARRIVAL_WORDS + 1 + length) * WORD_BYTES
}

export class ArrivalPage extends Page {
  /** Empty, with room for so many bytes; or as a snapshot has it. */
  constructor(content: number | Uint8Array) {
    if (typeof content === 'number') super(content)
    else super(content.length, content)
  }

  /** Arrivals, those that are gone included. */
  get entries(): number {
    return this.words[W.arrivals]!
  }

  get gone(): number {
    return this.words[W.gone]!
  }

  set gone(count: number) {
    this.words[W.gone] = count
  }

  /** Those that are gone included. */
  get runs(): number {
    return this.words[W.runs]!
  }

  /** When the newest arrival came, in milliseconds since the epoch. */
  get lastTime(): number {
    return this.time(this.entries - 1)
  }

  /** Whether the arrival can stand behind the others, which all came before. */
  fits({ bodyId, time }: Arrival, { length }: RunWords): boolean {
    const { entries, runs } = this
    const used = HEADER_WORDS + (entries + 1) * ARRIVAL_WORDS + runs * WORDS_PER_RUN + length
    if (used > this.words.length) return false
    if (entries === 0) return true
    return bodyId - this.floats[F.bodyId]! < WORD_END && time - this.floats[F.time]! < WORD_END
  }

  /** The first one makes the page's base. */
  add(arrival: Arrival, runs: RunWords): void {
    const { bodyId, time, bodyBytes } = arrival
    if (bodyBytes > WORDS_BYTES_MAX) throw new Error(`no body of records has ${bodyBytes} bytes`)
    const { words, floats } = this
    if (this.entries === 0) {
      floats[F.bodyId] = bodyId
      floats[F.time] = time
    }
    const at = arrivalAt(words[W.arrivals]!++)
    words[at + A.bodyId] = bodyId - floats[F.bodyId]!
    words[at + A.time] = time - floats[F.time]!
    words[at + A.body] = bodyBytes | (flagsOf(arrival) << FLAGS_SHIFT)
    let run = this.#runAt(words[W.runs]!)
    for (let i = 0; i < runs.length; i += WORDS_PER_RUN) {
      words[run] = runs[i]!
      words[run + 1] = i === 0 ? runs[1]! | FIRST_OF_BODY : runs[i + 1]!
      run -= WORDS_PER_RUN
    }
    words[W.runs]! += runs.length / WORDS_PER_RUN
  }

  bodyId(arrival: number): number {
    return this.floats[F.bodyId]! + this.words[arrivalAt(arrival) + A.bodyId]!
  }

  /** In milliseconds since the epoch. */
  time(arrival: number): number {
    return this.floats[F.time]! + this.words[arrivalAt(arrival) + A.time]!
  }

  bodyBytes(arrival: number): number {
    return this.words[arrivalAt(arrival) + A.body]! & WORDS_BYTES_MAX
  }

  isEncrypted(arrival: number): boolean {
    return (this.#flags(arrival) & FLAG.encrypted) !== 0
  }

  isSealed(arrival: number): boolean {
    return (this.#flags(arrival) & FLAG.sealed) !== 0
  }

  lifetime(arrival: number): Lifetime {
    return (this.#flags(arrival) >>> LIFETIME_SHIFT) as Lifetime
  }

  /** The shard that a run is for; `NOBODY` for what is nobody's. */
  shardOf(run: number): number {
    return shardIn(this.words[this.#runAt(run) + 1]!)
  }

  countOf(run: number): number {
    const at = this.#runAt(run)
    return countIn(this.words[at]!, this.words[at + 1]!)
  }

  offsetOf(run: number): number {
    return offsetIn(this.words[this.#runAt(run)]!)
  }

  /** Where a run of an arrival ends in its body. */
  endOf(run: number, arrival: number): number {
    const next = run + 1
    return next === this.runs || this.isFirst(next) ? this.bodyBytes(arrival) : this.offsetOf(next)
  }

  /** Whether the run is the first one of its arrival. */
  isFirst(run: number): boolean {
    return (this.words[this.#runAt(run) + 1]! & FIRST_OF_BODY) !== 0
  }

  #flags(arrival: number): number {
    return this.words[arrivalAt(arrival) + A.body]! >>> FLAGS_SHIFT
  }

  #runAt(run: number): number {
    return this.words.length - (run + 1) * WORDS_PER_RUN
  }
}

function flagsOf({ isEncrypted, isSealed, lifetime }: Arrival): number {
  return (isEncrypted ? FLAG.encrypted : 0) | (isSealed ? FLAG.sealed : 0) | (lifetime << LIFETIME_SHIFT)
}

function arrivalAt(arrival: number): number {
  return HEADER_WORDS + arrival * ARRIVAL_WORDS
}
