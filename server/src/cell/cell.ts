import { ServiceError } from '../api/service-error.ts'
import { ServiceUnavailable } from '../api/service-unavailable.ts'
import type { Clock, Timers } from '../base/time.ts'
import type { Command } from '../core/command.ts'
import { Machine, type Outcome } from '../core/machine.ts'
import type { Abandonable, CellClient } from '../core/ports.ts'
import type { Bodies, Chore, ServiceState, StateHost } from '../core/service-state.ts'
import { Units } from '../core/units.ts'
import { BodiesLostError, type Journal, type JournalListener, type Recovery } from '../journal/journal.ts'
import { Chores, commandOf } from './chores.ts'
import { Replies } from './replies.ts'
import { SNAPSHOT_LIMITS, type SnapshotLimits, Snapshots } from './snapshots.ts'
import { type Waiter, Waiters } from './waiters.ts'

const TIDY_INTERVAL_MS = 1000

/** A start may not go further back in time than this, nor further forward, without being told to. */
const CLOCK_BACK_MAX_MS = 60_000
const CLOCK_FORWARD_MAX_MS = 24 * 3_600_000

export interface CellOptions {
  readonly clock: Clock
  readonly timers: Timers
  /** Times the clean-up, where that is not to follow a clock that somebody sets; `timers` if left out. */
  readonly tidyTimers?: Timers
  /** Makes the states of the services that the cell has, in a fixed order. */
  readonly states: (units: Units, host: StateHost) => readonly ServiceState[]
  readonly openJournal: (recovery: Recovery, listener: JournalListener) => Promise<Journal>
  /** Goes on although the clock stands far from the journal's last time. */
  readonly acceptClock: boolean
  /** Told the journal's last time (0 if there is none) before the clock is compared with it: a clock may start there. */
  readonly resumeClock?: (last: number) => void
  readonly snapshotLimits?: SnapshotLimits
  /** Opens bodies for chores that want what is sealed opened; those that can't be opened are to stay as they are. */
  readonly openSealed?: (bodies: Bodies) => Bodies | Promise<Bodies>
  /** Called once, when the cell can't go on: nothing is answered any more, and the process is to end. */
  readonly onFailure: (error: Error) => void
  /** Told of what went wrong but was survived. */
  readonly report: (error: Error) => void
}

/** The clock can't be right, or the journal's last time isn't. Says what to do. */
export class ClockError extends Error {
  override readonly name = 'ClockError'
}

/**
 * Drives one cell: advance, decide, put the events into the open frame, and answer when that frame is durable. Everything
 * a reply says, and everything it saw, is on disk before it leaves; a refusal too.
 *
 * ```
 *   execute ─▶ advance(now) ─▶ decide, apply ─▶ append to the open frame ─▶ hold the reply ─▶ frame durable ─▶ answer
 *                                   │ empty, and may wait
 *                                   └─▶ park ─▶ woken by an apply or by time ─▶ decide again
 * ```
 */
export class Cell implements CellClient {
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #tidyTimers: Timers
  /** Whether the next start takes its time from the journal. */
  readonly #clockResumes: boolean
  readonly #machine: Machine
  readonly #journal: Journal
  readonly #snapshots: Snapshots
  readonly #waiters: Waiters
  readonly #chores: Chores
  readonly #replies: Replies
  readonly #onFailure: (error: Error) => void
  readonly #report: (error: Error) => void
  readonly #openSealed: NonNullable<CellOptions['openSealed']>
  /** The frame of the newest append: what a reply waits for that saw the state as it is. */
  #newestFrame: number
  #failure: Error | null = null
  #draining = false
  /** Those who wait are to stay so, whatever comes, until a clock that is being set has reached its time. */
  #holding = false
  #closed = false
  #wakeTimer: { at: number; cancel: () => void } | null = null
  #cancelTidy: () => void

  /** Recovers the state from the journal and starts. Rejects with `ClockError` or the journal's own errors. */
  static async open(options: CellOptions): Promise<Cell> {
    const links: Links = { journal: null, waiters: null, replies: new Replies(), fail: () => {} }
    const units = new Units()
    const machine = new Machine(options.states(units, hostOf(links)))
    const journal = await options.openJournal(
      {
        restore: (snapshot, now) => machine.restore(snapshot, units, now),
        replay: ({ events }) => machine.replay(events),
        live: (visit) => machine.live(visit),
      },
      { onDurable: (frame) => links.replies.release(frame), onFailure: (error) => links.fail(error) },
    )
    try {
      options.resumeClock?.(machine.now)
      if (!options.acceptClock) checkClock(options.clock.now(), machine.now)
    } catch (error) {
      await journal.close()
      throw error
    }
    return new Cell(options, links, units, machine, journal)
  }

