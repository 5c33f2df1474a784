import type { KinesisCommand } from '../../commands.ts'
import type { Arrivals } from '../records/arrivals.ts'
import { type PackingDone, packingDueAt, packingGivesWayMs, packingRest } from './packing.ts'

/** What the queue asks of a stream. */
export interface StreamToPack {
  readonly number: number
  readonly openShardCount: number
  readonly arrivals: Arrivals
}

/** A stream whose oldest arrivals are to be packed. */
export interface Packing {
  readonly stream: StreamToPack
  /** When, in milliseconds since the epoch. */
  readonly at: number
}

/**
 * The streams whose arrivals are to be packed, by the time when that is due. Derived from them: in no event and no snapshot. A stream
 * that is gone stays until its turn comes.
 */
export class PackingQueue {
  readonly #packings = new Map<StreamToPack, Packing>()
  /** A binary heap by `at`. Those that are not in the map any more are passed over. */
  readonly #heap: Packing[] = []
  #restsUntil = Number.NEGATIVE_INFINITY
  #givesWayMs = packingGivesWayMs(0)
  /** What the chore before has read bodies for, and left for the next one; null where it left nothing. A restart forgets it: nothing is lost by that. */
  left: KinesisCommand<'packRecords'> | null = null

  /** To be called when arrivals came, or went since they were packed; and of all streams after a restore. */
  note(stream: StreamToPack): void {
    const at = dueAt(stream)
    if (at !== stream.arrivals.packingNotedAt) this.#set({ stream, at })
  }

  forget(stream: StreamToPack): void {
    if (!this.#packings.delete(stream)) return
    stream.arrivals.packingNotedAt = Number.POSITIVE_INFINITY
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
    for (const { arrivals } of this.#packings.keys()) waitingRuns += arrivals.runs
    this.#restsUntil = now + packingRest(done, waitingRuns)
    this.#givesWayMs = packingGivesWayMs(waitingRuns)
  }

  /** The one that is due first; null where there is none. */
  next(): Packing | null {
    for (let first = this.#heap[0]; first !== undefined; first = this.#heap[0]) {
      const at = dueAt(first.stream)
      const isMeant = this.#packings.get(first.stream) === first
      if (isMeant && at === first.at) return first
      this.#removeFirst()
      // Its oldest arrivals went meanwhile, since their time had passed, or it has more shards now.
      if (isMeant) this.#set({ stream: first.stream, at })
    }
    return null
  }

  #set(packing: Packing): void {
    const { stream, at } = packing
    this.forget(stream)
    if (at === Number.POSITIVE_INFINITY) return
    this.#packings.set(stream, packing)
    stream.arrivals.packingNotedAt = at
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

function dueAt({ arrivals, openShardCount }: StreamToPack): number {
  return packingDueAt(arrivals, openShardCount)
}
