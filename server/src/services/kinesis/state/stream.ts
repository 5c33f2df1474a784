import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { NameList } from '../../../core/name-list.ts'
import { packIds, unpackIds } from '../../../core/packed-lists.ts'
import { Unit, type Units } from '../../../core/units.ts'
import type {
  ConsumerName,
  HashKey,
  ShardMap,
  StreamAddress,
  StreamDescription,
  StreamStatus,
  StreamSummary,
} from '../commands.ts'
import { Consumer, type ConsumerRecord } from './consumer.ts'
import { type HashRange, hashKeyBefore } from './hash-range.ts'
import { Arrivals } from './records/arrivals.ts'
import { EarlierRuns } from './records/earlier-runs.ts'
import type { ReshardingStep } from './resharding.ts'
import { Shard } from './shard.ts'
import { DEFAULT_STREAM_SETTINGS, type StreamSettings } from './stream-settings.ts'

const HOUR_MS = 3_600_000

/** What a stream is made of when it is created. Times are milliseconds since the epoch. */
export interface NewStream {
  /** Never used before. */
  readonly number: number
  readonly address: StreamAddress
  /** As clients see it. */
  readonly id: string
  readonly createdAt: number
  readonly settings: StreamSettings
  /** When it is created. */
  readonly settledAt: number
  readonly mapVersion: number
}

/** What a stream is doing until it has settled. */
type Move = Exclude<StreamStatus, 'ACTIVE'>

interface StreamRecord extends NewStream {
  readonly move: Move
  readonly nextShard: number
  /** In the order of their numbers: unit ids, as little-endian 32-bit words. */
  readonly shards: Uint8Array
  /** As above, in any order. */
  readonly consumers: Uint8Array
  /** A unit; null where it never had any, and left out before version 3 of the root. */
  readonly arrivals?: number | null
}

/** A stream with its shards, open ones and closed ones that may still be read, and its consumers. */
export class Stream extends Unit {
  readonly number: number
  readonly address: StreamAddress
  /** As clients see it. */
  readonly streamId: string
  readonly createdAt: number
  readonly #units: Units
  #settings: StreamSettings
  #move: Move = 'CREATING'
  #settledAt: number
  #mapVersion: number
  #nextShard = 0
  /** In the order of their numbers. */
  readonly #shards = new Map<number, Shard>()
  #openShards = 0
  /** In the order in which they were closed. */
  #closed: Shard[] = []
  /** In the order of their hash keys; null where that is to be found out anew. */
  #byHashKey: readonly Shard[] | null = null
  #arrivals: Arrivals | null = null
  readonly #consumers = new Map<string, Consumer>()
  readonly #consumerNames = new NameList()

  constructor(units: Units, stream: NewStream) {
    super()
    this.#units = units
    this.number = stream.number
    this.address = stream.address
    this.streamId = stream.id
    this.createdAt = stream.createdAt
    this.#settings = stream.settings
    this.#settledAt = stream.settledAt
    this.#mapVersion = stream.mapVersion
  }

  /** Brings back what its record says, with shards and consumers. */
  static restore(units: Units, unit: number, contentOf: (unit: number) => Uint8Array): Stream {
    const record = decodeCbor(contentOf(unit)) as StreamRecord
    const settings = { ...DEFAULT_STREAM_SETTINGS, ...record.settings }
    const stream = new Stream(units, { ...record, settings })
    units.addAs(unit, stream)
    stream.#move = record.move
    stream.#nextShard = record.nextShard
    const earlier = new EarlierRuns()
    for (const each of unpackIds(record.shards)) {
      stream.#index(Shard.restore(units, each, contentOf, (shard, run) => earlier.add(shard, run)))
    }
    const { arrivals = null } = record
    if (arrivals !== null) stream.#arrivals = Arrivals.restore(units, arrivals, stream, contentOf)
    for (const { arrival, runs } of earlier.arrivals()) stream.arrivals.add(arrival, runs, () => {})
    // Those that were closed at the same time go together, in whatever order.
    stream.#closed = [...stream.shards]
      .filter(({ isOpen }) => !isOpen)
      .sort((a, b) => a.closedAt - b.closedAt)
    for (const each of unpackIds(record.consumers)) {
      stream.#indexConsumer(Consumer.restore(units, each, contentOf))
    }
    return stream
  }

