import { isUnderWay, nextStepAt } from './replay.ts'
import type { Subscription } from './subscription.ts'
import type { Topic } from './topic.ts'

/** The subscriptions to which messages come out of an archive. Derived from them: in no event and no snapshot. */
export class ActiveReplays {
  readonly #topics = new Map<Subscription, Topic>()

  /** To be called when a subscription's replay changed, and after a restore. */
  note(topic: Topic, subscription: Subscription): void {
    // Taken out first, so that it comes behind all others of the same time.
    this.#topics.delete(subscription)
    if (isUnderWay(subscription.replay)) this.#topics.set(subscription, topic)
  }

  forget(subscription: Subscription): void {
    this.#topics.delete(subscription)
  }

  clear(): void {
    this.#topics.clear()
  }

  /** How many there are in the account and region. */
  count(accountId: string, region: string): number {
    let count = 0
    for (const { topic } of this.#topics.keys()) {
      if (topic.accountId === accountId && topic.region === region) count++
    }
    return count
  }

  /** The subscription that has the next step, and when that is due. */
  next(): { readonly topic: Topic; readonly subscription: Subscription; readonly at: number } | null {
    let next: { topic: Topic; subscription: Subscription; at: number } | null = null
    for (const [subscription, topic] of this.#topics) {
      const { replay } = subscription
      if (!isUnderWay(replay)) throw new Error('a replay that is not under way has no next step')
      const at = nextStepAt(replay, topic.sequence + 1)
      if (next === null || at < next.at) next = { topic, subscription, at }
    }
    return next
  }
}
