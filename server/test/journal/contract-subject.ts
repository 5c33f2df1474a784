import { expect } from 'vitest'
import { SeededRandom } from '../../src/base/random.ts'
import type {
  Journal,
  JournalListener,
  Lifetime,
  Recovery,
  ReplayedFrame,
  VisitBody,
} from '../../src/journal/journal.ts'

/** Where a journal is opened, and the time that it runs in. */
export interface JournalPlace {
  /** Opens the journal in what the one before left there, which is ended by now. */
  open(recovery: Recovery, listener: JournalListener): Promise<Journal>
  /** Lets time go on until the promise settles, and settles as it does. */
  settle<T>(promise: Promise<T>): Promise<T>
  /** Lets the next thing happen that is due. */
  step(): Promise<unknown>
}

interface Append {
  readonly frame: number
  readonly now: number
  readonly events: Uint8Array
  readonly bodyIds: readonly number[]
}

interface Replayed {
  readonly frame: number
  readonly now: number
  readonly events: Uint8Array
}

const START = 1_700_000_000_000
const EVENT_HEADER_BYTES = 8

/**
 * A journal together with what is known of it: everything that was appended, retained, released and written to
 * snapshots, so that the suite can say what must come back. As state it is a list of appends and reference counts.
 */
export class ContractSubject {
  readonly #place: JournalPlace
  #journal: Journal | null = null
  /** The time of the next append, milliseconds since the epoch. */
  now = START
  readonly appends: Append[] = []
  /** What `onDurable` was called with, since the journal was opened. */
  durableFrames: number[] = []
  failures: Error[] = []
  /** Resolves when a failure is reported. */
  failure: Promise<void> = Promise.resolve()
  /** `onDurable` was called with a frame that still took appends. */
  openFrameHeard = false
  readonly #bodies = new Map<number, Uint8Array>()
  readonly #references = new Map<number, number>()
  readonly #lifetimes = new Map<number, Lifetime | undefined>()
  #snapshotUnits = new Map<number, Uint8Array>()
  #snapshotNow = 0
  #replayed: Replayed[] = []
  #restored: { readonly units: ReadonlyMap<number, Uint8Array>; readonly now: number } | null = null
  #whenDurable: { readonly frame: number; readonly resolve: () => void }[] = []

  static async open(place: JournalPlace): Promise<ContractSubject> {
    const subject = new ContractSubject(place)
    await subject.openAgain()
    return subject
  }

  private constructor(place: JournalPlace) {
    this.#place = place
  }

