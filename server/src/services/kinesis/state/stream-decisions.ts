import type { Scope } from '../../../core/scope.ts'
import type { ShardFilter, StreamMode } from '../commands.ts'
import {
  onDemandLimitExceeded,
  shardLimitExceeded,
  streamExists,
  streamHasConsumers,
  tooManyStreamsCreating,
  tooManyTags,
  warmThroughputNeedsCommitment,
  warmThroughputNeedsOnDemand,
} from '../errors.ts'
import { ON_DEMAND_STREAMS_MAX, SHARDS_MAX, STREAMS_CREATING_MAX, TAGS_MAX } from '../limits.ts'
import type { KinesisContext } from './context.ts'
import type { Decisions } from './decision.ts'
import { EVENT } from './events.ts'
import { activeStream, existingStream, streamCreatedAt } from './find-stream.ts'
import { secondOfCreation } from './resharding.ts'
import type { Shard } from './shard.ts'
import type { Stream } from './stream.ts'
import { DEFAULT_STREAM_SETTINGS } from './stream-settings.ts'

/** Streams as they come, go and are looked at. */
export const streamDecisions: Decisions<
  'createStream' | 'deleteStream' | 'getStream' | 'listStreams' | 'listShards' | 'getLimits' | 'reset'
> = {
  createStream(context, command, step) {
    const { stream: address, mode, shards, maxRecordKiB, warmThroughput, tags } = command
    if (context.streams.at(address) !== undefined) throw streamExists(address)
    if (Object.keys(tags).length > TAGS_MAX) throw tooManyTags(address, TAGS_MAX)
    if (warmThroughput !== null) {
      if (mode === 'PROVISIONED') throw warmThroughputNeedsOnDemand(address)
      checkCommitment(context, address, step.now)
    }
    if (context.streams.creating(address, step.now) >= STREAMS_CREATING_MAX) {
      throw tooManyStreamsCreating(address.accountId, STREAMS_CREATING_MAX)
    }
    checkRoom(context, address, mode, shards)
    step.emit({
      kind: EVENT.streamCreated,
      stream: context.root.nextStream,
      address,
      id: command.id,
      settledAt: step.now + command.settleMs,
      map: context.root.nextMap,
      shards,
      second: secondOfCreation(step.now),
      settings: { ...DEFAULT_STREAM_SETTINGS, mode, maxRecordKiB, warmThroughput, tags },
    })
    return null
  },

  deleteStream(context, command, step) {
    const stream = activeStream(context, command.stream, step.now)
    if (stream.consumerCount > 0 && !command.withConsumers) throw streamHasConsumers(command.stream)
    const settledAt = step.now + command.settleMs
    step.emit({ kind: EVENT.streamDeleted, stream: stream.number, settledAt })
    return null
  },

  getStream(context, command, step) {
    return existingStream(context, command.stream).description(step.now)
  },

  listStreams({ streams }, command, step) {
    const { accountId, region } = command
    const { names, next } = streams.page(command, '', command.after, command.limit)
    return { streams: names.map((name) => streams.at({ accountId, region, name })!.summary(step.now)), next }
  },

  listShards(context, command, step) {
    const stream = streamCreatedAt(context, command.stream, command.created)
    const created = stream.createdAt
    // As AWS tells it, a stream has no shards until it is there.
    if (stream.statusAt(step.now) === 'CREATING') return { shards: [], next: null, created }
    const passes = passing(command.filter, stream, step.now)
    const shards: Shard[] = []
    for (const shard of stream.shardsFrom(command.from, step.now)) {
      if (!passes(shard)) continue
      if (shards.length === command.limit) {
        return { shards: shards.map(({ description }) => description), next: shard.number, created }
      }
      shards.push(shard)
    }
    return { shards: shards.map(({ description }) => description), next: null, created }
  },

  getLimits(context, command) {
    return context.streams.usageOf(command)
  },

  reset(context, _command, step) {
    const streams = context.streams.size
    if (streams > 0 || context.accounts.size > 0) step.emit({ kind: EVENT.allStreamsDeleted })
    return { streams }
  },
}

/** Refuses what would be more than an account may have. Shards of on-demand streams don't count. */
export function checkRoom(
  { streams }: KinesisContext,
  scope: Scope,
  mode: StreamMode,
  additional: number,
): void {
  const { openShards: current, onDemandStreams } = streams.usageOf(scope)
  if (mode === 'PROVISIONED') {
    if (current + additional <= SHARDS_MAX) return
    throw shardLimitExceeded(scope, { current, limit: SHARDS_MAX, additional })
  }
  if (onDemandStreams >= ON_DEMAND_STREAMS_MAX) throw onDemandLimitExceeded(scope, ON_DEMAND_STREAMS_MAX)
}

/** Only who commits to a minimum of throughput can ask for some to be kept warm. */
export function checkCommitment({ accounts }: KinesisContext, scope: Scope, now: number): void {
  if (!accounts.stateOf(scope, now).commitment) throw warmThroughputNeedsCommitment(scope.accountId)
}

/**
 * Which shards a filter lets through, as AWS documents it: a shard was open at its first and at its last moment. Before the oldest record
 * that a stream can have, and before the stream itself, there is nothing to ask for: such a time counts as that moment.
 */
function passing(filter: ShardFilter | null, stream: Stream, now: number): (shard: Shard) => boolean {
  const horizon = Math.max(stream.createdAt, stream.trimmedBefore(now))
  const wasOpenAt = (time: number) => (shard: Shard) => shard.openedAt <= time && shard.closedAt >= time
  switch (filter?.type) {
    case undefined:
    case 'FROM_TRIM_HORIZON':
      return () => true
    case 'AFTER_SHARD_ID': {
      const { shard: after } = filter
      return ({ number }) => number > after
    }
    case 'AT_TRIM_HORIZON':
      return wasOpenAt(horizon)
    case 'AT_LATEST':
      return ({ isOpen }) => isOpen
    case 'AT_TIMESTAMP':
      return wasOpenAt(Math.max(filter.time, horizon))
    case 'FROM_TIMESTAMP': {
      const { time } = filter
      return ({ closedAt }) => closedAt >= time
    }
    default:
      return filter satisfies never
  }
}
