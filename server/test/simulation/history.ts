import type { Receipt } from '../../src/services/sqs/commands.ts'

/**
 * What the clients of a simulation asked for and what they were told, and the checks on it. The rules are those a client
 * may rely on:
 *
 * - what was acknowledged as sent is found exactly once in the end, unless somebody deleted or purged it;
 * - what was acknowledged as deleted or purged, or was there at a reset, never comes back;
 * - nothing comes that was never sent, and what comes is what was sent;
 * - a received message stays hidden for its visibility timeout;
 * - messages that one client sent one after the other stand in the queue in that order.
 *
 * A request that was never answered may have happened or not.
 */
export interface Sent {
  readonly id: string
  readonly queue: string
  /** Which producer sent it, and its place among what that producer sent to this queue. */
  readonly producer: number
  readonly place: number
  acknowledged: boolean
  /** A delete, a purge or a reset was asked for: it may be gone. */
  mayBeGone: boolean
  /** When a delete, a purge or a reset was acknowledged: whoever asks after that must not get it. Infinity before. */
  goneAt: number
  /** Hidden until this time, by the newest receive whose answer came; 0 where that isn't known. */
  hiddenUntil: number
  /** How often it had been received with that receive. */
  hiddenBy: number
  /** Where it stands in the queue it was sent to, once it was received from there, before it was anywhere else. */
  slot: number | null
  /** The incarnation of that queue, which is another one after a reset; null where nobody was told. */
  incarnation: number | null
}

/** A message's place: slots begin anew with each incarnation of a queue. */
export type Place = Pick<Receipt, 'incarnation' | 'slot'>

export type Violation =
  | {
      readonly kind: 'lost' | 'resurrected' | 'stored twice' | 'phantom' | 'corruption served'
      readonly id: string
    }
  | {
      readonly kind: 'visible too early'
      readonly id: string
      readonly hiddenUntil: number
      readonly at: number
    }
  | { readonly kind: 'reordered'; readonly id: string; readonly after: string }

export class History {
  readonly #sent = new Map<string, Sent>()
  readonly #violations: Violation[] = []
  readonly #found = new Set<string>()

  get violations(): readonly Violation[] {
    return this.#violations
  }

  /** What came in the last round. */
  get foundIds(): Iterable<string> {
    return this.#found
  }

  /** A history of its own that goes on from here. */
  copy(): History {
    const copy = new History()
    for (const [id, sent] of this.#sent) copy.#sent.set(id, { ...sent })
    copy.#violations.push(...this.#violations)
    for (const id of this.#found) copy.#found.add(id)
    return copy
  }

  get size(): number {
    return this.#sent.size
  }

  send(sent: Pick<Sent, 'id' | 'queue' | 'producer' | 'place'>): Sent {
    const entry: Sent = {
      ...sent,
      acknowledged: false,
      mayBeGone: false,
      goneAt: Number.POSITIVE_INFINITY,
      hiddenUntil: 0,
      hiddenBy: 0,
      slot: null,
      incarnation: null,
    }
    this.#sent.set(entry.id, entry)
    return entry
  }

  find(id: string): Sent | undefined {
    return this.#sent.get(id)
  }

  /** All that were sent to the queue and whose request was answered before now. */
  acknowledgedIn(queue: string): Sent[] {
    return [...this.#sent.values()].filter((sent) => sent.acknowledged && sent.queue === queue)
  }

  /** All that were ever sent to the queue, answered or not. */
  everIn(queue: string): Sent[] {
    return [...this.#sent.values()].filter((sent) => sent.queue === queue)
  }

  /** All that were ever sent, to whatever queue. */
  all(): Sent[] {
    return [...this.#sent.values()]
  }

  /**
   * A message came `at` this time to somebody who had asked for it before. `place` is that in the queue it was sent to, or null
   * where it has been in another since. Answers may come in another order than they were decided in: `receiveCount`, where it's
   * given, tells a receive from before the one that hid the message.
   */
  received(
    id: string,
    intact: boolean,
    place: Place | null,
    at: number,
    askedAt: number,
    receiveCount = Number.POSITIVE_INFINITY,
  ): Sent | undefined {
    const sent = this.#sent.get(id)
    if (sent === undefined) {
      this.#violations.push({ kind: 'phantom', id })
      return undefined
    }
    if (!intact) this.#violations.push({ kind: 'corruption served', id })
    if (sent.goneAt < askedAt) this.#violations.push({ kind: 'resurrected', id })
    if (sent.hiddenUntil > at && receiveCount > sent.hiddenBy) {
      this.#violations.push({ kind: 'visible too early', id, hiddenUntil: sent.hiddenUntil, at })
    }
    if (place !== null) {
      const isElsewhere = sent.incarnation !== null && sent.incarnation !== place.incarnation
      if (isElsewhere || (sent.slot !== null && sent.slot !== place.slot)) {
        this.#violations.push({ kind: 'stored twice', id })
      }
      sent.slot = place.slot
      sent.incarnation = place.incarnation
    }
    return sent
  }

  storedTwice(id: string): void {
    this.#violations.push({ kind: 'stored twice', id })
  }

  /** A message that came in the last round, in which each must come once. */
  found(id: string): void {
    if (this.#found.has(id)) this.#violations.push({ kind: 'stored twice', id })
    this.#found.add(id)
  }

  /** To be called after the last round. */
  checkAll(): void {
    const slots = new Map<string, Sent>()
    // Entries are in the order they were sent, those of one producer one after the other.
    for (const sent of this.#sent.values()) {
      if (sent.acknowledged && !sent.mayBeGone && !this.#found.has(sent.id)) {
        this.#violations.push({ kind: 'lost', id: sent.id })
      }
      if (sent.slot === null) continue
      const key = `${sent.queue} ${sent.producer} ${sent.incarnation}`
      const before = slots.get(key)
      if (before !== undefined && before.slot! >= sent.slot) {
        this.#violations.push({ kind: 'reordered', id: sent.id, after: before.id })
      }
      slots.set(key, sent)
    }
  }
}
