interface Waiting {
  readonly frame: number
  readonly settle: () => void
}

/** Answers that are ready, each held back until the newest frame it saw is durable. */
export class Replies {
  #waiting: Waiting[] = []
  #next = 0

  /** How many are held back. */
  get size(): number {
    return this.#waiting.length - this.#next
  }

  /** Frames must not decrease from call to call. */
  hold(frame: number, settle: () => void): void {
    this.#waiting.push({ frame, settle })
  }

  /** Lets go of all whose frame is durable, in the order they came. */
  release(durableFrame: number): void {
    while (this.#next < this.#waiting.length && this.#waiting[this.#next]!.frame <= durableFrame) {
      this.#waiting[this.#next++]!.settle()
    }
    if (this.#next === this.#waiting.length) {
      this.#waiting = []
      this.#next = 0
    } else if (this.#next > 1024) {
      this.#waiting = this.#waiting.slice(this.#next)
      this.#next = 0
    }
  }
}
