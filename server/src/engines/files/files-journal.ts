import type { Random } from '../../base/random.ts'
import type { Clock, Timers } from '../../base/time.ts'
import {
  type Durability,
  type Journal,
  JournalError,
  type JournalListener,
  type JournalStats,
  type Lifetime,
  type Recovery,
  type SnapshotWriter,
} from '../../journal/journal.ts'
import { BlockCache } from './block-cache.ts'
import type { Segment } from './body-file.ts'
import type { BodyPlaces } from './body-places.ts'
import { BodyReader } from './body-reader.ts'
import { checkKeys } from './check-keys.ts'
import { encodeCutRecord } from './cut-record.ts'
import type { Disk } from './disk.ts'
import { GroupCommit } from './group-commit.ts'
import { Housekeeping } from './housekeeping.ts'
import { writeIndex } from './index-file.ts'
import { finishRotation } from './key-rotation.ts'
import { type Encryption, Keyring } from './keyring.ts'
import { FILES_LIMITS, type FilesLimits } from './limits.ts'
import { OpenFiles } from './open-files.ts'
import { Reclaim } from './reclaim.ts'
import { type Recovered, recover } from './recover.ts'
import type { References } from './references.ts'
import { Relocation } from './relocation.ts'
import { openSpaceGuard, RESERVE_FILE, SPACE_LIMITS, type SpaceGuard, type SpaceLimits } from './reserve.ts'
import { openSnapshots, type SnapshotStore } from './snapshots.ts'

const LOW_SPACE_BYTES = 1024 ** 3

export interface FilesJournalOptions {
  readonly disk: Disk
  readonly random: Random
  readonly timers: Timers
  /** Left out, new files are plain, and encrypted ones can't be read. */
  readonly encryption?: Encryption | undefined
  readonly recovery: Recovery
  readonly listener: JournalListener
  /** `fsync` if left out. With `os` only a segment's end is synced: frames behind it survive the process, not the power. */
  readonly durability?: Exclude<Durability, 'memory'>
  readonly limits?: Partial<FilesLimits>
  /** Watches the free space of the disk, and keeps a reserve; left out, `lowOnSpace` is never true. */
  readonly space?: {
    readonly clock: Clock
    readonly limits?: SpaceLimits
    /** Below this the disk is low. Left out: 1 GiB, or what four segments and a snapshot take, if that is more. */
    readonly floorBytes?: number
  }
  /** Told, in words for an operator, of what was noticed and survived. */
  readonly report?: (message: string) => void
}

/**
 * Opens the journal in a directory, or begins one in an empty directory: the state is rebuilt through `recovery` before this
 * resolves. Rejects with `JournalError` if what is there is damaged or not all there, or the master key is not; nothing was changed
 * then.
 */
export async function openFilesJournal(options: FilesJournalOptions): Promise<Journal> {
  const report = options.report ?? (() => {})
  const { disk, random, recovery } = options
  try {
    const keyring = new Keyring(options.encryption ?? null, random)
    await finishRotation(disk, keyring, report)
    await checkKeys(disk, keyring)
    await makeRoom(options, report)
    const snapshots = await openSnapshots({ disk, random, keyring }, report)
    const recovered = await recover({ disk, random, keyring, recovery, snapshots, report })
    const space = await openSpace(options, snapshots, report)
    return new FilesJournal(options, report, recovered, snapshots, space)
  } catch (error) {
    if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
      throw new JournalError(`the journal can't be opened: ${error.message}`, { cause: error })
    }
    throw error
  }
}

/** Recovery writes the newest segment anew. On a full disk the reserve is what that is kept for too. */
async function makeRoom(
  { disk, limits }: FilesJournalOptions,
  report: (problem: string) => void,
): Promise<void> {
  const segmentBytes = limits?.segmentBytes ?? FILES_LIMITS.segmentBytes
  if ((await disk.freeBytes()) >= 2 * segmentBytes) return
  if (!(await disk.list()).includes(RESERVE_FILE)) return
  report('the disk is full: the reserve file is given up, so that the journal can be opened')
  await disk.remove(RESERVE_FILE)
  await disk.syncDirectory()
}

async function openSpace(
  { disk, space, limits }: FilesJournalOptions,
  snapshots: SnapshotStore,
  report: (problem: string) => void,
): Promise<SpaceGuard | null> {
  if (space === undefined) return null
  const segmentBytes = limits?.segmentBytes ?? FILES_LIMITS.segmentBytes
  const floorBytes = () =>
    space.floorBytes ?? Math.max(LOW_SPACE_BYTES, 4 * segmentBytes + snapshots.newestBytes)
  return await openSpaceGuard({
    disk,
    clock: space.clock,
    limits: space.limits ?? SPACE_LIMITS,
    floorBytes,
    report,
  })
}

class FilesJournal implements Journal {
  readonly #options: FilesJournalOptions
  readonly #places: BodyPlaces
  readonly #references: References
  readonly #snapshots: SnapshotStore
  readonly #commit: GroupCommit
  readonly #bodies: BodyReader
  readonly #files: OpenFiles
  readonly #reclaim: Reclaim
  readonly #housekeeping: Housekeeping
  readonly #relocation: Relocation
  readonly #space: SpaceGuard | null
  readonly #journalId: Uint8Array
  #snapshotFrame: number
  /** Bytes of events and bodies that a restart would replay, but for what was appended since the start. */
  #replayBefore: number

