import type { FilterableMessage } from '../commands.ts'
import { FilterIndex } from '../filter/filter-index.ts'
import { FilterMessage } from '../filter/filter-message.ts'
import { parseFilterPolicy } from '../filter/filter-policy.ts'
import { textFor } from '../published-message.ts'
import type { Protocol } from '../subscription-settings.ts'
import { isLive } from './replay.ts'
import type { Subscription } from './subscription.ts'

/**
 * Who of a topic's subscriptions a message is for: those that are confirmed, get messages as they are published, and whose filter policy, if they have one, the
 * message satisfies. Costs what is found, and not what there is: see filter-index.ts.
 */
export class Recipients {
  readonly #byNumber = new Map<number, Subscription>()
  /** Those without a policy, ascending by number. */
  #unfiltered: Subscription[] = []
  /** By protocol, since a message may say something else to each. */
  readonly #filtered = new Map<Protocol, FilterIndex<number>>()

  /** To be called when a subscription came, was confirmed or changed; before a change it is to be removed. */
  add(subscription: Subscription): void {
    if (subscription.isPending || !isLive(subscription.replay)) return
    const { number, protocol, settings } = subscription.record
    this.#byNumber.set(number, subscription)
    if (settings.filterPolicy === '') {
      this.#unfiltered.splice(this.#placeOf(number), 0, subscription)
      return
    }
    let index = this.#filtered.get(protocol)
    if (index === undefined) {
      index = new FilterIndex()
      this.#filtered.set(protocol, index)
    }
    index.add(number, parseFilterPolicy(settings.filterPolicy, settings.filterPolicyScope))
  }

  remove(subscription: Subscription): void {
    const { number, protocol, settings } = subscription.record
    if (!this.#byNumber.delete(number)) return
    if (settings.filterPolicy === '') {
      this.#unfiltered.splice(this.#placeOf(number), 1)
      return
    }
    const index = this.#filtered.get(protocol)!
    index.remove(number)
    if (index.size === 0) this.#filtered.delete(protocol)
  }

  /** In the order of their numbers. */
  of({ attributes, texts }: FilterableMessage): readonly Subscription[] {
    if (this.#filtered.size === 0) return this.#unfiltered
    const messages = new Map<string, FilterMessage>()
    const found = [...this.#unfiltered]
    for (const [protocol, index] of this.#filtered) {
      const text = textFor(texts, protocol)
      let message = messages.get(text)
      if (message === undefined) {
        message = new FilterMessage(attributes, text)
        messages.set(text, message)
      }
      for (const number of index.match(message)) found.push(this.#byNumber.get(number)!)
    }
    return found.sort((a, b) => a.record.number - b.record.number)
  }

  #placeOf(number: number): number {
    let low = 0
    let high = this.#unfiltered.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#unfiltered[middle]!.record.number < number) low = middle + 1
      else high = middle
    }
    return low
  }
}
