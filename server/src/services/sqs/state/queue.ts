import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { packPairs, unpackPairs } from '../../../core/packed-lists.ts'
import type { StateHost } from '../../../core/service-state.ts'
import { Unit, type Units } from '../../../core/units.ts'
import type { QueueAddress } from '../commands.ts'
import type { QueueSettings } from '../queue-settings.ts'
import type { Deadlines } from './deadlines.ts'
import type { MoveTask } from './move-task.ts'
import type { Origins } from './origins.ts'
import type { QueueTimers } from './queue-timers.ts'
import { EMPTY, FRESH, SLOTS_PER_PAGE, type SlotPage, Slots } from './slots.ts'
import { type MessagePast, NO_PAST, RETURNED, type Tracking } from './tracking.ts'

/** What the queues of one cell share. */
export interface QueueCommons {
  readonly units: Units
  readonly tracking: Tracking
  readonly deadlines: Deadlines
  readonly timers: QueueTimers
  readonly origins: Origins
  readonly host: StateHost
}

/** What a queue is made of when it is created. */
export interface NewQueue {
  readonly number: number
  readonly address: QueueAddress
  readonly settings: QueueSettings
  readonly tags: Readonly<Record<string, string>>
  readonly createdAt: number
  readonly modifiedAt: number
}

export interface QueueRecord extends NewQueue {
  readonly nextSlot: number
  readonly expiredUntil: number
  readonly deadLetters: boolean
  /** Pairs of page number and unit id, as little-endian 32-bit words. */
  readonly pages: Uint8Array
  /** Snapshots of earlier versions lack these two. */
  readonly moveTasks?: readonly MoveTask[]
  readonly purgedAt?: number
  /** Of the columns of origins, as `pages`; absent where no message landed. */
  readonly originColumns?: Uint8Array
}

/** What a queue has let go of, for whoever gives it back bit by bit. */
export interface DetachedContent {
  /** Their bodies and entries are still to be given back, and they are still among the units. */
  readonly pages: Map<number, SlotPage>
  /** What else is still among the units. */
  readonly others: readonly Iterator<Unit>[]
}

/** A message on its way from one queue to another. Its body stays where it is. */
export interface MovingMessage extends MessagePast {
  readonly bodyId: number
  readonly sentAt: number
  /** Stored bytes of the body. */
  readonly bytes: number
  /** Four words; null where the message has no group. */
  readonly groupKey: Uint32Array | null
  /** The number of its origin; 0 where it was sent. */
  readonly origin: number
}

/**
 * What all queues have in common: settings, slots, counts, and messages that end with their retention. The two kinds
 * differ in what may be received next: see standard-queue.ts and fifo-queue.ts.
 *
 * A message whose retention passed counts as gone at once, and is cleared away later (`dropExpired`, `sweep`).
 */
export abstract class Queue extends Unit {
  readonly number: number
  readonly address: QueueAddress
  readonly slots: Slots
  readonly createdAt: number
  settings: QueueSettings
  tags: Readonly<Record<string, string>>
  modifiedAt: number
  /** When it was purged last, in milliseconds since the epoch; 0 for never. */
  purgedAt = 0
  /** The slot that the next message gets. Slots are never reused. */
  nextSlot = 0
  /** True once a message left for a dead-letter queue: the queue's address is then remembered when it is deleted. */
  deadLetters = false
  fresh = 0
  returned = 0
  delayed = 0
  inFlight = 0
  protected readonly commons: QueueCommons
  /** Messages sent at this time or before are gone, whatever the retention is now. */
  #expiredUntil = 0
  #moveTasks: readonly MoveTask[] = []

  constructor(commons: QueueCommons, record: NewQueue) {
    super()
    this.commons = commons
    this.number = record.number
    this.address = record.address
    this.settings = record.settings
    this.tags = record.tags
    this.createdAt = record.createdAt
    this.modifiedAt = record.modifiedAt
    this.slots = new Slots(commons.units, commons.origins, () => this.touch())
  }

