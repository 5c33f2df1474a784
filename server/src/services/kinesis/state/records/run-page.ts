import type { Lifetime } from '../../../../core/lifetime.ts'
import { Page } from '../../../../core/units.ts'
import type { Run } from '../../commands.ts'

/** The index of the record behind the run's last. */
export function endOf({ firstIndex, count }: Run): number {
  return firstIndex + count
}

/**
 * Runs and chunks of a shard in the order of their records: 24 bytes each, 169 to a page of 4 KiB.
 *
 * ```
 *   header     f64 first index │ f64 first body id │ f64 first time │ u32 entries │ u32 gone │ 8 zeros
 *   entry      u32 index − first │ u32 body id − first + 2^31 │ u32 time − first, ms
 *              u24 offset, u8 records, high byte │ u24 bytes, u8 records, low byte │ u24 stored bytes of the body, u8 flags
 * ```
 *
 * Flags: 1 a chunk, 2 encrypted, 4 and 8 the lifetime, 16 sealed. The second half of an entry is three words, of which the last named part is
 * the high byte. Chunks are newer bodies than the runs that lie between them, so body ids go up and down. The runs that are gone are the oldest.
 */
export const RUN_PAGE_ENTRIES = 169
const PAGE_BYTES = 4096
const HEADER_WORDS = 10
const ENTRY_WORDS = 6
const F = { index: 0, bodyId: 1, time: 2 } as const
const W = { entries: 6, gone: 7 } as const
const E = { index: 0, bodyId: 1, time: 2, offset: 3, bytes: 4, bodyBytes: 5 } as const
const FLAG = { packed: 1, encrypted: 2, sealed: 16 } as const
const LIFETIME_SHIFT = 2
const LIFETIMES = 3
const WORD_END = 2 ** 32
const BODY_ID_BIAS = 2 ** 31
const LOW_BITS = 24
const LOW_END = 2 ** LOW_BITS
const LOW_MASK = LOW_END - 1
const BYTE = 255
/** What a run can hold: an entry has no room for more. */
const RUN_RECORDS_MAX = 65_535

export class RunPage extends Page {
  constructor(content?: Uint8Array) {
    super(PAGE_BYTES, content)
  }

  /** Those that are gone included. */
  get entries(): number {
    return this.words[W.entries]!
  }

  get gone(): number {
    return this.words[W.gone]!
  }

  set gone(count: number) {
    this.words[W.gone] = count
  }

  /** Whether the run can stand behind the others, whose records are all older. */
  fits({ firstIndex, bodyId, time }: Run): boolean {
    if (this.entries === 0) return true
    const fromFirst = bodyId - this.floats[F.bodyId]! + BODY_ID_BIAS
    return (
      this.entries < RUN_PAGE_ENTRIES &&
      firstIndex - this.floats[F.index]! < WORD_END &&
      fromFirst >= 0 &&
      fromFirst < WORD_END &&
      time - this.floats[F.time]! < WORD_END
    )
  }

  /** The first one makes the page's base. */
  add(run: Run): void {
    const { firstIndex, offset, count, bytes, bodyId, time, bodyBytes } = run
    if (count > RUN_RECORDS_MAX || offset + bytes > bodyBytes || bodyBytes >= LOW_END) {
      throw new Error(`no run has ${count} records in ${bytes} of ${bodyBytes} bytes from ${offset} on`)
    }
    const { words, floats } = this
    if (this.entries === 0) {
      floats[F.index] = firstIndex
      floats[F.bodyId] = bodyId
      floats[F.time] = time
    }
    const at = wordOf(words[W.entries]!++)
    words[at + E.index] = firstIndex - floats[F.index]!
    words[at + E.bodyId] = bodyId - floats[F.bodyId]! + BODY_ID_BIAS
    words[at + E.time] = time - floats[F.time]!
    words[at + E.offset] = offset + (count >>> 8) * LOW_END
    words[at + E.bytes] = bytes + (count & BYTE) * LOW_END
    words[at + E.bodyBytes] = bodyBytes + flagsOf(run) * LOW_END
  }

  run(entry: number): Run {
    return {
      firstIndex: this.firstIndex(entry),
      count: this.count(entry),
      time: this.time(entry),
      offset: this.offset(entry),
      bytes: this.bytes(entry),
      isPacked: this.isPacked(entry),
      isEncrypted: this.isEncrypted(entry),
      isSealed: this.isSealed(entry),
      bodyId: this.bodyId(entry),
      bodyBytes: this.bodyBytes(entry),
      lifetime: this.lifetime(entry),
    }
  }

  firstIndex(entry: number): number {
    return this.floats[F.index]! + this.words[wordOf(entry) + E.index]!
  }

  /** That of the record behind the run's last. */
  endIndex(entry: number): number {
    return this.firstIndex(entry) + this.count(entry)
  }

  count(entry: number): number {
    return (this.#high(entry, E.offset) << 8) | this.#high(entry, E.bytes)
  }

  /** When the first record arrived, in milliseconds since the epoch. */
  time(entry: number): number {
    return this.floats[F.time]! + this.words[wordOf(entry) + E.time]!
  }

  bodyId(entry: number): number {
    return this.floats[F.bodyId]! + this.words[wordOf(entry) + E.bodyId]! - BODY_ID_BIAS
  }

  bodyBytes(entry: number): number {
    return this.#low(entry, E.bodyBytes)
  }

  offset(entry: number): number {
    return this.#low(entry, E.offset)
  }

  bytes(entry: number): number {
    return this.#low(entry, E.bytes)
  }

  isPacked(entry: number): boolean {
    return (this.#high(entry, E.bodyBytes) & FLAG.packed) !== 0
  }

  isEncrypted(entry: number): boolean {
    return (this.#high(entry, E.bodyBytes) & FLAG.encrypted) !== 0
  }

  isSealed(entry: number): boolean {
    return (this.#high(entry, E.bodyBytes) & FLAG.sealed) !== 0
  }

  lifetime(entry: number): Lifetime {
    return ((this.#high(entry, E.bodyBytes) >>> LIFETIME_SHIFT) & LIFETIMES) as Lifetime
  }

  #low(entry: number, part: number): number {
    return this.words[wordOf(entry) + part]! & LOW_MASK
  }

  #high(entry: number, part: number): number {
    return this.words[wordOf(entry) + part]! >>> LOW_BITS
  }
}

function flagsOf({ isPacked, isEncrypted, isSealed, lifetime }: Run): number {
  const kind = (isPacked ? FLAG.packed : 0) | (isEncrypted ? FLAG.encrypted : 0)
  return kind | (isSealed ? FLAG.sealed : 0) | (lifetime << LIFETIME_SHIFT)
}

function wordOf(entry: number): number {
  return HEADER_WORDS + entry * ENTRY_WORDS
}
