import { KEY_WORDS } from '../../../core/key.ts'
import { RecentKeys } from '../../../core/recent-keys.ts'
import { RECEIVE_ATTEMPT_INTERVAL_MS } from '../limits.ts'
import type { Queue, QueueCommons } from './queue.ts'
import { IN_FLIGHT } from './tracking.ts'

/** Pages of remembered keys that one receive lets go of: more than it fills. */
const KEY_PAGES_PER_RECEIVE = 2

/**
 * What receives with an attempt id took from a queue, so that the same can be given out again: for each message its receive
 * number, the tag, and how long it was to be hidden, in milliseconds.
 */
export class ReceiveAttempts extends RecentKeys {
  readonly #commons: QueueCommons
  readonly #queue: Queue

  constructor(commons: QueueCommons, queue: Queue) {
    super(commons.units, RECEIVE_ATTEMPT_INTERVAL_MS, () => queue.touch())
    this.#commons = commons
    this.#queue = queue
  }

  /** The slots in flight were received by an attempt with this key, just now. What it had received before is forgotten. */
  remember(attemptKey: Uint32Array, slots: readonly number[], now: number): void {
    const queue = this.#queue
    const { tracking } = this.#commons
    this.expire(now, KEY_PAGES_PER_RECEIVE)
    for (const remembered of this.findAll(attemptKey, 0, now)) this.forget(remembered)
    const values = new Uint32Array(KEY_WORDS)
    for (const slot of slots) {
      const entry = queue.entry(slot)
      values[0] = tracking.receiveNumber(entry)
      values[1] = tracking.tagHigh(entry)
      values[2] = tracking.tagLow(entry)
      values[3] = tracking.deadline(entry) - now
      this.add(attemptKey, 0, values, 0, slot, now)
    }
  }

  /** The attempt's messages are hidden anew, until `deadline`. */
  repeat(attemptKey: Uint32Array, now: number, deadline: number): void {
    for (const remembered of this.findAll(attemptKey, 0, now)) {
      this.#queue.hideUntil(this.#queue.entry(this.slot(remembered)), deadline)
      this.setValue(remembered, 3, deadline - this.time(remembered))
    }
  }

  /**
   * What an attempt with this key received within the attempt interval, and whether it can be given out again: `none` where
   * there is nothing to repeat (never received, or visible again since), `changed` where messages were deleted, or hidden
   * for another time.
   */
  standingOf(
    attemptKey: Uint32Array,
    now: number,
  ): { readonly standing: 'none' | 'changed' | 'current'; readonly slots: readonly number[] } {
    const queue = this.#queue
    const { tracking } = this.#commons
    const remembered = this.findAll(attemptKey, 0, now)
    const slots = remembered.map((each) => this.slot(each))
    let standing: 'none' | 'current' = remembered.length === 0 ? 'none' : 'current'
    for (const [i, each] of remembered.entries()) {
      if (!queue.holds(slots[i]!, now)) return { standing: 'changed', slots }
      const entry = queue.entry(slots[i]!)
      const isSameReceive =
        tracking.receiveNumber(entry) === this.value(each, 0) &&
        tracking.hasTag(entry, this.value(each, 1), this.value(each, 2))
      if (!isSameReceive || tracking.phase(entry) !== IN_FLIGHT || tracking.deadline(entry) <= now) {
        standing = 'none'
      } else if (tracking.deadline(entry) !== this.time(each) + this.value(each, 3)) {
        return { standing: 'changed', slots }
      }
    }
    return { standing, slots }
  }
}
