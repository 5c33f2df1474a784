import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import type { StateHost } from '../../../core/service-state.ts'
import { Unit, type Units } from '../../../core/units.ts'
import type { QueueAddress } from '../commands.ts'
import type { QueueSettings } from '../queue-settings.ts'
import type { Deadlines } from './deadlines.ts'
import type { MoveTask } from './move-task.ts'
import { EMPTY, FRESH, SLOTS_PER_PAGE, type SlotPage, Slots } from './slots.ts'
import {
  DELAYED,
  IN_FLIGHT,
  type MessagePast,
  NO_PAST,
  type Phase,
  RETURNED,
  type Tracking,
} from './tracking.ts'

/** What the queues of one cell share. */
export interface QueueCommons {
  readonly units: Units
  readonly tracking: Tracking
  readonly deadlines: Deadlines
  readonly host: StateHost
}

export interface QueueRecord {
  readonly number: number
  readonly address: QueueAddress
  readonly settings: QueueSettings
  readonly tags: Readonly<Record<string, string>>
  readonly createdAt: number
  readonly modifiedAt: number
  readonly nextSlot: number
  readonly expiredUntil: number
  readonly deadLetters: boolean
  /** Pairs of page number and unit id, as little-endian 32-bit words. */
  readonly pages: Uint8Array
  /** Snapshots of earlier versions lack these two. */
  readonly moveTasks?: readonly MoveTask[]
  readonly purgedAt?: number
}

/** A message on its way from one queue to another. Its body stays where it is. */
export interface MovingMessage extends MessagePast {
  readonly bodyId: number
  readonly sentAt: number
  /** Stored bytes of the body. */
  readonly bytes: number
}

/**
 * One standard queue.
 *
 * ```
 *            send              receive               delete
 *   ───────────────▶ fresh ─────────────▶ in flight ────────▶ gone
 *     │                                    ▲     │ timeout, change to 0, undo
 *     │ with a delay           receive     │     ▼
 *     └─────────▶ delayed ──────────────▶ returned ─────▶ gone (retention; dead letter)
 *                          its time came
 * ```
 *
 * Fresh messages are found by a cursor over the slots; returned ones stand in a list threaded through their entries.
 * A message whose retention passed counts as gone at once, and is cleared away later (`dropExpired`, `sweep`).
 */
export class Queue extends Unit {
  readonly number: number
  readonly address: QueueAddress
  readonly slots: Slots
  readonly createdAt: number
  settings: QueueSettings
  tags: Readonly<Record<string, string>>
  modifiedAt: number
  /** When it was purged last, in milliseconds since the epoch; 0 for never. */
  purgedAt: number
  /** The slot that the next message gets. Slots are never reused. */
  nextSlot = 0
  /** True once a message left for a dead-letter queue: the queue's address is then remembered when it is deleted. */
  deadLetters = false
  fresh = 0
  returned = 0
  delayed = 0
  inFlight = 0
  /** Messages sent at this time or before are gone, whatever the retention is now. */
  #expiredUntil = 0
  /** No slot before this is fresh. */
  #freshHead = 0
  /** First and last entry of the returned messages, 0 for none. */
  #returnedHead = 0
  #returnedTail = 0
  /** Whether the next receive begins with the returned messages: the two kinds take turns. */
  #returnedFirst = true
  #moveTasks: readonly MoveTask[]
  readonly #commons: QueueCommons

  constructor(
    commons: QueueCommons,
    record: Omit<QueueRecord, 'pages' | 'nextSlot' | 'expiredUntil' | 'deadLetters'>,
  ) {
    super()
    this.#commons = commons
    this.number = record.number
    this.address = record.address
    this.settings = record.settings
    this.tags = record.tags
    this.createdAt = record.createdAt
    this.modifiedAt = record.modifiedAt
    this.#moveTasks = record.moveTasks ?? []
    this.purgedAt = record.purgedAt ?? 0
    this.slots = new Slots(commons.units, () => this.touch())
  }

