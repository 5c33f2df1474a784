import { chooseFairly } from './fair-choice.ts'
import { type DetachedContent, type MovingMessage, Queue, type QueueRecord } from './queue.ts'
import { EMPTY, FRESH, SLOTS_PER_PAGE } from './slots.ts'
import { NOISY } from './tenant-table.ts'
import { type SharedQueue, Tenants, type TenantsRecord } from './tenants.ts'
import { DELAYED, IN_FLIGHT, type Phase, RETURNED } from './tracking.ts'

export interface StandardRecord extends QueueRecord {
  /** Absent where no message had a group. */
  readonly tenants?: TenantsRecord
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
 * Fresh messages are found by a cursor over the slots; returned ones stand in a list threaded through their entries. From the
 * first message with a group on, those of groups stand in lists of their own, and what is received next is chosen among
 * both: see tenants.ts. Messages without a group stay where they are.
 */
export class StandardQueue extends Queue implements SharedQueue {
  /** Null until a message has a group: then nothing of it costs anything. */
  #tenants: Tenants | null = null
  /** After a restore, until all entries were adopted: those of returned messages. */
  #adopted: number[] = []
  /** No slot before this is fresh. */
  #freshHead = 0
  /** First and last entry of the returned messages, 0 for none. */
  #returnedHead = 0
  #returnedTail = 0
  /** Whether the next receive begins with the returned messages: the two kinds take turns. */
  #returnedFirst = true

  override restoreFrom(record: StandardRecord, snapshot: ReadonlyMap<number, Uint8Array>): void {
    super.restoreFrom(record, snapshot)
    if (record.tenants === undefined) return
    this.#tenants = Tenants.restore(this.commons, this, record.tenants, snapshot)
  }

  protected override record(): StandardRecord {
    const record = super.record()
    return this.#tenants === null ? record : { ...record, tenants: this.#tenants.record() }
  }

  /** Whose message is in the slot, and what is known of them; null until a message has a group. */
  get tenants(): Tenants | null {
    return this.#tenants
  }

  /** As `append`, for a message of the group with the key, four words from `at` on. */
  appendToGroup(
    bodyId: number,
    sentAt: number,
    bytes: number,
    visibleAt: number,
    groupKeys: Uint32Array,
    at: number,
  ): void {
    this.#join(groupKeys, at, sentAt)
    this.append(bodyId, sentAt, bytes, visibleAt)
  }

  /** A message takes the next slot. `visibleAt` is 0 for at once. */
  append(bodyId: number, sentAt: number, bytes: number, visibleAt: number): number {
    this.touch()
    const slot = this.nextSlot++
    if (visibleAt === 0) {
      this.slots.put(slot, bodyId, sentAt, bytes, FRESH)
      this.fresh++
      this.#tenants?.addFresh(slot)
      return slot
    }
    const entry = this.#track(slot, DELAYED)
    this.slots.put(slot, bodyId, sentAt, bytes, entry + 1)
    this.commons.tracking.setDeadline(entry, visibleAt)
    this.commons.deadlines.set(entry, visibleAt)
    return slot
  }

  takeIn(message: MovingMessage, now: number): void {
    this.touch()
    if (message.groupKey !== null) this.#join(message.groupKey, 0, now)
    const slot = this.nextSlot++
    const entry = this.#track(slot, RETURNED)
    this.slots.put(slot, message.bodyId, message.sentAt, message.bytes, entry + 1)
    this.slots.setOrigin(slot, message.origin)
    this.commons.tracking.arrive(entry, message)
    this.#link(entry)
  }

