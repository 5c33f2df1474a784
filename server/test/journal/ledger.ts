import assert from 'node:assert/strict'
import { SeededRandom } from '../../src/base/random.ts'
import type { Disk } from '../../src/engines/files/disk.ts'
import { type FilesJournalOptions, openFilesJournal } from '../../src/engines/files/files-journal.ts'
import type { FilesLimits } from '../../src/engines/files/limits.ts'
import { LIFETIMES } from '../../src/engines/files/live-bodies.ts'
import { SimulatedDisk } from '../../src/engines/files/simulated-disk.ts'
import type { Journal, Lifetime, Recovery, ReplayedFrame, VisitBody } from '../../src/journal/journal.ts'
import { SimulatedTime } from '../simulation/simulated-time.ts'

export const START = 1_700_000_000_000

/** Small enough that a test of a few hundred bodies meets every boundary. */
export const SMALL: Partial<FilesLimits> = {
  segmentBytes: 8 * 1024,
  frameBytes: 2 * 1024,
  gatherBytes: 1024,
  gatherAppends: 8,
  writeBytes: 4 * 1024,
  zerosFromBytes: 600,
  zerosStepBytes: 800,
  zerosBelowBytes: 700,
  cacheBytes: 4 * 1024,
  readAheadBytes: 1024,
  openFiles: 3,
  relocateBehindSegments: 1,
  relocateForBytes: 8 * 1024,
  relocateStepBytes: 1024,
}

/** For tests that look for the end of the frames at the end of the file, or count the calls of the disk. */
export const WITHOUT_ZEROS: Partial<FilesLimits> = { zerosFromBytes: Number.MAX_SAFE_INTEGER }

const UNIT_BODIES = 64

/**
 * The smallest state that needs a journal: which bodies there are, how long they are, how often each is referred to, and for how
 * long it is likely to be.
 */
export class Ledger implements Recovery {
  readonly bodies = new Map<number, { readonly bytes: number; references: number; lifetime: Lifetime }>()
  readonly replayed: number[] = []
  restored = false
  /** The latest time that the journal told. */
  now = START

  restore(units: ReadonlyMap<number, Uint8Array>, now: number): void {
    this.restored = true
    this.now = now
    for (const bytes of units.values()) {
      for (const [id, length, references, lifetime] of JSON.parse(Buffer.from(bytes).toString())) {
        this.bodies.set(id, { bytes: length, references, lifetime: lifetimeOf(lifetime) })
      }
    }
  }

  replay(frame: ReplayedFrame): void {
    this.replayed.push(frame.number)
    this.now = frame.now
    for (const line of Buffer.from(frame.events).toString().split('\n')) if (line !== '') this.apply(line)
  }

  live(visit: VisitBody): void {
    for (const [bodyId, { bytes, references, lifetime }] of this.bodies) {
      for (let i = 0; i < references; i++) visit(bodyId, bytes, lifetime)
    }
  }

  apply(event: string): void {
    const [kind, id, length, lifetime] = event.split(' ')
    const body = this.bodies.get(Number(id))
    if (kind === 'add') {
      assert(body === undefined, `body ${id} is added once`)
      this.bodies.set(Number(id), { bytes: Number(length), references: 1, lifetime: lifetimeOf(lifetime) })
    } else if (kind === 'share') {
      body!.references++
    } else {
      assert(kind === 'drop' && body !== undefined, `${event} is about a body that is there`)
      body.references--
      if (body.references === 0) this.bodies.delete(Number(id))
    }
  }

  /** Bodies of neighbouring ids share a unit. */
  units(): Map<number, Uint8Array> {
    const rows = new Map<number, unknown[]>()
    for (const [id, { bytes, references, lifetime }] of this.bodies) {
      const unit = Math.floor(id / UNIT_BODIES)
      rows.set(unit, [...(rows.get(unit) ?? []), [id, bytes, references, lifetime]])
    }
    return new Map([...rows].map(([unit, content]) => [unit, Buffer.from(JSON.stringify(content))]))
  }
}

/** One life of a process with a journal and the state that lies in it. */
export class LedgerProcess {
  readonly ledger = new Ledger()
  readonly reports: string[] = []
  readonly failures: Error[] = []
  readonly durable: number[] = []
  readonly time: SimulatedTime
  journal!: Journal

  constructor(time: SimulatedTime) {
    this.time = time
  }

  /** Appends bodies with their events; the ids are dense. Returns the first id. */
  add(...bodies: readonly Uint8Array[]): number {
    const first = this.journal.nextBodyId
    const events = bodies.map((body, i) => `add ${first + i} ${body.length}`)
    this.#record(events, bodies)
    return first
  }

