import { Page } from '../../../core/units.ts'

/**
 * Messages of a FIFO topic's archive, in the order in which they were published: 12 bytes each, 512 to a page.
 *
 * ```
 *   header     f64 first sequence │ f64 first body id │ f64 first time │ u32 entries │ u32 gone
 *   entry      u32 body id − first │ u32 time − first, ms │ u32 stored bytes
 * ```
 *
 * Sequence numbers have no gaps: an entry's is the first one and its place. Those that are gone are the oldest.
 */
export const ARCHIVE_PAGE_ENTRIES = 512
const HEADER_BYTES = 32
const ENTRY_WORDS = 3
const PAGE_BYTES = HEADER_BYTES + ARCHIVE_PAGE_ENTRIES * ENTRY_WORDS * 4
const F = { sequence: 0, bodyId: 1, time: 2 } as const
const W = { entries: 6, gone: 7 } as const
const E = { bodyId: 0, time: 1, bytes: 2 } as const
const WORD_END = 2 ** 32

export class ArchivePage extends Page {
  constructor(content?: Uint8Array) {
    super(PAGE_BYTES, content)
  }

  get firstSequence(): number {
    return this.floats[F.sequence]!
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

  /** Whether there is room for a message behind the others, of which each has a higher body id and none was published before. */
  fits(bodyId: number, time: number): boolean {
    const [firstBody, firstTime] = [this.floats[F.bodyId]!, this.floats[F.time]!]
    return this.entries < ARCHIVE_PAGE_ENTRIES && bodyId - firstBody < WORD_END && time - firstTime < WORD_END
  }

  /** The first one makes the page's base. */
  add(sequence: number, bodyId: number, time: number, bytes: number): void {
    if (this.entries === 0) {
      this.floats[F.sequence] = sequence
      this.floats[F.bodyId] = bodyId
      this.floats[F.time] = time
    }
    const at = wordOf(this.words[W.entries]!++)
    this.words[at + E.bodyId] = bodyId - this.floats[F.bodyId]!
    this.words[at + E.time] = time - this.floats[F.time]!
    this.words[at + E.bytes] = bytes
  }

  bodyId(index: number): number {
    return this.floats[F.bodyId]! + this.words[wordOf(index) + E.bodyId]!
  }

  /** When it was published, in milliseconds since the epoch. */
  time(index: number): number {
    return this.floats[F.time]! + this.words[wordOf(index) + E.time]!
  }

  bytes(index: number): number {
    return this.words[wordOf(index) + E.bytes]!
  }
}

function wordOf(index: number): number {
  return HEADER_BYTES / 4 + index * ENTRY_WORDS
}
