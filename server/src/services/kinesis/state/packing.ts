import type { Lifetime } from '../../../core/lifetime.ts'
import type { RunList } from './run-list.ts'
import { RUN_RECORDS_MAX } from './run-page.ts'

/**
 * Which runs of a shard are packed, and when: see docs/decisions/0019-streams.md.
 *
 * ```
 *   recent runs    small │ small │ small │ large │ large │ small │ …
 *                  └── one chunk of ────┘ └ stay as ────┘
 *                      about 64 KiB         they are, as chunks
 * ```
 */
const KIB = 1024
/** What a chunk is to have. */
const CHUNK_BYTES = 64 * KIB
/** A run of so many bytes is not worth to be copied; nor is one of fewer that has its body for itself. */
const LARGE_RUN_BYTES = 32 * KIB
const LARGE_BODY_BYTES = 16 * KIB
/** Runs that one chunk is made of, and stored bytes that are read for it, at most. */
export const PACKED_RUNS_MAX = 256
const READ_BYTES_MAX = 8 * KIB * KIB
/** Of all shards that one chore packs together: runs, bytes of records, and stored bytes that are read for them. Some milliseconds' work. */
export const CHORE_RUNS_MAX = 8192
export const CHORE_BYTES_MAX = 2 * KIB * KIB
export const CHORE_READ_BYTES_MAX = 16 * KIB * KIB
/** So many chores have enough to do with what the first of them reads. */
export const CHORES_PER_READ = 4
/** A chunk may be smaller by so much where that lets shards share what is read. */
export const SHARED_PART_MIN = 1 / 4
/** And larger by so much where a shard has more in what is read: none of it is read again for what would be left over. */
const SHARED_PART_MAX = 5 / 4
/** Runs wait for so long, so that a chunk has something to gather. */
export const PACKED_AFTER_MS = 10_000
/** Shards with more of them don't wait for that. */
export const RECENT_RUNS_MAX = 8192
export const RECENT_BYTES_MAX = 4 * KIB * KIB
/** So many times as long as a chore takes about, is nothing packed behind it: those who wait for answers have the thread for themselves. */
const RESTS_PER_CHORE = 16
/** For so long a chore gives way to requests. With load that never pauses one is done every so often, which tells how much waits by then. */
const GIVES_WAY_MS = 5000
/** About how long a chore takes, with all that the journal does for it: to encrypt and write costs more than all else. */
const MS_PER_RUN = 1 / KIB
const MS_PER_READ_BYTE = 0.5 / KIB / KIB
const MS_PER_WRITTEN_BYTE = 3 / KIB / KIB
/** What may wait for its turn, in all shards: 96 MiB of entries. The more there is, the shorter is the rest; with so much there is none. */
export const WAITING_RUNS_MAX = 4 * KIB * KIB

const HOUR_MS = 3_600_000
const DAYS_MS = 48 * HOUR_MS
const WEEKS_MS = 31 * 24 * HOUR_MS

/** Whether the run is a chunk by itself. */
export function isLarge({
  bytes,
  bodyBytes,
}: {
  readonly bytes: number
  readonly bodyBytes: number
}): boolean {
  return bytes >= LARGE_RUN_BYTES || (bytes >= LARGE_BODY_BYTES && bytes === bodyBytes)
}

/** For how long a chunk of a stream with such a retention is needed. */
export function chunkLifetime(retentionMs: number): Lifetime {
  if (retentionMs <= DAYS_MS) return 1
  return retentionMs <= WEEKS_MS ? 2 : 3
}

/** When the oldest of a shard's recent runs are to be packed, in milliseconds since the epoch; Infinity while there are too few. */
export function packingDueAt(recent: RunList): number {
  switch (gatheredFor(recent)) {
    case 'nothing':
      return Number.POSITIVE_INFINITY
    case 'a chunk':
      return recent.firstTime + PACKED_AFTER_MS
    case 'many chunks':
      return recent.firstTime
  }
}

/** What a shard's recent runs are enough for. */
export function gatheredFor({ size, bytes }: RunList): 'nothing' | 'a chunk' | 'many chunks' {
  if (size < PACKED_RUNS_MAX && bytes < CHUNK_BYTES) return 'nothing'
  return size > RECENT_RUNS_MAX || bytes > RECENT_BYTES_MAX ? 'many chunks' : 'a chunk'
}

/** What a chore did. */
export interface PackingDone {
  readonly runs: number
  /** Stored bytes of bodies that it read. */
  readonly readBytes: number
  /** Of chunks. */
  readonly writtenBytes: number
}

/** What part of what may wait doesn't: 1 where nothing waits, 0 where too much does. */
function roomLeft(waitingRuns: number): number {
  return Math.max(0, 1 - waitingRuns / WAITING_RUNS_MAX)
}

/** For how long nothing is to be packed, in milliseconds, behind a chore that did so much, while so many runs wait. */
export function packingRest({ runs, readBytes, writtenBytes }: PackingDone, waitingRuns: number): number {
  const choreMs = runs * MS_PER_RUN + readBytes * MS_PER_READ_BYTE + writtenBytes * MS_PER_WRITTEN_BYTE
  return Math.floor(choreMs * RESTS_PER_CHORE * Math.min(1, 2 * roomLeft(waitingRuns)))
}

/**
 * For how long the next chore waits for a lull of requests, in milliseconds, while so many runs wait. With half of what may wait it doesn't
 * any more: what comes within five seconds has room in the other half.
 */
export function packingGivesWayMs(waitingRuns: number): number {
  return Math.floor(GIVES_WAY_MS * Math.max(0, 2 * roomLeft(waitingRuns) - 1))
}

/** A shard's oldest runs that are to become one chunk, or stay as they are. */
export interface RunsToPack {
  /** Their records: from one index on, up to before another. */
  readonly from: number
  readonly to: number
  /** How many runs. */
  readonly count: number
  /** Of their records. */
  readonly bytes: number
  /** The body that the newest of them lies in. */
  readonly lastBodyId: number
  /** Whether they are large, all of them. */
  readonly areLarge: boolean
}

/**
 * The oldest runs, as many as one chunk is made of: all of them large, or none. Null where there are none. With `lastBodyId` only such as lie in
 * bodies up to that, which are read for another shard.
 */
export function runsToPack(recent: RunList, lastBodyId = Number.POSITIVE_INFINITY): RunsToPack | null {
  const run = recent.read(0, Number.POSITIVE_INFINITY)
  if (!run.next() || run.bodyId > lastBodyId) return null
  const from = run.firstIndex
  const areLarge = isLarge(run)
  const parts = lastBodyId === Number.POSITIVE_INFINITY ? 1 : SHARED_PART_MAX
  let [to, newest] = [from, run.bodyId]
  let [count, records, bytes, readBytes] = [0, 0, 0, 0]
  do {
    records += run.count
    readBytes += run.bodyBytes
    if (run.bodyId > lastBodyId || isLarge(run) !== areLarge) break
    const isTooMuch = records > RUN_RECORDS_MAX || readBytes > READ_BYTES_MAX
    if (isTooMuch && !areLarge && count > 0) break
    count++
    bytes += run.bytes
    to = run.endIndex
    newest = run.bodyId
  } while (count < parts * PACKED_RUNS_MAX && (areLarge || bytes < parts * CHUNK_BYTES) && run.next())
  return { from, to, count, bytes, lastBodyId: newest, areLarge }
}
