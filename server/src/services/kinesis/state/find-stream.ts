import type { StreamAddress } from '../commands.ts'
import { shardNotFound, streamIsOnDemand, streamNotActive, streamNotFound } from '../errors.ts'
import { shardId } from '../shard-id.ts'
import type { KinesisContext } from './context.ts'
import type { Shard } from './shard.ts'
import type { Stream } from './stream.ts'

export function existingStream(context: KinesisContext, address: StreamAddress): Stream {
  const stream = context.streams.at(address)
  if (stream === undefined) throw streamNotFound(address)
  return stream
}

/** A stream that something can be done to. */
export function activeStream(context: KinesisContext, address: StreamAddress, now: number): Stream {
  const stream = existingStream(context, address)
  const status = stream.statusAt(now)
  if (status !== 'ACTIVE') throw streamNotActive(address, status)
  return stream
}

/** A stream whose shards are the client's business. */
export function activeProvisionedStream(
  context: KinesisContext,
  address: StreamAddress,
  now: number,
): Stream {
  const stream = activeStream(context, address, now)
  if (stream.settings.mode === 'ON_DEMAND') throw streamIsOnDemand(address)
  return stream
}

/** A shard that clients can see, open or closed. */
export function existingShard(stream: Stream, number: number, now: number): Shard {
  const shard = stream.shard(number, now)
  if (shard === undefined) throw shardNotFound(shardId(number), stream.address)
  return shard
}

/** The stream that was created then; null for any. Some clients keep the seconds alone of the time they were told. */
export function streamCreatedAt(
  context: KinesisContext,
  address: StreamAddress,
  created: number | null,
): Stream {
  const stream = existingStream(context, address)
  const { createdAt } = stream
  if (created === null || created === createdAt || created === createdAt - (createdAt % 1000)) return stream
  throw streamNotFound(address)
}
