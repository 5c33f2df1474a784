import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import type { Lifetime } from '../../../core/lifetime.ts'
import type { VisitBody } from '../../../core/service-state.ts'
import { Unit, type Units } from '../../../core/units.ts'
import { gatheredFor, packingDueAt, type RunsToPack, runsToPack } from './packing.ts'
import { type ReleaseBody, RunList } from './run-list.ts'
import { endOf, type Run, type RunOrigin, type RunPlace } from './run-page.ts'
import type { RunReader } from './run-reader.ts'
import { ShardThroughput } from './shard-throughput.ts'

interface ShardRecordsRecord {
  /** As they are where there is no recent run; else they are told by that. */
  readonly nextIndex: number
  readonly newestTime: number
  /** Unit ids, the oldest page first. */
  readonly chunks: Uint8Array
  readonly recent: Uint8Array
}

/** Records from one index on, up to before another. */
export interface IndexRange {
  readonly from: number
  readonly to: number
}

/** A body into which records were put together. */
export interface ChunkBody {
  readonly bodyId: number
  readonly bytes: number
  readonly lifetime: Lifetime
}

/** What one answer has at most. One slice there is in any case, if there is something. */
export interface SliceLimits {
  readonly records: number
  readonly bytes: number
}

/** Bodies that one read asks for, and stored bytes of them, at most: a slice may be a small part of its body. */
const READ_SLICES_MAX = 1000
const READ_BODY_BYTES_MAX = 32 * 1024 * 1024

/**
 * The records of one shard, in the order in which they arrived: the chunks, and after them the recent runs. See
 * docs/decisions/0019-streams.md.
 */
export class ShardRecords extends Unit {
  readonly #chunks: RunList
  readonly #recent: RunList
  readonly #units: Units
  #nextIndex = 1
  /** Where there is no recent run; else that tells it. 0 before the first record. */
  #newestTime = 0
  #throughput: ShardThroughput | null = null
  /** What the queue of packings knows of `packingDueAt`. It is the queue's to set; derived, and in no snapshot. */
  packingNotedAt = Number.POSITIVE_INFINITY

  constructor(units: Units) {
    super()
    this.#units = units
    this.#chunks = new RunList(units, this)
    this.#recent = new RunList(units, this)
  }

  static restore(units: Units, unit: number, contentOf: (unit: number) => Uint8Array): ShardRecords {
    const record = decodeCbor(contentOf(unit)) as ShardRecordsRecord
    const records = new ShardRecords(units)
    units.addAs(unit, records)
    records.#chunks.restore(record.chunks, contentOf)
    records.#recent.restore(record.recent, contentOf)
    // A run that comes into a page that is there doesn't touch this unit.
    const { last } = records.#recent
    records.#nextIndex = last === undefined ? record.nextIndex : endOf(last)
    records.#newestTime = record.newestTime
    return records
  }

  encode(): Uint8Array {
    const record: ShardRecordsRecord = {
      nextIndex: this.#nextIndex,
      newestTime: this.newestTime,
      chunks: this.#chunks.pack(),
      recent: this.#recent.pack(),
    }
    return encodeCbor(record)
  }

  /** That of the next record: they are counted from 1, without gaps. */
  get nextIndex(): number {
    return this.#nextIndex
  }

  /** When the newest record arrived, be it there or not, in milliseconds since the epoch; 0 where there never was one. */
  get newestTime(): number {
    return this.#recent.lastTime ?? this.#newestTime
  }