  /** Rebuilds a queue and its pages; its entries call `adopt` afterwards, and `settle` comes last. */
  static restore(
    commons: QueueCommons,
    unit: number,
    snapshot: ReadonlyMap<number, Uint8Array>,
    bytes: Uint8Array,
  ): Queue {
    const record = decodeCbor(bytes) as QueueRecord
    const queue = new Queue(commons, record)
    commons.units.addAs(unit, queue)
    queue.nextSlot = record.nextSlot
    queue.deadLetters = record.deadLetters
    queue.#expiredUntil = record.expiredUntil
    const view = new DataView(record.pages.buffer, record.pages.byteOffset, record.pages.byteLength)
    for (let at = 0; at < view.byteLength; at += 8) {
      const pageUnit = view.getUint32(at + 4, true)
      const content = snapshot.get(pageUnit)
      if (content === undefined)
        throw new Error(`the snapshot lacks unit ${pageUnit} of queue ${queue.number}`)
      queue.slots.restorePage(view.getUint32(at, true), pageUnit, content)
    }
    return queue
  }

  encode(): Uint8Array {
    const pages = new Uint8Array(this.slots.pageCount * 8)
    const view = new DataView(pages.buffer)
    let at = 0
    for (const page of this.slots.pages()) {
      view.setUint32(at, page.number, true)
      view.setUint32(at + 4, page.id, true)
      at += 8
    }
    const record: QueueRecord = {
      number: this.number,
      address: this.address,
      settings: this.settings,
      tags: this.tags,
      createdAt: this.createdAt,
      modifiedAt: this.modifiedAt,
      nextSlot: this.nextSlot,
      expiredUntil: this.#expiredUntil,
      deadLetters: this.deadLetters,
      pages,
      moveTasks: this.#moveTasks,
      purgedAt: this.purgedAt,
    }
    return encodeCbor(record)
  }