  encode(): Uint8Array {
    const record: StreamRecord = {
      number: this.number,
      address: this.address,
      id: this.streamId,
      createdAt: this.createdAt,
      settings: this.#settings,
      move: this.#move,
      settledAt: this.#settledAt,
      mapVersion: this.#mapVersion,
      nextShard: this.#nextShard,
      shards: packIds([...this.shards].map(({ id }) => id)),
      consumers: packIds([...this.#consumers.values()].map(({ id }) => id)),
      arrivals: this.#arrivals?.id ?? null,
    }
    return encodeCbor(record)
  }

  /** To be called before anything that `encode` writes changes. */
  #touch(): void {
    if (this.id >= 0) this.#units.touch(this)
  }

  get settings(): StreamSettings {
    return this.#settings
  }

  get maxRecordKiB(): number {
    return this.#settings.maxRecordKiB
  }

  get isEncrypted(): boolean {
    return this.#settings.keyId !== null
  }

  get retentionMs(): number {
    return this.#settings.retentionHours * HOUR_MS
  }

  /** Records that arrived before have outlived their time; never less than it was. */
  trimmedBefore(now: number): number {
    return Math.max(this.#settings.trimmedBefore, now - this.retentionMs)
  }

  /** Another one whenever what a `ShardMap` says is; never used before, by whatever stream. */
  get mapVersion(): number {
    return this.#mapVersion
  }

  get map(): ShardMap {
    return {
      version: this.#mapVersion,
      maxRecordKiB: this.maxRecordKiB,
      keyId: this.#settings.keyId,
      shards: this.openShards.map(({ number, startingHashKey, createdSecond }) => {
        return { number, startingHashKey, createdSecond }
      }),
    }
  }

  get settledAt(): number {
    return this.#settledAt
  }

  statusAt(now: number): StreamStatus {
    return now < this.#settledAt || this.isDeleting ? this.#move : 'ACTIVE'
  }

  get isDeleting(): boolean {
    return this.#move === 'DELETING'
  }

  /** The stream is in this move until then. */
  begin(move: Move, settledAt: number): void {
    this.#touch()
    this.#move = move
    this.#settledAt = settledAt
  }

  /** `mapVersion` is null where the map stays as it is. */
  change(changes: Partial<StreamSettings>, mapVersion: number | null): void {
    this.#touch()
    this.#settings = { ...this.#settings, ...changes }
    if (mapVersion !== null) this.#mapVersion = mapVersion
  }

  summary(now: number): StreamSummary {
    const { name } = this.address
    return { name, status: this.statusAt(now), mode: this.#settings.mode, created: this.createdAt }
  }

  description(now: number): StreamDescription {
    const { retentionHours, maxRecordKiB, warmThroughput, monitored, keyId } = this.#settings
    return {
      ...this.summary(now),
      ...{ id: this.streamId, retentionHours, maxRecordKiB, warmThroughput, monitored, keyId },
      openShards: this.#openShards,
      consumers: this.#consumers.size,
    }
  }

  /** Also closed ones of which nothing can be read any more, as long as they were not swept. */
  get shards(): Iterable<Shard> {
    return this.#shards.values()
  }

  /** The shards that clients can see, in the order of their numbers, from a number on. */
  *shardsFrom(number: number, now: number): IterableIterator<Shard> {
    for (const shard of this.#shards.values()) {
      if (shard.number >= number && this.#isThere(shard, now)) yield shard
    }
  }

  /** The shard, if clients can see it. */
  shard(number: number, now: number): Shard | undefined {
    const shard = this.#shards.get(number)
    return shard !== undefined && this.#isThere(shard, now) ? shard : undefined
  }

  /** Be it open or closed, and whether or not clients can see it. */
  shardNumbered(number: number): Shard | undefined {
    return this.#shards.get(number)
  }

  /** What came to its shards lately: made when it is first asked for. */
  get arrivals(): Arrivals {
    if (this.#arrivals !== null) return this.#arrivals
    this.#touch()
    const arrivals = new Arrivals(this.#units, this)
    this.#units.add(arrivals)
    this.#arrivals = arrivals
    return arrivals
  }

  /** Null where it was not asked for yet. */
  get madeArrivals(): Arrivals | null {
    return this.#arrivals
  }

  /** In the order of their hash keys, which they cover without a gap. */
  get openShards(): readonly Shard[] {
    this.#byHashKey ??= [...this.shards]
      .filter(({ isOpen }) => isOpen)
      .sort((a, b) => (a.startingHashKey < b.startingHashKey ? -1 : 1))
    return this.#byHashKey
  }

  get openShardCount(): number {
    return this.#openShards
  }

  get nextShard(): number {
    return this.#nextShard
  }

  /** Opens a shard, which gets the next number. */
  open(range: HashRange, openedAt: number, createdSecond: number): void {
    this.#open(range.startingHashKey, range.endingHashKey, openedAt, createdSecond, null, null)
  }

  #open(
    startingHashKey: HashKey,
    endingHashKey: HashKey,
    openedAt: number,
    createdSecond: number,
    parent: number | null,
    adjacentParent: number | null,
  ): void {
    this.#touch()
    const number = this.#nextShard++
    const origin = { number, parent, adjacentParent, startingHashKey, endingHashKey, openedAt, createdSecond }
    const shard = new Shard(this.#units, origin)
    this.#units.add(shard)
    this.#index(shard)
  }

  /** Does a step of a resharding, and tells of the shards that it closed. There may be thousands of steps in one event. */
  reshard(step: ReshardingStep, now: number, closed: (shard: Shard) => void): void {
    const shard = this.#openShard(step.shard)
    const { number, startingHashKey, endingHashKey } = shard
    this.#close(shard, now)
    closed(shard)
    if (step.kind === 'split') {
      this.#open(startingHashKey, hashKeyBefore(step.at), now, step.second, number, null)
      this.#open(step.at, endingHashKey, now, step.second, number, null)
      return
    }
    const adjacent = this.#openShard(step.adjacent)
    this.#close(adjacent, now)
    closed(adjacent)
    this.#open(startingHashKey, adjacent.endingHashKey, now, step.second, number, adjacent.number)
  }

  #openShard(number: number): Shard {
    const shard = this.#shards.get(number)
    if (shard?.isOpen !== true) throw new Error(`stream ${this.number} has no open shard ${number}`)
    return shard
  }

  #close(shard: Shard, now: number): void {
    this.#units.touch(shard)
    shard.close(now)
    this.#closed.push(shard)
    this.#openShards--
    this.#byHashKey = null
  }

  /** Gives up to `limit` closed shards to the caller of which nothing can be read any more. */
  takeExpired(now: number, limit: number): readonly Shard[] {
    let expired = 0
    while (expired < limit && expired < this.#closed.length && !this.#isThere(this.#closed[expired]!, now))
      expired++
    if (expired === 0) return []
    this.#touch()
    const taken = this.#closed.splice(0, expired)
    for (const shard of taken) this.#shards.delete(shard.number)
    return taken
  }

  #isThere(shard: Shard, now: number): boolean {
    return shard.closedAt >= this.trimmedBefore(now)
  }

  consumer(name: string): Consumer | undefined {
    return this.#consumers.get(name)
  }

  get consumers(): Iterable<Consumer> {
    return this.#consumers.values()
  }

  consumerNamed({ name, created }: ConsumerName): Consumer | undefined {
    const consumer = this.#consumers.get(name)
    return created === null || created === consumer?.record.createdSecond ? consumer : undefined
  }

  hasConsumer(name: ConsumerName): boolean {
    return this.consumerNamed(name) !== undefined
  }

  get consumerCount(): number {
    return this.#consumers.size
  }

  /** Up to `limit` consumers in the order of their names, and after which name the next page begins. */
  consumerPage(
    after: string,
    limit: number,
  ): { readonly consumers: readonly Consumer[]; readonly next: string | null } {
    const { names, next } = this.#consumerNames.page('', after, limit)
    return { consumers: names.map((name) => this.#consumers.get(name)!), next }
  }

  addConsumer(record: ConsumerRecord): void {
    this.#touch()
    const consumer = new Consumer(record)
    this.#units.add(consumer)
    this.#indexConsumer(consumer)
  }

  removeConsumer(consumer: Consumer): void {
    this.#touch()
    this.#consumers.delete(consumer.name)
    this.#consumerNames.remove(consumer.name)
    this.#units.remove(consumer)
  }

  /** Gives up to `limit` of its shards to the caller, once the stream is gone. */
  takeShards(limit: number): readonly Shard[] {
    // A snapshot under way that still has to write the stream, is to name its shards as they were.
    this.#touch()
    const taken: Shard[] = []
    for (const shard of this.#shards.values()) {
      if (taken.length === limit) break
      this.#shards.delete(shard.number)
      taken.push(shard)
    }
    return taken
  }

  #index(shard: Shard): void {
    this.#shards.set(shard.number, shard)
    if (shard.parent !== null) this.#shards.get(shard.parent)?.addChild(shard)
    if (shard.adjacentParent !== null) this.#shards.get(shard.adjacentParent)?.addChild(shard)
    if (shard.isOpen) this.#openShards++
    this.#byHashKey = null
  }

  #indexConsumer(consumer: Consumer): void {
    this.#consumers.set(consumer.name, consumer)
    this.#consumerNames.add(consumer.name)
  }
}