  /** That of the oldest record there is; `nextIndex` where there is none. */
  get firstIndex(): number {
    return (this.#chunks.first ?? this.#recent.first)?.firstIndex ?? this.#nextIndex
  }

  /** How much the shard had to do lately. */
  get throughput(): ShardThroughput {
    this.#throughput ??= new ShardThroughput()
    return this.#throughput
  }

  /** When its oldest recent runs are to be packed, in milliseconds since the epoch; Infinity while there are too few. */
  get packingDueAt(): number {
    return packingDueAt(this.#recent)
  }

  /** That of the oldest recent record; `nextIndex` where there is none. */
  get firstRecentIndex(): number {
    return this.#recent.first?.firstIndex ?? this.#nextIndex
  }

  get recentRunCount(): number {
    return this.#recent.size
  }

  /** The oldest recent runs, as many as one chunk is made of: all of them large, or none. Only such as lie in bodies up to `lastBodyId`; null where there are none. */
  runsToPack(lastBodyId?: number): RunsToPack | null {
    return runsToPack(this.#recent, lastBodyId)
  }

  /** Reads the recent runs with the records of the range, the oldest there were once: those that are still there. */
  readRecent({ from, to }: IndexRange): RunReader {
    return this.#recent.read(from, to)
  }

  /** Takes in a run of records that arrived now, behind all others. True where `packingDueAt` is another by that, which it mostly isn't. */
  append(place: RunPlace, origin: RunOrigin): boolean {
    const before = gatheredFor(this.#recent)
    this.#recent.append(this.#nextIndex, place, origin)
    this.#nextIndex += place.count
    return gatheredFor(this.#recent) !== before
  }

  /** The oldest recent runs, those with the records of the range, are in a chunk from now on. */
  pack(range: IndexRange, { bodyId, bytes, lifetime }: ChunkBody, release: ReleaseBody): void {
    this.#dropBefore(range, release)
    const run = this.readRecent(range)
    let end = Number.NaN
    let isSealed = false
    while (run.next()) {
      end = run.endIndex
      isSealed ||= run.isSealed
    }
    const first = this.#firstOf(range, end)
    this.#recent.removeBefore(range.to, release)
    const place = { offset: 0, bytes, count: range.to - range.from }
    const kind = { isPacked: true, isEncrypted: false, isSealed }
    const body = { bodyId, bodyBytes: bytes, lifetime }
    this.#chunks.append(range.from, place, { time: first.time, ...kind, ...body })
  }

  /** The oldest recent runs, those with the records of the range, stay as they are: each is a chunk from now on. */
  keep(range: IndexRange, release: ReleaseBody): void {
    this.#dropBefore(range, release)
    const runs: Run[] = []
    for (const run of this.#recent.from(range.from)) {
      if (run.firstIndex >= range.to) break
      runs.push(run)
    }
    this.#firstOf(range, runs.length === 0 ? Number.NaN : endOf(runs.at(-1)!))
    this.#recent.removeBefore(range.to, () => {})
    for (const run of runs) this.#chunks.append(run.firstIndex, run, run)
  }

  /**
   * The runs and chunks that have records from an index on, one after the other, until they have as many records or bytes as are
   * wanted, or more. Those whose records all arrived before `trimmedBefore` are passed over.
   */
  slicesFrom(index: number, wanted: SliceLimits, trimmedBefore: number): readonly Run[] {
    const from = Math.max(index, this.firstIndexSince(trimmedBefore))
    const slices: Run[] = []
    let [records, bytes, bodyBytes] = [0, 0, 0]
    for (const run of this.#from(from)) {
      bodyBytes += run.bodyBytes
      if (slices.length > 0 && bodyBytes > READ_BODY_BYTES_MAX) break
      slices.push(run)
      records += endOf(run) - Math.max(from, run.firstIndex)
      bytes += run.bytes
      if (records >= wanted.records || bytes >= wanted.bytes || slices.length === READ_SLICES_MAX) break
    }
    return slices
  }

  /** All records before the index arrived before the time (milliseconds since the epoch); in its chunk there may be more of them. */
  firstIndexSince(time: number): number {
    const older = this.#chunks.lastBefore(time)
    // The chunk's last records may have arrived until the next one did.
    if (older?.isPacked === true && this.#nextTime(older) >= time) return older.firstIndex
    const first = this.#chunks.firstSince(time) ?? this.#recent.firstSince(time)
    return first?.firstIndex ?? this.#nextIndex
  }

  /** Lets go of up to `limit` runs and chunks, the oldest first, whose records all arrived before a time. True if there are more. */
  drop(before: number, limit: number, release: ReleaseBody): boolean {
    const end = this.firstIndexSince(before)
    for (let left = limit; this.firstIndex < end; left--) {
      if (left === 0) return true
      if (this.#chunks.size > 0) removeFirst(this.#chunks, release)
      else this.#removeFirstRecent(release)
    }
    return false
  }

  /** Calls `visit` with every body that records lie in, once for each reference. */
  visitBodies(visit: VisitBody): void {
    this.#chunks.visitBodies(visit)
    this.#recent.visitBodies(visit)
  }

  /** All that is to be taken out of the units when the shard is gone, itself included. */
  *allUnits(): IterableIterator<Unit> {
    // A snapshot under way that still has to write it, is to name its pages as they were.
    this.#units.touch(this)
    yield* this.#chunks.units()
    yield* this.#recent.units()
    yield this
  }

  *#from(index: number): IterableIterator<Run> {
    yield* this.#chunks.from(index)
    yield* this.#recent.from(index)
  }

  /** When the first record behind a chunk arrived; or the last one there ever was. */
  #nextTime(chunk: Run): number {
    for (const next of this.#from(endOf(chunk))) return next.time
    return this.newestTime
  }

  /** What had passed its retention may have been gone when the runs of the range became chunks, and be there again when that is replayed. */
  #dropBefore({ from }: IndexRange, release: ReleaseBody): void {
    this.#keepNewestTime()
    this.#recent.removeBefore(from, release)
  }

  /** The oldest recent run. Throws where it doesn't begin the range, or `end`, where the last of the range's runs ends, isn't the range's. */
  #firstOf({ from, to }: IndexRange, end: number): Run {
    const { first } = this.#recent
    if (first?.firstIndex === from && end === to) return first
    throw new Error(`the shard has no runs with the records from ${from} to ${to}`)
  }

  #removeFirstRecent(release: ReleaseBody): void {
    this.#keepNewestTime()
    removeFirst(this.#recent, release)
  }

  /** To be called before recent runs go: the last of them tells it. */
  #keepNewestTime(): void {
    this.#newestTime = this.newestTime
  }
}

function removeFirst(list: RunList, release: ReleaseBody): void {
  const run = list.first
  if (run === undefined) return
  list.removeFirst()
  release(run.bodyId, run.bodyBytes)
}
