/** A stream, or one of its consumers, that is gone at a time, in milliseconds since the epoch. */
export interface Departure {
  readonly at: number
  /** The stream's number. */
  readonly stream: number
  /** The consumer's name; null where the stream itself goes. */
  readonly consumer: string | null
}

/**
 * What is being deleted, in the order in which it will be gone. Not part of snapshots: streams and consumers say themselves what they
 * are waiting for. One whose stream went before, or that there is anew, stays until its time has come.
 */
export class Departures {
  #queue: Departure[] = []
  #gone = 0

  /** Infinity where there is none. */
  get earliest(): number {
    return this.#queue[this.#gone]?.at ?? Number.POSITIVE_INFINITY
  }

  add(departure: Departure): void {
    // Nearly always what comes later goes later.
    let place = this.#queue.length
    while (place > this.#gone && this.#queue[place - 1]!.at > departure.at) place--
    this.#queue.splice(place, 0, departure)
  }

  /** The next one whose time has come; undefined where there is none. */
  take(now: number): Departure | undefined {
    const departure = this.#queue[this.#gone]
    if (departure === undefined || departure.at > now) return undefined
    this.#gone++
    if (this.#gone * 2 > this.#queue.length) {
      this.#queue = this.#queue.slice(this.#gone)
      this.#gone = 0
    }
    return departure
  }

  clear(): void {
    this.#queue = []
    this.#gone = 0
  }
}
