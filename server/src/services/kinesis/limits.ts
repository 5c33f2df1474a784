import type { Range } from '../../base/range.ts'

/** Limits of Kinesis Data Streams, as its developer guide has them. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */

const KIB = 1024
const MIB = 1024 * KIB

/** Hours that a stream keeps its records for. */
export const RETENTION_HOURS: Range = { min: 24, max: 8760 }
/** The largest record that a stream takes, partition key included, in KiB. */
export const RECORD_KIB: Range = { min: 1024, max: 10240 }
/** Bytes of one PutRecords, with partition keys. That it has 500 records at most, says Amazon's model. */
export const PUT_BYTES_MAX = 10 * MIB
/** What one GetRecords brings at most. */
export const GET_RECORDS_MAX = 10_000
export const GET_BYTES_MAX = 10 * MIB
/** A shard iterator is good for so long. */
export const ITERATOR_LIFETIME_MS = 5 * 60_000
/** So long is a page token of a list. */
export const PAGE_TOKEN_LIFETIME_MS = 5 * 60_000
/** A subscription to a shard ends after this. */
export const SUBSCRIPTION_MS = 5 * 60_000
/** Whoever has a subscription can't be replaced for so long. */
export const SUBSCRIPTION_HELD_MS = 5_000
/** Consumers of one stream; with the commitment to a minimum of throughput, and without. */
export const CONSUMERS_MAX = 20
export const CONSUMERS_MAX_WITH_COMMITMENT = 50
export const TAGS_MAX = 50
/** What one answer lists at most, and does unless it's asked for less. */
export const SHARDS_DESCRIBED_MAX = 100
export const SHARDS_LISTED_MAX = 1000
export const STREAMS_LISTED_MAX = 100
export const CONSUMERS_LISTED_MAX = 100
/** AWS's validator refuses more, though its model doesn't tell. */
export const TARGET_SHARDS_MAX = 100_000
/** With how many shards an on-demand stream begins. */
export const ON_DEMAND_SHARDS = 4
/** What one shard takes and gives in a second, where throughput is metered. */
export const SHARD_WRITE_RECORDS_PER_SECOND = 1000
export const SHARD_WRITE_BYTES_PER_SECOND = MIB
export const SHARD_READS_PER_SECOND = 5
export const SHARD_READ_BYTES_PER_SECOND = 2 * MIB

/** Ours: of how many streams a front remembers the shards, and how often it tries again while they change under it. */
export const SHARD_MAPS_MAX = 4096
export const PUT_ATTEMPTS_MAX = 8
/** Ours: what several requests have together that is put at once, at most, where one of them doesn't have more. All may be for one shard: a run has to take as many. */
export const GATHERED_RECORDS_MAX = 1000
export const GATHERED_BYTES_MAX = 256 * KIB
/** Ours: a subscription's event has no more bytes of data and partition keys, or one record. */
export const SUBSCRIPTION_EVENT_BYTES_MAX = MIB
/** As observed of AWS: a subscription without records says so as often. */
export const SUBSCRIPTION_HEARTBEAT_MS = 5_000
/**
 * Open shards that an account's provisioned streams have together in a region. AWS has 20,000 where it has most, and less elsewhere until
 * one asks for more.
 */
export const SHARDS_MAX = 20_000
/** Shards of a stream that UpdateShardCount goes up to. */
export const STREAM_SHARDS_MAX = 10_000
/** On-demand streams of an account in a region. AWS has 50 until one asks for more, which nobody can do here. */
export const ON_DEMAND_STREAMS_MAX = 10_000
/** Streams of an account in a region, and consumers of a stream, that are being created at the same time. */
export const STREAMS_CREATING_MAX = 5
export const CONSUMERS_CREATING_MAX = 5
/** What may be done so often in 24 hours, whenever they begin. */
export const CHANGES_PERIOD_MS = 24 * 3_600_000
export const SHARD_COUNT_CHANGES_MAX = 10
export const MODE_CHANGES_MAX = 2
export const ENCRYPTION_CHANGES_MAX = 25
/**
 * For so long a data key is used, and one that was opened is kept; what happens to its key meanwhile has no effect until then.
 * https://docs.aws.amazon.com/streams/latest/dev/costs-performance.html
 */
export const DATA_KEY_REUSE_MS = 300_000
/** A commitment to a minimum of throughput can't be ended earlier. */
export const COMMITMENT_MS = 24 * 3_600_000
