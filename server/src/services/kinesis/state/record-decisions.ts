import type { Step, Waiting } from '../../../core/service-state.ts'
import type {
  KinesisCommand,
  PutOutcome,
  RecordCommands,
  RecordGroups,
  RecordReplies,
  RecordSlices,
  Run,
  ShardMap,
  ShardPosition,
  StreamAddress,
} from '../commands.ts'
import {
  consumerNotFound,
  invalidArgument,
  shardNotFound,
  shardRateExceeded,
  streamNotFound,
} from '../errors.ts'
import { shardId } from '../shard-id.ts'
import { chunkLifetime, isLarge } from './packing/packing.ts'
import { packRecords } from './packing/packing-decisions.ts'
import { RECORD_EVENT, type RecordEvent } from './record-events.ts'
import type { RecordContext, RecordShard, RecordStream } from './record-stream.ts'
import { endOf } from './records/run-page.ts'
import { type RunWords, RunWordsWriter } from './records/run-words.ts'

type RecordDecisions = {
  readonly [Kind in keyof RecordCommands]: (
    context: RecordContext,
    command: KinesisCommand<Kind>,
    step: Step<RecordEvent>,
  ) => RecordReplies[Kind]
}

/** What is decided of records. */
export const recordDecisions: RecordDecisions = {
  getShardMap,
  putRecords,
  findPosition,
  readRecords,
  packRecords,
}

/** What a read that found nothing may wait for: every reader that waits is at its shard's tip, so what comes is for all of them. */
export function waitForRecords(
  { streams }: RecordContext,
  { waitMs, streamNumber, shard: number }: KinesisCommand<'readRecords'>,
  { slices, children }: RecordSlices,
): Waiting | null {
  if (waitMs === 0 || slices.length > 0 || children !== null) return null
  const shard = streams.numbered(streamNumber)?.shardNumbered(number)
  return shard === undefined ? null : { resource: shard, milliseconds: waitMs, isForAll: true }
}

function getShardMap(
  context: RecordContext,
  { stream }: KinesisCommand<'getShardMap'>,
  { now }: Step<RecordEvent>,
): ShardMap {
  return usableStream(context, stream, now).map
}

function putRecords(
  context: RecordContext,
  command: KinesisCommand<'putRecords'>,
  step: Step<RecordEvent>,
): PutOutcome {
  const { now } = step
  const stream = usableStream(context, command.stream, now)
  if (command.map !== stream.mapVersion) return { kind: 'stale', map: stream.map }
  const { isEncrypted, number } = stream
  const { runs, hasLarge, firstIndexes } = admit(stream, command, now)
  if (runs.length > 0) {
    // A run that is large stays as it is for as long as its records do.
    const lifetime = hasLarge ? chunkLifetime(stream.retentionMs) : 0
    step.emit({
      kind: RECORD_EVENT.recordsArrived,
      stream: number,
      bodyId: step.store(0, lifetime),
      bodyBytes: command.bodies[0].length,
      lifetime,
      isEncrypted,
      isSealed: command.isSealed,
      runs,
    })
  }
  return { kind: 'put', now, isEncrypted, firstIndexes }
}

interface Admitted {
  readonly runs: RunWords
  /** Whether any of the runs is. */
  readonly hasLarge: boolean
  readonly firstIndexes: readonly (number | null)[]
}

/** What of the groups comes to its shard, and the indexes that it gets there. Groups of one shard that lie together are one run, unless sealed. */
function admit(
  stream: RecordStream,
  { groups, isMetered, isSealed, bodies: [body] }: KinesisCommand<'putRecords'>,
  now: number,
): Admitted {
  const bodyBytes = body.length
  const writer = new RunWordsWriter()
  const firstIndexes: (number | null)[] = []
  // Mostly each shard has one group, behind those of shards with smaller numbers.
  const nextIndexes = hasEachOnce(groups.shards) ? null : new Map<number, number>()
  let hasLarge = false
  const write = (shard: number, from: number, to: number, count: number) => {
    if (count === 0) return
    hasLarge ||= isLarge({ bytes: to - from, bodyBytes })
    writer.add(shard, from, to - from, count)
  }
  let offset = 0
  // The newest of the runs isn't written yet: none where it has no records.
  let [runShard, runFrom, runTo, runCount] = [0, 0, 0, 0]
  for (let i = 0; i < groups.shards.length; i++) {
    const shard = groups.shards[i]!
    const count = groups.counts[i]!
    const bytes = groups.bytes[i]!
    const { records } = openShard(stream, shard)
    if (isMetered && !records.throughput.admitWrite(now, count, groups.payloadBytes[i]!)) {
      firstIndexes.push(null)
    } else {
      const firstIndex = nextIndexes?.get(shard) ?? records.nextIndex
      nextIndexes?.set(shard, firstIndex + count)
      firstIndexes.push(firstIndex)
      if (isSealed || shard !== runShard || offset !== runTo) {
        write(runShard, runFrom, runTo, runCount)
        runShard = shard
        runFrom = offset
        runCount = 0
      }
      runCount += count
      runTo = offset + bytes
    }
    offset += bytes
  }
  if (offset !== bodyBytes) throw new Error(`groups of ${offset} bytes in a body of ${bodyBytes}`)
  write(runShard, runFrom, runTo, runCount)
  if (writer.words.length > 0) writer.end(bodyBytes)
  return { runs: writer.words, hasLarge, firstIndexes }
}

