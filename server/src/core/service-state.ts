import type { ByteReader } from '../base/byte-reader.ts'
import type { ByteWriter } from '../base/byte-writer.ts'
import type { Command } from './command.ts'
import type { Delivery, LandingOutcome, TargetKey } from './landing.ts'
import type { Lifetime } from './lifetime.ts'
import type { Units } from './units.ts'

/** What happened, as it is journaled. The high byte of `kind` is the number of the service whose event it is. */
export interface Event {
  readonly kind: number
}

/**
 * The state of one service within a cell. It is pure: the same calls in the same order give the same state and the same
 * events. Time comes in as `now`, in milliseconds since the epoch, and never goes back.
 */
export interface ServiceState<E extends Event = Event> {
  readonly service: string
  /** 1 to 15: the high byte of its events' kinds, and the id of its root unit in snapshots. */
  readonly number: number

  /** Lets time pass: what is derived from time (visibility, delay, retention) takes effect. Bounded work. */
  advance(now: number): void
  /**
   * Decides a command. Throws `ServiceError` before the first event, or not at all. Runs after `advance(step.now)`.
   */
  execute(command: Command, step: Step<E>): unknown
  /**
   * Takes in what another state's decision sends to a resource of this one, if this state takes such things: emits what
   * happened, and says of each landing what became of it. Retains the body of each landing that it keeps. Refuses nothing:
   * the decision stands already.
   */
  accept?(delivery: Delivery, step: Step<E>): readonly LandingOutcome[]
  /** Whether any resource of this state wants what lands there sealed; for no if left out. */
  readonly isSealing?: boolean
  /** The key that the target's owner wants it sealed under; null for none. */
  keyOf?(target: string): TargetKey | null
  /** Lets go of a resource of this state that was there for another state's landings alone, if it's still there. */
  abandon?(target: string, step: Step<E>): void
  /** Changes the state as the event says. An exception here is a defect and stops the cell. */
  apply(event: E, now: number): void

  encode(event: E, writer: ByteWriter): void
  /** Throws for a kind or version this build does not know. */
  decode(kind: number, version: number, reader: ByteReader): E

  /** Whether an empty reply may wait, for what, and how long; null to answer at once. */
  waitFor(command: Command, reply: unknown): Waiting | null
  /** Whether the command makes the journal grow for good, or much before it shrinks: refused while space is low, and put off where it is a chore. */
  grows(command: Command): boolean
  /** When `advance` next has something to do, in milliseconds since the epoch; Infinity for never. */
  readonly nextWakeAt: number
  /**
   * What the state next wants done of itself that is more than clean-up: a command, for the cell to execute when its time has
   * come. Null for nothing. The journal gets its events like any other's, and a replay needs no chores.
   */
  chore(): Chore | null
  /**
   * Does a bounded piece of clean-up that nobody waits for. True while there is more. `afresh` begins also what is only done
   * now and then, so that calls after it leave nothing undone.
   */
  tidy(now: number, afresh: boolean): boolean

  /** Rebuilds the state from a snapshot's units, which it adds to `units` under their ids. */
  restore(snapshot: ReadonlyMap<number, Uint8Array>, units: Units): void
  /** Calls `visit` with every body the state refers to, once per reference. */
  live(visit: VisitBody): void
}

/** `bytes` is the body's stored length; `lifetime` is as in `Step.store`. */
export type VisitBody = (bodyId: number, bytes: number, lifetime?: Lifetime) => void

/** A command that nobody waits for; its work is bounded. */
export interface Chore {
  /** When it is due, in milliseconds since the epoch. */
  readonly at: number
  /**
   * Until then, in milliseconds since the epoch, it is begun only in a lull of requests: nobody waits for what it does. Left out where it
   * has its turn as soon as it is due.
   */
  readonly givesWayUntil?: number
  readonly command: Command
  /**
   * Names stored bodies that the decision depends on, which the state refers to: they are read before the command is
   * executed, and come with it as `read`. Other commands may come in between, so the decision has to look whether all is as it was.
   */
  readonly reads?: () => readonly number[]
  /** Whether bodies that are sealed are opened before they come. One that can't be opened comes as it is. */
  readonly opensSealed?: boolean
  /**
   * Whether a body that can't be read is null in `read`, like one that is lost for good. Otherwise it stops the cell: for
   * decisions that would lose what may be readable again tomorrow.
   */
  readonly doesWithoutUnreadable?: boolean
}

/** What deciding a command may do. */
export interface Step<E extends Event> {
  readonly now: number
  /** Applies the event and puts it into the open frame, with all others of the command or not at all. */
  emit(event: E): void
  /**
   * Stores one of the command's bodies and returns its id; to be called in the order the events name them. The lifetime is 0 if
   * left out.
   */
  store(body: number, lifetime?: Lifetime): number
  /** As `store`, for a body that nothing refers to yet: it lives on what `retain` is told, and is given up without. */
  storeShared(body: number, lifetime?: Lifetime): number
  /** As `store`, for a body that the decision made of others; the bytes must not change any more. */
  storeMade(bytes: Uint8Array, lifetime?: Lifetime): number
  /** More references, one if left out, to a body: of this command, and stored to be shared, or of an earlier one, and still referred to. */
  retain(bodyId: number, count?: number): void
  /**
   * Hands landings to whatever state has the target, as a part of this same command: its events stand in the same frame.
   * Says of each landing what became of it.
   */
  deliver(delivery: Delivery): readonly LandingOutcome[]
  /** Whether anything wants what is delivered there sealed. */
  readonly isSealing: boolean
  /** The key that the target's owner wants it sealed under; null for none. Whoever delivers has it sealed before. */
  keyOf(target: string): TargetKey | null
  /** Says that nothing more will be delivered to the target, which was there for this state's landings alone. */
  abandon(target: string): void
}

export type Bodies = readonly (Uint8Array | null)[]

/** What a state asks of the cell around it. Nothing here changes what the state decides. */
export interface StateHost {
  /** The state lets go of a body; `bytes` is its stored length. */
  release(bodyId: number, bytes: number): void
  /** The bytes of bodies the state refers to: at once where cached. Null for one that is lost for good. */
  read(bodyIds: readonly number[]): Bodies | Promise<Bodies>
  /** There may be something now for those who wait for this resource. */
  wake(resource: object): void
}

export interface Waiting {
  /** Whatever identifies what is waited for; passed to `StateHost.wake`. */
  readonly resource: object
  readonly milliseconds: number
  /** What comes is for all who wait, as nobody takes it away: each is tried, and not only up to the first for whom there is nothing. */
  readonly isForAll?: boolean
}
