import type { Command } from '../../core/command.ts'
import type { Lifetime } from '../../core/lifetime.ts'
import type { Scope } from '../../core/scope.ts'
import type { Bodies } from '../../core/service-state.ts'

/**
 * What the Kinesis operations ask of the cell, and what it answers. Everything here is plain data that was checked by the
 * operation: ranges, names and shapes hold. The cell checks what depends on state: whether a stream exists, its status, its
 * shards, its mode.
 *
 * Shards are named by their numbers within the stream, from 0, and hash keys are 32 small hexadecimal digits: both as they are
 * compared. How clients see them is the operations' business, as are sequence numbers: a record has an *index* in its shard,
 * from 1, without gaps, and its sequence number is made of that, the shard's number and creation, and the record's arrival.
 */
export interface KinesisCommands extends StreamCommands, ConsumerCommands, RecordCommands {
  getAccount: Scope
  setAccount: Scope & { readonly commitment: boolean }
  getLimits: Scope
  /** Deletes all streams of all accounts and regions, with their consumers, and all else that there is. */
  reset: object
}

export interface KinesisReplies extends StreamReplies, ConsumerReplies, RecordReplies {
  getAccount: AccountState
  setAccount: AccountState
  getLimits: { readonly openShards: number; readonly onDemandStreams: number }
  reset: { readonly streams: number }
}

export type KinesisCommand<Kind extends keyof KinesisCommands = keyof KinesisCommands> = {
  [K in Kind]: Command & { readonly service: 'kinesis'; readonly kind: K } & KinesisCommands[K]
}[Kind]

/** Where a stream lives. The same name in another account or region is another stream. */
export interface StreamAddress extends Scope {
  readonly name: string
}

/** A stream, or one of its consumers. `created` is in whole seconds: consumers are named with it. */
export interface ResourceAddress {
  readonly stream: StreamAddress
  readonly consumer: ConsumerName | null
}

export interface ConsumerName {
  readonly name: string
  /** In seconds since the epoch; null where the name alone says which one is meant. */
  readonly created: number | null
}

/** A move from one status to the next takes this long; 0 where the next command sees the new one. Milliseconds. */
interface Settling {
  readonly settleMs: number
}

export type StreamMode = 'PROVISIONED' | 'ON_DEMAND'
export type StreamStatus = 'CREATING' | 'DELETING' | 'ACTIVE' | 'UPDATING'

/** The commands on streams, their shards and their settings. */
export interface StreamCommands {
  createStream: Settling & {
    readonly stream: StreamAddress
    /** As clients see it: 20 letters and digits, a hyphen, three more; fresh. */
    readonly id: string
    readonly mode: StreamMode
    readonly shards: number
    readonly maxRecordKiB: number
    /** MiB per second; null where none was asked for. */
    readonly warmThroughput: number | null
    readonly tags: Readonly<Record<string, string>>
  }
  deleteStream: Settling & { readonly stream: StreamAddress; readonly withConsumers: boolean }
  getStream: { readonly stream: StreamAddress }
  listStreams: Scope & { readonly after: string; readonly limit: number }
  /** In the order of their numbers, from `from` on; only those that the filter lets through. */
  listShards: {
    readonly stream: StreamAddress
    /** When the stream was created that is meant, in milliseconds since the epoch; null where any is. */
    readonly created: number | null
    readonly filter: ShardFilter | null
    readonly from: number
    readonly limit: number
  }
  splitShard: Settling & {
    readonly stream: StreamAddress
    readonly shard: number
    /** Where the second child begins. */
    readonly at: HashKey
  }
  mergeShards: Settling & {
    readonly stream: StreamAddress
    readonly shard: number
    readonly adjacent: number
  }
  setShardCount: Settling & { readonly stream: StreamAddress; readonly shards: number }
  setRetention: Settling & {
    readonly stream: StreamAddress
    readonly hours: number
    /** An increase refuses a shorter time than there is, a decrease a longer one. */
    readonly direction: 'increase' | 'decrease'
  }
  setMode: Settling & {
    readonly stream: StreamAddress
    readonly mode: StreamMode
    readonly warmThroughput: number | null
  }
  setWarmThroughput: Settling & { readonly stream: StreamAddress; readonly warmThroughput: number }
  setMaxRecordSize: Settling & { readonly stream: StreamAddress; readonly maxRecordKiB: number }
  /** The metrics of single shards that are collected: those named are added or taken away. */
  setMonitoring: Settling & {
    readonly stream: StreamAddress
    readonly enable: readonly ShardMetric[]
    readonly disable: readonly ShardMetric[]
  }
  /** `keyId` as the client gave it; null to stop encrypting. */
  setEncryption: Settling & { readonly stream: StreamAddress; readonly keyId: string | null }
  tagResource: { readonly resource: ResourceAddress; readonly tags: Readonly<Record<string, string>> }
  untagResource: { readonly resource: ResourceAddress; readonly keys: readonly string[] }
  listTags: { readonly resource: ResourceAddress }
  /** JSON text; null to delete it. */
  setPolicy: { readonly resource: ResourceAddress; readonly policy: string | null }
  getPolicy: { readonly resource: ResourceAddress }
}

