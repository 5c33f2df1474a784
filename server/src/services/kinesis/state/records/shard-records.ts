import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import type { Lifetime } from '../../../../core/lifetime.ts'
import { unpackIds } from '../../../../core/packed-lists.ts'
import type { VisitBody } from '../../../../core/service-state.ts'
import { Unit, type Units } from '../../../../core/units.ts'
import type { Run } from '../../commands.ts'
import { type ReleaseBody, RunList } from './run-list.ts'
import { endOf, RunPage } from './run-page.ts'
import { ShardArrivals } from './shard-arrivals.ts'
import { ShardThroughput } from './shard-throughput.ts'

interface ShardRecordsRecord {
  /** Where the arrivals begin. */
  readonly nextIndex: number
  /** Of the first record that is in no chunk. Left out before version 3 of the root: as `nextIndex`. */
  readonly packedTo?: number
  /** When the newest record arrived of those before the arrivals. */
  readonly newestTime: number
  /** Unit ids, the oldest page first. */
  readonly chunks: Uint8Array
  /** Of runs that were in no chunk, before version 3 of the root. */
  readonly recent?: Uint8Array
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
  /** When the first of them arrived, in milliseconds since the epoch, and whether any of their runs is sealed; null where the runs are to be asked. */
  readonly origin: ChunkOrigin | null
}

export interface ChunkOrigin {
  readonly time: number
  readonly isSealed: boolean
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
 * The records of one shard, in the order in which they arrived: the chunks, and after them what is in the arrivals of its stream only. See
 * docs/decisions/0019-streams.md and docs/decisions/0034-arrivals.md.
 *
 * ```
 *   chunk │ chunk │ … │ chunk │                                    which are in this list
 *             │ run │ run │ run │ run │ run │ run │                which are in the arrivals
 *             start           packedTo            nextIndex
 * ```
 */
export class ShardRecords extends Unit {
  /** What of it is in the arrivals of its stream, which tell it of what comes. */
  arrived: ShardArrivals
  readonly #chunks: RunList
  readonly #units: Units
  #packedTo = 1
  /** When the newest record arrived of those before the arrivals; 0 where there was none. */
  #passedTime = 0
  #throughput: ShardThroughput | null = null

  /** Those of the shard with the number in its stream. */
  constructor(units: Units, shard: number) {
    super()
    this.#units = units
    this.#chunks = new RunList(units, this)
    this.arrived = new ShardArrivals(shard, 1)
  }

  /** Brings back what its record says; the arrivals are still to come. `unlisted` is told of runs that older builds left to come into a chunk. */
  static restore(
    units: Units,
    unit: number,
    shard: number,
    contentOf: (unit: number) => Uint8Array,
    unlisted: (run: Run) => void,
  ): ShardRecords {
    const record = decodeCbor(contentOf(unit)) as ShardRecordsRecord
    const records = new ShardRecords(units, shard)
    units.addAs(unit, records)
    records.#chunks.restore(record.chunks, contentOf)
    let start = record.nextIndex
    const recent = unpackIds(record.recent ?? new Uint8Array(0))
    // The next snapshot is not to keep a record that names pages which are in none any more.
    if (recent.length > 0) units.touch(records)
    for (const each of recent) {
      const page = new RunPage(contentOf(each))
      if (page.gone < page.entries) start = Math.min(start, page.firstIndex(page.gone))
      for (let entry = page.gone; entry < page.entries; entry++) unlisted(page.run(entry))
    }
    records.arrived = new ShardArrivals(shard, start)
    records.#packedTo = record.packedTo ?? start
    records.#passedTime = record.newestTime
    return records
  }

  encode(): Uint8Array {
    const record: ShardRecordsRecord = {
      nextIndex: this.arrived.start,
      packedTo: this.#packedTo,
      newestTime: this.#passedTime,
      chunks: this.#chunks.pack(),
    }
    return encodeCbor(record)
  }

  /** That of the next record: they are counted from 1, without gaps. */
  get nextIndex(): number {
    return this.arrived.end
  }

  /** When the newest record arrived, be it there or not, in milliseconds since the epoch; 0 where there never was one. */
  get newestTime(): number {
    return this.arrived.lastTime ?? this.#passedTime
  }

