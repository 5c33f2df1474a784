import type { Bodies, Chore, Step } from '../../../../core/service-state.ts'
import type { KinesisCommand, PackingPlan, ShardToPack } from '../../commands.ts'
import { ChunkSize, ChunkWriter } from '../../record-format.ts'
import { RECORD_EVENT, type RecordEvent } from '../record-events.ts'
import type { RecordContext, RecordStream } from '../record-stream.ts'
import { CHORE_BYTES_MAX, CHORE_RUNS_MAX, CHUNK_BYTES, CHUNK_RUNS, chunkLifetime } from './packing.ts'
import { planPacking } from './packing-plan.ts'
import { PlannedRuns } from './planned-runs.ts'

/** The packing that is due first. */
export function packingChore({ streams, packing }: RecordContext): Chore | null {
  const { restsUntil, givesWayMs, left } = packing
  if (left !== null) return { at: restsUntil, givesWayUntil: restsUntil + givesWayMs, command: left }
  for (let next = packing.next(); next !== null; next = packing.next()) {
    const stream = streams.numbered(next.stream.number)
    if (stream !== undefined) {
      // What is packed is found out only when it is time: this is asked for after every command.
      const plan: { -readonly [Member in keyof PackingPlan]: PackingPlan[Member] } = {
        ...{ shards: [], bodies: [], bodyIds: [] },
      }
      const command: KinesisCommand<'packRecords'> = {
        service: 'kinesis',
        kind: 'packRecords',
        streamNumber: stream.number,
        plan,
      }
      const reads = () => {
        Object.assign(plan, planPacking(stream))
        return plan.bodyIds
      }
      // A run that can't be read stays as it is, and may be readable again.
      const from = Math.max(next.at, restsUntil)
      return { at: from, givesWayUntil: from + givesWayMs, command, reads, doesWithoutUnreadable: true }
    }
    packing.forget(next.stream)
  }
  return null
}

/**
 * Decides a chore: of shard after shard, what arrived becomes chunks, or stays as it is; and with the last shard the arrivals go. What would take too long is left
 * for another chore.
 */
export function packRecords(
  { streams, packing }: RecordContext,
  command: KinesisCommand<'packRecords'>,
  step: Step<RecordEvent>,
): null {
  const { streamNumber, plan, read = [], done: before = 0 } = command
  const { shards, bodies } = plan
  packing.left = null
  const stream = streams.numbered(streamNumber)
  if (stream === undefined) return null
  const work = new PackingWork(stream, step)
  let done = before
  while (done < shards.length && work.packSome(shards[done]!, new PlannedRuns(shards[done]!, bodies, read)))
    done++
  // What was retained is held for certain once this command is over: until then its arrival holds it.
  if (done < shards.length || work.hasRetained) packing.left = { ...command, done }
  else passArrivals(stream, bodies.at(-1)?.bodyId ?? -1, step)
  const { runs, writtenBytes } = work
  packing.rest(step.now, { runs, writtenBytes, readBytes: before === 0 ? bytesOf(read) : 0 })
  return null
}

/** What one chore does. */
class PackingWork {
  runs = 0
  writtenBytes = 0
  hasRetained = false
  readonly #stream: RecordStream
  readonly #step: Step<RecordEvent>

  constructor(stream: RecordStream, step: Step<RecordEvent>) {
    this.#stream = stream
    this.#step = step
  }

  /** False where there is more of the shard than this chore may do. */
  packSome({ shard, from }: ShardToPack, runs: PlannedRuns): boolean {
    const records = this.#stream.shardNumbered(shard)?.records
    if (records === undefined) return true
    let [at, index] = [0, from]
    // Since it was planned some may have gone, or been packed by the chore before.
    for (; at < runs.length && index < records.packedTo; at++) {
      runs.moveTo(at)
      index += runs.count
    }
    while (at < runs.length) {
      const { end, isCopied, part } = alikeFrom(runs, at)
      while (at < end) {
        if (this.runs >= CHORE_RUNS_MAX || this.writtenBytes >= CHORE_BYTES_MAX) return false
        index += isCopied
          ? this.#pack(shard, index, runs, at, end, part)
          : this.#keep(shard, index, runs, at, end)
        at = runs.position + 1
      }
    }
    return true
  }