export interface StreamReplies {
  createStream: null
  deleteStream: null
  getStream: StreamDescription
  /** Also those being created and deleted. */
  listStreams: { readonly streams: readonly StreamSummary[]; readonly next: string | null }
  /** `next` is where the next page begins. */
  listShards: {
    readonly shards: readonly ShardDescription[]
    readonly next: number | null
    readonly created: number
  }
  splitShard: null
  mergeShards: null
  setShardCount: { readonly stream: StreamAddress; readonly before: number }
  setRetention: null
  setMode: null
  setWarmThroughput: { readonly before: number }
  setMaxRecordSize: null
  setMonitoring: { readonly before: readonly ShardMetric[]; readonly after: readonly ShardMetric[] }
  setEncryption: null
  tagResource: null
  untagResource: null
  listTags: Readonly<Record<string, string>>
  setPolicy: null
  /** Empty where there is none. */
  getPolicy: { readonly policy: string }
}

export type ShardFilter =
  | { readonly type: 'AFTER_SHARD_ID'; readonly shard: number }
  | { readonly type: 'AT_TRIM_HORIZON' | 'FROM_TRIM_HORIZON' | 'AT_LATEST' }
  /** `time` in milliseconds since the epoch. */
  | { readonly type: 'AT_TIMESTAMP' | 'FROM_TIMESTAMP'; readonly time: number }

/** 128 bits as 32 small hexadecimal digits: text order is the order of numbers. */
export type HashKey = string

export type ShardMetric =
  | 'IncomingBytes'
  | 'IncomingRecords'
  | 'OutgoingBytes'
  | 'OutgoingRecords'
  | 'WriteProvisionedThroughputExceeded'
  | 'ReadProvisionedThroughputExceeded'
  | 'IteratorAgeMilliseconds'

export interface StreamSummary {
  readonly name: string
  readonly status: StreamStatus
  readonly mode: StreamMode
  /** In milliseconds since the epoch. */
  readonly created: number
}

export interface StreamDescription extends StreamSummary {
  readonly id: string
  readonly retentionHours: number
  readonly maxRecordKiB: number
  /** MiB per second; null where none was asked for. */
  readonly warmThroughput: number | null
  readonly monitored: readonly ShardMetric[]
  /** Null where the stream is not encrypted. */
  readonly keyId: string | null
  readonly openShards: number
  readonly consumers: number
}

export interface ShardDescription {
  readonly number: number
  readonly parent: number | null
  readonly adjacentParent: number | null
  /** Both inclusive. */
  readonly startingHashKey: HashKey
  readonly endingHashKey: HashKey
  /** In whole seconds since the epoch, and more than its parents': part of its sequence numbers. */
  readonly createdSecond: number
  /** Null while the shard is open. */
  readonly closed: ShardEnd | null
}

/** Where a closed shard ends. */
export interface ShardEnd {
  /** That of its last record; 0 where it never had any. */
  readonly lastIndex: number
  /** When it was closed, in milliseconds since the epoch. */
  readonly time: number
}

