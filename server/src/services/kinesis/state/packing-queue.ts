import type { KinesisCommand } from '../commands.ts'
import { type PackingDone, packingGivesWayMs, packingRest } from './packing.ts'
import type { ShardRecords } from './shard-records.ts'

/** A shard whose oldest runs are to be packed. */
export interface Packing {
  readonly stream: number
  readonly shard: number
  readonly records: ShardRecords
  /** When, in milliseconds since the epoch. */
  readonly at: number
}

interface Numbered {
  readonly number: number
}

/**
 * The shards whose runs are to be packed, by the time when that is due. Derived from their records: in no event and no snapshot. What
 * belongs to no stream any more stays until its turn comes.
 */
export class PackingQueue {
  readonly #packings = new Map<ShardRecords, Packing>()
  /** The same by their streams, those whose turn was longest ago first. */
  readonly #ofStreams = new Map<number, Map<ShardRecords, Packing>>()
  /** A binary heap by `at`. Those that are not in the map any more are passed over. */
  readonly #heap: Packing[] = []
  #restsUntil = Number.NEGATIVE_INFINITY
  #givesWayMs = packingGivesWayMs(0)
  /** What the chore before has read bodies for, and left for the next one; null where it left nothing. A restart forgets it: nothing is lost by that. */
  left: KinesisCommand<'packRecords'> | null = null

  /** To be called when `packingDueAt` of a shard's records became another, as when they were packed; and of all shards after a restore. */
  note({ number: stream }: Numbered, { number: shard, records }: Numbered & Pick<Packing, 'records'>): void {
    const at = records.packingDueAt
    if (at !== records.packingNotedAt) this.#set({ stream, shard, records, at })
  }

  forget(records: ShardRecords): void {
    const packing = this.#packings.get(records)
    if (packing === undefined) return
    this.#packings.delete(records)
    records.packingNotedAt = Number.POSITIVE_INFINITY
    const others = this.#ofStreams.get(packing.stream)
    others?.delete(records)
    if (others?.size === 0) this.#ofStreams.delete(packing.stream)
  }

  /** Nothing is to be packed before, whatever is due; in milliseconds since the epoch. */
  get restsUntil(): number {
    return this.#restsUntil
  }

  /** For how long a chore that is due waits for a lull of requests, in milliseconds. */
  get givesWayMs(): number {
    return this.#givesWayMs
  }

  /**
   * To be called behind a chore. A burst of records is packed little by little while it goes on, and the rest of it when it is over; but
   * what waits has a limit.
   */
  rest(now: number, done: PackingDone): void {
    let waitingRuns = 0
    for (const { recentRunCount } of this.#packings.keys()) waitingRuns += recentRunCount
    this.#restsUntil = now + packingRest(done, waitingRuns)
    this.#givesWayMs = packingGivesWayMs(waitingRuns)
  }

  /** The shards of a stream that are to be packed, now or later. */
  ofStream(stream: number): Iterable<Packing> {
    return this.#ofStreams.get(stream)?.values() ?? []
  }

  /** The one that is due first; null where there is none. */
  next(): Packing | null {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      const at = first.records.packingDueAt
      const isMeant = this.#packings.get(first.records) === first
      if (isMeant && at === first.at) return first
      this.#removeFirst()
      // Its oldest runs went meanwhile, since their time had passed.
      if (isMeant) this.#set({ ...first, at })
    }
    return null
  }

  #set(packing: Packing): void {
    const { stream, records, at } = packing
    this.forget(records)
    if (at === Number.POSITIVE_INFINITY) return
    this.#packings.set(records, packing)
    records.packingNotedAt = at
    const others = this.#ofStreams.get(stream)
    if (others === undefined) this.#ofStreams.set(stream, new Map([[records, packing]]))
    else others.set(records, packing)
    this.#add(packing)
  }

  #add(packing: Packing): void {
    const heap = this.#heap
    let at = heap.length
    for (let parent = (at - 1) >> 1; at > 0 && heap[parent]!.at > packing.at; parent = (at - 1) >> 1) {
      heap[at] = heap[parent]!
      at = parent
    }
    heap[at] = packing
  }

  #removeFirst(): void {
    const heap = this.#heap
    const moved = heap.pop()!
    if (heap.length === 0) return
    let at = 0
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && heap[child + 1]!.at < heap[child]!.at) child++
      if (heap[child]!.at >= moved.at) break
      heap[at] = heap[child]!
      at = child
    }
    heap[at] = moved
  }
}
