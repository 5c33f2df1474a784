import { Deadlines } from './deadlines.ts'
import { NOWHERE, type Positioned } from './entry-heap.ts'

/** A queue for which something becomes due as time passes. */
export interface TimedQueue {
  readonly number: number
  /** Does up to `limit` things that are due and sets its timer anew; returns how many it did, at least 1. */
  timeCame(now: number, limit: number): number
}

/** When each queue is next to be told of the time, for those that asked. Not part of snapshots. */
export class QueueTimers implements Positioned {
  readonly #waiting = new Map<number, { readonly queue: TimedQueue; position: number }>()
  readonly #deadlines = new Deadlines(this)

  /** Milliseconds since the epoch; Infinity where no queue waits. */
  get earliest(): number {
    return this.#deadlines.earliest
  }

  /** The queue that is due first; only to be called when there is one. */
  get first(): TimedQueue {
    return this.#waiting.get(this.#deadlines.first)!.queue
  }

  set(queue: TimedQueue, time: number): void {
    if (!this.#waiting.has(queue.number)) this.#waiting.set(queue.number, { queue, position: NOWHERE })
    this.#deadlines.set(queue.number, time)
  }

  remove(queue: TimedQueue): void {
    if (!this.#waiting.has(queue.number)) return
    this.#deadlines.remove(queue.number)
    this.#waiting.delete(queue.number)
  }

  position(queue: number): number {
    return this.#waiting.get(queue)!.position
  }

  setPosition(queue: number, position: number): void {
    this.#waiting.get(queue)!.position = position
  }
}
