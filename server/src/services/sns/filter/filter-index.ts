import assert from 'node:assert/strict'
import type { Condition } from './condition.ts'
import type { FilterMessage } from './filter-message.ts'
import type { Branch, FilterPolicy } from './filter-policy.ts'
import type { FilterScope } from './filter-scope.ts'
import { type IndexedPlace, PathTree } from './path-tree.ts'
import type { Place } from './place.ts'
import { satisfiesBranch } from './satisfies-policy.ts'

/**
 * The filter policies of one topic's subscriptions:
 *
 * ```ts
 *   index.add(subscription, parseFilterPolicy(filterPolicy, parseFilterScope(filterPolicyScope)))   // at Subscribe
 *   index.match(new FilterMessage(attributes, body))                                                // at Publish
 * ```
 *
 * A message is not held against each of them: every branch of a policy has an
 * *anchor*, the one of its conditions that it shares with the fewest others, and only branches whose anchor a value of the
 * message may meet are evaluated. So a publish costs what its message's values cost to look up, and an evaluation for
 * each policy that it satisfies, or nearly.
 */
export class FilterIndex<Id extends number | string> {
  readonly #subscriptions = new Map<Id, Subscription<Id>>()
  /** Those with an empty policy. */
  readonly #unfiltered = new Set<Id>()
  readonly #scopes: Readonly<Record<FilterScope, ScopeIndex<Id>>> = {
    MessageAttributes: new ScopeIndex(),
    MessageBody: new ScopeIndex(),
  }
  #matches = 0

  get size(): number {
    return this.#subscriptions.size
  }

  /** The id must not be there yet: a policy that changes is removed and added. */
  add(id: Id, policy: FilterPolicy): void {
    assert(!this.#subscriptions.has(id), 'a subscription is indexed once')
    const subscription = { id, policy, entries: [], matchedBy: 0 }
    this.#subscriptions.set(id, subscription)
    if (policy.branches.length === 0) this.#unfiltered.add(id)
    else this.#scopes[policy.scope].add(subscription)
  }

  /** Nothing happens if the id is not there. */
  remove(id: Id): void {
    const subscription = this.#subscriptions.get(id)
    if (subscription === undefined) return
    this.#subscriptions.delete(id)
    this.#unfiltered.delete(id)
    this.#scopes[subscription.policy.scope].remove(subscription)
  }

  /** The subscriptions that the message is for, ascending by id; those that `satisfiesPolicy` would name one by one. */
  match(message: FilterMessage): readonly Id[] {
    const match = ++this.#matches
    const found = [...this.#unfiltered]
    const attributes = this.#scopes.MessageAttributes
    if (!attributes.isEmpty) attributes.match(message.attributes(), match, found)
    const body = this.#scopes.MessageBody
    if (!body.isEmpty) body.match(message.body(body.paths), match, found)
    return found.sort((a, b) => (a < b ? -1 : 1))
  }
}

interface Subscription<Id> {
  readonly id: Id
  readonly policy: FilterPolicy
  readonly entries: Entry<Id>[]
  /** The last match that it was found in. */
  matchedBy: number
}

/** A branch of a subscription's policy. */
interface Entry<Id> {
  readonly subscription: Subscription<Id>
  readonly branch: Branch
  /** By which of its conditions it's found; null if a message may satisfy it in which there is nothing that it looks at. */
  readonly anchor: { readonly place: IndexedPlace<Entry<Id>>; readonly condition: Condition } | null
  /** The last match that it was evaluated in. */
  evaluatedBy: number
}

/** The policies of one scope. */
class ScopeIndex<Id> {
  readonly #tree = new PathTree<Entry<Id>>()
  readonly #unanchored = new Set<Entry<Id>>()
  #entries = 0

  get isEmpty(): boolean {
    return this.#entries === 0
  }

  get paths(): IndexedPlace<Entry<Id>> {
    return this.#tree.root
  }

  add(subscription: Subscription<Id>): void {
    for (const branch of subscription.policy.branches) {
      const anchor = this.#findAnchor(branch)
      const entry: Entry<Id> = { subscription, branch, anchor, evaluatedBy: 0 }
      if (anchor === null) this.#unanchored.add(entry)
      else anchor.place.conditions.add(anchor.condition, entry)
      subscription.entries.push(entry)
      this.#entries++
    }
  }

  remove({ entries }: Subscription<Id>): void {
    for (const entry of entries) {
      const { anchor, branch } = entry
      if (anchor === null) this.#unanchored.delete(entry)
      else anchor.place.conditions.remove(anchor.condition, entry)
      for (const { path } of branch.conditions) this.#tree.release(path)
      this.#entries--
    }
  }

  match(top: Place | null, match: number, found: Id[]): void {
    if (top === null) return
    const evaluate = (entry: Entry<Id>) => {
      const { subscription, branch } = entry
      if (entry.evaluatedBy === match || subscription.matchedBy === match) return
      entry.evaluatedBy = match
      if (!satisfiesBranch(branch, top)) return
      subscription.matchedBy = match
      found.push(subscription.id)
    }
    this.#unanchored.forEach(evaluate)
    visitValues(top, this.#tree.root, evaluate)
  }

  #findAnchor(branch: Branch): Entry<Id>['anchor'] {
    let best: Entry<Id>['anchor'] = null
    let fewest = Number.POSITIVE_INFINITY
    for (const { path, condition } of branch.conditions) {
      const place = this.#tree.acquire(path)
      const crowd = condition.absent ? Number.POSITIVE_INFINITY : place.conditions.crowdOf(condition)
      if (crowd >= fewest) continue
      fewest = crowd
      best = { place, condition }
    }
    return best
  }
}

/** Looks up all values of a message in the conditions about their places. */
function visitValues<Entry>(
  place: Place,
  indexed: IndexedPlace<Entry>,
  visitor: (entry: Entry) => void,
): void {
  for (const value of place.values) indexed.conditions.visit(value, visitor)
  for (const [name, field] of place.fields) {
    const below = indexed.children.get(name)
    if (below !== undefined) visitValues(field, below, visitor)
  }
  for (const element of place.elements) visitValues(element, indexed, visitor)
}