  get journal(): Journal {
    if (this.#journal === null) throw new Error('the journal was opened')
    return this.#journal
  }

  /** Appends events of about `eventBytes` and bodies of the given lengths. */
  append(
    bodyLengths: readonly number[],
    eventBytes = 10,
    lifetimes: readonly Lifetime[] | null = null,
  ): Append {
    const number = this.appends.length
    const random = new SeededRandom(number + 1)
    const events = eventOf(number, random.bytes(eventBytes))
    const bodies = bodyLengths.map((length) => random.bytes(length))
    const first = this.journal.nextBodyId
    // The journal owns what it is given: it is handed copies, and the suite keeps its own.
    const copies = bodies.map((body) => body.slice())
    const frame = this.journal.append(this.now, events.slice(), copies, lifetimes)
    const bodyIds = bodies.map((_, i) => first + i)
    for (const [i, bodyId] of bodyIds.entries()) {
      this.#bodies.set(bodyId, bodies[i]!)
      this.#references.set(bodyId, 1)
      this.#lifetimes.set(bodyId, lifetimes?.[i])
    }
    const append = { frame, now: this.now, events, bodyIds }
    this.appends.push(append)
    return append
  }

  get lastFrame(): number {
    return this.appends.at(-1)?.frame ?? 0
  }

  /** Lets time go on until the frame, by default the last that was appended to, is durable. */
  async durable(frame = this.lastFrame): Promise<void> {
    if (this.durableFrames.some((heard) => heard >= frame)) return
    await this.#place.settle(new Promise<void>((resolve) => this.#whenDurable.push({ frame, resolve })))
  }

  /** Lets a few things happen, so that what is under way gets somewhere. */
  async steps(count: number): Promise<void> {
    for (let i = 0; i < count; i++) await this.#place.step()
  }

  read(bodyIds: readonly number[]): Promise<readonly Uint8Array[]> {
    return this.#place.settle(Promise.resolve(this.journal.read(bodyIds)))
  }

  async expectBodies(bodyIds: readonly number[]): Promise<void> {
    const bodies = await this.read(bodyIds)
    expect(bodies.length).toBe(bodyIds.length)
    for (const [i, bodyId] of bodyIds.entries()) {
      const same = Buffer.compare(bodies[i]!, this.#bodies.get(bodyId)!) === 0
      expect(same, `body ${bodyId} is as it was appended`).toBe(true)
    }
  }

  retain(bodyId: number, count = 1): void {
    this.journal.retain(bodyId, count)
    this.#references.set(bodyId, this.#references.get(bodyId)! + count)
  }

  release(bodyId: number): void {
    this.journal.release(bodyId, this.#bodies.get(bodyId)!.length)
    const left = this.#references.get(bodyId)! - 1
    if (left === 0) this.#references.delete(bodyId)
    else this.#references.set(bodyId, left)
  }

  liveBodies(): number[] {
    return [...this.#references.keys()]
  }

  /** Writes a snapshot in which the given units have new bytes of the given lengths, and the others are kept. */
  async snapshot(changed: ReadonlyMap<number, number>, between: () => void = () => {}): Promise<void> {
    const units = new Map(this.#snapshotUnits)
    const writer = this.journal.beginSnapshot()
    const now = this.now
    for (const [unit, bytes] of changed) units.set(unit, new SeededRandom(unit + bytes).bytes(bytes))
    for (const [unit, bytes] of units) {
      if (changed.has(unit)) await this.#place.settle(writer.write(unit, bytes.slice()))
      else writer.keep(unit)
      between()
    }
    await this.#place.settle(writer.finish())
    expect(this.journal.stats().snapshotFrame).toBe(writer.frame)
    this.#snapshotUnits = units
    this.#snapshotNow = now
  }

  /** Closes the journal and opens it again. */
  async reopen(): Promise<void> {
    await this.#place.settle(this.journal.close())
    await this.openAgain()
  }

  /** Opens what the journal that ended left behind. */
  async openAgain(): Promise<void> {
    this.durableFrames = []
    this.failures = []
    this.#replayed = []
    this.#restored = null
    this.#whenDurable = []
    let failed = () => {}
    this.failure = new Promise((resolve) => {
      failed = resolve
    })
    const recovery: Recovery = {
      restore: (units, now) => {
        expect(this.#restored, 'a snapshot is restored once').toBeNull()
        expect(this.#replayed, 'a snapshot is restored before anything is replayed').toEqual([])
        this.#restored = { units: new Map([...units].map(([unit, bytes]) => [unit, bytes.slice()])), now }
      },
      replay: (frame) => this.#replay(frame),
      live: (visit) => this.#live(visit),
    }
    // A journal that ended must not speak for the one that comes after it.
    const { durableFrames, failures } = this
    const listener: JournalListener = {
      onDurable: (frame) => {
        durableFrames.push(frame)
        if (durableFrames !== this.durableFrames) return
        if (frame >= (this.#journal?.openFrame ?? Number.POSITIVE_INFINITY)) this.openFrameHeard = true
        for (const waiting of this.#whenDurable) if (waiting.frame <= frame) waiting.resolve()
      },
      onFailure: (error) => {
        failures.push(error)
        failed()
      },
    }
    this.#journal = null
    this.#journal = await this.#place.settle(this.#place.open(recovery, listener))
  }

  /** How many of the appends the last opening replayed, when there is no snapshot. */
  get replayedAppends(): number {
    return this.#replayed.length
  }

  /** How many appends, from the first on, were reported durable or were there when the journal was opened. */
  get acknowledgedAppends(): number {
    const newest = this.journal.durableFrame
    return this.appends.filter((append) => append.frame <= newest).length
  }

  /** The appends from `first` up to, not including, `end`, and no others, were replayed as they were made. */
  expectReplayed(first: number, end: number): void {
    const expected = this.appends.slice(first, end)
    expect(this.#replayed.length, 'appends replayed').toBe(expected.length)
    for (const [i, append] of expected.entries()) {
      const replayed = this.#replayed[i]!
      expect(Buffer.compare(replayed.events, append.events), `the events of append ${first + i}`).toBe(0)
      expect(replayed.frame).toBe(append.frame)
      // A frame has the time of its last append.
      expect(replayed.now).toBeGreaterThanOrEqual(append.now)
      expect(replayed.now).toBeLessThanOrEqual(this.now)
    }
  }

  /** The last opening restored the newest snapshot. */
  expectRestored(): void {
    if (this.#restored === null) throw new Error('no snapshot was restored')
    const { units, now } = this.#restored
    expect([...units.keys()].sort()).toEqual([...this.#snapshotUnits.keys()].sort())
    for (const [unit, bytes] of this.#snapshotUnits) {
      expect(Buffer.compare(units.get(unit)!, bytes), `unit ${unit}`).toBe(0)
    }
    expect(now).toBe(this.#snapshotNow)
  }

  /** Forgets the appends that a crash took, none of which had been reported durable. */
  forgetLost(): void {
    for (const lost of this.appends.splice(this.#replayed.length)) {
      for (const bodyId of lost.bodyIds) {
        this.#bodies.delete(bodyId)
        this.#references.delete(bodyId)
      }
    }
  }

  #replay(frame: ReplayedFrame): void {
    const last = this.#replayed.at(-1)
    if (last !== undefined) {
      expect(frame.number).toBeGreaterThanOrEqual(last.frame)
      expect(frame.now).toBeGreaterThanOrEqual(last.now)
    }
    for (const events of splitEvents(frame.events)) {
      this.#replayed.push({ frame: frame.number, now: frame.now, events })
    }
  }

  /** Every reference that is known; those of appends that were lost are not. */
  #live(visit: VisitBody): void {
    const replayed = this.#restored === null ? this.appends.slice(0, this.#replayed.length) : this.appends
    const known = new Set(replayed.flatMap((append) => append.bodyIds))
    for (const [bodyId, references] of this.#references) {
      if (!known.has(bodyId)) continue
      const bytes = this.#bodies.get(bodyId)!.length
      for (let i = 0; i < references; i++) visit(bodyId, bytes, this.#lifetimes.get(bodyId))
    }
  }
}

/** Events as the journal sees them, opaque, with what the suite needs to take them apart: number, length, content. */
function eventOf(number: number, content: Uint8Array): Uint8Array {
  const event = new Uint8Array(EVENT_HEADER_BYTES + content.length)
  const view = new DataView(event.buffer)
  view.setUint32(0, number, true)
  view.setUint32(4, content.length, true)
  event.set(content, EVENT_HEADER_BYTES)
  return event
}

function* splitEvents(events: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(events.buffer, events.byteOffset, events.byteLength)
  for (let at = 0; at < events.length; ) {
    const end = at + EVENT_HEADER_BYTES + view.getUint32(at + 4, true)
    expect(end, 'an append is replayed whole').toBeLessThanOrEqual(events.length)
    yield events.slice(at, end)
    at = end
  }
}