/** The commands on consumers with enhanced fan-out. */
export interface ConsumerCommands {
  registerConsumer: Settling & {
    readonly stream: StreamAddress
    readonly name: string
    readonly tags: Readonly<Record<string, string>>
  }
  deregisterConsumer: Settling & { readonly stream: StreamAddress; readonly consumer: ConsumerName }
  getConsumer: { readonly stream: StreamAddress; readonly consumer: ConsumerName }
  listConsumers: {
    readonly stream: StreamAddress
    readonly created: number | null
    readonly after: string
    readonly limit: number
  }
}

export interface ConsumerReplies {
  registerConsumer: ConsumerDescription
  deregisterConsumer: null
  getConsumer: ConsumerDescription
  listConsumers: {
    readonly consumers: readonly ConsumerDescription[]
    readonly next: string | null
    readonly created: number
  }
}

export interface ConsumerDescription {
  readonly name: string
  readonly status: 'CREATING' | 'DELETING' | 'ACTIVE'
  /** In milliseconds since the epoch, of whole seconds. */
  readonly created: number
}

/** The commands on records. */
export interface RecordCommands {
  /** Which shard takes which hash keys: what `putRecords` relies on. */
  getShardMap: { readonly stream: StreamAddress }
  /**
   * Puts the one body's records, as `record-format.ts` writes them: those of one shard stand together, and the shards' groups one
   * after the other. Where the shards are not any more those of `map`, nothing is put, and the reply says so.
   */
  putRecords: {
    readonly stream: StreamAddress
    /** `ShardMap.version`. */
    readonly map: number
    readonly groups: RecordGroups
    /** Whether the shards' throughput is limited as AWS has it. */
    readonly isMetered: boolean
    /** Whether each group is sealed by itself, under the key of the map; `core/sealed-body.ts`. */
    readonly isSealed: boolean
    readonly bodies: readonly [Uint8Array]
  }
  /** Where a reader begins. */
  findPosition: { readonly stream: StreamAddress; readonly shard: number; readonly start: StartingPoint }
  readRecords: {
    /** `ShardPosition.stream`: a stream of the same name that was created since is another one. */
    readonly streamNumber: number
    readonly stream: StreamAddress
    readonly shard: number
    readonly position: RecordPosition
    /** Records and bytes that are wanted. */
    readonly limit: number
    readonly bytesMax: number
    /** For whom it is read; whoever it is has to be there. Left out where it's for nobody in particular. */
    readonly consumer?: ConsumerName | undefined
    /** How long to wait while there is nothing; 0 for not at all. */
    readonly waitMs: number
    readonly isMetered: boolean
  }
  /** A chore: the oldest arrivals of a stream are put together by shards. Their bodies are in `read`, in the order of the plan. */
  packRecords: {
    readonly streamNumber: number
    readonly plan: PackingPlan
    /** With how many of the plan's shards earlier chores are done, if it goes on with what the first of them read. */
    readonly done?: number
  }
}

export interface RecordReplies {
  getShardMap: ShardMap
  putRecords: PutOutcome
  findPosition: ShardPosition
  readRecords: RecordSlices
  packRecords: null
}

export interface ShardMap {
  /** Another one whenever the open shards are others, or the stream is. */
  readonly version: number
  readonly maxRecordKiB: number
  /** What records are to be sealed under, as the client named it; null for nothing. */
  readonly keyId: string | null
  /** The open shards in the order of their hash keys, which they cover without a gap. */
  readonly shards: readonly {
    readonly number: number
    readonly startingHashKey: HashKey
    readonly createdSecond: number
  }[]
}

/** The oldest arrivals of a stream, whose records are to be put together by shards. */
export interface PackingPlan {
  readonly shards: readonly ShardToPack[]
  /** What the runs lie in, the oldest first. */
  readonly bodies: readonly BodyToPack[]
  /** Of bodies that are read for it, each once. */
  readonly bodyIds: readonly number[]
}

