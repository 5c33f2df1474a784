import type { Timers } from '../base/time.ts'
import type { Command } from '../core/command.ts'
import type { Bodies, Chore } from '../core/service-state.ts'

/** What chores are done with. */
export interface ChoreWork {
  /** The chore that is due first. */
  readonly next: () => Chore | null
  /** As the chore wants them. */
  readonly read: (bodyIds: readonly number[], chore: Chore) => Bodies | Promise<Bodies>
  /** `command` is the chore's, with what it reads. Is to call `schedule` when it is done, also where the chore isn't due after all: timers may be early. */
  readonly carryOut: (chore: Chore, command: Command) => void
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
    const command = commandOf(chore, this.#work.read)
    if (command instanceof Promise) this.#whenRead(chore, command)
    else this.#work.carryOut(chore, command)
  }

  #whenRead(chore: Chore, command: Promise<Command>): void {
    this.#isReading = true
    const then = (next: () => void) => {
      this.#isReading = false
      if (!this.#stopped) next()
    }
    command.then(
      (whole) => then(() => this.#work.carryOut(chore, whole)),
      (error: Error) => then(() => this.#work.fail(error)),
    )
  }
}

/** The chore's command with the bodies that it depends on, at once where they are at hand. */
export function commandOf(chore: Chore, read: ChoreWork['read']): Command | Promise<Command> {
  const { command, reads } = chore
  if (reads === undefined) return command
  const bodies = read(reads(), chore)
  return bodies instanceof Promise
    ? bodies.then((late) => ({ ...command, read: late }))
    : { ...command, read: bodies }
}
