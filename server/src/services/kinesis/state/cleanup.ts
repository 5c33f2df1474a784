import type { StateHost, VisitBody } from '../../../core/service-state.ts'
import type { Unit, Units } from '../../../core/units.ts'
import type { ShardRecords } from './records/shard-records.ts'
import type { Shard } from './shard.ts'
import type { Stream } from './stream.ts'
import type { Streams } from './streams.ts'

/** Units that one call may let go of. */
const UNITS_PER_CALL = 512
/** Shards that one call may look at. */
const SHARDS_PER_CALL = 512
/** Bodies that one call may let go of: about a millisecond. */
const BODIES_PER_CALL = 4096
/** Records are kept for a day at least, so it does not matter when exactly they are let go of. */
const SWEEP_INTERVAL_MS = 10_000

/** What a sweep comes to: first a stream as a whole, with no shard, and then each of its shards. */
interface Place {
  readonly stream: Stream
  readonly shard: Shard | null
}

/**
 * What is to be given back but nobody waits for: what deleted streams held, closed shards that nothing can be read from any more, and
 * records whose time has passed. None of it changes what a client sees, so it is neither journaled nor part of snapshots.
 */
export class Cleanup {
  readonly #units: Units
  readonly #host: StateHost
  readonly #streams: Streams
  /** Streams that are gone, with the shards that they still hold. */
  readonly #gone: Stream[] = []
  /** Of shards that are gone. */
  readonly #records: ShardRecords[] = []
  /** What has nothing to do with bodies any more. */
  readonly #detached: Iterator<Unit>[] = []
  #sweep: Iterator<Place, undefined> | null = null
  /** Where there is more to do before the sweep goes on. */
  #sweeping: Place | null = null
  #nextSweepAt = 0
  #released = 0

  constructor(units: Units, host: StateHost, streams: Streams) {
    this.#units = units
    this.#host = host
    this.#streams = streams
  }

  /** Takes over a stream that is in no directory any more, with all that it holds. */
  add(stream: Stream): void {
    this.#gone.push(stream)
  }

  /** The bodies that are still to be given back: a replay leaves them referred to until then. */
  live(visit: VisitBody): void {
    for (const { shards, madeArrivals } of this.#gone) {
      madeArrivals?.visitBodies(visit)
      for (const { madeRecords } of shards) madeRecords?.visitBodies(visit)
    }
    for (const records of this.#records) records.visitBodies(visit)
  }

  /** Does a bounded piece of the work. True while there is more to do at once. `afresh` looks through all shards anew. */
  tidy(now: number, afresh: boolean): boolean {
    this.#released = 0
    this.#removeSome()
    this.#dropSome()
    this.#takeApart()
    if (afresh || (this.#sweep === null && now >= this.#nextSweepAt)) {
      this.#sweep = placesOf(this.#streams)
      this.#sweeping = null
      this.#nextSweepAt = now + SWEEP_INTERVAL_MS
    }
    if (this.#sweep !== null) this.#sweepSome(this.#sweep, now)
    return (
      this.#gone.length > 0 || this.#records.length > 0 || this.#detached.length > 0 || this.#sweep !== null
    )
  }

  #takeApart(): void {
    const stream = this.#gone.at(-1)
    if (stream === undefined || this.#dropArrivals(stream, Number.POSITIVE_INFINITY)) return
    const shards = stream.takeShards(SHARDS_PER_CALL)
    this.#addShards(shards)
    if (shards.length > 0) return
    this.#gone.pop()
    for (const consumer of stream.consumers) this.#units.remove(consumer)
    if (stream.madeArrivals !== null) this.#units.remove(stream.madeArrivals)
    this.#units.remove(stream)
  }

  #addShards(shards: readonly Shard[]): void {
    for (const shard of shards) {
      // A snapshot under way that still has to write it, is to name its records as they were.
      this.#units.touch(shard)
      this.#units.remove(shard)
      if (shard.madeRecords !== null) this.#records.push(shard.madeRecords)
    }
  }

  #dropSome(): void {
    for (let i = 0; i < SHARDS_PER_CALL; i++) {
      const records = this.#records.at(-1)
      if (records === undefined || this.#drop(records, Number.POSITIVE_INFINITY)) return
      this.#records.pop()
      this.#detached.push(records.allUnits())
    }
  }

  #removeSome(): void {
    for (let i = 0; i < UNITS_PER_CALL && this.#detached.length > 0; i++) {
      const { value: unit, done } = this.#detached.at(-1)!.next()
      if (done === true) this.#detached.pop()
      else this.#units.remove(unit)
    }
  }

  #sweepSome(sweep: Iterator<Place, undefined>, now: number): void {
    for (let i = 0; i < SHARDS_PER_CALL; i++) {
      const next = this.#sweeping ?? sweep.next().value
      if (next === undefined) {
        this.#sweep = null
        return
      }
      this.#sweeping = this.#isDone(next, now) ? null : next
      if (this.#sweeping !== null) return
    }
  }

  #isDone({ stream, shard }: Place, now: number): boolean {
    if (shard === null) {
      if (this.#dropArrivals(stream, stream.trimmedBefore(now))) return false
      const expired = stream.takeExpired(now, SHARDS_PER_CALL)
      this.#addShards(expired)
      return expired.length === 0
    }
    // A shard that went meanwhile has nothing any more that could be dropped twice.
    const { madeRecords: records } = shard
    return records === null || !this.#drop(records, stream.trimmedBefore(now))
  }

  /** True while there is more, and this call may not do more. */
  #dropArrivals({ madeArrivals }: Stream, before: number): boolean {
    if (madeArrivals === null) return false
    const { runs } = madeArrivals
    const isMore = madeArrivals.drop(before, BODIES_PER_CALL - this.#released, this.#release)
    // A run is as much work as a body.
    this.#released += runs - madeArrivals.runs
    return isMore
  }

  /** As above. */
  #drop(records: ShardRecords, before: number): boolean {
    return records.drop(before, BODIES_PER_CALL - this.#released, this.#release)
  }

  readonly #release = (bodyId: number, bytes: number): void => {
    this.#released++
    this.#host.release(bodyId, bytes)
  }
}

function* placesOf(streams: Streams): Generator<Place, undefined> {
  for (const stream of streams) {
    yield { stream, shard: null }
    for (const shard of stream.shards) yield { stream, shard }
  }
}
