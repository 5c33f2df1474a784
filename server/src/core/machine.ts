import { ByteReader } from '../base/byte-reader.ts'
import { ByteWriter } from '../base/byte-writer.ts'
import type { Command } from './command.ts'
import type { Delivery, LandingOutcome, TargetKey } from './landing.ts'
import type { Lifetime } from './lifetime.ts'
import { Router } from './router.ts'
import type { Chore, Event, ServiceState, Step, VisitBody } from './service-state.ts'
import type { Units } from './units.ts'

/**
 * The states of all services of one cell behind one door. Events are encoded as
 *
 * ```
 *   u16 kind │ u16 version │ u32 length of the payload │ payload
 * ```
 *
 * little-endian, one after the other. A tick event (kind 1, payload f64 now) stands before the first event of each
 * new time, so that a replay lets time pass exactly as it did. It stands alone where a clock was set.
 */
const TICK = 1
const EVENT_VERSION = 1
const EVENT_HEADER_BYTES = 8

/** What one command did: its encoded events and the positions of the bodies it stored. */
export interface Outcome {
  readonly reply: unknown
  /** Empty when nothing happened. */
  readonly events: Uint8Array
  readonly bodies: readonly Uint8Array[]
  /** How many refer to each body; null where one refers to each. */
  readonly references: readonly number[] | null
  /** How long each body is likely to be needed; null where that is 0 for each. */
  readonly lifetimes: readonly Lifetime[] | null
  /** Bodies of earlier commands that have one more reference each. */
  readonly retained: readonly number[]
}

export class Machine {
  readonly #states: readonly ServiceState[]
  readonly #byService = new Map<string, ServiceState>()
  readonly #byNumber: (ServiceState | undefined)[] = []
  readonly #open: OpenCommand
  /** By the numbers of their states. */
  readonly #steps: StateStep[] = []
  /** The time of the events that are replayed: of the snapshot, or of the newest tick event since. */
  #tickedAt = 0
  /** The time of the newest tick event that stands in the journal for certain. */
  #notedAt = 0
  #advancedTo = 0

  constructor(states: readonly ServiceState[]) {
    this.#states = states
    this.#open = new OpenCommand(new Router(states), (state) => this.#steps[state.number]!)
    for (const state of states) {
      this.#byService.set(state.service, state)
      this.#byNumber[state.number] = state
      this.#steps[state.number] = new StateStep(this.#open, state)
    }
  }

  /** The newest time the state has seen. */
  get now(): number {
    return this.#advancedTo
  }

