import { expect } from 'vitest'
import { groupKey } from '../../src/core/keys.ts'

const MINUTE = 60_000
const FIVE_MINUTES = 300_000

/** What the rules of fair queues need to know of a message. Times are milliseconds since the epoch. */
export interface FairMessage {
  readonly slot: number
  readonly group: string | null
  /** More than 0 for a dead letter. */
  readonly arrivedWith: number
  hiddenUntil: number
}

type Standing = 'quiet' | 'noisy' | 'forgiven'

export interface ModelTenant {
  /** Since when it has had messages without a break. */
  readonly since: number
  sentAt: number
  standing: Standing
}

/** A receive of a message, and until when it was hidden by it. */
interface Episode {
  readonly slot: number
  readonly group: string | null
  readonly from: number
  until: number
}

/**
 * The rules of fair queues for one queue, as plainly as they can be written down: every receive that ever happened is kept,
 * and counted anew for every question.
 *
 * Messages whose retention ends while they stand in line or are in flight count until they're cleared away, which is nobody's
 * promise when: from then on the queue is not judged any more.
 */
export class FairModel {
  readonly tenants = new Map<string, ModelTenant>()
  isJudged = true
  /** Since when the queue has had messages with groups. */
  #since: number | null = null
  #episodes: Episode[] = []
  /** Of messages that became available other than by being sent; null where that was before any message had a group. */
  readonly #turns = new Map<number, number | null>()

  sent(message: FairMessage, now: number): void {
    const { group } = message
    if (group === null) {
      if (message.arrivedWith > 0 && this.#since === null) this.#turns.set(message.slot, null)
      return
    }
    this.#since ??= now
    const tenant = this.tenants.get(group)
    if (tenant === undefined) this.tenants.set(group, { since: now, sentAt: now, standing: 'quiet' })
    else tenant.sentAt = now
  }

  /** `messages` are all of the queue. What is hidden for no time leaves the line, too. */
  received(message: FairMessage, messages: readonly FairMessage[], now: number): void {
    this.#turns.delete(message.slot)
    const { slot, group, hiddenUntil } = message
    const left = messages.filter(
      (each) => each !== message && each.group === group && each.hiddenUntil <= now,
    )
    if (group !== null && left.length === 0) this.tenants.get(group)!.standing = 'quiet'
    this.#episodes.push({ slot, group, from: now, until: hiddenUntil })
  }

  /** The message's visibility was changed, to now or later. */
  changed(message: FairMessage): void {
    const episode = this.#episodes.findLast((each) => each.slot === message.slot)
    if (episode !== undefined) episode.until = message.hiddenUntil
  }

  /** The message left the queue. */
  gone(message: FairMessage, now: number): void {
    this.#turns.delete(message.slot)
    const episode = this.#episodes.findLast((each) => each.slot === message.slot)
    if (episode !== undefined) episode.until = Math.min(episode.until, now)
  }

  /** To be called after each event, and whenever time has passed. */
  settle(messages: readonly FairMessage[], nextSlot: number, now: number): void {
    for (const { slot, hiddenUntil } of messages) {
      const cameBack = hiddenUntil > 0 && hiddenUntil <= now
      if (!cameBack || this.#turns.has(slot)) continue
      this.#turns.set(slot, this.#since === null ? null : nextSlot - 0.5)
    }
    for (const [group, tenant] of this.tenants) {
      const mine = messages.filter((message) => message.group === group)
      if (mine.length === 0) {
        this.tenants.delete(group)
        continue
      }
      if (tenant.standing === 'noisy' && now >= this.#forgivenAt(group, tenant, now)) {
        tenant.standing = 'forgiven'
      }
      if (mine.every((message) => message.hiddenUntil > now)) tenant.standing = 'quiet'
    }
  }

  purged(): void {
    this.tenants.clear()
    this.#turns.clear()
    this.#episodes = []
    this.#since = null
    this.isJudged = true
  }

  markNoisy(group: string | null, available: readonly FairMessage[], now: number): void {
    const tenant = this.tenants.get(group!)!
    expect(available.some((message) => message.group === group)).toBe(true)
    if (this.isJudged) {
      expect(tenant.standing, `${group} was noisy already`).not.toBe('noisy')
      expect(this.isNoisy(group!, now), `${group} is not noisy`).toBe(true)
    }
    tenant.standing = 'noisy'
  }

  inFlight(group: string | null | undefined, now: number): number {
    return this.#episodes.filter((each) => {
      return (group === undefined || each.group === group) && each.from <= now && each.until > now
    }).length
  }

