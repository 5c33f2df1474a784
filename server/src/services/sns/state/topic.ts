import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { packIds, unpackIds } from '../../../core/packed-lists.ts'
import { Unit, type Units } from '../../../core/units.ts'
import type { TopicAddress } from '../commands.ts'
import { isFifoTopicName } from '../topic-name.ts'
import { DEFAULT_TOPIC_SETTINGS, type TopicSettings } from '../topic-settings.ts'
import { NumberedList } from './numbered-list.ts'
import { RecentMessages } from './recent-messages.ts'
import { Recipients } from './recipients.ts'
import { restoreSubscription, type Subscription, type SubscriptionRecord } from './subscription.ts'

/** What a topic is made of when it is created. Times are milliseconds since the epoch. */
export interface NewTopic {
  readonly number: number
  readonly address: TopicAddress
  readonly settings: TopicSettings
  readonly tags: Readonly<Record<string, string>>
  readonly createdAt: number
}

interface TopicRecord extends NewTopic {
  readonly deleted: number
  /** Of the subscriptions, in their order: unit ids, as little-endian 32-bit words. */
  readonly subscriptions: Uint8Array
  readonly sequence: number
  readonly scopeChangedAt: number
  /** Of what a FIFO topic remembers, the oldest first. */
  readonly recentPages: Uint8Array
}

/** A topic's first sequence number is the time it was made, so that they grow over topics of one name; messages are fewer. */
const SEQUENCES_PER_MS = 1000

/** A topic with its subscriptions, in the order in which they were made. */
export class Topic extends Unit {
  readonly number: number
  readonly address: TopicAddress
  readonly isFifo: boolean
  readonly createdAt: number
  settings: TopicSettings
  tags: Readonly<Record<string, string>>
  /** Subscriptions that ended. */
  deleted = 0
  /** The newest sequence number. */
  sequence: number
  readonly recent: RecentMessages
  readonly recipients = new Recipients()
  pending = 0
  /** Subscriptions that have a filter policy. */
  filterPolicies = 0
  /** Told how much that number changes. */
  onFilterPolicies: ((change: number) => void) | null = null
  readonly #units: Units
  readonly #byUuid = new Map<string, Subscription>()
  readonly #byEndpoint = new Map<string, Subscription>()
  readonly #byToken = new Map<string, Subscription>()
  readonly #subscriptions = new NumberedList<Subscription>(({ record }) => record.number)

  constructor(units: Units, record: NewTopic) {
    super()
    this.#units = units
    this.number = record.number
    this.address = record.address
    this.isFifo = isFifoTopicName(record.address.name)
    this.createdAt = record.createdAt
    this.settings = record.settings
    this.tags = record.tags
    this.sequence = record.createdAt * SEQUENCES_PER_MS
    this.recent = new RecentMessages(units, () => this.touch())
  }

  encode(): Uint8Array {
    const record: TopicRecord = {
      number: this.number,
      address: this.address,
      settings: this.settings,
      tags: this.tags,
      createdAt: this.createdAt,
      deleted: this.deleted,
      subscriptions: packIds(this.#subscriptions.items.map(({ id }) => id)),
      sequence: this.sequence,
      scopeChangedAt: this.recent.scopeChangedAt,
      recentPages: packIds(this.recent.pageUnits()),
    }
    return encodeCbor(record)
  }

  /** To be called before anything that `encode` writes changes. */
  touch(): void {
    if (this.id >= 0) this.#units.touch(this)
  }

  get size(): number {
    return this.#subscriptions.items.length
  }

  get subscriptions(): readonly Subscription[] {
    return this.#subscriptions.items
  }

  withUuid(uuid: string): Subscription | undefined {
    return this.#byUuid.get(uuid)
  }

  withEndpoint(protocol: string, endpoint: string): Subscription | undefined {
    return this.#byEndpoint.get(endpointKey(protocol, endpoint))
  }

  /** The subscription that waits for this token. */
  withToken(token: string): Subscription | undefined {
    return this.#byToken.get(token)
  }

  numbered(number: number): Subscription | undefined {
    return this.#subscriptions.numbered(number)
  }

  /** Up to `limit` subscriptions with numbers above `after`. */
  page(after: number, limit: number): readonly Subscription[] {
    return this.#subscriptions.page(after, limit)
  }

  /** Its number is above all that are there. */
  add(subscription: Subscription): void {
    this.touch()
    this.#index(subscription)
  }

  remove(subscription: Subscription): void {
    this.touch()
    const { number, uuid, protocol, endpoint } = subscription.record
    this.#subscriptions.remove(number)
    this.#byUuid.delete(uuid)
    this.#byEndpoint.delete(endpointKey(protocol, endpoint))
    this.#forgetToken(subscription)
    this.#countPolicy(subscription, -1)
    this.recipients.remove(subscription)
    this.deleted++
  }

  /** The subscription waits for another token; null for none any more. */
  setToken(subscription: Subscription, token: string | null, now: number): void {
    this.#forgetToken(subscription)
    this.change(subscription, { token, tokenSince: now })
    this.#rememberToken(subscription)
  }

  change(subscription: Subscription, changes: Partial<SubscriptionRecord>): void {
    this.recipients.remove(subscription)
    this.#countPolicy(subscription, -1)
    subscription.change(this.#units, changes)
    this.#countPolicy(subscription, 1)
    this.recipients.add(subscription)
  }

  /** Brings back what its record says, with the subscriptions. */
  static restore(
    units: Units,
    unit: number,
    bytes: Uint8Array,
    contentOf: (unit: number) => Uint8Array,
  ): Topic {
    const record = decodeCbor(bytes) as TopicRecord
    const topic = new Topic(units, { ...record, settings: { ...DEFAULT_TOPIC_SETTINGS, ...record.settings } })
    units.addAs(unit, topic)
    topic.deleted = record.deleted
    topic.sequence = record.sequence
    topic.recent.scopeChangedAt = record.scopeChangedAt
    for (const page of unpackIds(record.recentPages)) topic.recent.restorePage(page, contentOf(page))
    for (const each of unpackIds(record.subscriptions)) {
      const subscription = restoreSubscription(topic.address, contentOf(each))
      units.addAs(each, subscription)
      topic.#index(subscription)
    }
    return topic
  }

  /** All that is to be taken out of the units when the topic is gone, itself included. */
  *allUnits(): IterableIterator<Unit> {
    yield this
    yield* this.#subscriptions.items
    yield* this.recent.detach()
  }

  #index(subscription: Subscription): void {
    const { uuid, protocol, endpoint } = subscription.record
    this.#subscriptions.add(subscription)
    this.#byUuid.set(uuid, subscription)
    this.#byEndpoint.set(endpointKey(protocol, endpoint), subscription)
    this.#rememberToken(subscription)
    this.#countPolicy(subscription, 1)
    this.recipients.add(subscription)
  }

  #countPolicy({ record }: Subscription, change: 1 | -1): void {
    if (record.settings.filterPolicy === '') return
    this.filterPolicies += change
    this.onFilterPolicies?.(change)
  }

  #rememberToken(subscription: Subscription): void {
    const { token } = subscription.record
    if (token === null) return
    this.#byToken.set(token, subscription)
    this.pending++
  }

  #forgetToken(subscription: Subscription): void {
    const { token } = subscription.record
    if (token === null) return
    this.#byToken.delete(token)
    this.pending--
  }
}

function endpointKey(protocol: string, endpoint: string): string {
  return `${protocol} ${endpoint}`
}
