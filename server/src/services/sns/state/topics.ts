import { ResourceDirectory } from '../../../core/resource-directory.ts'
import type { Scope } from '../../../core/scope.ts'
import { topicArn } from '../topic-arn.ts'
import type { Topic } from './topic.ts'

/** All topics of a cell, and how many filter policies the subscriptions of each account have. */
export class Topics extends ResourceDirectory<Topic> {
  readonly #policies = new Map<string, number>()

  constructor() {
    super(topicArn)
  }

  /** Of an account in a region, over all its topics. */
  filterPoliciesOf(scope: Scope): number {
    return this.#policies.get(keyOf(scope)) ?? 0
  }

  override add(topic: Topic): void {
    super.add(topic)
    const key = keyOf(topic.address)
    this.#count(key, topic.filterPolicies)
    topic.onFilterPolicies = (change) => this.#count(key, change)
  }

  override remove(topic: Topic): void {
    super.remove(topic)
    topic.onFilterPolicies = null
    this.#count(keyOf(topic.address), -topic.filterPolicies)
  }

  override takeAll(): readonly Topic[] {
    this.#policies.clear()
    const topics = super.takeAll()
    for (const topic of topics) topic.onFilterPolicies = null
    return topics
  }

  #count(key: string, change: number): void {
    const count = (this.#policies.get(key) ?? 0) + change
    if (count === 0) this.#policies.delete(key)
    else this.#policies.set(key, count)
  }
}

function keyOf({ accountId, region }: Scope): string {
  return `${accountId}/${region}`
}