  receive(slot: number, now: number, deadline: number, tagHigh: number, tagLow: number): void {
    const { tracking, deadlines } = this.commons
    if (this.#tenants !== null) this.#beginProcessing(this.#tenants, slot, now)
    const occupancy = this.slots.occupancy(slot)
    let entry = occupancy - 1
    if (occupancy === FRESH) {
      const isTenants = this.#tenants?.removeFresh(slot) === true
      entry = this.#track(slot, IN_FLIGHT)
      this.slots.setOccupancy(slot, entry + 1)
      this.fresh--
      // One behind the head may be taken before it, and what is passed over must be found again.
      if (!isTenants && slot === this.#freshHead) this.#freshHead = slot + 1
    } else {
      this.#leavePhase(entry, now)
      this.inFlight++
    }
    tracking.receive(entry, now, deadline, tagHigh, tagLow)
    this.#returnedFirst = !this.#returnedFirst
    if (deadline > now) {
      deadlines.set(entry, deadline)
      return
    }
    // At once, and not when time next passes: a replay would have it pass between other events than it did.
    this.makeVisible(entry, now)
    this.commons.host.wake(this)
  }

  protected take(slot: number, now: number): void {
    const entry = this.entry(slot)
    if (entry === 0) {
      this.fresh--
      this.#tenants?.removeFresh(slot)
    } else {
      this.#leavePhase(entry, now)
      this.commons.deadlines.remove(entry)
      this.commons.tracking.free(entry)
    }
    this.slots.clear(slot, Math.floor(this.nextSlot / SLOTS_PER_PAGE))
    this.#tenants?.forget(slot)
  }

  makeVisible(entry: number, now: number): void {
    this.commons.deadlines.remove(entry)
    this.#leavePhase(entry, now)
    this.commons.tracking.setPhase(entry, RETURNED)
    this.returned++
    this.#link(entry)
  }

  detachAll(): DetachedContent {
    this.touch()
    this.countNothing()
    this.#freshHead = this.nextSlot
    this.#returnedHead = 0
    this.#returnedTail = 0
    const others = this.#tenants?.detach() ?? []
    this.#tenants = null
    return { pages: this.slots.detach(), others }
  }

  detachForGood(): DetachedContent {
    return this.detachAll()
  }

  override groupKey(slot: number): Uint32Array | null {
    const tenant = this.#tenants?.tenantOf(slot) ?? 0
    return tenant === 0 ? null : this.#tenants!.key(tenant)
  }

  override isOfNoisyTenant(slot: number): boolean {
    const tenant = this.#tenants?.tenantOf(slot) ?? 0
    return tenant !== 0 && this.#tenants!.table.standing(tenant) === NOISY
  }

  /** The tenants of these messages were found to be noisy. */
  markNoisy(slots: readonly number[]): void {
    this.#tenants!.markNoisy(slots)
  }

  timeCame(now: number, limit: number): number {
    return this.#tenants!.forgive(now, limit)
  }

  /** Where no message has a group, those that came back and those never received take turns, so that neither starves the other. */
  choose(
    limit: number,
    now: number,
    receivesMax: number,
    scanLimit: number,
    exhausted: number[],
    noisy: number[],
  ): number[] {
    const { tracking } = this.commons
    const expiredUntil = this.expiredUntil(now)
    if (this.#tenants !== null) {
      const ungrouped = { fresh: this.#firstFresh(), returned: this.#returnedHead }
      const receive = { limit, now, expiredUntil, receivesMax, scanLimit, ungrouped, exhausted, noisy }
      return chooseFairly(this.#tenants, tracking, receive)
    }
    const chosen: number[] = []
    let listed = this.#returnedHead
    let fresh = this.#firstFresh()
    let fromList = this.#returnedFirst
    for (let scanned = 0; scanned < scanLimit && chosen.length < limit; scanned++) {
      if (listed === 0 && fresh < 0) break
      if (listed !== 0 && (fromList || fresh < 0)) {
        const slot = tracking.slot(listed)
        if (this.sentAt(slot) > expiredUntil) {
          if (tracking.receivesHere(listed) >= receivesMax) exhausted.push(slot)
          else chosen.push(slot)
        }
        listed = tracking.next(listed)
      } else {
        if (this.sentAt(fresh) > expiredUntil) chosen.push(fresh)
        fresh = this.slots.nextFresh(fresh + 1, this.nextSlot)
      }
      fromList = !fromList
    }
    return chosen
  }

  isAvailable(slot: number): boolean {
    const occupancy = this.slots.occupancy(slot)
    if (occupancy === EMPTY || occupancy === FRESH) return occupancy === FRESH
    return this.commons.tracking.phase(occupancy - 1) === RETURNED
  }

  /** Whatever becomes of one message, no other waits for it. */
  isFirstInLine(): boolean {
    return true
  }

  waitingBehind(): number {
    return -1
  }

  override dropExpired(now: number, limit: number): void {
    if (this.#tenants !== null) {
      super.dropExpired(now, limit)
      return
    }
    const expiredUntil = this.expiredUntil(now)
    for (let dropped = 0; dropped < limit; dropped++) {
      const entry = this.#returnedHead
      const slot =
        entry !== 0 && this.sentAt(this.commons.tracking.slot(entry)) <= expiredUntil
          ? this.commons.tracking.slot(entry)
          : this.#expiredFresh(expiredUntil)
      if (slot < 0) return
      this.remove(slot, now)
    }
  }

  adopt(entry: number): void {
    const { tracking, deadlines } = this.commons
    this.#tenants?.adopt(entry)
    switch (tracking.phase(entry) as Phase) {
      case RETURNED:
        this.returned++
        if (this.#tenants === null) this.#linkUngrouped(entry)
        else this.#adopted.push(entry)
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

  settle(): void {
    let occupied = 0
    for (const page of this.slots.pages()) occupied += page.occupied
    this.fresh = occupied - this.returned - this.inFlight - this.delayed
    this.#freshHead = this.#firstSlot()
    if (this.#tenants === null) return
    for (const entry of this.#tenants.settle(this.#adopted)) this.#linkUngrouped(entry)
    this.#adopted = []
  }

  #firstSlot(): number {
    let first = this.nextSlot
    for (const page of this.slots.pages()) first = Math.min(first, page.firstSlot)
    return first
  }

  #expiredFresh(expiredUntil: number): number {
    const slot = this.#firstFresh()
    return slot >= 0 && this.sentAt(slot) <= expiredUntil ? slot : -1
  }

  /** -1 if no message is fresh. Remembers how far it had to look: whole pages may hold nothing but delayed ones. */
  #firstFresh(): number {
    const slot =
      this.#tenants === null
        ? this.slots.nextFresh(this.#freshHead, this.nextSlot)
        : this.#tenants.ungrouped.first(this.#freshHead)
    this.#freshHead = slot < 0 ? this.nextSlot : slot
    return slot
  }

  #track(slot: number, phase: Phase): number {
    if (phase === DELAYED) this.delayed++
    else if (phase === IN_FLIGHT) this.inFlight++
    else this.returned++
    return this.commons.tracking.add(this.number, slot, phase)
  }

  #join(groupKeys: Uint32Array, at: number, now: number): void {
    this.#tenants ??= new Tenants(this.commons, this, now)
    this.#tenants.join(this.nextSlot, groupKeys, at, now)
  }

  /** A receive takes the message in the slot. It passed over what had expired, which is there no longer. */
  #beginProcessing(tenants: Tenants, slot: number, now: number): void {
    const expiredUntil = this.expiredUntil(now)
    if (this.slots.occupancy(slot) === FRESH) {
      let before = tenants.firstFreshBefore(slot)
      while (before >= 0 && this.sentAt(before) <= expiredUntil) {
        this.remove(before, now)
        before = tenants.firstFreshBefore(slot)
      }
    }
    tenants.beginProcessing(slot, now)
  }

  #leavePhase(entry: number, now: number): void {
    const { tracking } = this.commons
    switch (tracking.phase(entry) as Phase) {
      case RETURNED:
        this.returned--
        this.#unlink(entry)
        return
      case IN_FLIGHT:
        // What is made visible a little late was in flight no longer than it was to be.
        this.#tenants?.endProcessing(tracking.slot(entry), Math.min(now, tracking.deadline(entry)))
        this.inFlight--
        return
      case DELAYED:
        this.delayed--
        return
    }
  }

  #link(entry: number): void {
    if (this.#tenants?.addReturned(entry) !== true) this.#linkUngrouped(entry)
  }

  #linkUngrouped(entry: number): void {
    this.commons.tracking.link(entry, this.#returnedTail)
    if (this.#returnedTail === 0) this.#returnedHead = entry
    this.#returnedTail = entry
  }

  #unlink(entry: number): void {
    if (this.#tenants?.removeReturned(entry) === true) return
    const { tracking } = this.commons
    if (this.#returnedHead === entry) this.#returnedHead = tracking.next(entry)
    if (this.#returnedTail === entry) this.#returnedTail = tracking.previous(entry)
    tracking.unlink(entry)
  }
}
