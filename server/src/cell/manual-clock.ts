import type { Clock, Timers } from '../base/time.ts'

interface Timer {
  /** Milliseconds since the epoch, by this clock. */
  readonly at: number
  readonly run: () => void
  /** Calls off the real timer behind it. */
  cancel: () => void
}

/**
 * A clock that runs with another until it is set forward or stopped, and timers that follow it. It never goes back:
 *
 * ```
 *   running ── freeze ──▶ frozen: only `setForward` lets time pass, and timers wait
 *      ▲───── resume ───────┘     (from where it stands: it doesn't catch up)
 * ```
 *
 * Timers that come due because the clock was set run when `runDue` is called, so that whoever sets it has a say in what
 * comes first.
 */
export class ManualClock implements Clock, Timers {
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #waiting = new Set<Timer>()
  /** How far it is ahead of the clock behind it. */
  #ahead = 0
  #frozenAt: number | null = null

  constructor(clock: Clock, timers: Timers) {
    this.#clock = clock
    this.#timers = timers
  }

  now(): number {
    return this.#frozenAt ?? this.#clock.now() + this.#ahead
  }

  get isFrozen(): boolean {
    return this.#frozenAt !== null
  }

  /** Makes it `time` (milliseconds since the epoch), unless it is later already. */
  setForward(time: number): void {
    const milliseconds = Math.max(0, time - this.now())
    if (this.#frozenAt !== null) this.#frozenAt += milliseconds
    else this.#ahead += milliseconds
  }

  freeze(): void {
    if (this.#frozenAt !== null) return
    this.#frozenAt = this.now()
    for (const timer of this.#waiting) timer.cancel()
  }

  resume(): void {
    if (this.#frozenAt === null) return
    this.#ahead = this.#frozenAt - this.#clock.now()
    this.#frozenAt = null
    this.#wind()
  }

  /** Runs all timers that are due, in the order of their times, with those that they set; the others are set anew. */
  runDue(): void {
    for (let timer = this.#firstDue(); timer !== null; timer = this.#firstDue()) this.#run(timer)
    if (this.#frozenAt === null) this.#wind()
  }

  after(milliseconds: number, task: () => void): () => void {
    const timer: Timer = { at: this.now() + milliseconds, run: task, cancel: () => {} }
    this.#waiting.add(timer)
    // What is due at once needs no time to pass.
    if (this.#frozenAt === null || milliseconds <= 0) this.#windOne(timer)
    return () => {
      timer.cancel()
      this.#waiting.delete(timer)
    }
  }

  soon(task: () => void): void {
    this.#timers.soon(task)
  }

  #wind(): void {
    for (const timer of this.#waiting) this.#windOne(timer)
  }

  #windOne(timer: Timer): void {
    timer.cancel()
    timer.cancel = this.#timers.after(Math.max(0, timer.at - this.now()), () => this.#run(timer))
  }

  #run(timer: Timer): void {
    timer.cancel()
    this.#waiting.delete(timer)
    timer.run()
  }

  #firstDue(): Timer | null {
    const now = this.now()
    let first: Timer | null = null
    for (const timer of this.#waiting) {
      if (timer.at <= now && (first === null || timer.at < first.at)) first = timer
    }
    return first
  }
}
