import type { QueueAddress } from '../commands.ts'
import { COOLDOWN_SECONDS } from '../limits.ts'

/** An address, and when a queue of it was deleted, in milliseconds since the epoch. */
export type Deletion = readonly [address: QueueAddress, deletedAt: number]

/** Deletions forgotten in one tick: more than anybody makes in one. */
const FORGET_LIMIT = 1000

/** Which queues were deleted within the time that AWS has one wait before creating another of that name. */
export class RecentDeletions {
  /** In the order in which they were deleted. */
  readonly #byKey = new Map<string, Deletion>()

  all(): IterableIterator<Deletion> {
    return this.#byKey.values()
  }

  add(address: QueueAddress, deletedAt: number): void {
    // Taken out first, so that the order holds.
    this.#byKey.delete(keyOf(address))
    this.#byKey.set(keyOf(address), [address, deletedAt])
  }

  clear(): void {
    this.#byKey.clear()
  }

  /** When the newest queue of the address was deleted, or -Infinity where that is longer ago. */
  at(address: QueueAddress): number {
    return this.#byKey.get(keyOf(address))?.[1] ?? Number.NEGATIVE_INFINITY
  }

  /** Forgets what nobody asks for any more. */
  forget(now: number): void {
    let limit = FORGET_LIMIT
    for (const [key, [, deletedAt]] of this.#byKey) {
      if (deletedAt + COOLDOWN_SECONDS * 1000 > now || limit-- === 0) return
      this.#byKey.delete(key)
    }
  }
}

function keyOf({ accountId, region, name }: QueueAddress): string {
  return `${accountId}/${region}/${name}`
}
