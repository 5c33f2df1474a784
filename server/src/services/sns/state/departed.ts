import { isSameSecret } from '../../../base/same-secret.ts'
import { TOKEN_LIFETIME_MS } from '../limits.ts'
import type { Subscription } from './subscription.ts'

/**
 * The subscriptions of a topic that ended by a link, in the order in which they did: for as long as somebody may have them back with
 * the token that they have since then.
 */
export class Departed {
  readonly #byUuid = new Map<string, Subscription>()

  get all(): Iterable<Subscription> {
    return this.#byUuid.values()
  }

  add(subscription: Subscription): void {
    this.#byUuid.set(subscription.record.uuid, subscription)
  }

  remove(subscription: Subscription): void {
    this.#byUuid.delete(subscription.record.uuid)
  }

  withUuid(uuid: string): Subscription | undefined {
    return this.#byUuid.get(uuid)
  }

  withToken(token: string): Subscription | undefined {
    return this.#find(({ record }) => record.token !== null && isSameSecret(token, record.token))
  }

  numbered(number: number): Subscription | undefined {
    return this.#find(({ record }) => record.number === number)
  }

  /** The first that can't be had back any more. */
  expired(now: number): Subscription | undefined {
    const [first] = this.#byUuid.values()
    return first !== undefined && first.record.tokenSince + TOKEN_LIFETIME_MS <= now ? first : undefined
  }

  #find(isMeant: (subscription: Subscription) => boolean): Subscription | undefined {
    for (const subscription of this.#byUuid.values()) if (isMeant(subscription)) return subscription
    return undefined
  }
}
