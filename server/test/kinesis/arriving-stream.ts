import type { Lifetime } from '../../src/core/lifetime.ts'
import { Units } from '../../src/core/units.ts'
import type { Arrival } from '../../src/services/kinesis/state/records/arrival-page.ts'
import { Arrivals } from '../../src/services/kinesis/state/records/arrivals.ts'
import type { ReleaseBody } from '../../src/services/kinesis/state/records/run-list.ts'
import { RunWordsWriter } from '../../src/services/kinesis/state/records/run-words.ts'
import { type ChunkBody, ShardRecords } from '../../src/services/kinesis/state/records/shard-records.ts'

/** A run of a body; `offset` is where the run before ends if left out, and `count` 1. */
export interface RunToPut {
  readonly shard: number
  readonly bytes: number
  readonly offset?: number
  readonly count?: number
}

interface ArrivingShard {
  readonly number: number
  readonly records: ShardRecords
}

/** A stream of which there is nothing but what arrives, and the records of its shards. */
export class ArrivingStream {
  readonly number: number
  openShardCount = 1
  units = new Units()
  arrivals: Arrivals
  readonly shards = new Map<number, ArrivingShard>()
  nextBody = 1
  #snapshot: ReadonlyMap<number, Uint8Array> = new Map()

  constructor(number = 1) {
    this.number = number
    this.arrivals = new Arrivals(this.units, this)
    this.units.add(this.arrivals)
  }

  shardNumbered(number: number): ArrivingShard | undefined {
    return this.shards.get(number)
  }

  /** Those of a shard that is there from the first call on. */
  records(number: number): ShardRecords {
    const shard = this.shards.get(number)
    if (shard !== undefined) return shard.records
    const records = new ShardRecords(this.units, number)
    this.units.add(records)
    this.shards.set(number, { number, records })
    return records
  }

  /** A body comes. It ends with its last run, and came at 1, unless something else is said. Returns its id. */
  put(runs: readonly RunToPut[], body: Partial<Arrival> = {}): number {
    const writer = new RunWordsWriter()
    let end = 0
    for (const { shard, bytes, offset = end, count = 1 } of runs) {
      this.records(shard)
      writer.add(shard, offset, bytes, count)
      end = offset + bytes
    }
    const kind = { isEncrypted: false, isSealed: false, lifetime: 0 as Lifetime }
    const arrival: Arrival = { bodyId: this.nextBody++, bodyBytes: end, time: 1, ...kind, ...body }
    writer.end(arrival.bodyBytes)
    this.arrivals.add(arrival, writer.words, () => {})
    return arrival.bodyId
  }

  /** The oldest records of a shard that are in no chunk, those up to before an index, are in one. */
  pack(shard: number, to: number, chunk: Partial<ChunkBody> = {}): void {
    const records = this.records(shard)
    const body = { bodyId: this.nextBody++, bytes: 9, lifetime: 1 as Lifetime, origin: null }
    records.pack({ from: records.packedTo, to }, { ...body, ...chunk })
  }

  /** Goes on as it was before `work`: as a restart brings it back from a snapshot that was cut then, and written to its end afterwards. */
  restart(work: () => void = () => {}): void {
    const ids = Array.from(this.shards.values(), ({ number, records }) => ({ number, unit: records.id }))
    const { id: arrivals } = this.arrivals
    const cut = this.units.cut()
    work()
    const contents = new Map<number, Uint8Array>()
    for (let unit = cut.next(); unit !== null; unit = cut.next()) {
      contents.set(unit.id, unit.bytes ?? this.#snapshot.get(unit.id)!)
    }
    this.#snapshot = contents
    const contentOf = (unit: number) => contents.get(unit)!
    this.units = new Units()
    this.units.reserve(contents.keys())
    this.shards.clear()
    for (const { number, unit } of ids) {
      const records = ShardRecords.restore(this.units, unit, number, contentOf, () => {
        throw new Error('no run is of an earlier build')
      })
      this.shards.set(number, { number, records })
    }
    this.arrivals = Arrivals.restore(this.units, arrivals, this, contentOf)
    this.units.settleIds()
  }

  /** How much the newest snapshot has. */
  get snapshotBytes(): number {
    let bytes = 0
    for (const content of this.#snapshot.values()) bytes += content.length
    return bytes
  }
}

/** What is done lets go of bodies: their ids, in the order in which they go. */
export function released(work: (release: ReleaseBody) => void): readonly number[] {
  const bodyIds: number[] = []
  work((bodyId) => void bodyIds.push(bodyId))
  return bodyIds
}
