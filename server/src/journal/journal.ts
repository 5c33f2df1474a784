/**
 * The journal: the only durable truth. It keeps events (small, replayed at start) and bodies (opaque, read on demand) in
 * one order, and snapshots of the state the events built.
 *
 * ```
 *   append ──▶ open frame ──▶ (few writes + syncs at a time) ──▶ durable, onDurable(frame), in order
 *                  ▲ what arrives meanwhile gathers here
 * ```
 *
 * Rules that every engine keeps (the suite in `contract.ts` checks them):
 * - What one `append` brings becomes durable together or not at all, and in the order of the calls.
 * - Frame numbers grow by one; body ids are dense, in append order, never reused.
 * - After a failed write or sync the engine reports `onFailure` once and stays closed: no later call succeeds, no sync
 *   is tried again.
 */
export interface Journal {
  /** The id that the next appended body will get. */
  readonly nextBodyId: number
  /** The number of the frame that what is appended now belongs to. */
  readonly openFrame: number
  /** All frames up to and including this one are durable (as far as the durability level promises). */
  readonly durableFrame: number
  /** True while free space is below the floor: the caller refuses what grows the journal, and goes on with the rest. */
  readonly lowOnSpace: boolean

  /**
   * Adds one command's events and bodies to the open frame and returns the frame's number. Takes ownership of the
   * arrays. `now` is milliseconds since the epoch, never less than in an earlier call. `lifetimes` has one for each body;
   * left out or null where all are 0.
   */
  append(
    now: number,
    events: Uint8Array,
    bodies: readonly Uint8Array[],
    lifetimes?: readonly Lifetime[] | null,
  ): number

  /**
   * The bytes of each body, in the order asked for: at once where all are cached, else as a promise. The views may
   * share memory and must not be changed. Rejects with `JournalError` for corrupt bytes or an id that is not live, and with
   * `BodiesLostError` for what a repair wrote off.
   */
  read(bodyIds: readonly number[]): readonly Uint8Array[] | Promise<readonly Uint8Array[]>

  /** Takes one reference off a body. With the last one its space may be reclaimed, but never before it is safe. */
  release(bodyId: number, bytes: number): void
  /** Adds references, one if left out, to a body that is live (fan-out, a move between queues before the old place lets go). */
  retain(bodyId: number, count?: number): void

  /**
   * Begins a snapshot of the state as it is now, that is after every append so far: the open frame takes nothing more.
   * One at a time.
   */
  beginSnapshot(): SnapshotWriter

  /** Figures for logs, health and metrics. */
  stats(): JournalStats

  /** Writes out what is open, seals, syncs and closes. Resolves when all that was appended is durable. */
  close(): Promise<void>
}

export interface SnapshotWriter {
  /** The last frame that the snapshot covers. */
  readonly frame: number
  /** A unit as it was at the cut. Takes ownership of the bytes. Resolves when more may be written (back-pressure). */
  write(unit: number, bytes: Uint8Array): Promise<void>
  /** The unit is as it was in the newest snapshot before this one, which has it. */
  keep(unit: number): void
  /** The snapshot, and what it keeps of older files, is durable and verified when this resolves. */
  finish(): Promise<void>
  /** Drops what was written. */
  abort(): Promise<void>
}

export interface JournalStats {
  readonly frames: number
  readonly segments: number
  readonly bytes: number
  readonly liveBytes: number
  readonly snapshotFrame: number
  /** Bytes of frames appended since the newest snapshot: what a restart would have to replay. */
  readonly replayBytes: number
}

/** What a state gives the engine to be rebuilt: called in this order, once, while the journal opens. */
export interface Recovery {
  /** The units of the newest snapshot that verifies, and the time of its frame. Not called when there is none. */
  restore(units: ReadonlyMap<number, Uint8Array>, now: number): void
  /** The events of one block of a frame after the snapshot, in order. An exception stops the opening. */
  replay(frame: ReplayedFrame): void
  /** Calls `visit` with every body that the rebuilt state refers to, once for each reference. */
  live(visit: VisitBody): void
}

export interface ReplayedFrame {
  readonly number: number
  /** The journal's time when the frame was cut, in milliseconds since the epoch. */
  readonly now: number
  readonly events: Uint8Array
}

/**
 * `bytes` is the body's length as it was appended; the lifetime is 0 if left out. A call each, not an object: there may be
 * ten million.
 */
export type VisitBody = (bodyId: number, bytes: number, lifetime?: Lifetime) => void

/**
 * How long a body is likely to be needed: the greater the number, the longer. An engine may let bodies of a kind lie together,
 * and does nothing else with it; what the state says while the journal opens holds from then on.
 */
export type Lifetime = 0 | 1 | 2 | 3

export interface JournalListener {
  /** Called after each commit with the newest durable frame. */
  onDurable(frame: number): void
  /** Called once, with the reason: nothing that was not reported durable may be answered any more. */
  onFailure(error: Error): void
}

/** `fsync`: durable before answered. `os`: handed to the kernel. `memory`: nothing is kept at all. */
export type Durability = 'fsync' | 'os' | 'memory'

/** The world under the journal failed, or what it holds can't be trusted. Says what is now unknown and what to do. */
export class JournalError extends Error {
  override readonly name: string = 'JournalError'
}

/**
 * Bodies that are referred to but lost: a repair found them damaged or missing and was told to accept that. They will never be
 * back; whoever refers to them is to let go of them.
 */
export class BodiesLostError extends JournalError {
  override readonly name = 'BodiesLostError'
  readonly bodyIds: readonly number[]

  constructor(bodyIds: readonly number[]) {
    super(`lost, as a repair of the journal accepted: bodies ${bodyIds.join(', ')}`)
    this.bodyIds = bodyIds
  }
}