  /** That of the oldest record there is; `nextIndex` where there is none. */
  get firstIndex(): number {
    return this.#chunks.first?.firstIndex ?? this.#packedTo
  }

  /** Of the first record that is in no chunk. */
  get packedTo(): number {
    return this.#packedTo
  }

  /** How much the shard had to do lately. */
  get throughput(): ShardThroughput {
    this.#throughput ??= new ShardThroughput()
    return this.#throughput
  }

  /** The oldest run goes out of the arrivals: if it is in no chunk, its time has passed. */
  passArrival(count: number, time: number): void {
    this.#units.touch(this)
    this.arrived.pass(count)
    this.#packedTo = Math.max(this.#packedTo, this.arrived.start)
    this.#passedTime = time
  }

  /** The oldest of what is in no chunk, the runs with the records of the range, are in a chunk from now on. */
  pack(range: IndexRange, { bodyId, bytes, lifetime, origin }: ChunkBody): void {
    const { from, to } = range
    if (from < this.#packedTo || to > this.nextIndex) throw noRuns(range)
    const { time, isSealed } = origin ?? originOf(this.#unpacked(range))
    const place = { firstIndex: from, count: to - from, time, offset: 0, bytes, isPacked: true }
    this.#chunks.append({ ...place, isEncrypted: false, isSealed, bodyId, bodyBytes: bytes, lifetime })
    this.#packUpTo(to)
  }

  /** As `pack`, but the runs stay as they are: each is a chunk from now on. */
  keep(range: IndexRange): void {
    for (const run of this.#unpacked(range)) this.#chunks.append(run)
    this.#packUpTo(range.to)
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
    const first = this.#chunks.firstSince(time) ?? this.arrived.firstSince(time, this.#packedTo)
    return first?.firstIndex ?? this.nextIndex
  }

  /** Lets go of up to `limit` chunks, the oldest first, whose records all arrived before a time. True if there are more. */
  drop(before: number, limit: number, release: ReleaseBody): boolean {
    const end = this.firstIndexSince(before)
    let left = limit
    for (
      let { first } = this.#chunks;
      first !== undefined && first.firstIndex < end;
      { first } = this.#chunks
    ) {
      if (left-- === 0) return true
      this.#chunks.removeFirst()
      release(first.bodyId, first.bodyBytes)
    }
    return false
  }

  /** Calls `visit` with every body that chunks lie in, once for each. */
  visitBodies(visit: VisitBody): void {
    this.#chunks.visitBodies(visit)
  }

  /** All that is to be taken out of the units when the shard is gone, itself included. */
  *allUnits(): IterableIterator<Unit> {
    // A snapshot under way that still has to write it, is to name its pages as they were.
    this.#units.touch(this)
    yield* this.#chunks.units()
    yield this
  }

  *#from(index: number): IterableIterator<Run> {
    yield* this.#chunks.from(index)
    yield* this.arrived.from(Math.max(index, this.#packedTo))
  }

  /** When the first record behind a chunk arrived; or the last one there ever was. */
  #nextTime(chunk: Run): number {
    for (const next of this.#from(endOf(chunk))) return next.time
    return this.newestTime
  }

  /** The runs of the range, which are in no chunk. What came before them had passed its retention, and may be there again when that is replayed. */
  #unpacked(range: IndexRange): readonly Run[] {
    const { from, to } = range
    const runs: Run[] = []
    let end = from
    for (const run of this.arrived.from(from)) {
      if (from < this.#packedTo || run.firstIndex !== end || end >= to) break
      runs.push(run)
      end = endOf(run)
    }
    if (end === to && runs.length > 0) return runs
    throw noRuns(range)
  }

  #packUpTo(index: number): void {
    this.#units.touch(this)
    this.#packedTo = index
  }
}

function originOf(runs: readonly Run[]): ChunkOrigin {
  return { time: runs[0]!.time, isSealed: runs.some(({ isSealed }) => isSealed) }
}

function noRuns({ from, to }: IndexRange): Error {
  return new Error(`the shard has no runs with the records from ${from} to ${to}`)
}
