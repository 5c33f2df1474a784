import type { Step } from '../../../core/service-state.ts'
import {
  hashKeyNotWithin,
  shardCountAboveDouble,
  shardCountAboveMax,
  shardCountBelowHalf,
  shardNotEligible,
  shardsNotAdjacent,
  tooManyChanges,
} from '../errors.ts'
import { formatHashKey } from '../hash-key.ts'
import { SHARD_COUNT_CHANGES_MAX, STREAM_SHARDS_MAX } from '../limits.ts'
import { shardId } from '../shard-id.ts'
import type { KinesisContext } from './context.ts'
import type { Decisions } from './decision.ts'
import { EVENT, type KinesisEvent } from './events.ts'
import { activeProvisionedStream, existingShard } from './find-stream.ts'
import { hashKeyAfter } from './hash-range.ts'
import { planUniform, type ReshardingStep, secondOfCreation } from './resharding.ts'
import { withChange } from './rolling-limit.ts'
import type { Shard } from './shard.ts'
import type { Stream } from './stream.ts'
import { checkRoom } from './stream-decisions.ts'
import type { StreamSettings } from './stream-settings.ts'

/** Which shards a stream has. They take effect at once; the stream's status alone takes its time. */
export const reshardDecisions: Decisions<'splitShard' | 'mergeShards' | 'setShardCount'> = {
  splitShard(context, command, step) {
    const stream = activeProvisionedStream(context, command.stream, step.now)
    const shard = openShard(stream, command.shard, step.now)
    const { startingHashKey, endingHashKey } = shard
    const { at } = command
    if (at <= startingHashKey || at === hashKeyAfter(startingHashKey) || at >= endingHashKey) {
      throw hashKeyNotWithin(
        formatHashKey(at),
        {
          id: shardId(shard.number),
          startingHashKey: formatHashKey(startingHashKey),
          endingHashKey: formatHashKey(endingHashKey),
        },
        stream.address,
      )
    }
    checkRoom(context, command.stream, 'PROVISIONED', 1)
    const second = secondOfCreation(step.now, shard)
    reshard(context, stream, [{ kind: 'split', shard: shard.number, at, second }], {}, command.settleMs, step)
    return null
  },

  mergeShards(context, command, step) {
    const stream = activeProvisionedStream(context, command.stream, step.now)
    const shard = openShard(stream, command.shard, step.now)
    const adjacent = openShard(stream, command.adjacent, step.now)
    // In this order: AWS merges no shard with the one before it.
    if (hashKeyAfter(shard.endingHashKey) !== adjacent.startingHashKey) {
      throw shardsNotAdjacent(shardId(shard.number), shardId(adjacent.number), stream.address)
    }
    const second = secondOfCreation(step.now, shard, adjacent)
    const merge = { kind: 'merge', shard: shard.number, adjacent: adjacent.number, second } as const
    reshard(context, stream, [merge], {}, command.settleMs, step)
    return null
  },

  setShardCount(context, command, step) {
    const stream = activeProvisionedStream(context, command.stream, step.now)
    const { shards: target } = command
    const before = stream.openShardCount
    const counts = { open: before, target }
    if (target > STREAM_SHARDS_MAX) throw shardCountAboveMax(counts, STREAM_SHARDS_MAX)
    if (target > before * 2) throw shardCountAboveDouble(counts)
    if (target < before / 2) throw shardCountBelowHalf(counts)
    checkRoom(context, command.stream, 'PROVISIONED', Math.max(target - before, 0))
    const shardCount = withChange(stream.settings.changes.shardCount, step.now, SHARD_COUNT_CHANGES_MAX)
    if (shardCount === null) throw tooManyChanges('UpdateShardCount', command.stream, SHARD_COUNT_CHANGES_MAX)
    const steps = planUniform(stream.openShards, target, stream.nextShard, step.now)
    const changes = { changes: { ...stream.settings.changes, shardCount } }
    reshard(context, stream, steps, changes, command.settleMs, step)
    return { stream: stream.address, before }
  },
}

function reshard(
  { root }: KinesisContext,
  stream: Stream,
  steps: readonly ReshardingStep[],
  changes: Partial<StreamSettings>,
  settleMs: number,
  step: Step<KinesisEvent>,
): void {
  const settledAt = step.now + settleMs
  step.emit({ kind: EVENT.resharded, stream: stream.number, settledAt, map: root.nextMap, steps, changes })
}

/** A shard that can be split or merged. */
function openShard(stream: Stream, number: number, now: number): Shard {
  const shard = existingShard(stream, number, now)
  if (!shard.isOpen) throw shardNotEligible(shardId(number), stream.address)
  return shard
}