  /** To be called before anything that `encode` writes changes. */
  touch(): void {
    if (this.id >= 0) this.#commons.units.touch(this)
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

  /** A message takes the next slot. `visibleAt` is 0 for at once. */
  append(bodyId: number, sentAt: number, bytes: number, visibleAt: number): number {
    this.touch()
    const slot = this.nextSlot++
    if (visibleAt === 0) {
      this.slots.put(slot, bodyId, sentAt, bytes, FRESH)
      this.fresh++
      return slot
    }
    const entry = this.#track(slot, DELAYED)
    this.slots.put(slot, bodyId, sentAt, bytes, entry + 1)
    this.#commons.tracking.setDeadline(entry, visibleAt)
    this.#commons.deadlines.set(entry, visibleAt)
    return slot
  }

  /** A message comes from another queue, and is available at once. */
  takeIn(message: MovingMessage): void {
    this.touch()
    const slot = this.nextSlot++
    const entry = this.#track(slot, RETURNED)
    this.slots.put(slot, message.bodyId, message.sentAt, message.bytes, entry + 1)
    this.#commons.tracking.arrive(entry, message)
    this.#link(entry)
  }

  /** The message in the slot goes to another queue. */
  takeOut(slot: number): MovingMessage {
    const entry = this.entry(slot)
    const past = entry === 0 ? NO_PAST : this.#commons.tracking.past(entry)
    const message = {
      ...past,
      bodyId: this.bodyId(slot),
      sentAt: this.#sentAt(slot),
      bytes: this.storedBytes(slot),
    }
    this.#take(slot)
    return message
  }

  /** The slot's message, which must be there, is received: hidden until `deadline`. */
  receive(slot: number, now: number, deadline: number, tagHigh: number, tagLow: number): void {
    const { tracking, deadlines } = this.#commons
    const occupancy = this.slots.occupancy(slot)
    let entry = occupancy - 1
    if (occupancy === FRESH) {
      entry = this.#track(slot, IN_FLIGHT)
      this.slots.setOccupancy(slot, entry + 1)
      this.fresh--
      if (slot >= this.#freshHead) this.#freshHead = slot + 1
    } else {
      this.#leavePhase(entry)
      this.inFlight++
    }
    tracking.receive(entry, now, deadline, tagHigh, tagLow)
    deadlines.set(entry, deadline)
    this.#returnedFirst = !this.#returnedFirst
  }

  /** The slot's entry, or 0 if its message has none or there is no message. */
  entry(slot: number): number {
    const occupancy = this.slots.occupancy(slot)
    return occupancy > FRESH ? occupancy - 1 : 0
  }

  /** Takes the message in the slot away and gives its body back. */
  remove(slot: number): void {
    const page = this.slots.page(slot)!
    const index = slot - page.firstSlot
    this.#commons.host.release(page.bodyId(index), page.bytes(index))
    this.#take(slot)
  }

  /** Hides a message in flight until another time. */
  hideUntil(entry: number, deadline: number): void {
    this.#commons.tracking.setDeadline(entry, deadline)
    this.#commons.deadlines.set(entry, deadline)
  }

  /** Makes a message that is in flight or delayed visible. */
  makeVisible(entry: number): void {
    this.#commons.deadlines.remove(entry)
    this.#leavePhase(entry)
    this.#commons.tracking.setPhase(entry, RETURNED)
    this.returned++
    this.#link(entry)
  }

  /** Lets go of everything and returns the pages, whose bodies and entries are still to be given back. */
  detachAll(): Map<number, SlotPage> {
    this.touch()
    this.fresh = 0
    this.returned = 0
    this.delayed = 0
    this.inFlight = 0
    this.#freshHead = this.nextSlot
    this.#returnedHead = 0
    this.#returnedTail = 0
    return this.slots.detach()
  }

  /**
   * The slots of up to `limit` messages to receive now, the ones that came back and the ones never received taking
   * turns, none of which passed its retention. Looks at no more than `scanLimit` messages. Messages received
   * `receivesMax` times or more in this queue go into `exhausted` instead.
   */
  choose(limit: number, now: number, receivesMax: number, scanLimit: number, exhausted: number[]): number[] {
    const { tracking } = this.#commons
    const expiredUntil = this.expiredUntil(now)
    const chosen: number[] = []
    let listed = this.#returnedHead
    let fresh = this.#firstFresh()
    let fromList = this.#returnedFirst
    for (let scanned = 0; scanned < scanLimit && chosen.length < limit; scanned++) {
      if (listed === 0 && fresh < 0) break
      if (listed !== 0 && (fromList || fresh < 0)) {
        const slot = tracking.slot(listed)
        if (this.#sentAt(slot) > expiredUntil) {
          if (tracking.receivesHere(listed) >= receivesMax) exhausted.push(slot)
          else chosen.push(slot)
        }
        listed = tracking.next(listed)
      } else {
        if (this.#sentAt(fresh) > expiredUntil) chosen.push(fresh)
        fresh = this.slots.nextFresh(fresh + 1, this.nextSlot)
      }
      fromList = !fromList
    }
    return chosen
  }

  /**
   * The slots of up to `limit` messages that are available and that `accepts` says yes to, in the order they arrived here as
   * far as they were not received since. It is asked about entries, and about 0 once for all that were never received. Looks at
   * no more than `scanLimit` messages, and clears away those of them that passed their retention.
   */
  available(limit: number, now: number, scanLimit: number, accepts: (entry: number) => boolean): number[] {
    const { tracking } = this.#commons
    const expiredUntil = this.expiredUntil(now)
    const found: number[] = []
    let listed = this.#returnedHead
    let fresh = accepts(0) ? this.#firstFresh() : -1
    for (let scanned = 0; scanned < scanLimit && found.length < limit; scanned++) {
      if (listed === 0 && fresh < 0) break
      const entry = listed !== 0 && (fresh < 0 || tracking.slot(listed) < fresh) ? listed : 0
      const slot = entry === 0 ? fresh : tracking.slot(entry)
      if (entry === 0) fresh = this.slots.nextFresh(fresh + 1, this.nextSlot)
      else listed = tracking.next(entry)
      if (this.#sentAt(slot) <= expiredUntil) this.remove(slot)
      else if (entry === 0 || accepts(entry)) found.push(slot)
    }
    return found
  }

  /** True if the slot holds a message whose retention has not passed. */
  holds(slot: number, now: number): boolean {
    return this.slots.occupancy(slot) !== EMPTY && this.#sentAt(slot) > this.expiredUntil(now)
  }

  sentAt(slot: number): number {
    return this.#sentAt(slot)
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
    for (let dropped = 0; dropped < limit; dropped++) {
      const entry = this.#returnedHead
      const slot =
        entry !== 0 && this.#sentAt(this.#commons.tracking.slot(entry)) <= expiredUntil
          ? this.#commons.tracking.slot(entry)
          : this.#expiredFresh(expiredUntil)
      if (slot < 0) return
      this.remove(slot)
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
        if (page.sentAt(index) <= expiredUntil) this.remove(page.firstSlot + index)
        else earliest = Math.min(earliest, page.sentAt(index))
      }
      page.earliestSentAt = earliest
    }
    return false
  }

  /** After a restore: counts an entry that belongs to this queue, and puts it where its phase belongs. */
  adopt(entry: number): void {
    const { tracking, deadlines } = this.#commons
    switch (tracking.phase(entry) as Phase) {
      case RETURNED:
        this.returned++
        this.#link(entry)
        return
      case IN_FLIGHT:
        this.inFlight++
        break
      case DELAYED:
        this.delayed++
        break
    }
    deadlines.set(entry, tracking.deadline(entry))
  }

  /** After a restore, when all entries were adopted: counts what is fresh and finds where it begins. */
  settle(): void {
    let occupied = 0
    for (const page of this.slots.pages()) occupied += page.occupied
    this.fresh = occupied - this.returned - this.inFlight - this.delayed
    this.#freshHead = this.#firstSlot()
  }

  /** Takes the message in the slot away; its body stays referred to. */
  #take(slot: number): void {
    const entry = this.entry(slot)
    if (entry === 0) {
      this.fresh--
    } else {
      this.#leavePhase(entry)
      this.#commons.deadlines.remove(entry)
      this.#commons.tracking.free(entry)
    }
    this.slots.clear(slot, Math.floor(this.nextSlot / SLOTS_PER_PAGE))
  }

  #firstSlot(): number {
    let first = this.nextSlot
    for (const page of this.slots.pages()) first = Math.min(first, page.firstSlot)
    return first
  }

  #expiredFresh(expiredUntil: number): number {
    const slot = this.#firstFresh()
    return slot >= 0 && this.#sentAt(slot) <= expiredUntil ? slot : -1
  }

