import { packPairs, unpackPairs } from '../../../core/packed-lists.ts'
import type { Unit } from '../../../core/units.ts'
import { NOISY_IN_FLIGHT_MIN, NOISY_PERCENT, PROCESSING_TIME_JUDGED_MS, QUIET_AFTER_MS } from '../limits.ts'
import { Deadlines } from './deadlines.ts'
import { EntryHeap } from './entry-heap.ts'
import { GroupLinks } from './group-links.ts'
import { countedOn, NO_PROCESSING_TIME, type ProcessingTime, recentTime } from './processing-time.ts'
import { type QueueCommons, unitOf } from './queue.ts'
import type { TimedQueue } from './queue-timers.ts'
import { EMPTY, FRESH, SLOTS_PER_PAGE, type Slots } from './slots.ts'
import { FORGIVEN, NOISY, QUIET, TenantTable } from './tenant-table.ts'
import { IN_FLIGHT } from './tracking.ts'
import { UngroupedPages } from './ungrouped-pages.ts'

/** What a snapshot keeps of the tenants of a queue. Page lists are as in `QueueRecord`. */
export interface TenantsRecord {
  readonly processingTime: ProcessingTime
  readonly linkPages: Uint8Array
  readonly tenantPages: Uint8Array
}

/** The queue that the tenants send to. */
export interface SharedQueue extends TimedQueue {
  readonly slots: Slots
  readonly nextSlot: number
  readonly inFlight: number
  sentAt(slot: number): number
  /** To be called before what its record says changes. */
  touch(): void
}

/**
 * The tenants of a standard queue, which are its message groups, and what is done so that none is delayed by what another sends
 * or how long that takes.
 *
 * ```
 *                 a receive finds it noisy                      its backlog is drained
 *        quiet ─────────────────────────────▶ noisy ──────────────────────────────────▶ quiet
 *          ▲                                  │   ▲
 *          │ its backlog is drained           │   │ a receive finds it noisy again
 *          └──────────────── forgiven ◀───────┘   │
 *                            │    for five minutes it sent nothing, or had nothing in flight
 *                            └────────────────────┘
 * ```
 *
 * The quiet ones that have messages stand in one line, by the *turn* of the first: its slot, or, where it came back or was
 * delayed, half a slot less than what was next when it became available. So what becomes available later stands behind what
 * waits, and the line is that of arrival. The noisy ones stand in a line of their own, by how much of each is in flight, and get what
 * the quiet ones leave. A forgiven one stands in the line of the quiet with one message at a time, each behind all that wait
 * then: a backlog that nobody wanted for minutes is older than all else, and would otherwise go first as a whole.
 *
 * Who is noisy is an event, since it is decided; all else follows from what was sent, received and deleted, and from time.
 *
 * A tenant that has no messages in the queue is forgotten, with the time that was spent on it.
 */
export class Tenants {
  readonly table: TenantTable
  readonly links: GroupLinks
  readonly ungrouped: UngroupedPages
  /** Quiet and forgiven tenants with available messages, by turn. */
  readonly quiet: EntryHeap
  /** Noisy ones, which all have available messages, by `rankAmongNoisy`. */
  readonly noisy: EntryHeap
  /** The noisy ones by when they are forgiven. */
  readonly #pardons: Deadlines
  readonly #queue: SharedQueue
  readonly #commons: QueueCommons
  /** Spent on all messages of the queue, those without a group included. */
  #processingTime: ProcessingTime
  #timerAt = Number.POSITIVE_INFINITY