  /** Brings back what its record says, pages included; its entries call `adopt` afterwards, and `settle` comes last. */
  restoreFrom(record: QueueRecord, snapshot: ReadonlyMap<number, Uint8Array>): void {
    this.nextSlot = record.nextSlot
    this.deadLetters = record.deadLetters
    this.#expiredUntil = record.expiredUntil
    this.#moveTasks = record.moveTasks ?? []
    this.purgedAt = record.purgedAt ?? 0
    for (const [number, unit] of unpackPairs(record.pages)) {
      this.slots.restorePage(number, unit, unitOf(snapshot, unit))
    }
    if (record.originColumns === undefined) return
    for (const [number, unit] of unpackPairs(record.originColumns)) {
      this.slots.restoreColumn(number, unit, unitOf(snapshot, unit))
    }
  }

  encode(): Uint8Array {
    return encodeCbor(this.record())
  }

  /** What a snapshot keeps of the queue beside its pages. */
  protected record(): QueueRecord {
    const columns = this.slots.columns()
    return {
      number: this.number,
      address: this.address,
      settings: this.settings,
      tags: this.tags,
      createdAt: this.createdAt,
      modifiedAt: this.modifiedAt,
      nextSlot: this.nextSlot,
      expiredUntil: this.#expiredUntil,
      deadLetters: this.deadLetters,
      pages: packPairs(this.slots.pageCount, this.slots.pages()),
      moveTasks: this.#moveTasks,
      purgedAt: this.purgedAt,
      ...(columns.length > 0 && { originColumns: packPairs(columns.length, columns) }),
    }
  }

  /** To be called before anything that `encode` writes changes. */
  touch(): void {
    if (this.id >= 0) this.commons.units.touch(this)
  }

  get waiting(): number {
    return this.fresh + this.returned
  }

