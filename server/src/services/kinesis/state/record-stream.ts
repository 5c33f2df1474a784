import type { StateHost } from '../../../core/service-state.ts'
import type { ConsumerName, ShardDescription, ShardMap, StreamAddress, StreamStatus } from '../commands.ts'
import type { PackingQueue } from './packing/packing-queue.ts'
import type { Arrivals } from './records/arrivals.ts'
import type { ShardRecords } from './records/shard-records.ts'

/** What records need of their stream. Times are milliseconds since the epoch. */
export interface RecordStream {
  /** Never given to another. */
  readonly number: number
  readonly address: StreamAddress
  /** Another one, which no stream had before, whenever `map` is another. */
  readonly mapVersion: number
  readonly map: ShardMap
  readonly isEncrypted: boolean
  readonly retentionMs: number
  readonly openShardCount: number
  /** What came to its shards lately. */
  readonly arrivals: Arrivals
  statusAt(now: number): StreamStatus
  /** Whether there is such a consumer, also one that is being created or deleted. Those who read for one are to be woken when it goes. */
  hasConsumer(consumer: ConsumerName): boolean
  /** Undefined for one that clients don't see, or not any more. */
  shard(number: number, now: number): RecordShard | undefined
  /** Also what clients don't see any more. */
  shardNumbered(number: number): RecordShard | undefined
  /**
   * What arrived before is not there any more. Retention that is made longer doesn't bring back what had passed it, so this never
   * goes back.
   */
  trimmedBefore(now: number): number
}

/** What records need of their shard. Whoever waits for records waits for this object: it is to be woken when the shard is closed or goes. */
export interface RecordShard {
  readonly number: number
  readonly createdSecond: number
  readonly isOpen: boolean
  readonly records: ShardRecords
  /** Of a closed shard: those that took over its hash keys. */
  readonly children: readonly { readonly description: ShardDescription }[]
}

/** What decisions and events of records work on. */
export interface RecordContext {
  readonly streams: {
    at(address: StreamAddress): RecordStream | undefined
    numbered(number: number): RecordStream | undefined
  }
  readonly host: StateHost
  /** To be told of all streams after a restore. */
  readonly packing: PackingQueue
}