export interface BodyToPack {
  readonly bodyId: number
  /** Its stored bytes. */
  readonly bodyBytes: number
  /** When it arrived, in milliseconds since the epoch. */
  readonly time: number
  /** Of its runs, as of a `RecordSlice`. */
  readonly isEncrypted: boolean
  readonly isSealed: boolean
  /** Its place in what is read; -1 where it isn't. */
  readonly place: number
}

/** What arrived for one shard. */
export interface ShardToPack {
  readonly shard: number
  /** The index of the first record. */
  readonly from: number
  /** Of each run, the oldest first, four numbers: the position of its body in the plan, its offset there, its bytes, its records. */
  readonly runs: readonly number[]
}

/**
 * The records of a body by the shards that they go to. The groups follow each other from its beginning to its end; of each there is a number in
 * each list, as a request may have hundreds of groups, and an object for each would cost more than all that is done with it.
 */
export interface RecordGroups {
  /** The numbers of the shards. */
  readonly shards: readonly number[]
  readonly counts: readonly number[]
  /** In the body. */
  readonly bytes: readonly number[]
  /** Of data and partition keys, as AWS counts them for throughput. */
  readonly payloadBytes: readonly number[]
}

export type PutOutcome =
  | { readonly kind: 'stale'; readonly map: ShardMap }
  | {
      readonly kind: 'put'
      /** When they arrived, in milliseconds since the epoch. */
      readonly now: number
      readonly isEncrypted: boolean
      /** For each group the index of its first record; null where the shard's throughput is used up. */
      readonly firstIndexes: readonly (number | null)[]
    }

export type StartingPoint =
  /** From the record with the index on; the sequence number's creation of the shard is checked against the shard's. */
  | { readonly type: 'index'; readonly index: number; readonly createdSecond: number }
  | { readonly type: 'oldest' | 'latest' }
  /** From the first record on that arrived then or later, in milliseconds since the epoch. */
  | { readonly type: 'time'; readonly time: number }

/** Records from an index on that arrived at a time or later; 0 for any. Older ones than the stream keeps are passed over. */
export interface RecordPosition {
  readonly index: number
  readonly since: number
}

export interface ShardPosition {
  readonly streamNumber: number
  readonly position: RecordPosition
}

/** What a read found: slices of bodies, whose records `record-format.ts` reads. */
export interface RecordSlices {
  readonly slices: readonly RecordSlice[]
  /** The slices' bodies, one for each; null for one that is lost for good. */
  readonly bodies: Bodies | Promise<Bodies>
  /** Records that arrived before have outlived their time and are passed over. */
  readonly trimmedBefore: number
  /** The cell's time, in milliseconds since the epoch. */
  readonly now: number
  /** That of the next record to come to the shard: who has read all before is at its tip. */
  readonly tip: number
  readonly createdSecond: number
  /** Not null once the shard is closed: it ends at `tip`. */
  readonly children: readonly ShardDescription[] | null
}

/** Records of one shard that lie together in a body. */
export interface RecordSlice {
  /** Of the first record. */
  readonly firstIndex: number
  readonly count: number
  /** When the first record arrived, in milliseconds since the epoch. */
  readonly time: number
  /** Where the slice lies within its body. */
  readonly offset: number
  readonly bytes: number
  /** Whether it was put together of several that arrived at different times. */
  readonly isPacked: boolean
  /** Of a run: whether the stream had a key when it came. */
  readonly isEncrypted: boolean
  /** Whether its records have to be opened before they are read; of several runs, whether those of any have to be. */
  readonly isSealed: boolean
}

/** A slice, and the body that it lies in. */
export interface Run extends RecordSlice {
  readonly bodyId: number
  /** Stored bytes of the whole body. */
  readonly bodyBytes: number
  /** What the body was stored for. */
  readonly lifetime: Lifetime
}

export interface AccountState {
  /** Whether it is in effect: also while it's to end later. */
  readonly commitment: boolean
  /** When the commitment began, in milliseconds since the epoch; null without. */
  readonly since: number | null
  /** Until when it can't be ended; null without. */
  readonly until: number | null
  /** When it ended, or will because that was asked for; null while nobody did. */
  readonly endsAt: number | null
}
