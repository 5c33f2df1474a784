import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import type { LandingSender } from '../../../core/landing.ts'
import { packIds, unpackIds } from '../../../core/packed-lists.ts'
import { Unit, type Units } from '../../../core/units.ts'
import { archiveRetentionMs } from '../archive-policy.ts'
import type { TopicAddress } from '../commands.ts'
import { landingSender } from '../topic-arn.ts'
import { isFifoTopicName } from '../topic-name.ts'
import { DEFAULT_TOPIC_SETTINGS, type TopicSettings } from '../topic-settings.ts'
import { Archive } from './archive.ts'
import { Departed } from './departed.ts'
import { NumberedList } from './numbered-list.ts'
import { RecentMessages } from './recent-messages.ts'
import { Recipients } from './recipients.ts'
import { isUnderWay } from './replay.ts'
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
  /** Of those that left, as above; earlier versions had none. */
  readonly departed?: Uint8Array
  /** Of what a FIFO topic remembers, the oldest first. */
  readonly recentPages: Uint8Array
  /** The archive's unit id; null for none. Missing in records that are older. */
  readonly archive?: number | null
}

/** A topic's first sequence number is the time it was made, so that they grow over topics of one name; messages are fewer. */
const SEQUENCES_PER_MS = 1000

/** A topic with its subscriptions, in the order in which they were made. */
export class Topic extends Unit {
  readonly number: number
  readonly address: TopicAddress
  readonly isFifo: boolean
  /** In whose name its messages go to queues. */
  readonly sender: LandingSender
  readonly createdAt: number
  tags: Readonly<Record<string, string>>
  /** Subscriptions that ended. */
  deleted = 0
  /** The newest sequence number. */
  sequence: number
  readonly recent: RecentMessages
  readonly recipients = new Recipients()
  readonly departed = new Departed()
  pending = 0
  /** Who made subscriptions, and how many. */
  readonly #subscribers = new Map<string, number>()
  /** Subscriptions that have a filter policy. */
  filterPolicies = 0
  /** Told how much that number changes. */
  onFilterPolicies: ((change: number) => void) | null = null
  readonly #units: Units
  #settings: TopicSettings
  #retentionMs: number | null
  #archive: Archive | null = null
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
    this.sender = landingSender(record.address)
    this.createdAt = record.createdAt
    this.#settings = record.settings
    this.#retentionMs = archiveRetentionMs(record.settings.archivePolicy)
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
      departed: packIds([...this.departed.all].map(({ id }) => id)),
      sequence: this.sequence,
      scopeChangedAt: this.recent.scopeChangedAt,
      recentPages: packIds(this.recent.pageUnits()),
      archive: this.#archive?.id ?? null,
    }
    return encodeCbor(record)
  }

  /** To be called before anything that `encode` writes changes. */
  touch(): void {
    if (this.id >= 0) this.#units.touch(this)
  }

  get settings(): TopicSettings {
    return this.#settings
  }

  /** To be called after `touch`. */
  set settings(settings: TopicSettings) {
    this.#settings = settings
    this.#retentionMs = archiveRetentionMs(settings.archivePolicy)
  }

  /** For how long messages are archived, in milliseconds; null where they are not. */
  get retentionMs(): number | null {
    return this.#retentionMs
  }

  /** Messages that were published; also without an archive policy, as long as a subscription has to get one of them. */
  get archive(): Archive | null {
    return this.#archive
  }

  /** From which time on messages can be replayed, in milliseconds since the epoch; null where none can. */
  archiveBeginsAt(now: number): number | null {
    if (this.#archive === null || this.#retentionMs === null) return null
    return Math.max(this.#archive.since, now - this.#retentionMs)
  }

  /** Messages are archived from now on. */
  beginArchive(now: number): void {
    if (this.#archive !== null) {
      this.#archive.beginAnew(now)
      return
    }
    this.touch()
    this.#archive = new Archive(this.#units, now, this.sequence + 1)
    this.#units.add(this.#archive)
  }

  /** Leaves the archive to the caller. */
  takeArchive(): Archive | null {
    const archive = this.#archive
    if (archive !== null) this.touch()
    this.#archive = null
    return archive
  }

  /** The lowest sequence number that a subscription has to get yet, whatever the archive's policy says; Infinity for none. */
  get neededFrom(): number {
    let needed = Number.POSITIVE_INFINITY
    for (const { replay } of this.#subscriptions.items) {
      if (isUnderWay(replay)) needed = Math.min(needed, Math.max(replay.next, replay.firstNew))
    }
    return needed
  }

  get size(): number {
    return this.#subscriptions.items.length
  }

  get subscriptions(): readonly Subscription[] {
    return this.#subscriptions.items
  }

  /** The ARNs of those who made them, each once. */
  get subscribers(): Iterable<string> {
    return this.#subscribers.keys()
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
    this.#countSubscriber(subscription, -1)
    this.recipients.remove(subscription)
    this.deleted++
  }

  /** The subscription ends, and can be had back with the token. */
  leave(subscription: Subscription, token: string, now: number): void {
    this.remove(subscription)
    subscription.change(this.#units, { token, tokenSince: now })
    this.departed.add(subscription)
  }

  /** One that left is there again. */
  takeBack(subscription: Subscription, bySignature: boolean, now: number): void {
    this.touch()
    this.departed.remove(subscription)
    this.deleted--
    const confirmed = { token: null, tokenSince: now, confirmedBySignature: bySignature }
    subscription.change(this.#units, confirmed)
    this.#index(subscription)
  }

  /** Forgets some of those that can't be had back any more. */
  forgetDeparted(now: number, limit: number): void {
    for (let i = 0; i < limit; i++) {
      const subscription = this.departed.expired(now)
      if (subscription === undefined) return
      this.touch()
      this.departed.remove(subscription)
      this.#units.remove(subscription)
    }
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
    if (typeof record.archive === 'number') {
      topic.#archive = Archive.restore(units, record.archive, contentOf)
    }
    for (const each of unpackIds(record.subscriptions)) {
      const subscription = restoreSubscription(topic.address, contentOf(each))
      units.addAs(each, subscription)
      topic.#index(subscription)
    }
    for (const each of record.departed === undefined ? [] : unpackIds(record.departed)) {
      const subscription = restoreSubscription(topic.address, contentOf(each))
      units.addAs(each, subscription)
      topic.departed.add(subscription)
    }
    return topic
  }

  /** All that is to be taken out of the units when the topic is gone, itself included, but for the archive. */
  *allUnits(): IterableIterator<Unit> {
    // A snapshot under way that still has to write it, is to name its subscriptions as they were.
    this.touch()
    yield this
    yield* this.#subscriptions.items
    yield* this.departed.all
    yield* this.recent.detach()
  }

  #index(subscription: Subscription): void {
    const { uuid, protocol, endpoint } = subscription.record
    this.#subscriptions.add(subscription)
    this.#byUuid.set(uuid, subscription)
    this.#byEndpoint.set(endpointKey(protocol, endpoint), subscription)
    this.#rememberToken(subscription)
    this.#countPolicy(subscription, 1)
    this.#countSubscriber(subscription, 1)
    this.recipients.add(subscription)
  }

  #countSubscriber({ record: { principal } }: Subscription, change: 1 | -1): void {
    const count = (this.#subscribers.get(principal) ?? 0) + change
    if (count === 0) this.#subscribers.delete(principal)
    else this.#subscribers.set(principal, count)
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