  /** Spent on a group, or on all, in the minute of the clock that `now` is in and the one before. */
  recentTime(group: string | undefined, now: number): number {
    const counted = group === undefined ? this.#since : (this.tenants.get(group)?.since ?? null)
    if (counted === null) return 0
    const begin = Math.max(counted, Math.floor(now / MINUTE) * MINUTE - MINUTE)
    let spent = 0
    for (const each of this.#episodes) {
      if (group !== undefined && each.group !== group) continue
      spent += Math.max(0, Math.min(now, each.until) - Math.max(begin, each.from))
    }
    return spent
  }

  isNoisy(group: string, now: number): boolean {
    if (now >= this.tenants.get(group)!.sentAt + FIVE_MINUTES) return false
    const inFlight = this.inFlight(group, now)
    if (inFlight >= 30 && inFlight * 10 > this.inFlight(undefined, now)) return true
    const spent = this.recentTime(undefined, now)
    return spent >= 30_000 && this.recentTime(group, now) * 10 > spent
  }

  /**
   * What must hold of a receive: `available` are the messages that it could have taken, `chosen` those that it took, in its
   * order. To be called before the receive is told.
   */
  checkChoice(available: readonly FairMessage[], chosen: readonly FairMessage[], now: number): void {
    if (!this.isJudged || this.#since === null) return
    const noisyGroups = new Set(
      [...this.tenants].flatMap(([group, { standing }]) =>
        standing === 'noisy' || this.isNoisy(group, now) ? [group] : [],
      ),
    )
    const isNoisy = ({ group }: FairMessage) => group !== null && noisyGroups.has(group)
    const left = new Set(available)
    let lastTurn = Number.NEGATIVE_INFINITY
    for (const message of chosen) {
      left.delete(message)
      const { group } = message
      if (isNoisy(message)) {
        const quiet = [...left].filter((each) => !isNoisy(each))
        expect(quiet, `slot ${message.slot} of a noisy tenant was received first`).toEqual([])
        const count = (of: string) =>
          this.inFlight(of, now) +
          chosen.slice(0, chosen.indexOf(message)).filter((each) => each.group === of).length
        for (const other of left) {
          if (other.group === group || other.group === null) continue
          expect(count(other.group), `${other.group} had fewer in flight`).toBeGreaterThanOrEqual(
            count(group!),
          )
        }
      } else if (!this.#isForgiven(group)) {
        const turn = this.#turn(message)
        if (turn === null) continue
        expect(turn, `slot ${message.slot} was received behind a later one`).toBeGreaterThanOrEqual(lastTurn)
        lastTurn = turn
      }
    }
    for (const message of left) {
      if (isNoisy(message) || this.#isForgiven(message.group)) continue
      const turn = this.#turn(message) ?? lastTurn
      expect(turn, `slot ${message.slot} was passed over`).toBeGreaterThanOrEqual(lastTurn)
    }
  }

  /** When the message became available, in slots; null where nobody can say. */
  #turn({ slot }: FairMessage): number | null {
    const turn = this.#turns.get(slot)
    return turn === undefined ? slot : turn
  }

  #isForgiven(group: string | null): boolean {
    return group !== null && this.tenants.get(group)!.standing === 'forgiven'
  }

  #forgivenAt(group: string, tenant: ModelTenant, now: number): number {
    const bySending = tenant.sentAt + FIVE_MINUTES
    if (this.inFlight(group, now) > 0) return bySending
    let changed = tenant.since
    for (const each of this.#episodes) {
      if (each.group === group) changed = Math.max(changed, each.from, each.until)
    }
    return Math.min(bySending, changed + FIVE_MINUTES)
  }
}

/** The groups that the operations of the model send messages of. */
export const GROUPS = ['a', 'b', 'c', 'd', 'e'] as const

const byKey = new Map<string, string>(GROUPS.map((group) => [groupKey(group).join(), group]))

/** The group whose key stands there, null for none. */
export function groupOfKey(keys: Uint32Array, at: number): string | null {
  return byKey.get(keys.slice(at, at + 4).join()) ?? null
}
