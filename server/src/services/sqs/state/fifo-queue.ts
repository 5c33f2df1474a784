import { KEY_WORDS, keysEqual, keysWithin } from '../../../core/key.ts'
import { packIds, packPairs, unpackIds, unpackPairs } from '../../../core/packed-lists.ts'
import { RecentKeys } from '../../../core/recent-keys.ts'
import { DEDUPLICATION_INTERVAL_MS } from '../limits.ts'
import type { QueueSettings } from '../queue-settings.ts'
import { CallRates } from './call-rates.ts'
import { GroupLinks } from './group-links.ts'
import { GroupTable } from './group-table.ts'
import {
  type DetachedContent,
  type MovingMessage,
  type NewQueue,
  Queue,
  type QueueCommons,
  type QueueRecord,
  unitOf,
} from './queue.ts'
import type { TimedQueue } from './queue-timers.ts'
import { ReceiveAttempts } from './receive-attempts.ts'
import { EMPTY, FRESH, SLOTS_PER_PAGE, type SlotPage } from './slots.ts'
import { IN_FLIGHT, type Phase, RETURNED } from './tracking.ts'

/** Groups that one receive may pass over because their first message is delayed again: about a millisecond. */
const DELAYED_GROUPS_LIMIT = 10_000
/** Pages of remembered sends that one request to send lets go of: more than it fills. */
const KEY_PAGES_PER_SEND = 2

/** Page lists are as in `QueueRecord`; those of one kind alone are unit ids, as little-endian 32-bit words. */
export interface FifoRecord extends QueueRecord {
  readonly fifo: {
    readonly delayedFrom: number
    readonly scopeChangedAt: number
    readonly linkPages: Uint8Array
    readonly groupPages: Uint8Array
    readonly sentPages: Uint8Array
    readonly attemptPages: Uint8Array
  }
}

/** What a queue remembers of a message that was sent within the deduplication interval. */
export interface EarlierSend {
  readonly slot: number
  /** Four words. */
  readonly messageId: Uint32Array
}

/**
 * One FIFO queue: messages in groups, each a list through its messages' slots in the order they were sent.
 *
 * ```
 *   a group    oldest ─▶ next ─▶ next ─▶ … ─▶ newest        received from the left, several at a time
 *              in flight or returned │ fresh │ delayed
 *
 *   ready      nothing of it is in flight, and its oldest message may be received: it stands in the list of ready groups
 *   locked     something of it is in flight: whatever else it has waits
 * ```
 *
 * A message that came back keeps its place, so what is in flight is always among the oldest of its group, and finding it
 * there takes no more steps than one receive takes messages. Sent times never fall from slot to slot: a dead letter that
 * arrives counts as sent then. So what expired is the oldest, and since the delay is one for the whole queue, what is
 * delayed is the newest: all never received from `#delayedFrom` on.
 *
 * When the delay is raised, groups stay in the list of ready ones whose first message is delayed again. They are taken out
 * when a receive comes upon them.
 */
export class FifoQueue extends Queue implements TimedQueue {
  readonly #links: GroupLinks
  #groups: GroupTable
  /** Of every message sent within the deduplication interval, by `#sendKey`: its id. */
  readonly #sent: RecentKeys
  readonly attempts: ReceiveAttempts
  readonly callRates = new CallRates()
  #delayedFrom = 0
  /** When deduplication got the scope that it has now, in milliseconds since the epoch. */
  #scopeChangedAt = 0

  constructor(commons: QueueCommons, record: NewQueue) {
    super(commons, record)
    const touch = () => this.touch()
    this.#links = new GroupLinks(commons.units)
    this.#groups = new GroupTable(commons.units, touch)
    this.#sent = new RecentKeys(commons.units, DEDUPLICATION_INTERVAL_MS, touch)
    this.attempts = new ReceiveAttempts(commons, this)
  }

