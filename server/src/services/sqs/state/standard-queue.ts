import { type DetachedContent, type MovingMessage, Queue } from './queue.ts'
import { FRESH, SLOTS_PER_PAGE } from './slots.ts'
import { DELAYED, IN_FLIGHT, type Phase, RETURNED } from './tracking.ts'

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
 */
export class StandardQueue extends Queue {
  /** No slot before this is fresh. */
  #freshHead = 0
  /** First and last entry of the returned messages, 0 for none. */
  #returnedHead = 0
  #returnedTail = 0
  /** Whether the next receive begins with the returned messages: the two kinds take turns. */
  #returnedFirst = true

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
    this.commons.tracking.setDeadline(entry, visibleAt)
    this.commons.deadlines.set(entry, visibleAt)
    return slot
  }

  takeIn(message: MovingMessage): void {
    this.touch()
    const slot = this.nextSlot++
    const entry = this.#track(slot, RETURNED)
    this.slots.put(slot, message.bodyId, message.sentAt, message.bytes, entry + 1)
    this.commons.tracking.arrive(entry, message)
    this.#link(entry)
  }

  receive(slot: number, now: number, deadline: number, tagHigh: number, tagLow: number): void {
    const { tracking, deadlines } = this.commons
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

  protected take(slot: number): void {
    const entry = this.entry(slot)
    if (entry === 0) {
      this.fresh--
    } else {
      this.#leavePhase(entry)
      this.commons.deadlines.remove(entry)
      this.commons.tracking.free(entry)
    }
    this.slots.clear(slot, Math.floor(this.nextSlot / SLOTS_PER_PAGE))
  }

  makeVisible(entry: number): void {
    this.commons.deadlines.remove(entry)
    this.#leavePhase(entry)
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
    return { pages: this.slots.detach(), others: [] }
  }

  detachForGood(): DetachedContent {
    return this.detachAll()
  }

  /** Messages that came back and messages never received take turns, so that neither starves the other. */
  choose(limit: number, now: number, receivesMax: number, scanLimit: number, exhausted: number[]): number[] {
    const { tracking } = this.commons
    const expiredUntil = this.expiredUntil(now)
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

  /** In the order in which they arrived here, as far as they were not received since. */
  available(limit: number, now: number, scanLimit: number, accepts: (entry: number) => boolean): number[] {
    const { tracking } = this.commons
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
      if (this.sentAt(slot) <= expiredUntil) this.remove(slot)
      else if (entry === 0 || accepts(entry)) found.push(slot)
    }
    return found
  }

  dropExpired(now: number, limit: number): void {
    const expiredUntil = this.expiredUntil(now)
    for (let dropped = 0; dropped < limit; dropped++) {
      const entry = this.#returnedHead
      const slot =
        entry !== 0 && this.sentAt(this.commons.tracking.slot(entry)) <= expiredUntil
          ? this.commons.tracking.slot(entry)
          : this.#expiredFresh(expiredUntil)
      if (slot < 0) return
      this.remove(slot)
    }
  }

  adopt(entry: number): void {
    const { tracking, deadlines } = this.commons
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

  settle(): void {
    let occupied = 0
    for (const page of this.slots.pages()) occupied += page.occupied
    this.fresh = occupied - this.returned - this.inFlight - this.delayed
    this.#freshHead = this.#firstSlot()
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
    const slot = this.slots.nextFresh(this.#freshHead, this.nextSlot)
    this.#freshHead = slot < 0 ? this.nextSlot : slot
    return slot
  }

  #track(slot: number, phase: Phase): number {
    if (phase === DELAYED) this.delayed++
    else if (phase === IN_FLIGHT) this.inFlight++
    else this.returned++
    return this.commons.tracking.add(this.number, slot, phase)
  }

  #leavePhase(entry: number): void {
    switch (this.commons.tracking.phase(entry) as Phase) {
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
    const { tracking } = this.commons
    tracking.setNext(entry, 0)
    tracking.setPrevious(entry, this.#returnedTail)
    if (this.#returnedTail === 0) this.#returnedHead = entry
    else tracking.setNext(this.#returnedTail, entry)
    this.#returnedTail = entry
  }

  #unlink(entry: number): void {
    const { tracking } = this.commons
    const next = tracking.next(entry)
    const previous = tracking.previous(entry)
    if (previous === 0) this.#returnedHead = next
    else tracking.setNext(previous, next)
    if (next === 0) this.#returnedTail = previous
    else tracking.setPrevious(next, previous)
  }
}
