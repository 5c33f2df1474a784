/** What was done within the measured time. */
export interface Lap {
  readonly messages: number
  readonly seconds: number
  /** What this process used of its core meanwhile, as a fraction. */
  readonly ownCpu: number
}

/** Of work that ends with a number of messages, and not with a time: the share that is warm-up. */
export const WARM_UP_SHARE = 0.1

/**
 * Counts what is done within a window of time.
 *
 * ```
 *   made         warm-up over        stop, or the time is over
 *     │── not counted ──│──────── counted ────────│── not counted ──
 * ```
 *
 * It has no timer: the window opens and closes at the first count after its time, so that it begins and ends with
 * something done.
 */
export class Stopwatch {
  readonly #opensAt: number
  /** Messages that are still to be done before it opens. */
  #opensAfter: number
  readonly #closesAfterMs: number
  #opened: { readonly at: number; readonly cpu: NodeJS.CpuUsage } | undefined
  #messages = 0
  #lap: Lap | undefined

  /** `seconds` may be infinite: then it takes a `stop`. The warm-up is over when both its time and its messages are. */
  constructor(warmUpSeconds: number, seconds: number, warmUpMessages = 0) {
    const now = performance.now()
    this.#opensAt = now + warmUpSeconds * 1000
    this.#opensAfter = warmUpMessages
    this.#closesAfterMs = seconds * 1000
    if (warmUpSeconds === 0 && warmUpMessages === 0) this.#open(now)
  }

  /** True until the time is over. */
  get running(): boolean {
    return this.#lap === undefined
  }

  /** Says that this many messages are done, just now. */
  count(messages: number): void {
    if (!this.running) return
    const now = performance.now()
    if (this.#opened === undefined) {
      this.#opensAfter -= messages
      if (now >= this.#opensAt && this.#opensAfter <= 0) this.#open(now)
      return
    }
    this.#messages += messages
    if (now - this.#opened.at >= this.#closesAfterMs) this.stop()
  }

  /** Ends the window before its time, where there is nothing more to count. Fails if it has not even opened. */
  stop(): void {
    if (!this.running) return
    if (this.#opened === undefined)
      throw new Error('the work was done before it was warm; take more --seconds')
    const seconds = (performance.now() - this.#opened.at) / 1000
    const { user, system } = process.cpuUsage(this.#opened.cpu)
    this.#lap = { messages: this.#messages, seconds, ownCpu: (user + system) / 1e6 / seconds }
  }

  /** Only when it has stopped. */
  get lap(): Lap {
    if (this.#lap === undefined) throw new Error('the stopwatch is still running')
    return this.#lap
  }

  #open(now: number): void {
    this.#opened = { at: now, cpu: process.cpuUsage() }
  }
}
