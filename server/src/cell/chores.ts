import type { Timers } from '../base/time.ts'
import type { Command } from '../core/command.ts'
import type { Bodies, Chore } from '../core/service-state.ts'

/** What chores are done with. */
export interface ChoreWork {
  /** The chore that is due first. */
  readonly next: () => Chore | null
  readonly read: (bodyIds: readonly number[]) => Bodies | Promise<Bodies>
  /** Is to call `schedule` when it is done. */
  readonly carryOut: (command: Command) => void
  /** What a chore needs could not be read. */
  readonly fail: (error: Error) => void
}

/**
 * Has chores done when they are due, one in a turn of the event loop: between two of them the requests that came in get
 * theirs, however much there is to do. A chore that needs bodies waits for them, and all others with it.
 */
export class Chores {
  readonly #timers: Timers
  readonly #work: ChoreWork
  #isSoon = false
  #isReading = false
  #timer: { readonly at: number; readonly cancel: () => void } | null = null
  #stopped = false

  constructor(timers: Timers, work: ChoreWork) {
    this.#timers = timers
    this.#work = work
  }

  /** To be called whenever the state may have changed, with its time. */
  schedule(now: number): void {
    if (this.#stopped || this.#isSoon || this.#isReading) return
    const at = this.#work.next()?.at ?? Number.POSITIVE_INFINITY
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
    const chore = this.#stopped ? null : this.#work.next()
    if (chore === null) return
    const { command, reads } = chore
    if (reads === undefined) {
      this.#work.carryOut(command)
      return
    }
    const bodies = this.#work.read(reads())
    if (bodies instanceof Promise) this.#whenRead(command, bodies)
    else this.#work.carryOut({ ...command, read: bodies })
  }

  #whenRead(command: Command, bodies: Promise<Bodies>): void {
    this.#isReading = true
    const then = (next: () => void) => {
      this.#isReading = false
      if (!this.#stopped) next()
    }
    bodies.then(
      (read) => then(() => this.#work.carryOut({ ...command, read })),
      (error: Error) => then(() => this.#work.fail(error)),
    )
  }
}