  /** Makes a chunk of the first part of the runs up to `end`, and leaves the reader at its last one. Returns how many records it has. */
  #pack(shard: number, from: number, runs: PlannedRuns, at: number, end: number, part: PartSize): number {
    const size = new ChunkSize()
    let [to, count, isSealed] = [at, 0, false]
    do {
      runs.moveTo(to++)
      size.add(runs)
      count += runs.count
      isSealed ||= runs.isSealed
    } while (to < end && size.recordsBytes < part.bytes && size.runs < part.runs)
    const writer = new ChunkWriter(size)
    for (let i = at; i < to; i++) {
      runs.moveTo(i)
      writer.add(runs, runs.body!)
    }
    const { chunk } = writer
    const lifetime = chunkLifetime(this.#stream.retentionMs)
    this.#step.emit({
      kind: RECORD_EVENT.chunkMade,
      stream: this.#stream.number,
      shard,
      from,
      to: from + count,
      bodyId: this.#step.storeMade(chunk, lifetime),
      bytes: chunk.length,
      lifetime,
      origin: { time: size.firstTime, isSealed },
    })
    this.runs += size.runs
    this.writtenBytes += chunk.length
    return count
  }

  /** Has as many of the runs up to `end` stay as they are as this chore may, each with a reference of its own to its body, and leaves the reader at the last one. Returns how many records they have. */
  #keep(shard: number, from: number, runs: PlannedRuns, at: number, end: number): number {
    const to = Math.min(end, at + CHORE_RUNS_MAX - this.runs)
    let count = 0
    for (let i = at; i < to; i++) {
      runs.moveTo(i)
      count += runs.count
      this.#step.retain(runs.bodyId)
    }
    this.hasRetained = true
    this.#step.emit({
      kind: RECORD_EVENT.runsKept,
      stream: this.#stream.number,
      shard,
      from,
      to: from + count,
    })
    this.runs += to - at
    return count
  }
}

/** Runs one behind the other that all go into chunks, or all stay as they are. */
interface AlikeRuns {
  readonly end: number
  readonly isCopied: boolean
  /** What each chunk is to have. */
  readonly part: PartSize
}

interface PartSize {
  readonly bytes: number
  readonly runs: number
}

function alikeFrom(runs: PlannedRuns, at: number): AlikeRuns {
  runs.moveTo(at)
  const { isCopied, bodyBytes } = runs
  let [end, bytes] = [at, 0]
  while (end < runs.length) {
    runs.moveTo(end)
    if (runs.isCopied !== isCopied) break
    bytes += runs.bytes
    end++
  }
  // To copy one that has its body for itself would spare nothing.
  const isAlone = end - at === 1 && bytes === bodyBytes
  // All are to be of about the same size.
  const parts = Math.max(1, Math.round(Math.max(bytes / CHUNK_BYTES, (end - at) / CHUNK_RUNS)))
  const part = { bytes: bytes / parts, runs: (end - at) / parts }
  return { end, isCopied: isCopied && !isAlone, part }
}

/** The arrivals go, up to the one whose body has the id: some of them may have gone since, all of them too. */
function passArrivals(stream: RecordStream, lastBodyId: number, step: Step<RecordEvent>): void {
  if (!stream.arrivals.reachesBackTo(lastBodyId)) return
  step.emit({ kind: RECORD_EVENT.arrivalsPassed, stream: stream.number, lastBodyId })
}

function bytesOf(read: Bodies): number {
  let bytes = 0
  for (const body of read) bytes += body?.length ?? 0
  return bytes
}
