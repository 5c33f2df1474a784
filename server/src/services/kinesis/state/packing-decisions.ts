import type { Chore, Step } from '../../../core/service-state.ts'
import type { KinesisCommand, PackingPlan } from '../commands.ts'
import { ChunkSize, ChunkWriter } from '../record-format.ts'
import { CHORE_BYTES_MAX, CHORE_RUNS_MAX, chunkLifetime, isLarge } from './packing.ts'
import { planPacking } from './packing-plan.ts'
import { RECORD_EVENT, type RecordEvent } from './record-events.ts'
import type { RecordContext, RecordStream } from './record-stream.ts'
import type { IndexRange, ShardRecords } from './shard-records.ts'

/** The packing that is due first. */
export function packingChore({ streams, packing }: RecordContext): Chore | null {
  const { restsUntil, givesWayMs, left } = packing
  if (left !== null) return { at: restsUntil, givesWayUntil: restsUntil + givesWayMs, command: left }
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
      const from = Math.max(at, restsUntil)
      return { at: from, givesWayUntil: from + givesWayMs, command, reads, doesWithoutUnreadable: true }
    }
    packing.forget(records)
  }
  return null
}

/** Decides a chore: each shard's oldest runs become a chunk, or stay as they are. What would take too long is left for another chore. */
export function packRecords(
  { streams, packing }: RecordContext,
  command: KinesisCommand<'packRecords'>,
  step: Step<RecordEvent>,
): null {
  const { streamNumber, plan, read = [], goesOn = false } = command
  const { shards, bodyIds } = plan
  packing.left = null
  const stream = streams.numbered(streamNumber)
  if (stream === undefined) return null
  const bodies = new Map(bodyIds.map((bodyId, i) => [bodyId, read[i] ?? null]))
  let [done, runCount, writtenBytes] = [0, 0, 0]
  for (const { shard, ...range } of shards) {
    if (runCount >= CHORE_RUNS_MAX || writtenBytes >= CHORE_BYTES_MAX) break
    done++
    const records = stream.shardNumbered(shard)?.records
    if (records === undefined) continue
    const oldest = { stream, shard, ...oldestRuns(records, range, bodies) }
    runCount += oldest.size.runs
    if (oldest.bodies.length < 2) keepRuns(oldest, step)
    else writtenBytes += packRuns(oldest, records, step)
  }
  if (done < shards.length) {
    packing.left = { ...command, plan: { shards: shards.slice(done), bodyIds }, goesOn: true }
  }
  let readBytes = 0
  if (!goesOn) for (const body of read) readBytes += body?.length ?? 0
  packing.rest(step.now, { runs: runCount, readBytes, writtenBytes })
  return null
}

/** A shard's oldest runs, of which all are packed or none. */
interface OldestRuns {
  /** Their records: from one index on, up to before another. */
  readonly from: number
  readonly to: number
  readonly size: ChunkSize
  /** The body of each; fewer than two where they stay as they are. */
  readonly bodies: readonly Uint8Array[]
}

interface RunsOfShard extends OldestRuns {
  readonly stream: RecordStream
  readonly shard: number
}

/**
 * Of the runs with the records of the range, those at the beginning that are packed, or that stay as they are: the large ones, those that are lost, and one by
 * itself. Since they were planned, some may have gone or been packed. The others come with another chore.
 */
function oldestRuns(
  records: ShardRecords,
  range: IndexRange,
  bodies: ReadonlyMap<number, Uint8Array | null>,
): OldestRuns {
  const run = records.readRecent(range)
  const size = new ChunkSize()
  const found: Uint8Array[] = []
  let [from, to] = [range.to, range.to]
  let areLarge = false
  while (run.next()) {
    const body = bodies.get(run.bodyId) ?? null
    if (size.runs === 0) {
      from = run.firstIndex
      areLarge = isLarge(run)
    } else if (!areLarge && (body === null) !== (found.length === 0)) break
    size.add(run)
    to = run.endIndex
    if (!areLarge && body !== null) found.push(body)
  }
  return { from, to, size, bodies: found }
}

function keepRuns({ stream, shard, from, to, size }: RunsOfShard, step: Step<RecordEvent>): void {
  if (size.runs > 0) step.emit({ kind: RECORD_EVENT.runsKept, stream: stream.number, shard, from, to })
}

/** Says how many bytes the chunk has. */
function packRuns(
  { stream, shard, from, to, size, bodies }: RunsOfShard,
  records: ShardRecords,
  step: Step<RecordEvent>,
): number {
  const writer = new ChunkWriter(size)
  const run = records.readRecent({ from, to })
  for (let i = 0; run.next(); i++) writer.add(run, bodies[i]!)
  const { chunk } = writer
  const lifetime = chunkLifetime(stream.retentionMs)
  const bodyId = step.storeMade(chunk, lifetime)
  const place = { stream: stream.number, shard, from, to }
  step.emit({ kind: RECORD_EVENT.recordsPacked, ...place, bodyId, bytes: chunk.length, lifetime })
  return chunk.length
}
