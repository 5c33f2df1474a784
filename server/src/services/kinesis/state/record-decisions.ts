import type { Chore, Step, Waiting } from '../../../core/service-state.ts'
import type {
  KinesisCommand,
  PackingPlan,
  PutOutcome,
  RecordCommands,
  RecordGroup,
  RecordReplies,
  RecordSlices,
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
import { writeChunk } from '../record-format.ts'
import { shardId } from '../shard-id.ts'
import { chunkLifetime, isLarge } from './packing.ts'
import { planPacking } from './packing-plan.ts'
import { RECORD_EVENT, type RecordEvent, type RunPut } from './record-events.ts'
import type { RecordContext, RecordShard, RecordStream } from './record-stream.ts'
import { endOf, type Run } from './run-page.ts'

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

/** The packing that is due first. */
export function packingChore({ streams, packing }: RecordContext): Chore | null {
  for (let next = packing.next(); next !== null; next = packing.next()) {
    const due = next
    const { stream: streamNumber, shard, records, at } = due
    if (streams.numbered(streamNumber)?.shardNumbered(shard) !== undefined) {
      // What is packed is found out only when it is time: this is asked for after every command.
      const plan: { shards: PackingPlan['shards']; bodyIds: PackingPlan['bodyIds'] } = {
        shards: [],
        bodyIds: [],
      }
      const command: KinesisCommand<'packRecords'> = {
        service: 'kinesis',
        kind: 'packRecords',
        streamNumber,
        plan,
      }
      const reads = () => {
        Object.assign(plan, planPacking(due, packing.ofStream(streamNumber)))
        return plan.bodyIds
      }
      // A run that can't be read stays as it is, and may be readable again.
      return { at: Math.max(at, packing.restsUntil), command, reads, doesWithoutUnreadable: true }
    }
    packing.forget(records)
  }
  return null
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
  const { runs, firstIndexes } = admit(stream, command, now)
  if (runs.length > 0) {
    // A run that is large stays as it is for as long as its records do.
    const bodyBytes = command.bodies[0].length
    const staysAsItIs = runs.some(({ bytes }) => isLarge({ bytes, bodyBytes }))
    const lifetime = staysAsItIs ? chunkLifetime(stream.retentionMs) : 0
    const bodyId = runs.length === 1 ? step.store(0, lifetime) : step.storeShared(0, lifetime)
    if (runs.length > 1) step.retain(bodyId, runs.length)
    const kind = command.isSealed ? RECORD_EVENT.sealedRecordsPut : RECORD_EVENT.recordsPut
    step.emit({ kind, stream: number, bodyId, bodyBytes, lifetime, isEncrypted, runs })
  }
  return { kind: 'put', now, isEncrypted, firstIndexes }
}

/** What of the groups comes to its shard, and the indexes that it gets there. Groups of one shard that lie together are one run, unless sealed. */
function admit(
  stream: RecordStream,
  { groups, isMetered, isSealed, bodies: [body] }: KinesisCommand<'putRecords'>,
  now: number,
): { readonly runs: readonly RunPut[]; readonly firstIndexes: readonly (number | null)[] } {
  const runs: RunPut[] = []
  const firstIndexes: (number | null)[] = []
  /** The newest of the runs, unless something was refused behind it. */
  let newest: { -readonly [Member in keyof RunPut]: RunPut[Member] } | null = null
  // Mostly each shard has one group, behind those of shards with smaller numbers.
  const nextIndexes = hasEachOnce(groups) ? null : new Map<number, number>()
  let offset = 0
  for (const { shard: number, count, bytes, payloadBytes } of groups) {
    const { records } = openShard(stream, number)
    if (isMetered && !records.throughput.admitWrite(now, count, payloadBytes)) {
      firstIndexes.push(null)
      newest = null
    } else {
      if (newest === null || newest.shard !== number || isSealed) {
        newest = { shard: number, offset, bytes, count }
        runs.push(newest)
      } else {
        newest.bytes += bytes
        newest.count += count
      }
      const firstIndex = nextIndexes?.get(number) ?? records.nextIndex
      nextIndexes?.set(number, firstIndex + count)
      firstIndexes.push(firstIndex)
    }
    offset += bytes
  }
  if (offset !== body.length) throw new Error(`groups of ${offset} bytes in a body of ${body.length}`)
  return { runs, firstIndexes }
}

/** True only where no two groups are of one shard. */
function hasEachOnce(groups: readonly RecordGroup[]): boolean {
  for (let i = 1; i < groups.length; i++) if (groups[i]!.shard <= groups[i - 1]!.shard) return false
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

function packRecords(
  { streams, packing }: RecordContext,
  { streamNumber, plan: { shards, bodyIds }, read = [] }: KinesisCommand<'packRecords'>,
  step: Step<RecordEvent>,
): null {
  const stream = streams.numbered(streamNumber)
  if (stream === undefined) return null
  const bodies = new Map(bodyIds.map((bodyId, i) => [bodyId, read[i] ?? null]))
  let runCount = 0
  for (const { shard, ...range } of shards) {
    // While the bodies were read, the oldest runs may have gone or been packed.
    const runs = stream.shardNumbered(shard)?.records.recentRuns(range) ?? []
    if (runs.length === 0) continue
    packShard(stream, shard, runs, bodies, step)
    runCount += runs.length
  }
  let readBytes = 0
  for (const body of read) readBytes += body?.length ?? 0
  packing.rest(step.now, runCount, readBytes)
  return null
}

/** Packs the shard's oldest runs, or as many as can be: the others come with another chore. */
function packShard(
  stream: RecordStream,
  shard: number,
  runs: readonly Run[],
  bodies: ReadonlyMap<number, Uint8Array | null>,
  step: Step<RecordEvent>,
): void {
  const { number } = stream
  const read = runs.map(({ bodyId }) => bodies.get(bodyId) ?? null)
  const kept = runsToKeep(runs, read)
  if (kept.length > 0) {
    const { from, to } = rangeOf(kept)
    step.emit({ kind: RECORD_EVENT.runsKept, stream: number, shard, from, to })
    return
  }
  const bodiesFound = upToFirstLost(read)
  const packed = runs.slice(0, bodiesFound.length)
  const chunk = writeChunk(packed, bodiesFound)
  const lifetime = chunkLifetime(stream.retentionMs)
  const bodyId = step.storeMade(chunk, lifetime)
  const { from, to } = rangeOf(packed)
  const { length: bytes } = chunk
  step.emit({ kind: RECORD_EVENT.recordsPacked, stream: number, shard, from, to, bodyId, bytes, lifetime })
}

/** Of the runs, those at the beginning that stay as they are: the large ones, those that are lost, and one by itself. */
function runsToKeep(runs: readonly Run[], read: readonly (Uint8Array | null)[]): readonly Run[] {
  if (isLarge(runs[0]!)) return runs
  const firstFound = read.findIndex((body) => body !== null)
  if (firstFound !== 0) return runs.slice(0, Math.max(1, firstFound < 0 ? read.length : firstFound))
  return read.length < 2 || read[1] === null ? runs.slice(0, 1) : []
}

function upToFirstLost(read: readonly (Uint8Array | null)[]): readonly Uint8Array[] {
  const found: Uint8Array[] = []
  for (const body of read) {
    if (body === null) break
    found.push(body)
  }
  return found
}

function rangeOf(runs: readonly Run[]): { readonly from: number; readonly to: number } {
  return { from: runs[0]!.firstIndex, to: endOf(runs.at(-1)!) }
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