  override restoreFrom(record: FifoRecord, snapshot: ReadonlyMap<number, Uint8Array>): void {
    super.restoreFrom(record, snapshot)
    const { delayedFrom, scopeChangedAt, linkPages, groupPages, sentPages, attemptPages } = record.fifo
    this.#delayedFrom = delayedFrom
    this.#scopeChangedAt = scopeChangedAt
    for (const [number, unit] of unpackPairs(linkPages)) {
      this.#links.restorePage(number, unit, unitOf(snapshot, unit))
    }
    for (const [number, unit] of unpackPairs(groupPages)) {
      this.#groups.restorePage(number, unit, unitOf(snapshot, unit))
    }
    for (const unit of unpackIds(sentPages)) this.#sent.restorePage(unit, unitOf(snapshot, unit))
    for (const unit of unpackIds(attemptPages)) this.attempts.restorePage(unit, unitOf(snapshot, unit))
  }

  protected override record(): FifoRecord {
    return {
      ...super.record(),
      fifo: {
        delayedFrom: this.#delayedFrom,
        scopeChangedAt: this.#scopeChangedAt,
        linkPages: packPairs(this.#links.pageCount, this.#links.pages()),
        groupPages: packPairs(this.#groups.pageCount, this.#groups.pages()),
        sentPages: packIds(this.#sent.pageUnits()),
        attemptPages: packIds(this.attempts.pageUnits()),
      },
    }
  }

  /** Groups that have messages. */
  get groups(): number {
    return this.#groups.size
  }

  /** Sends that are remembered, those included whose interval just ended. */
  get rememberedSends(): number {
    return this.#sent.size
  }

  override change(
    settings: QueueSettings | null,
    tags: Readonly<Record<string, string>> | null,
    now: number,
  ): void {
    const { delaySeconds, deduplicationScope } = this.settings
    super.change(settings, tags, now)
    if (this.settings.deduplicationScope !== deduplicationScope) this.#scopeChangedAt = now
    if (this.settings.delaySeconds === delaySeconds) return
    if (this.settings.delaySeconds > delaySeconds) this.#delayAgain(now)
    this.#setTimer()
  }

  /** Lets go of sends whose interval is over, so that no more are kept than were sent in the last one. */
  forgetSends(now: number): void {
    this.#sent.expire(now, KEY_PAGES_PER_SEND)
  }

  /**
   * Messages take the next slots, with bodies from the first one on. Keys of their groups, of their sends, and their ids stand one
   * behind the other.
   */
  append(
    firstBodyId: number,
    sentAt: number,
    bytes: readonly number[],
    groupKeys: Uint32Array,
    sendKeys: Uint32Array,
    messageIds: Uint32Array,
  ): void {
    this.touch()
    this.#sent.addAll(sendKeys, messageIds, this.nextSlot, sentAt)
    let group = 0
    for (let i = 0; i < bytes.length; i++) {
      const at = i * KEY_WORDS
      const slot = this.nextSlot++
      this.slots.put(slot, firstBodyId + i, sentAt, bytes[i]!, FRESH)
      // A request often has messages of one group alone.
      if (i === 0 || !keysEqual(groupKeys, at, groupKeys, at - KEY_WORDS))
        group = this.#groupOf(groupKeys, at)
      this.#join(slot, group, 1)
      if (this.delayed === 0) this.#delayedFrom = slot
      if (this.delayed === 0 && this.settings.delaySeconds === 0) {
        this.#delayedFrom = slot + 1
        this.fresh++
        this.#offer(group)
      } else {
        this.delayed++
        if (this.delayed === 1) this.#setTimer()
      }
    }
  }

  /** The message counts as sent now: its retention begins anew, and it stands behind all that its group has. */
  takeIn(message: MovingMessage, now: number): void {
    if (message.groupKey === null) throw new Error(`queue ${this.number} takes messages of groups alone`)
    this.touch()
    const slot = this.nextSlot++
    const entry = this.commons.tracking.add(this.number, slot, RETURNED)
    this.slots.put(slot, message.bodyId, now, message.bytes, entry + 1)
    this.slots.setOrigin(slot, message.origin)
    this.commons.tracking.arrive(entry, message)
    this.returned++
    if (this.delayed === 0) this.#delayedFrom = this.nextSlot
    const group = this.#groupOf(message.groupKey, 0)
    this.#join(slot, group, 0)
    this.#offer(group)
  }

  /**
   * The keys under which sends are remembered, of as many groups and deduplication ids; it may be the same array. They go by the scope
   * that the queue has now, so a message sent before the scope changed is a duplicate of what the earlier scope says.
   */
  sendKeys(groupKeys: Uint32Array, deduplicationKeys: Uint32Array): Uint32Array {
    return this.settings.deduplicationScope === 'queue'
      ? deduplicationKeys
      : keysWithin(groupKeys, deduplicationKeys)
  }

  /** To be called when messages with these keys are about to be decided on. */
  lookAhead(groupKeys: Uint32Array, sendKeys: Uint32Array): void {
    this.#groups.lookAhead(groupKeys)
    this.#sent.lookAhead(sendKeys)
  }

  /**
   * The message sent within the deduplication interval that one with the keys at `at` is a duplicate of, or null. `sendKeys` are
   * what the method of that name makes of the other two.
   */
  earlierSend(
    sendKeys: Uint32Array,
    groupKeys: Uint32Array,
    deduplicationKeys: Uint32Array,
    at: number,
    now: number,
  ): EarlierSend | null {
    const hadOtherScope = now < this.#scopeChangedAt + DEDUPLICATION_INTERVAL_MS
    const entry = hadOtherScope
      ? this.#findInEitherScope(groupKeys, deduplicationKeys, at, now)
      : this.#sent.find(sendKeys, at, now)
    if (entry === 0) return null
    const messageId = new Uint32Array(KEY_WORDS)
    for (let i = 0; i < KEY_WORDS; i++) messageId[i] = this.#sent.value(entry, i)
    return { slot: this.#sent.slot(entry), messageId }
  }

  #findInEitherScope(
    groupKeys: Uint32Array,
    deduplicationKeys: Uint32Array,
    at: number,
    now: number,
  ): number {
    const inQueue = this.#sent.find(deduplicationKeys, at, now)
    if (inQueue !== 0) return inQueue
    return this.#sent.find(keysWithin(groupKeys, deduplicationKeys), at, now)
  }

  override groupKey(slot: number): Uint32Array {
    return this.#groups.key(this.#links.group(slot))
  }

  receive(slot: number, now: number, deadline: number, tagHigh: number, tagLow: number): void {
    const { tracking, deadlines } = this.commons
    const group = this.#links.group(slot)
    let entry = this.entry(slot)
    if (entry === 0) {
      this.#leaveFresh(slot)
      entry = tracking.add(this.number, slot, IN_FLIGHT)
      this.slots.setOccupancy(slot, entry + 1)
    } else {
      this.#leavePhase(entry, group)
    }
    this.inFlight++
    this.#groups.addInFlight(group, 1)
    this.#groups.makeUnready(group)
    tracking.receive(entry, now, deadline, tagHigh, tagLow)
    deadlines.set(entry, deadline)
  }

  /** A group goes with its last message. */
  override lookAheadToRemoval(slots: readonly number[]): void {
    const ending: number[] = []
    for (const slot of slots) {
      const group = this.#links.group(slot)
      if (this.#groups.tail(group) === slot) ending.push(group)
    }
    if (ending.length > 1) this.#groups.lookAheadToRemoval(ending)
  }

  protected take(slot: number): void {
    const group = this.#links.group(slot)
    const entry = this.entry(slot)
    if (entry === 0) {
      this.#leaveFresh(slot)
    } else {
      this.#leavePhase(entry, group)
      this.commons.deadlines.remove(entry)
      this.commons.tracking.free(entry)
    }
    this.#leaveGroup(slot, group)
    this.slots.clear(slot, Math.floor(this.nextSlot / SLOTS_PER_PAGE))
    if (this.slots.page(slot) === undefined) this.#links.removePage(Math.floor(slot / SLOTS_PER_PAGE))
    if (this.#groups.head(group) >= 0) {
      this.#offer(group)
      return
    }
    this.#groups.makeUnready(group)
    this.#groups.remove(group)
  }

  makeVisible(entry: number): void {
    const group = this.#links.group(this.commons.tracking.slot(entry))
    this.commons.deadlines.remove(entry)
    this.#leavePhase(entry, group)
    this.commons.tracking.setPhase(entry, RETURNED)
    this.returned++
    this.#offer(group)
  }

  /** Takes all that it may of one group before it goes on to the next. */
  choose(limit: number, now: number, receivesMax: number, scanLimit: number, exhausted: number[]): number[] {
    const { tracking } = this.commons
    const expiredUntil = this.expiredUntil(now)
    const chosen: number[] = []
    let passed = 0
    let scanned = 0
    let next = 0
    for (let group = this.#groups.firstReady; group !== 0; group = next) {
      if (chosen.length === limit || scanned >= scanLimit) return chosen
      next = this.#groups.nextReady(group)
      let slot = this.#groups.head(group)
      if (!this.#isVisible(slot)) {
        this.#groups.makeUnready(group)
        if (++passed < DELAYED_GROUPS_LIMIT) continue
        // Whoever waits is to go on from here.
        this.commons.host.wake(this)
        return chosen
      }
      for (; slot >= 0 && chosen.length < limit && scanned < scanLimit; slot = this.#links.next(slot)) {
        if (!this.#isVisible(slot)) break
        scanned++
        if (this.sentAt(slot) <= expiredUntil) continue
        const entry = this.entry(slot)
        if (entry !== 0 && tracking.receivesHere(entry) >= receivesMax) exhausted.push(slot)
        else chosen.push(slot)
      }
    }
    return chosen
  }

  override hiddenUntil(slot: number): number {
    if (this.#isVisible(slot)) return super.hiddenUntil(slot)
    return this.sentAt(slot) + this.settings.delaySeconds * 1000
  }

  isAvailable(slot: number): boolean {
    if (this.slots.occupancy(slot) === EMPTY || !this.#isVisible(slot)) return false
    return this.#groups.inFlight(this.#links.group(slot)) === 0
  }

  isFirstInLine(slot: number): boolean {
    return this.#groups.head(this.#links.group(slot)) === slot
  }

  waitingBehind(slot: number): number {
    return this.#links.next(slot)
  }

  override sweep(now: number, pageLimit: number): boolean {
    const sends = this.#sent.expire(now, pageLimit)
    const attempts = this.attempts.expire(now, pageLimit)
    return super.sweep(now, pageLimit) || sends || attempts
  }

  /** What was sent stays known: a duplicate of a purged message is still one. */
  detachAll(): DetachedContent {
    this.touch()
    this.countNothing()
    this.commons.timers.remove(this)
    const groups = this.#groups
    this.#groups = new GroupTable(this.commons.units, () => this.touch())
    return { pages: this.slots.detach(), others: [groups.detach(), this.#links.detach()] }
  }

  detachForGood(): DetachedContent {
    const { pages, others } = this.detachAll()
    return { pages, others: [...others, this.#sent.detach(), this.attempts.detach()] }
  }

  adopt(entry: number): void {
    const { tracking, deadlines } = this.commons
    if (tracking.phase(entry) === RETURNED) {
      this.returned++
      return
    }
    this.inFlight++
    deadlines.set(entry, tracking.deadline(entry))
  }

  settle(): void {
    const { tracking } = this.commons
    for (const page of this.slots.pages()) {
      for (let index = 0; index < SLOTS_PER_PAGE; index++) {
        const occupancy = page.occupancy(index)
        if (occupancy === EMPTY) continue
        const slot = page.firstSlot + index
        const group = this.#links.group(slot)
        this.#links.setNext(slot, -1)
        this.#follow(this.#groups.putLast(group, slot), slot)
        if (occupancy === FRESH) {
          this.#links.countFresh(slot, 1)
          if (slot < this.#delayedFrom) this.fresh++
          else this.delayed++
        } else if (tracking.phase(occupancy - 1) === IN_FLIGHT) {
          this.#groups.addInFlight(group, 1)
        }
      }
    }
    this.#groups.rebuild()
    for (const page of this.slots.pages()) {
      for (let index = 0; index < SLOTS_PER_PAGE; index++) {
        if (page.occupancy(index) === EMPTY) continue
        const group = this.#links.group(page.firstSlot + index)
        if (this.#groups.head(group) === page.firstSlot + index) this.#offer(group)
      }
    }
    this.#setTimer()
  }

  /** Messages whose delay is over become visible. */
  timeCame(now: number, limit: number): number {
    this.touch()
    const delayMs = this.settings.delaySeconds * 1000
    for (let done = 0; ; done++) {
      const slot = this.slots.nextFresh(this.#delayedFrom, this.nextSlot)
      if (slot < 0) {
        this.#delayedFrom = this.nextSlot
        this.commons.timers.remove(this)
        return Math.max(1, done)
      }
      this.#delayedFrom = slot
      const due = this.sentAt(slot) + delayMs
      if (due > now || done === limit) {
        this.commons.timers.set(this, due)
        return Math.max(1, done)
      }
      this.#delayedFrom = slot + 1
      this.delayed--
      this.fresh++
      const group = this.#links.group(slot)
      if (this.#groups.head(group) === slot) this.#offer(group)
    }
  }

  /** The group with the key at `at`; a new one where there is none. */
  #groupOf(keys: Uint32Array, at: number): number {
    return this.#groups.find(keys, at) || this.#groups.add(keys, at)
  }

  /** Puts a new message, which counts as `fresh` ones, at the end of its group. */
  #join(slot: number, group: number, fresh: number): void {
    this.#links.put(slot, group).fresh += fresh
    this.#follow(this.#groups.putLast(group, slot), slot)
  }

  /** The message in the slot is the next one of its group behind another, if there is one. */
  #follow(before: number, slot: number): void {
    if (before >= 0) this.#links.setNext(before, slot)
  }

  #leaveGroup(slot: number, group: number): void {
    const next = this.#links.next(slot)
    let before = this.#groups.head(group)
    if (before === slot) {
      this.#groups.setHead(group, next)
      if (next < 0) this.#groups.setTail(group, next)
      return
    }
    for (let after = this.#links.next(before); after !== slot; after = this.#links.next(before)) {
      if (after < 0) throw new Error(`slot ${slot} of queue ${this.number} is not in its group`)
      before = after
    }
    this.#links.setNext(before, next)
    if (next < 0) this.#groups.setTail(group, before)
  }

  /** Puts the group into the list of ready ones, if it is ready and not in it. */
  #offer(group: number): void {
    if (!this.#groups.mayBecomeReady(group)) return
    if (!this.#isVisible(this.#groups.head(group))) return
    this.#groups.makeReady(group)
    this.commons.host.wake(this)
  }

  /** False while the message is delayed. */
  #isVisible(slot: number): boolean {
    return slot < this.#delayedFrom || this.slots.occupancy(slot) !== FRESH
  }

  #leaveFresh(slot: number): void {
    this.#links.countFresh(slot, -1)
    if (slot < this.#delayedFrom) this.fresh--
    else this.delayed--
  }

  #leavePhase(entry: number, group: number): void {
    if ((this.commons.tracking.phase(entry) as Phase) === RETURNED) {
      this.returned--
      return
    }
    this.inFlight--
    this.#groups.addInFlight(group, -1)
  }

  /** The delay was raised: what was sent after `now` less the delay, and never received, is delayed again. */
  #delayAgain(now: number): void {
    const sentUntil = now - this.settings.delaySeconds * 1000
    const end = this.#delayedFrom
    let first: SlotPage | undefined
    for (const page of this.slots.pages()) {
      if (page.firstSlot >= end) break
      // Sent times never fall, so only the last such page can have messages on both sides.
      if (first === undefined || page.earliestSentAt <= sentUntil) first = page
    }
    if (first === undefined) return
    let moved = 0
    for (const page of this.slots.pages()) {
      if (page.firstSlot >= end) break
      if (page.firstSlot < first.firstSlot) continue
      if (page !== first && page.firstSlot + SLOTS_PER_PAGE <= end) {
        moved += this.#links.page(page.number)!.fresh
        this.#delayedFrom = Math.min(this.#delayedFrom, page.firstSlot)
        continue
      }
      for (let slot = page.firstSlot; slot < Math.min(end, page.firstSlot + SLOTS_PER_PAGE); slot++) {
        if (this.slots.occupancy(slot) !== FRESH || this.sentAt(slot) <= sentUntil) continue
        moved++
        this.#delayedFrom = Math.min(this.#delayedFrom, slot)
      }
    }
    this.fresh -= moved
    this.delayed += moved
  }

  #setTimer(): void {
    const slot = this.delayed === 0 ? -1 : this.slots.nextFresh(this.#delayedFrom, this.nextSlot)
    if (slot < 0) this.commons.timers.remove(this)
    else this.commons.timers.set(this, this.sentAt(slot) + this.settings.delaySeconds * 1000)
  }
}