  /** Messages sent at this time or before are gone. */
  expiredUntil(now: number): number {
    return Math.max(this.#expiredUntil, now - this.settings.messageRetentionSeconds * 1000)
  }

  /** The tasks that moved messages out of here, the newest first. All but the first have ended. */
  get moveTasks(): readonly MoveTask[] {
    return this.#moveTasks
  }

  setMoveTasks(tasks: readonly MoveTask[]): void {
    this.touch()
    this.#moveTasks = tasks
  }

  change(settings: QueueSettings | null, tags: Readonly<Record<string, string>> | null, now: number): void {
    this.touch()
    if (settings !== null) {
      // What expired under the old retention stays gone when the new one is longer.
      this.#expiredUntil = this.expiredUntil(now)
      this.settings = settings
      this.modifiedAt = now
    }
    if (tags !== null) this.tags = tags
  }

  /** A message comes from another queue, and is available at once. */
  abstract takeIn(message: MovingMessage, now: number): void

  /** The slot's message, which must be there, is received: hidden until `deadline`. */
  abstract receive(slot: number, now: number, deadline: number, tagHigh: number, tagLow: number): void

  /** Takes the message in the slot away; its body stays referred to. */
  protected abstract take(slot: number, now: number): void

  /** Makes a message that is in flight or delayed visible. */
  abstract makeVisible(entry: number, now: number): void

  /**
   * The slots of up to `limit` messages to receive now, none of which passed its retention. Looks at no more than
   * `scanLimit` messages. Messages received `receivesMax` times or more in this queue go into `exhausted` instead, and of each
   * tenant that is found to be noisy (see tenants.ts) a message into `noisy`.
   */
  abstract choose(
    limit: number,
    now: number,
    receivesMax: number,
    scanLimit: number,
    exhausted: number[],
    noisy: number[],
  ): number[]

  /** Whether the slot holds a message that a receive could take, were it not for others that stand before it. */
  abstract isAvailable(slot: number): boolean

  /** Whether the slot's message waits for no other. */
  abstract isFirstInLine(slot: number): boolean

  /** The slot of the message that waits for this slot's, which must be there; -1 for none. */
  abstract waitingBehind(slot: number): number

  /** Lets go of all messages, however many, at once. */
  abstract detachAll(): DetachedContent

  /** As `detachAll`, and of whatever else the queue holds: it is about to be deleted. */
  abstract detachForGood(): DetachedContent

  /** After a restore: counts an entry that belongs to this queue, and puts it where its phase belongs. */
  abstract adopt(entry: number): void

  /** After a restore, when all entries were adopted: counts what has no entry, and finds where it begins. */
  abstract settle(): void

  protected countNothing(): void {
    this.fresh = 0
    this.returned = 0
    this.delayed = 0
    this.inFlight = 0
  }

  /** The slot's entry, or 0 if its message has none or there is no message. */
  entry(slot: number): number {
    const occupancy = this.slots.occupancy(slot)
    return occupancy > FRESH ? occupancy - 1 : 0
  }

  /** To be called when the messages in these slots are about to be removed. */
  lookAheadToRemoval(_slots: readonly number[]): void {}

  /** Takes the message in the slot away and gives its body back. */
  remove(slot: number, now: number): void {
    const page = this.slots.page(slot)!
    const index = slot - page.firstSlot
    this.commons.host.release(page.bodyId(index), page.bytes(index))
    this.take(slot, now)
  }

  /** The message in the slot goes to another queue. */
  takeOut(slot: number, now: number): MovingMessage {
    const entry = this.entry(slot)
    const past = entry === 0 ? NO_PAST : this.commons.tracking.past(entry)
    const message: MovingMessage = {
      ...past,
      bodyId: this.bodyId(slot),
      sentAt: this.sentAt(slot),
      bytes: this.storedBytes(slot),
      groupKey: this.groupKey(slot),
      origin: this.slots.origin(slot),
    }
    this.take(slot, now)
    return message
  }

  /** The key of the group that the slot's message is in, four words; null where it has none. */
  groupKey(_slot: number): Uint32Array | null {
    return null
  }

  /** Whether the tenant whose message is in the slot is marked as noisy: see tenants.ts. */
  isOfNoisyTenant(_slot: number): boolean {
    return false
  }

  /** Hides a message in flight until another time. */
  hideUntil(entry: number, deadline: number): void {
    this.commons.tracking.setDeadline(entry, deadline)
    this.commons.deadlines.set(entry, deadline)
  }

  /** True if the slot holds a message whose retention has not passed. */
  holds(slot: number, now: number): boolean {
    return this.slots.occupancy(slot) !== EMPTY && this.sentAt(slot) > this.expiredUntil(now)
  }

  /** When the slot's message, which must be there, becomes visible; 0 if nothing hides it. */
  hiddenUntil(slot: number): number {
    const { tracking } = this.commons
    const entry = this.entry(slot)
    return entry === 0 || tracking.phase(entry) === RETURNED ? 0 : tracking.deadline(entry)
  }

  sentAt(slot: number): number {
    const page = this.slots.page(slot)!
    return page.sentAt(slot - page.firstSlot)
  }

  bodyId(slot: number): number {
    const page = this.slots.page(slot)!
    return page.bodyId(slot - page.firstSlot)
  }

  storedBytes(slot: number): number {
    const page = this.slots.page(slot)!
    return page.bytes(slot - page.firstSlot)
  }

  /** Clears away up to `limit` messages that passed their retention and stand before the first that did not. */
  dropExpired(now: number, limit: number): void {
    const expiredUntil = this.expiredUntil(now)
    let dropped = 0
    for (const page of this.slots.pages()) {
      if (page.earliestSentAt > expiredUntil) return
      for (let index = 0; index < SLOTS_PER_PAGE; index++) {
        if (page.occupancy(index) === EMPTY) continue
        if (page.sentAt(index) > expiredUntil || dropped === limit) return
        this.remove(page.firstSlot + index, now)
        dropped++
      }
    }
  }

  /** Clears away what passed its retention, in at most `pageLimit` pages. True if there may be more. */
  sweep(now: number, pageLimit: number): boolean {
    const expiredUntil = this.expiredUntil(now)
    let left = pageLimit
    for (const page of this.slots.pages()) {
      if (page.earliestSentAt > expiredUntil) continue
      if (left-- === 0) return true
      let earliest = Number.POSITIVE_INFINITY
      for (let index = 0; index < SLOTS_PER_PAGE; index++) {
        if (page.occupancy(index) === EMPTY) continue
        if (page.sentAt(index) <= expiredUntil) this.remove(page.firstSlot + index, now)
        else earliest = Math.min(earliest, page.sentAt(index))
      }
      page.earliestSentAt = earliest
    }
    return false
  }
}

export function decodeQueueRecord(bytes: Uint8Array): QueueRecord {
  return decodeCbor(bytes) as QueueRecord
}

/** The unit of a snapshot that another one names. */
export function unitOf(snapshot: ReadonlyMap<number, Uint8Array>, unit: number): Uint8Array {
  const bytes = snapshot.get(unit)
  if (bytes === undefined) throw new Error(`the snapshot lacks unit ${unit} of the SQS state`)
  return bytes
}