  get nextWakeAt(): number {
    let earliest = Number.POSITIVE_INFINITY
    for (const state of this.#states) earliest = Math.min(earliest, state.nextWakeAt)
    return earliest
  }

  advance(now: number): void {
    if (now < this.#advancedTo) throw new Error(`time went back from ${this.#advancedTo} to ${now}`)
    this.#advancedTo = now
    for (const state of this.#states) state.advance(now)
  }

  /**
   * Decides one command at the time last advanced to. `nextBodyId` is the id the first body it stores will have.
   * Throws `ServiceError` for a refusal, which changed nothing; any other exception leaves the state undefined. What a
   * service throws after its first event is never handed on as it is: it would pass for a refusal.
   */
  execute(command: Command, nextBodyId: number): Outcome {
    const state = this.stateOf(command)
    const now = this.#advancedTo
    const open = this.#open
    open.begin(command, now, nextBodyId, now !== this.#notedAt)
    const reply = this.#decide(state, command)
    if (!open.happened) {
      return {
        reply,
        events: NOTHING,
        bodies: NO_BODIES,
        references: null,
        lifetimes: null,
        retained: NO_IDS,
      }
    }
    this.#notedAt = now
    const { bodies, references, lifetimes, retained } = open
    return { reply, events: open.takeEvents(), bodies, references, lifetimes, retained }
  }

  #decide(state: ServiceState, command: Command): unknown {
    try {
      return state.execute(command, this.#steps[state.number]!)
    } catch (error) {
      if (!this.#open.happened) throw error
      throw new Error(`${command.service} gave up ${command.kind} after its first event`, { cause: error })
    }
  }

  /**
   * The event that says nothing but what time it is, for a clock that was set: a restart goes on from there. Empty if the
   * newest event is of this time already.
   */
  noteTime(): Uint8Array {
    if (this.#advancedTo === this.#notedAt) return NOTHING
    this.#notedAt = this.#advancedTo
    const writer = new ByteWriter()
    writeTick(writer, this.#notedAt)
    return writer.take()
  }

  /** Applies the events of one block of a frame, as they were encoded. */
  replay(events: Uint8Array): void {
    const reader = new ByteReader(events)
    while (reader.remaining > 0) {
      const kind = reader.uint16()
      const version = reader.uint16()
      const length = reader.uint32()
      const payload = new ByteReader(reader.bytes(length))
      if (kind === TICK) {
        this.#tickedAt = payload.float64()
        this.#notedAt = this.#tickedAt
        this.advance(Math.max(this.#tickedAt, this.#advancedTo))
        continue
      }
      const state = this.#byNumber[kind >>> 8]
      if (state === undefined) {
        throw new Error(`the journal has an event of kind ${kind}, which a newer version of Millrace wrote`)
      }
      state.apply(state.decode(kind, version, payload), this.#tickedAt)
    }
  }

  stateOf(command: Command): ServiceState {
    const state = this.#byService.get(command.service)
    if (state === undefined) throw new Error(`no service is named ${command.service}`)
    return state
  }

  /**
   * The chore that may be begun first; of those that make the journal grow only where they may. Outside of a lull one that gives way has
   * its turn when it doesn't any more.
   */
  chore(mayGrow = true, inLull = true): Chore | null {
    let first: Chore | null = null
    let firstAt = Number.POSITIVE_INFINITY
    for (const state of this.#states) {
      const chore = state.chore()
      if (chore === null) continue
      const at = inLull ? chore.at : (chore.givesWayUntil ?? chore.at)
      if (at >= firstAt || (!mayGrow && state.grows(chore.command))) continue
      first = chore
      firstAt = at
    }
    return first
  }

  /** True while there is more to tidy. `afresh` as states have it. */
  tidy(afresh = false): boolean {
    let more = false
    for (const state of this.#states) more = state.tidy(this.#advancedTo, afresh) || more
    return more
  }

  restore(snapshot: ReadonlyMap<number, Uint8Array>, units: Units, now: number): void {
    units.reserve(snapshot.keys())
    for (const state of this.#states) state.restore(snapshot, units)
    units.settleIds()
    this.#tickedAt = now
    this.advance(now)
  }

  live(visit: VisitBody): void {
    for (const state of this.#states) state.live(visit)
  }
}

const NOTHING = new Uint8Array(0)
const NO_BODIES: readonly Uint8Array[] = []
const NO_IDS: readonly number[] = []

/** The one command that is decided at a time, for all states that have a part in it. Reused: there is one all the time. */
class OpenCommand {
  now = 0
  happened = false
  bodies: Uint8Array[] = []
  /** Null until a body is stored to be shared. */
  references: number[] | null = null
  /** Null until a body is stored for longer than most. */
  lifetimes: Lifetime[] | null = null
  retained: number[] = []
  readonly #writer = new ByteWriter()
  readonly #router: Router
  readonly #stepOf: (state: ServiceState) => StateStep
  #command!: Command
  #firstBodyId = 0
  #tickDue = false

  constructor(router: Router, stepOf: (state: ServiceState) => StateStep) {
    this.#router = router
    this.#stepOf = stepOf
  }

  begin(command: Command, now: number, firstBodyId: number, tickDue: boolean): void {
    this.#command = command
    this.now = now
    this.#firstBodyId = firstBodyId
    this.#tickDue = tickDue
    this.happened = false
    this.bodies = []
    this.references = null
    this.lifetimes = null
    this.retained = []
    this.#writer.reset()
  }

  takeEvents(): Uint8Array {
    return this.#writer.take()
  }

  emit(state: ServiceState, event: Event): void {
    const writer = this.#writer
    if (this.#tickDue) {
      this.#tickDue = false
      writeTick(writer, this.now)
    }
    this.happened = true
    const start = writer.length
    writeHeader(writer, event.kind)
    state.encode(event, writer)
    writer.patchUint32(start + 4, writer.length - start - EVENT_HEADER_BYTES)
    state.apply(event, this.now)
  }

  store(body: number, lifetime: Lifetime): number {
    const bytes = this.#command.bodies?.[body]
    if (bytes === undefined) throw new Error(`the command has no body ${body}`)
    return this.storeMade(bytes, lifetime)
  }

  storeMade(bytes: Uint8Array, lifetime: Lifetime): number {
    if (lifetime !== 0) this.lifetimes ??= this.bodies.map(() => 0)
    this.bodies.push(bytes)
    this.references?.push(1)
    this.lifetimes?.push(lifetime)
    return this.#firstBodyId + this.bodies.length - 1
  }

  storeShared(body: number, lifetime: Lifetime): number {
    const bodyId = this.store(body, lifetime)
    this.references ??= this.bodies.map(() => 1)
    this.references[this.bodies.length - 1] = 0
    return bodyId
  }

  retain(bodyId: number, count: number): void {
    const index = bodyId - this.#firstBodyId
    if (index < 0) {
      for (let i = 0; i < count; i++) this.retained.push(bodyId)
      return
    }
    if (this.references?.[index] === undefined) throw new Error(`body ${bodyId} was not stored to be shared`)
    this.references[index]! += count
  }

  deliver(delivery: Delivery): readonly LandingOutcome[] {
    const state = this.#router.stateOf(delivery.target)
    if (state?.accept === undefined) return delivery.landings.map(() => 'no such target')
    return state.accept(delivery, this.#stepOf(state))
  }

  get isSealing(): boolean {
    return this.#router.isSealing
  }

  keyOf(target: string): TargetKey | null {
    return this.#router.stateOf(target)?.keyOf?.(target) ?? null
  }

  abandon(target: string): void {
    const state = this.#router.stateOf(target)
    if (state?.abandon !== undefined) state.abandon(target, this.#stepOf(state))
  }
}

/** The part that one state has in the open command. */
class StateStep implements Step<Event> {
  readonly #open: OpenCommand
  readonly #state: ServiceState

  constructor(open: OpenCommand, state: ServiceState) {
    this.#open = open
    this.#state = state
  }

  get now(): number {
    return this.#open.now
  }

  emit(event: Event): void {
    this.#open.emit(this.#state, event)
  }

  store(body: number, lifetime: Lifetime = 0): number {
    return this.#open.store(body, lifetime)
  }

  storeShared(body: number, lifetime: Lifetime = 0): number {
    return this.#open.storeShared(body, lifetime)
  }

  storeMade(bytes: Uint8Array, lifetime: Lifetime = 0): number {
    return this.#open.storeMade(bytes, lifetime)
  }

  retain(bodyId: number, count = 1): void {
    this.#open.retain(bodyId, count)
  }

  deliver(delivery: Delivery): readonly LandingOutcome[] {
    return this.#open.deliver(delivery)
  }

  get isSealing(): boolean {
    return this.#open.isSealing
  }

  keyOf(target: string): TargetKey | null {
    return this.#open.keyOf(target)
  }

  abandon(target: string): void {
    this.#open.abandon(target)
  }
}

function writeTick(writer: ByteWriter, now: number): void {
  const start = writer.length
  writeHeader(writer, TICK)
  writer.float64(now)
  writer.patchUint32(start + 4, writer.length - start - EVENT_HEADER_BYTES)
}

function writeHeader(writer: ByteWriter, kind: number): void {
  writer.uint16(kind)
  writer.uint16(EVENT_VERSION)
  writer.uint32(0)
}