  /**
   * A body that shows which one it is, with the lifetime that the state says at a start, and another that the journal is told now
   * if need be. Returns its id.
   */
  addFor(lifetime: Lifetime, bytes: number, told = lifetime): number {
    const bodyId = this.journal.nextBodyId
    this.#record([`add ${bodyId} ${bytes} ${lifetime}`], [bodyOf(bodyId, bytes)], [told])
    return bodyId
  }

  drop(...bodyIds: readonly number[]): void {
    for (const bodyId of bodyIds) {
      const { bytes } = this.ledger.bodies.get(bodyId)!
      this.#record([`drop ${bodyId}`], [])
      this.journal.release(bodyId, bytes)
    }
  }

  share(bodyId: number): void {
    this.#record([`share ${bodyId}`], [])
    this.journal.retain(bodyId)
  }

  async commit(): Promise<void> {
    const frame = this.journal.openFrame
    while (this.journal.durableFrame < frame && this.failures.length === 0) {
      if (!(await this.time.step())) break
    }
  }

  async snapshot(): Promise<void> {
    const writer = this.journal.beginSnapshot()
    const units = this.ledger.units()
    const taken = async () => {
      for (const [unit, bytes] of units) await writer.write(unit, bytes)
      await writer.finish()
    }
    await this.time.settle(taken())
  }

  async read(...bodyIds: readonly number[]): Promise<Buffer[]> {
    const bodies = await this.time.settle(Promise.resolve(this.journal.read(bodyIds)))
    return bodies.map((body) => Buffer.from(body))
  }

  close(): Promise<void> {
    return this.time.settle(this.journal.close())
  }

  /** Checks that every body of the ledger can be read and is the one that `bodyOf` makes for its id. */
  async expectAllReadable(): Promise<void> {
    for (const [id, { bytes }] of this.ledger.bodies) {
      const [body] = await this.read(id)
      assert.deepEqual(body, bodyOf(id, bytes), `body ${id}`)
    }
  }

  #record(
    events: readonly string[],
    bodies: readonly Uint8Array[],
    lifetimes: readonly Lifetime[] | null = null,
  ): void {
    this.ledger.now++
    this.journal.append(this.ledger.now, Buffer.from(`${events.join('\n')}\n`), bodies, lifetimes)
    for (const event of events) this.ledger.apply(event)
  }
}

export function newDisk(seed = 1, options: { readonly capacityBytes?: number } = {}): SimulatedDisk {
  return new SimulatedDisk({ random: new SeededRandom(seed), ...options })
}

export async function openLedger(
  disk: Disk,
  options: Partial<FilesJournalOptions> & { readonly seed?: number } = {},
  time = new SimulatedTime(START),
): Promise<LedgerProcess> {
  const life = new LedgerProcess(time)
  life.journal = await time.settle(
    openFilesJournal({
      disk,
      random: new SeededRandom(options.seed ?? nextSeed++),
      timers: time,
      recovery: life.ledger,
      listener: {
        onDurable: (frame) => life.durable.push(frame),
        onFailure: (error) => life.failures.push(error),
      },
      limits: SMALL,
      report: (message) => life.reports.push(message),
      ...options,
    }),
  )
  return life
}

/** As an event or a unit says it; those of earlier formats don't. */
function lifetimeOf(written: unknown): Lifetime {
  return LIFETIMES[Number(written ?? 0)]!
}

/** Every process draws its own nonces. */
let nextSeed = 1000

/** A body that shows which one it is. */
export function bodyOf(id: number, bytes: number): Buffer {
  return Buffer.alloc(bytes, `body ${id} `)
}

/** Adds bodies of 300 bytes until the newest segment is the `nth`, and waits until all is on disk. */
export async function fillSegments(life: LedgerProcess, nth: number): Promise<void> {
  while (life.journal.stats().segments < nth) {
    for (let i = 0; i < 5; i++) life.add(bodyOf(life.journal.nextBodyId, 300))
    await life.commit()
  }
  await life.time.runFor(50)
}

/** Takes a snapshot, and has all done that comes of it. */
export async function snapshotAndTidy(life: LedgerProcess): Promise<void> {
  await life.snapshot()
  await life.time.runFor(2000)
}

/** The names of the files of one kind, `segment` for one, in order. */
export function files(disk: SimulatedDisk, kind: string): string[] {
  return disk.names().filter((name) => name.endsWith(`.${kind}`))
}