/** True only where no two groups are of one shard. */
function hasEachOnce(shards: RecordGroups['shards']): boolean {
  for (let i = 1; i < shards.length; i++) if (shards[i]! <= shards[i - 1]!) return false
  return true
}

function findPosition(
  context: RecordContext,
  { stream: address, shard: number, start }: KinesisCommand<'findPosition'>,
  { now }: Step<RecordEvent>,
): ShardPosition {
  const stream = usableStream(context, address, now)
  const { createdSecond, records } = visibleShard(stream, number, now)
  const at = (index: number, since = 0) => ({ streamNumber: stream.number, position: { index, since } })
  switch (start.type) {
    case 'index':
      // The operation says it in AWS's words, with the sequence number.
      if (start.createdSecond !== createdSecond) throw invalidArgument('It did not come from this stream.')
      return at(Math.max(1, Math.min(start.index, records.nextIndex)))
    case 'oldest':
      return at(records.firstIndexSince(stream.trimmedBefore(now)))
    case 'latest':
      return at(records.nextIndex)
    case 'time':
      return at(records.firstIndexSince(start.time), start.time)
    default:
      return start satisfies never
  }
}

function readRecords(
  context: RecordContext,
  command: KinesisCommand<'readRecords'>,
  { now }: Step<RecordEvent>,
): RecordSlices {
  const { position, limit, bytesMax, isMetered, consumer } = command
  const stream = usableStream(context, command.stream, now)
  if (stream.number !== command.streamNumber) throw streamNotFound(command.stream)
  if (consumer !== undefined && !stream.hasConsumer(consumer)) {
    throw consumerNotFound(consumer.name, stream.address)
  }
  const shard = visibleShard(stream, command.shard, now)
  const { records, isOpen, createdSecond, children } = shard
  if (isMetered && !records.throughput.admitRead(command, now)) {
    throw shardRateExceeded(shardId(shard.number), stream.address)
  }
  const trimmedBefore = stream.trimmedBefore(now)
  const slices = records.slicesFrom(position.index, { records: limit, bytes: bytesMax }, trimmedBefore)
  if (isMetered) records.throughput.addRead(bytesTaken(slices, command))
  return {
    slices,
    bodies: slices.length === 0 ? [] : context.host.read(slices.map(({ bodyId }) => bodyId)),
    trimmedBefore,
    now,
    createdSecond,
    tip: records.nextIndex,
    children: isOpen ? null : children.map(({ description }) => description),
  }
}

/** About how much of the slices is given out, as they may have more than was asked for. */
function bytesTaken(
  slices: readonly Run[],
  { position, limit, bytesMax }: KinesisCommand<'readRecords'>,
): number {
  let [bytes, left] = [0, limit]
  for (const run of slices) {
    const count = Math.min(left, endOf(run) - Math.max(run.firstIndex, position.index))
    bytes += (run.bytes * count) / run.count
    left -= count
  }
  return Math.min(bytes, bytesMax)
}

/** A stream that is being deleted goes on taking and giving records until it is gone, as at AWS. */
function usableStream({ streams }: RecordContext, address: StreamAddress, now: number): RecordStream {
  const stream = streams.at(address)
  if (stream === undefined || stream.statusAt(now) === 'CREATING') throw streamNotFound(address)
  return stream
}

function visibleShard(stream: RecordStream, number: number, now: number): RecordShard {
  const shard = stream.shard(number, now)
  if (shard === undefined) throw shardNotFound(shardId(number), stream.address)
  return shard
}

function openShard(stream: RecordStream, number: number): RecordShard {
  const shard = stream.shardNumbered(number)
  if (shard?.isOpen !== true) throw new Error(`stream ${stream.number} has no open shard ${number}`)
  return shard
}