  constructor(
    options: FilesJournalOptions,
    report: (message: string) => void,
    recovered: Recovered,
    snapshots: SnapshotStore,
    space: SpaceGuard | null,
  ) {
    const { disk, timers } = options
    const { origin, places, segment, file, now } = recovered
    const limits = { ...FILES_LIMITS, ...options.limits }
    const cache = new BlockCache(limits.cacheBytes)
    this.#options = options
    this.#places = places
    this.#references = recovered.references
    this.#snapshots = snapshots
    this.#space = space
    this.#journalId = origin.journalId
    this.#snapshotFrame = recovered.snapshotFrame
    this.#replayBefore = recovered.replayedBytes
    this.#files = new OpenFiles(disk, limits.openFiles)
    this.#commit = new GroupCommit(
      {
        origin,
        timers,
        limits,
        places,
        cache,
        durability: options.durability ?? 'fsync',
        beforeWrite: (bytes) => space?.room(bytes),
        takeSpare: (bytes) => space?.takeSpare(bytes) ?? true,
        onDurable: (frame) => options.listener.onDurable(frame),
        onFailure: (error) => {
          this.#relocation.stop()
          this.#housekeeping.stop()
          options.listener.onFailure(error)
        },
        onSealed: (sealed) => this.#indexSegment(sealed),
      },
      { segment, file, now },
    )
    this.#bodies = new BodyReader({
      places,
      cache,
      limits,
      files: this.#files,
      losses: recovered.losses,
      pendingBody: (bodyId) => this.#commit.pendingBody(bodyId),
    })
    this.#reclaim = new Reclaim({ disk, places, cache, files: this.#files, cut: recovered.cut })
    this.#relocation = new Relocation({
      origin,
      timers,
      limits,
      places,
      references: this.#references,
      files: this.#files,
      report,
    })
    this.#housekeeping = new Housekeeping({
      report,
      onFailure: (message, cause) => this.#commit.fail(message, cause),
    })
  }

  get nextBodyId(): number {
    return this.#commit.nextBodyId
  }

  get openFrame(): number {
    return this.#commit.openFrame
  }

  get durableFrame(): number {
    return this.#commit.durableFrame
  }

  get lowOnSpace(): boolean {
    return this.#space?.isLow() ?? false
  }

  append(
    now: number,
    events: Uint8Array,
    bodies: readonly Uint8Array[],
    lifetimes: readonly Lifetime[] | null = null,
  ): number {
    const frame = this.#commit.append(now, events, bodies)
    if (bodies.length > 0) this.#references.begin(this.#commit.openSegment, bodies, lifetimes)
    return frame
  }

  read(bodyIds: readonly number[]): readonly Uint8Array[] | Promise<readonly Uint8Array[]> {
    const { failure } = this.#commit
    return failure === null ? this.#bodies.read(bodyIds) : Promise.reject(failure)
  }

  release(bodyId: number, bytes: number): void {
    this.#references.release(bodyId, bytes)
  }

  retain(bodyId: number, count = 1): void {
    this.#references.retain(bodyId, count)
  }

  beginSnapshot(): SnapshotWriter {
    const { frame, now } = this.#commit.cut(this.#snapshots.frames[0] ?? 0)
    const files = this.#reclaim.filesAtCut(frame)
    const meta = encodeCutRecord({ journalId: this.#journalId, nextBodyId: this.nextBodyId, files })
    const appended = this.#commit.appendedBytes
    const writer = this.#snapshots.begin({ frame, now, meta })
    return {
      frame,
      write: (unit, bytes) => writer.write(unit, bytes),
      keep: (unit) => writer.keep(unit),
      abort: () => writer.abort(),
      finish: async () => {
        // A snapshot of a frame that is then lost would be of a time that never was.
        await this.#commit.whenDurable(frame)
        await writer.finish()
        this.#snapshotFrame = frame
        this.#replayBefore = -appended
        this.#reclaim.snapshotDurable(files)
        this.#tidyFiles()
      },
    }
  }

  stats(): JournalStats {
    let bytes = 0
    let liveBytes = 0
    for (const file of this.#places.files()) {
      bytes += file.bytes
      liveBytes += file.live.bytes
    }
    return {
      frames: this.#commit.durableFrame,
      segments: this.#places.segments.length,
      bytes,
      liveBytes,
      snapshotFrame: this.#snapshotFrame,
      replayBytes: this.#replayBefore + this.#commit.appendedBytes,
    }
  }

  async close(): Promise<void> {
    this.#relocation.stop()
    try {
      await this.#commit.close()
      const last = this.#places.segments.at(-1)
      if (last?.sealed) this.#indexSegment(last)
    } finally {
      await this.#housekeeping.finish()
      await this.#files.closeAll()
      await this.#space?.close()
    }
  }

  #indexSegment(segment: Segment): void {
    this.#housekeeping.run(`the index of ${segment.name}`, () => writeIndex(this.#options.disk, segment))
  }

  /** What two snapshots need nothing of is removed; what is mostly dead is made so that it can be, the next time. */
  #tidyFiles(): void {
    this.#housekeeping.run('the removal of files without live bodies', () => this.#reclaim.sweep())
    this.#relocate()
  }

  /** One piece after the other, so that other work on files comes in between, and none after one that was put off. */
  #relocate(): void {
    if (!this.#relocation.isDue) return
    this.#housekeeping.run('the relocation of live bodies', async () => {
      await this.#relocation.run()
      this.#relocate()
    })
  }
}
