import type { Timers } from '../base/time.ts'
import type { Chore } from '../core/service-state.ts'

/**
 * Has chores done when they are due, one in a turn of the event loop: between two of them the requests that came in get
 * theirs, however much there is to do.
 */
export class Chores {
  readonly #timers: Timers
  readonly #next: () => Chore | null
  readonly #carryOut: (chore: Chore) => void
  #isSoon = false
  #timer: { readonly at: number; readonly cancel: () => void } | null = null
  #stopped = false

  /** `carryOut` is to call `schedule` when it is done, also where the chore isn't due after all: timers may be early. */
  constructor(timers: Timers, next: () => Chore | null, carryOut: (chore: Chore) => void) {
    this.#timers = timers
    this.#next = next
    this.#carryOut = carryOut
  }

  /** To be called whenever the state may have changed, with its time. */
  schedule(now: number): void {
    if (this.#stopped || this.#isSoon) return
    const at = this.#next()?.at ?? Number.POSITIVE_INFINITY
    if (this.#timer?.at === at) return
    this.#timer?.cancel()
    this.#timer = null
    if (at <= now) {
      this.#isSoon = true
      this.#timers.soon(() => {
        this.#isSoon = false
        this.#run()
      })
    } else if (at < Number.POSITIVE_INFINITY) {
      const cancel = this.#timers.after(at - now, () => {
        this.#timer = null
        this.#run()
      })
      this.#timer = { at, cancel }
    }
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
    this.#timer = null
  }

  #run(): void {
    const chore = this.#stopped ? null : this.#next()
    if (chore !== null) this.#carryOut(chore)
  }
}
