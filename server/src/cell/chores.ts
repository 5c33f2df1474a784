import type { Timers } from '../base/time.ts'
import type { Command } from '../core/command.ts'
import type { Bodies, Chore } from '../core/service-state.ts'

/** What chores are done with. */
export interface ChoreWork {
  /** The present time, in milliseconds since the epoch. */
  readonly now: () => number
  /** The chore that may be begun first, in a lull of requests or outside of one. */
  readonly next: (inLull: boolean) => Chore | null
  /** As the chore wants them. */
  readonly read: (bodyIds: readonly number[], chore: Chore) => Bodies | Promise<Bodies>
  /** `command` is the chore's, with what it reads. Is to call `schedule` when it is done, also where the chore isn't due after all: timers may be early. */
  readonly carryOut: (chore: Chore, command: Command) => void
  /** What a chore needs could not be read. */
  readonly fail: (error: Error) => void
}

/** While nothing comes for so long, nobody is held up by a chore. */
const LULL_MS = 10
/** A timer that is so late tells that the process itself stood still: what came meanwhile is about to be heard of. */
const LATE_MS = 2 * LULL_MS

/**
 * Has chores done when they are due, one in a turn of the event loop: between two of them the requests that came in get
 * theirs, however much there is to do. A chore that gives way waits for a lull, up to its time; those that don't are done meanwhile. A chore
 * that needs bodies waits for them, and all others with it.
 *
 * ```
 *   requests      ▪▪▪▪▪▪▪▪▪▪▪▪▪▪▪▪▪▪▪▪▪        ▪▪▪▪▪
 *   that one is due     ├─ gives way ──├ lull ─┤■│
 * ```
 */
export class Chores {
  readonly #timers: Timers
  readonly #work: ChoreWork
  #isSoon = false
  #isReading = false
  #timer: { readonly at: number; readonly cancel: () => void } | null = null
  /** Calls off what waits for a lull; null where nothing does. */
  #cancelLull: (() => void) | null = null
  /** Whether anything came since the wait for a lull began. */
  #isDisturbed = false
  #stopped = false

  constructor(timers: Timers, work: ChoreWork) {
    this.#timers = timers
    this.#work = work
  }

  /** To be called whenever the state may have changed, with its time. */
  schedule(now: number): void {
    this.#isDisturbed = true
    // Looking for what is next takes a while: with requests coming all the time, it is done once in a while.
    if (this.#stopped || this.#isSoon || this.#isReading || this.#cancelLull !== null) return
    const first = this.#work.next(true)
    if (givesWay(first, now)) this.#awaitLull(now)
    this.#setTimer(givesWay(first, now) ? beginOf(this.#work.next(false)) : (first?.at ?? NEVER), now)
  }

  stop(): void {
    this.#stopped = true
    this.#timer?.cancel()
    this.#timer = null
    this.#cancelLull?.()
    this.#cancelLull = null
  }

  #setTimer(at: number, now: number): void {
    if (this.#timer?.at === at) return
    this.#timer?.cancel()
    this.#timer = null
    if (at <= now) {
      this.#isSoon = true
      this.#timers.soon(() => {
        this.#isSoon = false
        this.#run()
      })
    } else if (at < NEVER) {
      const cancel = this.#timers.after(at - now, () => {
        this.#timer = null
        this.#run()
      })
      this.#timer = { at, cancel }
    }
  }

  #awaitLull(from: number): void {
    this.#isDisturbed = false
    this.#cancelLull = this.#timers.after(LULL_MS, () => {
      this.#cancelLull = null
      const now = this.#work.now()
      const isLull = !this.#isDisturbed && now - from < LATE_MS
      if (isLull && !this.#isSoon && !this.#isReading) this.#begin(this.#work.next(true))
      else this.schedule(now)
    })
  }

  #run(): void {
    if (this.#stopped) return
    const now = this.#work.now()
    const first = this.#work.next(true)
    if (!givesWay(first, now)) this.#begin(first)
    else if (beginOf(this.#work.next(false)) <= now) this.#begin(this.#work.next(false))
    else this.schedule(now)
  }

  #begin(chore: Chore | null): void {
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

const NEVER = Number.POSITIVE_INFINITY

/** Whether it is due, and waits for a lull. */
function givesWay(chore: Chore | null, now: number): boolean {
  return chore !== null && chore.at <= now && now < beginOf(chore)
}

/** When it is begun, whatever else there is to do. */
function beginOf(chore: Chore | null): number {
  return chore?.givesWayUntil ?? chore?.at ?? NEVER
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
