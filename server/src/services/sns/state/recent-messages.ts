import { KEY_WORDS, keysWithin } from '../../../core/key.ts'
import { RecentKeys } from '../../../core/recent-keys.ts'
import type { Unit, Units } from '../../../core/units.ts'
import { DEDUPLICATION_INTERVAL_MS } from '../limits.ts'
import type { TopicSettings } from '../topic-settings.ts'

/** Pages of remembered messages that one publish lets go of: more than it fills. */
const PAGES_PER_PUBLISH = 2

type Scope = TopicSettings['fifoThroughputScope']

/** A message that a FIFO topic took within the deduplication interval. */
export interface EarlierMessage {
  readonly sequence: number
  /** Four words. */
  readonly messageId: Uint32Array
}

/**
 * What a FIFO topic remembers, to tell duplicates: each message by its deduplication id, or by that within its group, whichever
 * the topic's scope was when it was published. A new one is looked up by both while there may be such of the other scope.
 */
export class RecentMessages {
  readonly #keys: RecentKeys
  /** When deduplication got the scope that it has now, in milliseconds since the epoch. */
  scopeChangedAt = 0

  constructor(units: Units, beforePagesChange: () => void) {
    this.#keys = new RecentKeys(units, DEDUPLICATION_INTERVAL_MS, beforePagesChange)
  }

  pageUnits(): number[] {
    return this.#keys.pageUnits()
  }

  restorePage(unit: number, content: Uint8Array): void {
    this.#keys.restorePage(unit, content)
  }

  detach(): IterableIterator<Unit> {
    return this.#keys.detach()
  }

  keyOf(scope: Scope, groupKey: Uint32Array, deduplicationKey: Uint32Array): Uint32Array {
    return scope === 'Topic' ? deduplicationKey : keysWithin(groupKey, deduplicationKey)
  }

  /** The message that one with these keys is a duplicate of, or null. */
  find(
    scope: Scope,
    groupKey: Uint32Array,
    deduplicationKey: Uint32Array,
    now: number,
  ): EarlierMessage | null {
    const hadOtherScope = now < this.scopeChangedAt + DEDUPLICATION_INTERVAL_MS
    const other: Scope = scope === 'Topic' ? 'MessageGroup' : 'Topic'
    for (const each of hadOtherScope ? [scope, other] : [scope]) {
      const entry = this.#keys.find(this.keyOf(each, groupKey, deduplicationKey), 0, now)
      if (entry === 0) continue
      const messageId = new Uint32Array(KEY_WORDS)
      for (let i = 0; i < KEY_WORDS; i++) messageId[i] = this.#keys.value(entry, i)
      return { sequence: this.#keys.slot(entry), messageId }
    }
    return null
  }

  remember(key: Uint32Array, { sequence, messageId }: EarlierMessage, now: number): void {
    this.#keys.expire(now, PAGES_PER_PUBLISH)
    this.#keys.add(key, 0, messageId, 0, sequence, now)
  }

  /** Lets go of up to `limit` pages that are of no use any more. True if there are more. */
  expire(now: number, limit: number): boolean {
    return this.#keys.expire(now, limit)
  }
}
