import type { Lifetime } from '../../../../core/lifetime.ts'

/**
 * Which arrivals of a stream are packed, and when: see docs/decisions/0034-arrivals.md.
 *
 * ```
 *   arrivals          A1 B1 C1 │ B2 │ A3 C3 │ A4 B4 │ …           runs of shards A, B and C, as they came
 *   chunks            A1 A3 A4 …     B1 B2 B4 …     C1 C3 …       about 64 KiB each
 *
 *   of a shard        small │ small │ small │ large │ small │ small │ …
 *                     └── one chunk ──────┘ stays as  └─ one ──┘
 *                                            it is
 * ```
 */
const KIB = 1024
/** What a chunk is to have, and runs that it is made of, about. */
export const CHUNK_BYTES = 64 * KIB
export const CHUNK_RUNS = 256
/** A run of so many bytes is not worth to be copied; nor is one of fewer that has its body for itself. */
const LARGE_RUN_BYTES = 32 * KIB
const LARGE_BODY_BYTES = 16 * KIB
/** What one chore does at most, about, of what was read: runs, and bytes of records. Some milliseconds' work. */
export const CHORE_RUNS_MAX = 8192
export const CHORE_BYTES_MAX = 2 * KIB * KIB
/** What is read at once, for that chore and those behind it: runs, and stored bytes of bodies. */
export const READ_RUNS_MAX = 4 * CHORE_RUNS_MAX
export const READ_BYTES_MAX = 16 * KIB * KIB
/** Arrivals wait for so long, so that chunks have something to gather; where there is more than is read at once, they don't. */
export const PACKED_AFTER_MS = 10_000
/** So many times as long as a chore takes about, is nothing packed behind it: those who wait for answers have the thread for themselves. */
const RESTS_PER_CHORE = 16
/** For so long a chore gives way to requests. With load that never pauses one is done every so often, which tells how much waits by then. */
const GIVES_WAY_MS = 5000
/** About how long a chore takes, with all that the journal does for it: to encrypt and write costs more than all else. */
const MS_PER_RUN = 1 / KIB
const MS_PER_READ_BYTE = 0.5 / KIB / KIB
const MS_PER_WRITTEN_BYTE = 3 / KIB / KIB
/** What may wait for its turn, in all streams: some 32 to 100 MiB. The more there is, the shorter is the rest; with so much there is none. */
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

/** What waits to be packed. */
interface Waiting {
  readonly runs: number
  /** Of bodies. */
  readonly bytes: number
  /** When the oldest arrived, in milliseconds since the epoch. */
  readonly firstTime: number
}

/** When the oldest arrivals of a stream with so many open shards are to be packed, in milliseconds since the epoch; Infinity while there are too few to give each shard a chunk. */
export function packingDueAt({ runs, bytes, firstTime }: Waiting, shards: number): number {
  const isEnough =
    runs >= Math.min(shards * CHUNK_RUNS, READ_RUNS_MAX) ||
    bytes >= Math.min(shards * CHUNK_BYTES, READ_BYTES_MAX)
  if (!isEnough) return Number.POSITIVE_INFINITY
  return runs > READ_RUNS_MAX || bytes > READ_BYTES_MAX ? firstTime : firstTime + PACKED_AFTER_MS
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
