import type { PackingPlan, ShardToPack } from '../commands.ts'
import {
  CHORE_BYTES_MAX,
  CHORE_READ_BYTES_MAX,
  CHORE_RUNS_MAX,
  CHORES_PER_READ,
  type RunsToPack,
  SHARED_PART_MIN,
} from './packing.ts'
import type { Packing } from './packing-queue.ts'
import type { ShardRecords } from './shard-records.ts'

/** What could be packed of a shard. */
interface Candidate extends RunsToPack {
  readonly shard: number
  readonly records: ShardRecords
}

/** Of bodies their stored bytes. */
type Bodies = ReadonlyMap<number, number>

/**
 * What to pack together with the oldest runs of the shard that is due. A body that was put into many shards has a run for each of
 * them; so runs of other shards of the stream that lie in the same bodies are packed with them, and such a body is read once for
 * all.
 *
 * ```
 *   bodies       1    2    3    4    5    6    7          the shard that is due has runs in 1, 3 and 5;
 *   due         ▪         ▪         ▪         ▫          what the others have up to there is taken with them, if that is
 *   other       ▪    ▪    ▪    ▪         ▫    ▫          enough for a chunk. What lies behind comes with a later chore.
 * ```
 *
 * Where that is more to read than a chore may, all take what lies in the oldest bodies of them; or, if too little would be left of
 * each for a chunk, the others are left out that have too much in bodies of their own. It may be work for several chores: those behind
 * the first one use what that has read.
 */
export function planPacking(due: Packing, ofStream: Iterable<Packing>): PackingPlan {
  const own = candidateOf(due)
  if (own === null) throw new Error(`shard ${due.shard} has nothing to pack`)
  if (own.count < 2 || own.areLarge) return { shards: [rangeOf(own)], bodyIds: [] }
  const candidates = candidatesWith(own, ofStream)
  const bodies = bodiesOf(candidates)
  if (bytesOfAll(bodies) <= CHORE_READ_BYTES_MAX) return planOf(candidates, bodies)
  const fewer = fitIntoRead(candidates, bodies)
  return planOf(fewer, bodiesOf(fewer))
}

function candidateOf(
  { shard, records }: Pick<Packing, 'shard' | 'records'>,
  lastBodyId?: number,
): Candidate | null {
  const runs = records.runsToPack(lastBodyId)
  return runs && { shard, records, ...runs }
}

/** The shard's own runs, and those of the others in the same time that are worth a chunk. */
function candidatesWith(own: Candidate, ofStream: Iterable<Packing>): readonly Candidate[] {
  const candidates = [own]
  let { count, bytes } = own
  for (const packing of ofStream) {
    if (count >= CHORES_PER_READ * CHORE_RUNS_MAX || bytes >= CHORES_PER_READ * CHORE_BYTES_MAX) break
    if (packing.records === own.records) continue
    const candidate = candidateOf(packing, own.lastBodyId)
    if (candidate === null || !isWorthChunk(candidate, own)) continue
    candidates.push(candidate)
    count += candidate.count
    bytes += candidate.bytes
  }
  return candidates
}

/** Where there is too much to read. */
function fitIntoRead(candidates: readonly Candidate[], bodies: Bodies): readonly Candidate[] {
  const own = candidates[0]!
  const lastBodyId = lastToRead(bodies)
  const ownCut = candidateOf(own, lastBodyId)
  if (ownCut === null || !isWorthChunk(ownCut, own)) return thoseThatShare(candidates)
  return candidates
    .map((candidate) => candidateOf(candidate, lastBodyId))
    .filter((cut): cut is Candidate => cut !== null && isWorthChunk(cut, ownCut))
}

/** Of the oldest of the bodies, as many as may be read: the id of the last. */
function lastToRead(bodies: Bodies): number {
  let readBytes = 0
  let last = 0
  for (const [bodyId, bytes] of [...bodies].sort(([a], [b]) => a - b)) {
    readBytes += bytes
    if (readBytes > CHORE_READ_BYTES_MAX) break
    last = bodyId
  }
  return last
}

/** The first candidate, and those after it up to the first for which there is too much to read. */
function thoseThatShare(candidates: readonly Candidate[]): readonly Candidate[] {
  const bodies = new Map<number, number>()
  let readBytes = 0
  const tooMuch = candidates.findIndex((candidate) => {
    readBytes += addBodies(candidate, bodies)
    return readBytes > CHORE_READ_BYTES_MAX
  })
  return candidates.slice(0, Math.max(1, tooMuch))
}

/** Says how many bytes they add. */
function addBodies({ records, from, to }: Candidate, bodies: Map<number, number>): number {
  let added = 0
  const run = records.readRecent({ from, to })
  while (run.next()) {
    const { bodyId } = run
    if (bodies.has(bodyId)) continue
    const { bodyBytes } = run
    bodies.set(bodyId, bodyBytes)
    added += bodyBytes
  }
  return added
}

/** Whether they are two at least, and not much less than the other shard has. */
function isWorthChunk({ count, bytes, areLarge }: Candidate, own: Candidate): boolean {
  if (count < 2 || areLarge) return false
  return count >= own.count * SHARED_PART_MIN || bytes >= own.bytes * SHARED_PART_MIN
}

function bodiesOf(candidates: readonly Candidate[]): Bodies {
  const bodies = new Map<number, number>()
  for (const candidate of candidates) addBodies(candidate, bodies)
  return bodies
}

function bytesOfAll(bodies: Bodies): number {
  let sum = 0
  for (const bytes of bodies.values()) sum += bytes
  return sum
}

function planOf(candidates: readonly Candidate[], bodies: Bodies): PackingPlan {
  return { shards: candidates.map(rangeOf), bodyIds: [...bodies.keys()].sort((a, b) => a - b) }
}

function rangeOf({ shard, from, to }: Candidate): ShardToPack {
  return { shard, from, to }
}
