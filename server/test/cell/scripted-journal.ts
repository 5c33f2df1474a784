import {
  BodiesLostError,
  type Journal,
  JournalError,
  type JournalListener,
  type JournalStats,
  type Lifetime,
  type Recovery,
  type SnapshotWriter,
} from '../../src/journal/journal.ts'

interface Frame {
  readonly number: number
  readonly now: number
  readonly events: Uint8Array[]
  readonly bodies: Uint8Array[]
}

interface StoredSnapshot {
  readonly frame: number
  readonly now: number
  readonly units: ReadonlyMap<number, Uint8Array>
}

/** A journal that commits, fails and runs low when the test says so. What is durable outlives `reopen`. */
export class ScriptedJournal implements Journal {
  lowOnSpace = false
  /** What `stats` answers beyond what is counted. */
  readonly figures = { bytes: 0, liveBytes: 0, replayBytes: 0 }
  /** Set to let the next snapshots fail at their end. */
  snapshotError: Error | null = null
  /** Set to hold back every `write` of a snapshot until the test lets it go on. */
  holdWrites = false
  snapshots: StoredSnapshot[] = []
  aborted = 0
  readonly released: number[] = []
  /** Of the bodies that were appended with some, and of all that the state named when the journal opened. By their ids. */
  readonly lifetimes = new Map<number, Lifetime>()
  closed = false
  #frames: Frame[] = []
  #open: Frame
  #bodies: Uint8Array[] = []
  #durableFrame = 0
  #failure: Error | null = null
  #snapshotting = false
  #heldWrites: (() => void)[] = []
  #listener: JournalListener = { onDurable: () => {}, onFailure: () => {} }

  constructor() {
    this.#open = newFrame(1)
  }

  /** Rebuilds what stands above from what is durable, as every engine does when it opens. */
  open(recovery: Recovery, listener: JournalListener): this {
    this.#listener = listener
    this.#failure = null
    this.closed = false
    this.#open = newFrame(this.#durableFrame + 1)
    this.#bodies = this.#frames.flatMap((frame) => frame.bodies)
    this.#snapshotting = false
    const newest = this.snapshots.at(-1)
    if (newest !== undefined) recovery.restore(newest.units, newest.now)
    for (const { number, now, events } of this.#frames) {
      if (number > (newest?.frame ?? 0))
        for (const each of events) recovery.replay({ number, now, events: each })
    }
    this.lifetimes.clear()
    recovery.live((bodyId, _bytes, lifetime = 0) => this.lifetimes.set(bodyId, lifetime))
    return this
  }

  get nextBodyId(): number {
    return this.#bodies.length
  }
  get openFrame(): number {
    return this.#open.number
  }
  get durableFrame(): number {
    return this.#durableFrame
  }
  get appends(): number {
    return [...this.#frames, this.#open].reduce((sum, frame) => sum + frame.events.length, 0)
  }

  append(
    now: number,
    events: Uint8Array,
    bodies: readonly Uint8Array[],
    lifetimes?: readonly Lifetime[] | null,
  ): number {
    this.#check()
    for (const [i, lifetime] of lifetimes?.entries() ?? []) this.lifetimes.set(this.nextBodyId + i, lifetime)
    this.#open.events.push(events)
    this.#open.bodies.push(...bodies)
    this.#bodies.push(...bodies)
    this.#open = { ...this.#open, now }
    return this.#open.number
  }

  /** Bodies that a repair wrote off. */
  readonly lost = new Set<number>()

  read(bodyIds: readonly number[]): readonly Uint8Array[] | Promise<readonly Uint8Array[]> {
    const lost = bodyIds.filter((bodyId) => this.lost.has(bodyId))
    if (lost.length > 0) return Promise.reject(new BodiesLostError(lost))
    return bodyIds.map((bodyId) => this.#bodies[bodyId]!)
  }
  release(bodyId: number): void {
    this.released.push(bodyId)
  }
  retain(): void {
    throw new Error('nothing here retains')
  }

  beginSnapshot(): SnapshotWriter {
    this.#check()
    if (this.#snapshotting) throw new Error('a snapshot is under way')
    this.#snapshotting = true
    this.#cut()
    const covered = this.#frames.at(-1)
    const units = new Map<number, Uint8Array>()
    const before = this.snapshots.at(-1)
    return {
      frame: this.#open.number - 1,
      write: async (unit, bytes) => {
        units.set(unit, bytes)
        if (this.holdWrites) await new Promise<void>((resolve) => this.#heldWrites.push(resolve))
      },
      keep: (unit) => {
        const bytes = before?.units.get(unit)
        if (bytes === undefined) throw new Error(`the snapshot before has no unit ${unit}`)
        units.set(unit, bytes)
      },
      finish: async () => {
        if (this.snapshotError !== null) throw this.snapshotError
        this.snapshots.push({ frame: covered?.number ?? 0, now: covered?.now ?? 0, units })
        this.#snapshotting = false
      },
      abort: async () => {
        this.aborted++
        this.#snapshotting = false
      },
    }
  }

  stats(): JournalStats {
    return {
      frames: this.#durableFrame,
      segments: 1,
      snapshotFrame: this.snapshots.at(-1)?.frame ?? 0,
      ...this.figures,
    }
  }

  async close(): Promise<void> {
    this.#check()
    this.commit()
    this.closed = true
    this.#failure = new JournalError('the journal is closed')
  }

  /** Everything appended so far is durable now. */
  commit(): void {
    if (this.#failure !== null) return
    this.#cut()
    this.#durableFrame = this.#open.number - 1
    this.#listener.onDurable(this.#durableFrame)
  }

  /** A write failed: what was not durable is lost. */
  fail(error: Error): void {
    this.#failure = error
    this.#listener.onFailure(error)
  }

  /** Lets held-back snapshot writes go on. */
  letWritesGo(): void {
    this.holdWrites = false
    for (const resolve of this.#heldWrites.splice(0)) resolve()
  }

  #cut(): void {
    if (this.#open.events.length === 0) return
    this.#frames.push(this.#open)
    this.#open = newFrame(this.#open.number + 1)
  }

  #check(): void {
    if (this.#failure !== null) throw this.#failure
  }
}

function newFrame(number: number): Frame {
  return { number, now: 0, events: [], bodies: [] }
}