  private constructor(options: CellOptions, links: Links, units: Units, machine: Machine, journal: Journal) {
    this.#clock = options.clock
    this.#timers = options.timers
    this.#tidyTimers = options.tidyTimers ?? options.timers
    this.#clockResumes = options.resumeClock !== undefined
    this.#onFailure = options.onFailure
    this.#report = options.report
    this.#openSealed = options.openSealed ?? ((bodies) => bodies)
    this.#machine = machine
    this.#journal = journal
    this.#replies = links.replies
    this.#newestFrame = journal.durableFrame
    this.#snapshots = new Snapshots(
      units,
      journal,
      options.timers,
      options.snapshotLimits ?? SNAPSHOT_LIMITS,
      options.report,
    )
    this.#waiters = new Waiters(options.timers, (waiter) => waiter.resolve(waiter.emptyReply))
    this.#chores = new Chores(options.timers, {
      now: () => Math.max(this.#clock.now(), this.#machine.now),
      next: (inLull) => this.#nextChore(inLull),
      read: (bodyIds, chore) => this.#readForChore(bodyIds, chore),
      carryOut: (chore, command) => this.#carryOut(chore, command),
      fail: (error) => this.#fail(error),
    })
    links.journal = journal
    links.waiters = this.#waiters
    links.fail = (error) => this.#fail(error)
    this.#cancelTidy = this.#tidyTimers.after(TIDY_INTERVAL_MS, () => this.#beginTidy())
    this.#chores.schedule(Math.max(options.clock.now(), machine.now))
  }

  execute(command: Command, connection?: Abandonable): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#closed) {
        reject(new Error('the cell is closed'))
        return
      }
      if (this.#failure !== null || !this.#advance()) {
        reject(this.#failure)
        return
      }
      this.#run(command, connection, resolve, reject)
      this.#serveWaiters()
    })
  }

  /** Answers all waiting commands with what they have, and lets no command wait from now on. */
  releaseWaiting(): void {
    this.#draining = true
    this.#waiters.releaseAll()
  }

  /**
   * Lets a clock that is set forward reach `until` (milliseconds since the epoch), and has all happen by then that is due:
   * chores at their own times, for which `setClock` is told where to set it, then what becomes visible, clean-up, and answers
   * for those who wait. They are answered at `until` and not before: what they get is theirs from then on. Resolves when
   * that is durable, the time included.
   */
  async passTime(until: number, setClock: (time: number) => void): Promise<void> {
    this.#holding = true
    try {
      for (
        let chore = this.#nextChore();
        this.#goesOn && chore !== null && chore.at <= until;
        chore = this.#nextChore()
      ) {
        setClock(chore.at)
        await this.#catchUp()
        this.#carryOut(chore, await commandOf(chore, (...wanted) => this.#readForChore(...wanted)))
        await this.#nextTurn()
      }
      setClock(until)
      await this.#catchUp()
      for (let more = this.#tidyPiece(true); more && this.#goesOn; more = this.#tidyPiece())
        await this.#nextTurn()
    } finally {
      this.#holding = false
    }
    if (this.#failure !== null) throw this.#failure
    if (!this.#goesOn) throw new Error('the cell is closed')
    this.#serveWaiters()
    this.#noteTime()
    await new Promise<void>((resolve) => this.#answer(resolve))
  }

  /** Takes a snapshot of the state now. Resolves when it is durable. */
  snapshot(): Promise<void> {
    return this.#snapshots.take()
  }

  /** Resolves when all that was answered, and all that happened, is durable and the journal is closed. */
  async close(): Promise<void> {
    this.releaseWaiting()
    if (this.#clockResumes && this.#goesOn && this.#advance()) this.#noteTime()
    this.#closed = true
    this.#cancelTidy()
    this.#wakeTimer?.cancel()
    this.#chores.stop()
    await this.#snapshots.settled()
    await this.#journal.close()
  }

  get #goesOn(): boolean {
    return this.#failure === null && !this.#closed
  }

  #noteTime(): void {
    const time = this.#machine.noteTime()
    if (time.length > 0) this.#newestFrame = this.#journal.append(this.#machine.now, time, [])
  }

  /** Lets time pass, in as many ticks as that takes. */
  async #catchUp(): Promise<void> {
    while (this.#goesOn && this.#advance() && this.#machine.nextWakeAt <= this.#machine.now) {
      await this.#nextTurn()
    }
  }

  #nextTurn(): Promise<void> {
    return new Promise((resolve) => this.#timers.soon(resolve))
  }

  /** False when time could not pass: the cell has failed. */
  #advance(): boolean {
    try {
      this.#machine.advance(Math.max(this.#clock.now(), this.#machine.now))
      return true
    } catch (error) {
      this.#fail(error as Error)
      return false
    }
  }

  #run(
    command: Command,
    connection: Abandonable | undefined,
    resolve: (reply: unknown) => void,
    reject: (error: Error) => void,
  ): void {
    const outcome = this.#decide(command, reject)
    if (outcome === null) return
    const { reply } = outcome
    const waiting = this.#draining ? null : this.#machine.stateOf(command).waitFor(command, reply)
    if (waiting === null || connection?.closed === true) {
      this.#answer(() => resolve(reply))
      return
    }
    const { resource, milliseconds, isForAll = false } = waiting
    const whenDurable = (late: unknown) => this.#answer(() => resolve(late))
    this.#waiters.park(
      { command, resource, isForAll, connection, resolve: whenDurable, reject, emptyReply: reply },
      milliseconds,
    )
  }

  /** Decides a command and puts what it did into the journal; null when it was refused, which `reject` is told. */
  #decide(command: Command, reject: (error: Error) => void): Outcome | null {
    try {
      if (this.#journal.lowOnSpace && this.#machine.stateOf(command).grows(command)) {
        throw new ServiceError(
          ServiceUnavailable,
          'The server is low on disk space and takes no new messages.',
        )
      }
      const outcome = this.#machine.execute(command, this.#journal.nextBodyId)
      if (outcome.events.length > 0) this.#append(outcome)
      return outcome
    } catch (error) {
      if (error instanceof ServiceError) {
        this.#answer(() => reject(error))
      } else {
        // The state may be half changed: nothing more is decided on it, and nothing of this command is written.
        this.#fail(error as Error)
        reject(error as Error)
      }
      return null
    }
  }

  #append({ events, bodies, references, lifetimes, retained }: Outcome): void {
    const firstBodyId = this.#journal.nextBodyId
    this.#newestFrame = this.#journal.append(this.#machine.now, events, bodies, lifetimes)
    for (const bodyId of retained) this.#journal.retain(bodyId)
    if (references === null) return
    // The journal counts one reference to what is appended.
    for (const [i, count] of references.entries()) {
      if (count === 0) this.#journal.release(firstBodyId + i, bodies[i]!.length)
      if (count > 1) this.#journal.retain(firstBodyId + i, count - 1)
    }
  }

  #answer(settle: () => void): void {
    if (this.#failure !== null) return
    if (this.#newestFrame <= this.#journal.durableFrame) settle()
    else this.#replies.hold(this.#newestFrame, settle)
  }

  #serveWaiters(): void {
    if (this.#failure !== null) return
    if (this.#waiters.any && !this.#holding) this.#waiters.serve((waiter) => this.#attempt(waiter))
    this.#scheduleWake()
    this.#chores.schedule(this.#machine.now)
  }

  /** Tries a waiting command again; false when there is still nothing for it. What has lost its leave meanwhile is refused. */
  #attempt(waiter: Waiter): boolean {
    if (!this.#mayGoOn(waiter)) return true
    const outcome = this.#decide(waiter.command, waiter.reject)
    if (outcome === null) return true
    if (this.#machine.stateOf(waiter.command).waitFor(waiter.command, outcome.reply) !== null) return false
    waiter.resolve(outcome.reply)
    return true
  }

  #mayGoOn({ connection, reject }: Waiter): boolean {
    try {
      connection?.recheck?.()
      return true
    } catch (error) {
      // Nothing was decided: whatever went wrong concerns who waits alone.
      this.#answer(() => reject(error as Error))
      return false
    }
  }

  /** Executes a command of the state's own, for which nobody waits, if it is due. It may not be refused. */
  #carryOut({ at }: Chore, command: Command): void {
    if (this.#failure !== null || !this.#advance()) return
    if (at <= this.#machine.now) this.#decide(command, (error) => this.#fail(error))
    this.#serveWaiters()
  }

  /** What makes the journal grow is put off while space is low, and looked at again with whatever comes next. */
  #nextChore(inLull = true): Chore | null {
    return this.#machine.chore(!this.#journal.lowOnSpace, inLull)
  }

  #readForChore(
    bodyIds: readonly number[],
    { doesWithoutUnreadable, opensSealed }: Chore,
  ): Bodies | Promise<Bodies> {
    const found = readBodies(this.#journal, bodyIds)
    const bodies =
      doesWithoutUnreadable === true && found instanceof Promise
        ? found.catch(() => this.#readOneByOne(bodyIds))
        : found
    if (opensSealed !== true) return bodies
    return bodies instanceof Promise ? bodies.then(this.#openSealed) : this.#openSealed(bodies)
  }

  async #readOneByOne(bodyIds: readonly number[]): Promise<Bodies> {
    const bodies: (Uint8Array | null)[] = []
    const told = new Set<string>()
    for (const bodyId of bodyIds) {
      try {
        bodies.push((await readBodies(this.#journal, [bodyId]))[0] ?? null)
      } catch (error) {
        const { message } = error as Error
        // What lies together can't be read for the same reason.
        if (!told.has(message) && !this.#closed && this.#failure === null) this.#report(error as Error)
        told.add(message)
        bodies.push(null)
      }
    }
    return bodies
  }

  /**
   * Those who wait are to be served the moment something becomes visible, without another command coming by. And where
   * more was due than one tick may do, the rest follows at once.
   */
  #scheduleWake(): void {
    const { now, nextWakeAt } = this.#machine
    const at = this.#waiters.any || nextWakeAt <= now ? nextWakeAt : Number.POSITIVE_INFINITY
    if (this.#wakeTimer?.at === at) return
    this.#wakeTimer?.cancel()
    this.#wakeTimer = null
    if (at === Number.POSITIVE_INFINITY) return
    const cancel = this.#timers.after(Math.max(0, at - now), () => {
      this.#wakeTimer = null
      if (this.#failure === null && this.#advance()) this.#serveWaiters()
    })
    this.#wakeTimer = { at, cancel }
  }

  #beginTidy(): void {
    // One attempt looks through so many messages and no more: what it could not see past may be out of the way by now.
    this.#waiters.wakeAll()
    this.#tidy()
  }

  #tidy(): void {
    if (this.#failure !== null || !this.#advance()) return
    this.#serveWaiters()
    const more = this.#tidyPiece()
    if (this.#failure !== null) return
    if (!more) {
      this.#cancelTidy = this.#tidyTimers.after(TIDY_INTERVAL_MS, () => this.#beginTidy())
      return
    }
    let cancelled = false
    this.#cancelTidy = () => {
      cancelled = true
    }
    this.#tidyTimers.soon(() => {
      if (!cancelled) this.#tidy()
    })
  }

  /** True while there is more; false too when the cell failed over it. */
  #tidyPiece(afresh = false): boolean {
    try {
      const more = this.#machine.tidy(afresh)
      this.#snapshots.consider(this.#machine.now)
      return more
    } catch (error) {
      this.#fail(error as Error)
      return false
    }
  }

  #fail(error: Error): void {
    if (this.#failure !== null) return
    this.#failure = error
    this.#cancelTidy()
    this.#wakeTimer?.cancel()
    this.#chores.stop()
    this.#onFailure(error)
  }
}

/** What recovery needs before the cell is there. */
interface Links {
  journal: Journal | null
  waiters: Waiters | null
  readonly replies: Replies
  fail: (error: Error) => void
}

/** While the state is rebuilt nobody waits, and what is let go of was never counted. */
function hostOf(links: Links): StateHost {
  return {
    release: (bodyId, bytes) => links.journal?.release(bodyId, bytes),
    wake: (resource) => links.waiters?.wake(resource),
    read: (bodyIds) => readBodies(links.journal!, bodyIds),
  }
}

function readBodies(journal: Journal, bodyIds: readonly number[]): Bodies | Promise<Bodies> {
  const bodies = journal.read(bodyIds)
  if (!(bodies instanceof Promise)) return bodies
  const found = bodies.catch((error: Error) => {
    if (error instanceof BodiesLostError) return readAllBut(error.bodyIds, journal, bodyIds)
    throw error
  })
  // Whoever waits for the bodies hears of a failure; nobody may be waiting yet.
  found.catch(() => {})
  return found
}

async function readAllBut(
  lost: readonly number[],
  journal: Journal,
  bodyIds: readonly number[],
): Promise<Bodies> {
  const left = bodyIds.filter((bodyId) => !lost.includes(bodyId))
  const bodies = await journal.read(left)
  return bodyIds.map((bodyId) => bodies[left.indexOf(bodyId)] ?? null)
}

function checkClock(now: number, last: number): void {
  if (last === 0) return
  const clock = new Date(now).toISOString()
  const journal = new Date(last).toISOString()
  if (now < last - CLOCK_BACK_MAX_MS) {
    throw new ClockError(
      `the clock says ${clock}, which is before the journal's last entry of ${journal}. Set the clock right. If the server's clock was set forward with --allow-clock-control, start with that again: time then goes on from there. Or start with --accept-clock: time then stands still until the clock has caught up`,
    )
  }
  if (now > last + CLOCK_FORWARD_MAX_MS) {
    throw new ClockError(
      `the clock says ${clock}, more than a day after the journal's last entry of ${journal}. If that is right, start with --accept-clock: messages whose retention has passed by then are gone`,
    )
  }
}
