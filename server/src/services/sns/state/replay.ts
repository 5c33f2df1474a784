/**
 * A subscription's replay of what is in its topic's archive: how far it came, as a snapshot keeps it.
 *
 * ```
 *   ReplayPolicy set     first step              no more to come
 *   ────────▶ Pending ────────▶ In progress ──────────────▶ Completed, live             what is published comes at once
 *                │                   │ EndingPoint passed
 *                │                   ├────────────────────▶ Completed, ended            what is published does not come
 *                │ ReplayPolicy      │ taken away
 *                ├───────────────────┼────────────────────▶ no status, catching up ──▶ live
 *                │ ArchivePolicy     │ taken away
 *                └───────────────────┴────────────────────▶ Failed, catching up ─────▶ live
 * ```
 *
 * Until it is live, what is published to the topic does not come by itself: it is in the archive, behind what is replayed, and
 * comes in its order. So a replay ends where the topic's newest message is, and nothing comes twice or is left out.
 */
export interface Replay {
  /** Counts the subscription's replays, from 1 on: a message has another id in the queue for each. */
  readonly number: number
  readonly status: ReplayStatus
  readonly phase: ReplayPhase
  /** The sequence number of the message that comes next, if it is in the archive. */
  readonly next: number
  /** Messages from this sequence number on did not come to the subscription before: they are not marked as replayed. */
  readonly firstNew: number
  /** When the last message that is to come was published at the latest, in milliseconds since the epoch; null for no end. */
  readonly until: number | null
  /** When the last step was made: of several replays the one that waited longest comes first. */
  readonly steppedAt: number
}

/** As AWS names them; empty for a replay that was given up. */
export type ReplayStatus = 'Pending' | 'In progress' | 'Completed' | 'Failed' | ''

export type ReplayPhase = 'replaying' | 'catching up' | 'live' | 'ended'

export type ReplayUnderWay = Replay & { readonly phase: 'replaying' | 'catching up' }

/** Messages that one step looks at, and the stored bytes that it reads, at most: some milliseconds' work. */
export const STEP_MESSAGES_MAX = 100
export const STEP_BYTES_MAX = 524_288

/** Whether messages come out of the archive. */
export function isUnderWay(replay: Replay | null): replay is ReplayUnderWay {
  return replay !== null && (replay.phase === 'replaying' || replay.phase === 'catching up')
}

/** Whether what is published comes at once. */
export function isLive(replay: Replay | null): boolean {
  return replay === null || replay.phase === 'live'
}

/** When the next step is due, where `nextSequence` is that of the message that is published next. */
export function nextStepAt({ status, next, until, steppedAt }: Replay, nextSequence: number): number {
  const isWaiting = status !== 'Pending' && next >= nextSequence && until !== null
  return isWaiting ? Math.max(steppedAt, until + 1) : steppedAt
}