  /** -1 if no message is fresh. Remembers how far it had to look: whole pages may hold nothing but delayed ones. */
  #firstFresh(): number {
    const slot = this.slots.nextFresh(this.#freshHead, this.nextSlot)
    this.#freshHead = slot < 0 ? this.nextSlot : slot
    return slot
  }

  #sentAt(slot: number): number {
    const page = this.slots.page(slot)!
    return page.sentAt(slot - page.firstSlot)
  }

  #track(slot: number, phase: Phase): number {
    if (phase === DELAYED) this.delayed++
    else if (phase === IN_FLIGHT) this.inFlight++
    else this.returned++
    return this.#commons.tracking.add(this.number, slot, phase)
  }

  #leavePhase(entry: number): void {
    switch (this.#commons.tracking.phase(entry) as Phase) {
      case RETURNED:
        this.returned--
        this.#unlink(entry)
        return
      case IN_FLIGHT:
        this.inFlight--
        return
      case DELAYED:
        this.delayed--
        return
    }
  }

  #link(entry: number): void {
    const { tracking } = this.#commons
    tracking.setNext(entry, 0)
    tracking.setPrevious(entry, this.#returnedTail)
    if (this.#returnedTail === 0) this.#returnedHead = entry
    else tracking.setNext(this.#returnedTail, entry)
    this.#returnedTail = entry
  }

  #unlink(entry: number): void {
    const { tracking } = this.#commons
    const next = tracking.next(entry)
    const previous = tracking.previous(entry)
    if (previous === 0) this.#returnedHead = next
    else tracking.setNext(previous, next)
    if (next === 0) this.#returnedTail = previous
    else tracking.setPrevious(next, previous)
  }
}
