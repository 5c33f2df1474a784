import type { Chore, Step } from '../../../core/service-state.ts'
import type { KinesisCommand, PackingPlan } from '../commands.ts'
import { writeChunk } from '../record-format.ts'
import { CHORE_BYTES_MAX, CHORE_RUNS_MAX, chunkLifetime, isLarge } from './packing.ts'
import { planPacking } from './packing-plan.ts'
import { RECORD_EVENT, type RecordEvent } from './record-events.ts'
import type { RecordContext, RecordStream } from './record-stream.ts'
import { endOf, type Run } from './run-page.ts'

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
    // Since it was planned, the oldest runs may have gone or been packed.
    const runs = stream.shardNumbered(shard)?.records.recentRuns(range) ?? []
    if (runs.length === 0) continue
    writtenBytes += packShard(stream, shard, runs, bodies, step)
    runCount += runs.length
  }
  if (done < shards.length) {
    packing.left = { ...command, plan: { shards: shards.slice(done), bodyIds }, goesOn: true }
  }
  let readBytes = 0
  if (!goesOn) for (const body of read) readBytes += body?.length ?? 0
  packing.rest(step.now, { runs: runCount, readBytes, writtenBytes })
  return null
}

/** Packs the shard's oldest runs, or as many as can be: the others come with another chore. Says how many bytes it wrote. */
function packShard(
  stream: RecordStream,
  shard: number,
  runs: readonly Run[],
  bodies: ReadonlyMap<number, Uint8Array | null>,
  step: Step<RecordEvent>,
): number {
  const { number } = stream
  const read = runs.map(({ bodyId }) => bodies.get(bodyId) ?? null)
  const kept = runsToKeep(runs, read)
  if (kept.length > 0) {
    const { from, to } = rangeOf(kept)
    step.emit({ kind: RECORD_EVENT.runsKept, stream: number, shard, from, to })
    return 0
  }
  const bodiesFound = upToFirstLost(read)
  const packed = runs.slice(0, bodiesFound.length)
  const chunk = writeChunk(packed, bodiesFound)
  const lifetime = chunkLifetime(stream.retentionMs)
  const bodyId = step.storeMade(chunk, lifetime)
  const { from, to } = rangeOf(packed)
  const { length: bytes } = chunk
  step.emit({ kind: RECORD_EVENT.recordsPacked, stream: number, shard, from, to, bodyId, bytes, lifetime })
  return bytes
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
