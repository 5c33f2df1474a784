import type { BodyToPack, PackingPlan, ShardToPack } from '../../commands.ts'
import type { Arrivals } from '../records/arrivals.ts'
import type { RunCursor } from '../records/run-cursor.ts'
import { NOBODY } from '../records/run-words.ts'
import type { ShardRecords } from '../records/shard-records.ts'
import { isLarge, READ_BYTES_MAX, READ_RUNS_MAX } from './packing.ts'

interface StreamOfPlan {
  readonly arrivals: Arrivals
  shardNumbered(number: number): { readonly records: ShardRecords } | undefined
}

/**
 * What to pack of a stream: its oldest arrivals, as many as are read at once, for all shards that have something in them. So each body is read once, and each shard
 * gets about as much as its chunks should have. Of bodies whose runs all stay as they are, nothing is read.
 */
export function planPacking(stream: StreamOfPlan): PackingPlan {
  const shards = new PlannedShards(stream)
  const bodies: BodyToPack[] = []
  const bodyIds: number[] = []
  let readBytes = 0
  for (const cursor of stream.arrivals.bodies()) {
    if (shards.runs >= READ_RUNS_MAX || readBytes >= READ_BYTES_MAX) break
    const { page, arrival } = cursor
    const [bodyId, bodyBytes] = [page.bodyId(arrival), page.bodyBytes(arrival)]
    const isRead = shards.addBody(cursor, bodies.length, bodyBytes)
    const place = isRead ? bodyIds.push(bodyId) - 1 : -1
    if (isRead) readBytes += bodyBytes
    const kind = { isEncrypted: page.isEncrypted(arrival), isSealed: page.isSealed(arrival) }
    bodies.push({ bodyId, bodyBytes, time: page.time(arrival), ...kind, place })
  }
  return { shards: shards.toPack, bodies, bodyIds }
}

interface PlannedShard extends ShardToPack {
  readonly runs: number[]
  readonly packedTo: number
  /** The index of its next run. */
  next: number
}

/** The shards that have something to pack, with their runs. */
class PlannedShards {
  /** Of all of them. */
  runs = 0
  readonly #stream: StreamOfPlan
  readonly #shards = new Map<number, PlannedShard | null>()

  constructor(stream: StreamOfPlan) {
    this.#stream = stream
  }

  get toPack(): readonly ShardToPack[] {
    return [...this.#shards.values()].filter((shard) => shard !== null)
  }

  /** Adds the runs of the body whose first one the cursor is at, and leaves it at the last. False where all of them stay as they are, or are packed already. */
  addBody(cursor: RunCursor, position: number, bodyBytes: number): boolean {
    let isRead = false
    do {
      const { shard: number, count } = cursor
      const shard = number === NOBODY ? null : this.#shardNumbered(number)
      if (shard === null) continue
      const firstIndex = shard.next
      shard.next += count
      if (firstIndex < shard.packedTo) continue
      const { offset, bytes } = cursor
      shard.runs.push(position, offset, bytes, count)
      this.runs++
      if (!isLarge({ bytes, bodyBytes })) isRead = true
    } while (cursor.nextInBody())
    return isRead
  }

  /** Null for one that is gone: what it had may not be read any more. */
  #shardNumbered(number: number): PlannedShard | null {
    let shard = this.#shards.get(number)
    if (shard === undefined) {
      const records = this.#stream.shardNumbered(number)?.records
      shard = records === undefined ? null : plannedShard(number, records)
      this.#shards.set(number, shard)
    }
    return shard
  }
}

function plannedShard(shard: number, { arrived, packedTo }: ShardRecords): PlannedShard {
  return { shard, from: packedTo, runs: [], packedTo, next: arrived.start }
}
