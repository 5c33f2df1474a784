import type { StateHost } from '../../../core/service-state.ts'
import type { Unit, Units } from '../../../core/units.ts'
import type { Archive } from './archive.ts'
import type { Topic } from './topic.ts'
import type { Topics } from './topics.ts'

/** Units that one call may let go of. */
const UNITS_PER_CALL = 512
const TOPICS_PER_CALL = 256
const PAGES_PER_TOPIC = 16
const DEPARTED_PER_TOPIC = 16
/** Archived messages that one call may let go of: about a millisecond. */
const MESSAGES_PER_CALL = 4096
const SWEEP_INTERVAL_MS = 1000

/**
 * What is to be given back but nobody waits for: what deleted topics and applications held, what FIFO topics need not remember
 * any more, and archived messages whose time has passed. None of it changes what a client sees, so it is neither journaled nor
 * part of snapshots.
 */
export class Cleanup {
  readonly #units: Units
  readonly #host: StateHost
  readonly #topics: Topics
  readonly #archives: Archive[] = []
  readonly #detached: Iterator<Unit>[] = []
  #sweep: Iterator<Topic> | null = null
  /** Whose archive has more to let go of. */
  #sweeping: Topic | null = null
  #nextSweepAt = 0

  constructor(units: Units, host: StateHost, topics: Topics) {
    this.#units = units
    this.#host = host
    this.#topics = topics
  }

  /** Takes over what is in no directory any more, with all that it holds. */
  add(resource: { allUnits(): Iterator<Unit> }): void {
    this.#detached.push(resource.allUnits())
  }

  /** A topic's archive is let go of message by message. */
  addTopic(topic: Topic): void {
    this.add(topic)
    this.addArchive(topic.takeArchive())
  }

  addArchive(archive: Archive | null): void {
    if (archive !== null) this.#archives.push(archive)
  }

  /** The bodies that are still to be given back: a replay leaves them referred to until then. */
  live(visit: (bodyId: number, bytes: number) => void): void {
    for (const archive of this.#archives) archive.visitBodies(visit)
  }

  /** Does a bounded piece of the work. True while there is more to do at once. */
  tidy(now: number): boolean {
    for (let i = 0; i < UNITS_PER_CALL && this.#detached.length > 0; i++) {
      const { value: unit, done } = this.#detached.at(-1)!.next()
      if (done === true) this.#detached.pop()
      else this.#units.remove(unit)
    }
    if (this.#sweep === null && now >= this.#nextSweepAt) {
      this.#sweep = this.#topics[Symbol.iterator]()
      this.#nextSweepAt = now + SWEEP_INTERVAL_MS
    }
    this.#emptySome()
    if (this.#sweep !== null) this.#sweepSome(this.#sweep, now)
    return this.#detached.length > 0 || this.#archives.length > 0 || this.#sweep !== null
  }

  /** Lets go of what is in archives that belong to no topic any more. */
  #emptySome(): void {
    const archive = this.#archives.at(-1)
    if (archive === undefined) return
    const all = { before: Number.POSITIVE_INFINITY, sequence: archive.nextSequence, limit: MESSAGES_PER_CALL }
    if (archive.drop(all, this.#release)) return
    this.#archives.pop()
    this.#units.remove(archive)
  }

  #sweepSome(topics: Iterator<Topic>, now: number): void {
    for (let i = 0; i < TOPICS_PER_CALL; i++) {
      if (this.#sweeping === null) {
        const next = topics.next()
        if (next.done === true) {
          this.#sweep = null
          return
        }
        this.#sweeping = next.value
      }
      const topic = this.#sweeping
      if (topic.id >= 0) {
        if (topic.isFifo) topic.recent.expire(now, PAGES_PER_TOPIC)
        topic.forgetDeparted(now, DEPARTED_PER_TOPIC)
        if (topic.isFifo && this.#dropArchived(topic, now)) return
      }
      this.#sweeping = null
    }
  }

  /** What is in the archive too long goes, unless a subscription has to get it yet. True if there is more. */
  #dropArchived(topic: Topic, now: number): boolean {
    const before = topic.archiveBeginsAt(now)
    if (before === null) return false
    const { archive, neededFrom: sequence } = topic
    return archive!.drop({ before, sequence, limit: MESSAGES_PER_CALL }, this.#release)
  }

  readonly #release = (bodyId: number, bytes: number): void => this.#host.release(bodyId, bytes)
}