  /** Of a queue in which no message had a group until now. */
  constructor(
    commons: QueueCommons,
    queue: SharedQueue,
    now: number,
    { processingTime, ungroupedUntil } = {
      processingTime: { ...NO_PROCESSING_TIME, countedUntil: now } as ProcessingTime,
      ungroupedUntil: queue.nextSlot,
    },
  ) {
    this.#commons = commons
    this.#queue = queue
    this.#processingTime = processingTime
    this.table = new TenantTable(commons.units, () => queue.touch())
    this.links = new GroupLinks(commons.units)
    this.ungrouped = new UngroupedPages(queue.slots, this.links, ungroupedUntil)
    this.quiet = new EntryHeap(this.table)
    this.noisy = new EntryHeap(this.table)
    this.#pardons = new Deadlines({
      position: (tenant) => this.table.placeAmongNoisy(tenant),
      setPosition: (tenant, place) => this.table.setPlaceAmongNoisy(tenant, place),
    })
  }

  /** Brings back what the record says; each of the queue's entries is then told to `adopt`, and `settle` comes last. */
  static restore(
    commons: QueueCommons,
    queue: SharedQueue,
    record: TenantsRecord,
    snapshot: ReadonlyMap<number, Uint8Array>,
  ): Tenants {
    const { processingTime } = record
    const tenants = new Tenants(commons, queue, 0, { processingTime, ungroupedUntil: 0 })
    for (const [number, unit] of unpackPairs(record.linkPages)) {
      tenants.links.restorePage(number, unit, unitOf(snapshot, unit))
    }
    for (const [number, unit] of unpackPairs(record.tenantPages)) {
      tenants.table.restorePage(number, unit, unitOf(snapshot, unit))
    }
    return tenants
  }

  record(): TenantsRecord {
    return {
      processingTime: this.#processingTime,
      linkPages: packPairs(this.links.pageCount, this.links.pages()),
      tenantPages: packPairs(this.table.pageCount, this.table.pages()),
    }
  }

  /** All that is to be taken out of the units when the queue is emptied. */
  detach(): Iterator<Unit>[] {
    this.#commons.timers.remove(this.#queue)
    return [this.table.detach(), this.links.detach()]
  }

  /** The tenant whose message is in the slot, 0 where it has no group. */
  tenantOf(slot: number): number {
    return this.links.groupOf(slot)
  }

  sentAt(slot: number): number {
    return this.#queue.sentAt(slot)
  }

  key(tenant: number): Uint32Array {
    return this.table.key(tenant)
  }

  /** The next slot gets a message of the tenant with the key, four words from `at` on. */
  join(slot: number, keys: Uint32Array, at: number, now: number): void {
    const { table } = this
    let tenant = table.find(keys, at)
    if (tenant === 0) {
      tenant = table.add(keys, at)
      table.setProcessingTime(tenant, { ...NO_PROCESSING_TIME, countedUntil: now })
    }
    this.links.put(slot, tenant)
    table.addMessages(tenant, 1)
    table.setSentAt(tenant, now)
    if (table.standing(tenant) === NOISY) this.#setPardon(tenant)
  }

  /** The message in the slot, the newest of all, is available, and was never received. */
  addFresh(slot: number): void {
    const { table, links } = this
    const tenant = links.groupOf(slot)
    if (tenant === 0) {
      this.ungrouped.add(slot)
      return
    }
    const wasEmpty = this.#firstTurn(tenant) === Number.POSITIVE_INFINITY
    this.#appendFresh(slot, tenant)
    if (wasEmpty) this.#putInLine(tenant, table.standing(tenant) === FORGIVEN)
  }

  /** The message in the slot, which was never received, is not available any more. True if it was a tenant's. */
  removeFresh(slot: number): boolean {
    const { table, links } = this
    const tenant = links.groupOf(slot)
    if (tenant === 0) return false
    const next = links.next(slot)
    let before = table.firstFresh(tenant)
    if (before === slot) {
      table.setFirstFresh(tenant, next)
      if (next < 0) table.setLastFresh(tenant, next)
    } else {
      // Few, if any: what expired before the first message that a receive takes is cleared away first.
      for (let after = links.next(before); after !== slot; after = links.next(before)) {
        if (after < 0) throw new Error(`slot ${slot} of queue ${this.#queue.number} is not its tenant's`)
        before = after
      }
      links.setNext(before, next)
      if (next < 0) table.setLastFresh(tenant, before)
    }
    this.#putInLine(tenant, true)
    return true
  }

  /**
   * Messages of the same tenant that were never received either and stand before this one, the oldest first: a receive that
   * takes this one passed over them. -1 when there are no more.
   */
  firstFreshBefore(slot: number): number {
    const tenant = this.links.groupOf(slot)
    if (tenant === 0) return -1
    const first = this.table.firstFresh(tenant)
    return first === slot ? -1 : first
  }

  /**
   * The entry's message is available: it came back, its delay is over, or it is a dead letter, which just took its slot. True if
   * it is a tenant's.
   */
  addReturned(entry: number): boolean {
    const { table } = this
    const { tracking } = this.#commons
    // Nothing is due for a message that is available. Where its deadline was, its turn is kept.
    // Only a message that never had a deadline is a dead letter that just came.
    tracking.setDeadline(entry, tracking.deadline(entry) === 0 ? tracking.slot(entry) : this.#turnOfNow)
    const tenant = this.links.groupOf(tracking.slot(entry))
    if (tenant === 0) return false
    const wasEmpty = this.#firstTurn(tenant) === Number.POSITIVE_INFINITY
    this.#appendReturned(entry, tenant)
    if (wasEmpty) this.#putInLine(tenant, table.standing(tenant) === FORGIVEN)
    return true
  }

  removeReturned(entry: number): boolean {
    const { table } = this
    const { tracking } = this.#commons
    const tenant = this.links.groupOf(tracking.slot(entry))
    if (tenant === 0) return false
    if (table.firstReturned(tenant) === entry) table.setFirstReturned(tenant, tracking.next(entry))
    if (table.lastReturned(tenant) === entry) table.setLastReturned(tenant, tracking.previous(entry))
    tracking.unlink(entry)
    this.#putInLine(tenant, true)
    return true
  }

  /** To be called before the queue counts the slot's message as in flight. */
  beginProcessing(slot: number, now: number): void {
    this.#count(slot, 1, now)
  }

  /** To be called before the queue counts the slot's message as not in flight any more. */
  endProcessing(slot: number, now: number): void {
    this.#count(slot, -1, now)
  }

  /** The message in the slot, which is neither available nor in flight any more, left the queue, and the slot is empty. */
  forget(slot: number): void {
    const { table, links } = this
    const tenant = links.groupOf(slot)
    const page = Math.floor(slot / SLOTS_PER_PAGE)
    if (this.#queue.slots.page(slot) === undefined) links.removePage(page)
    if (tenant === 0) return
    table.addMessages(tenant, -1)
    if (table.messages(tenant) === 0) table.remove(tenant)
  }

  /** When the first of two messages became available: a slot, or between two slots; Infinity for none. */
  turn(fresh: number, returned: number): number {
    const ofFresh = fresh < 0 ? Number.POSITIVE_INFINITY : fresh
    return returned === 0 ? ofFresh : Math.min(ofFresh, this.turnOfReturned(returned))
  }

  turnOfReturned(entry: number): number {
    const { tracking } = this.#commons
    const turn = tracking.deadline(entry)
    // A message without a group that came back before any had one still has its deadline there, or nothing.
    return turn > 0 && turn <= this.#queue.nextSlot ? turn : tracking.slot(entry)
  }

  /**
   * Whether the tenant takes more than its share, with or without having been found to. The two rules are AWS's: more than a
   * tenth of what is in flight, and 30 or more; or more than a tenth of the time that was spent of late.
   */
  isNoisy(tenant: number, now: number): boolean {
    const { table } = this
    if (table.sentAt(tenant) + QUIET_AFTER_MS <= now) return false
    const inFlight = table.inFlight(tenant)
    const allInFlight = this.#queue.inFlight
    if (inFlight >= NOISY_IN_FLIGHT_MIN && isOverShare(inFlight, allInFlight)) return true
    const spentOnAll = recentTime(this.#processingTime, allInFlight, now)
    if (spentOnAll < PROCESSING_TIME_JUDGED_MS) return false
    return isOverShare(recentTime(table.processingTime(tenant), inFlight, now), spentOnAll)
  }

  /** The tenants of these messages were found to be noisy. */
  markNoisy(slots: readonly number[]): void {
    for (const slot of slots) {
      const tenant = this.links.group(slot)
      // Where expired messages are cleared away later than they were when this was found out, it was never quiet.
      if (this.table.standing(tenant) === NOISY) continue
      this.quiet.remove(tenant)
      this.table.setStanding(tenant, NOISY)
      this.#putInLine(tenant, false)
      this.#setPardon(tenant)
    }
  }

  /** Forgives up to `limit` tenants whose time it is. How many it were. */
  forgive(now: number, limit: number): number {
    let forgiven = 0
    for (; forgiven < limit && this.#pardons.earliest <= now; forgiven++) {
      const tenant = this.#pardons.first
      this.#pardons.remove(tenant)
      this.noisy.remove(tenant)
      this.table.setStanding(tenant, FORGIVEN)
      this.#putInLine(tenant, true)
    }
    this.#setTimer()
    return forgiven
  }

  /** After a restore: the entry of a message that is in flight or delayed. */
  adopt(entry: number): void {
    const { tracking } = this.#commons
    const tenant = this.links.groupOf(tracking.slot(entry))
    if (tenant !== 0 && tracking.phase(entry) === IN_FLIGHT) this.table.addInFlight(tenant, 1)
  }

  /**
   * After a restore, when all entries were adopted: `returned` are those of available messages. Returns those without a
   * group, in their order.
   */
  settle(returned: number[]): number[] {
    const { table, links, ungrouped } = this
    const { slots } = this.#queue
    for (const page of slots.pages()) {
      for (let index = 0; index < SLOTS_PER_PAGE; index++) {
        const occupancy = page.occupancy(index)
        if (occupancy === EMPTY) continue
        const slot = page.firstSlot + index
        const tenant = links.groupOf(slot)
        if (tenant !== 0) table.addMessages(tenant, 1)
        if (occupancy !== FRESH) continue
        if (tenant === 0) ungrouped.add(slot)
        else this.#appendFresh(slot, tenant)
      }
    }
    const { tracking } = this.#commons
    returned.sort(
      (a, b) => this.turnOfReturned(a) - this.turnOfReturned(b) || tracking.slot(a) - tracking.slot(b),
    )
    const others: number[] = []
    for (const entry of returned) {
      const tenant = links.groupOf(tracking.slot(entry))
      if (tenant === 0) others.push(entry)
      else this.#appendReturned(entry, tenant)
    }
    table.rebuild()
    for (const tenant of table.entries()) {
      this.#putInLine(tenant, true)
      if (table.standing(tenant) === NOISY) this.#setPardon(tenant)
    }
    return others
  }

  /** `atEnd` for a forgiven tenant whose next message takes its place in line only now. */
  #putInLine(tenant: number, atEnd: boolean): void {
    const { table } = this
    const turn = this.#firstTurn(tenant)
    const standing = table.standing(tenant)
    if (turn === Number.POSITIVE_INFINITY) {
      this.#leaveLine(tenant)
    } else if (standing === NOISY) {
      this.noisy.set(
        tenant,
        rankAmongNoisy(table.inFlight(tenant), table.processingTime(tenant).countedUntil),
      )
    } else if (standing === QUIET) {
      this.quiet.set(tenant, turn)
    } else if (atEnd) {
      this.quiet.set(tenant, this.#turnOfNow)
    }
  }

  /** Its backlog is drained. */
  #leaveLine(tenant: number): void {
    const { table } = this
    const standing = table.standing(tenant)
    if (standing === NOISY) {
      this.noisy.remove(tenant)
      this.#pardons.remove(tenant)
      this.#setTimer()
    } else {
      this.quiet.remove(tenant)
    }
    if (standing !== QUIET) table.setStanding(tenant, QUIET)
  }

  #count(slot: number, change: number, now: number): void {
    const { table } = this
    this.#queue.touch()
    this.#processingTime = countedOn(this.#processingTime, this.#queue.inFlight, now)
    const tenant = this.links.groupOf(slot)
    if (tenant === 0) return
    table.setProcessingTime(tenant, countedOn(table.processingTime(tenant), table.inFlight(tenant), now))
    table.addInFlight(tenant, change)
    if (table.standing(tenant) !== NOISY) return
    this.#putInLine(tenant, false)
    this.#setPardon(tenant)
  }

  #setPardon(tenant: number): void {
    const { table } = this
    const since =
      table.inFlight(tenant) > 0
        ? table.sentAt(tenant)
        : Math.min(table.sentAt(tenant), table.processingTime(tenant).countedUntil)
    this.#pardons.set(tenant, since + QUIET_AFTER_MS)
    this.#setTimer()
  }

  #setTimer(): void {
    const at = this.#pardons.earliest
    if (at === this.#timerAt) return
    this.#timerAt = at
    if (at === Number.POSITIVE_INFINITY) this.#commons.timers.remove(this.#queue)
    else this.#commons.timers.set(this.#queue, at)
  }

  /** After all that is in line, before what is sent next. */
  get #turnOfNow(): number {
    return this.#queue.nextSlot - 0.5
  }

  #firstTurn(tenant: number): number {
    return this.turn(this.table.firstFresh(tenant), this.table.firstReturned(tenant))
  }

  #appendFresh(slot: number, tenant: number): void {
    const { table, links } = this
    const last = table.lastFresh(tenant)
    links.setNext(slot, -1)
    if (last < 0) table.setFirstFresh(tenant, slot)
    else links.setNext(last, slot)
    table.setLastFresh(tenant, slot)
  }

  #appendReturned(entry: number, tenant: number): void {
    const { table } = this
    const last = table.lastReturned(tenant)
    this.#commons.tracking.link(entry, last)
    if (last === 0) table.setFirstReturned(tenant, entry)
    table.setLastReturned(tenant, entry)
  }
}

function isOverShare(part: number, whole: number): boolean {
  return part * 100 > whole * NOISY_PERCENT
}

/** More than two years; what follows starts over. */
const RANKED_MS = 2 ** 36

/** Fewest in flight first; of the same number, the one of which nothing was received or ended for longest. */
export function rankAmongNoisy(inFlight: number, since: number): number {
  return inFlight * RANKED_MS + (since % RANKED_MS)
}
