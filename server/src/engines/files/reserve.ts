import type { Clock } from '../../base/time.ts'
import type { Disk } from './disk.ts'

const MIB = 1024 * 1024

/** Zeros, so that it can be seen for what it is; written out, since a hole would reserve nothing. */
export const RESERVE_FILE = 'space.reserve'
const FILL_BYTES = MIB

export interface SpaceLimits {
  /** The size of the reserve file. */
  readonly reserveBytes: number
  /** What is to stay free behind a write: file systems need a little for themselves. */
  readonly headroomBytes: number
  /** The disk is asked again after so many bytes were written. */
  readonly askAfterBytes: number
  /** The disk is asked again when its last answer is this old. */
  readonly askAfterMilliseconds: number
}

export const SPACE_LIMITS: SpaceLimits = {
  reserveBytes: 64 * MIB,
  headroomBytes: 16 * MIB,
  askAfterBytes: 64 * MIB,
  askAfterMilliseconds: 1000,
}

/** `low` ends only when there is this much more than the floor, so that it does not flicker. */
const RECOVERED = 1.1

export interface SpaceGuardOptions {
  readonly disk: Disk
  readonly clock: Clock
  readonly limits: SpaceLimits
  /** Below this many free bytes the journal takes nothing that makes it grow. Asked whenever the disk was. */
  readonly floorBytes: () => number
  readonly report: (problem: string) => void
}

/** Looks at the free space of a journal's disk, and makes the reserve file if there is room for it. */
export async function openSpaceGuard(options: SpaceGuardOptions): Promise<SpaceGuard> {
  const { disk, limits, floorBytes } = options
  const freeBytes = await disk.freeBytes()
  let hasReserve = false
  if ((await disk.list()).includes(RESERVE_FILE)) {
    const file = await disk.open(RESERVE_FILE)
    hasReserve = (await file.size()) === limits.reserveBytes
    await file.close()
    // Cut short while it was made, or another size was asked for then.
    if (!hasReserve) await disk.remove(RESERVE_FILE)
  }
  const guard = new SpaceGuard(options, freeBytes, hasReserve)
  if (!hasReserve && freeBytes >= floorBytes() + limits.reserveBytes) await guard.makeReserve()
  return guard
}

/**
 * Knows when the disk runs low, in two steps:
 *
 * ```
 *   plenty ── free < floor ──▶ low: what makes the journal grow is refused; the rest goes on
 *                                │ a write would not fit
 *                                ▼
 *                              the reserve file is given up, once; made again when there is room
 * ```
 *
 * The rest is what frees space: receives, deletes, snapshots. It has the reserve to itself, since nothing else is taken
 * any more. A write that is begun must fit, for the journal does not go on after one that fails.
 */
export class SpaceGuard {
  readonly #options: SpaceGuardOptions
  /** The disk's last answer, less what was written since. */
  #freeBytes: number
  /** Since the disk was asked. */
  #writtenBytes = 0
  #askedAt: number
  #low = false
  #hasReserve: boolean
  /** The look at the disk that is under way. */
  #asking: Promise<void> | null = null
  /** What is done to the reserve file, one after the other. */
  #reserveWork: Promise<void> = Promise.resolve()

  /** `openSpaceGuard` is the way to make one. */
  constructor(options: SpaceGuardOptions, freeBytes: number, hasReserve: boolean) {
    this.#options = options
    this.#freeBytes = freeBytes
    this.#askedAt = options.clock.now()
    this.#hasReserve = hasReserve
    this.#judge()
  }

  /** True while the journal should take nothing that makes it grow. May look at the disk again, behind the caller. */
  isLow(): boolean {
    const { clock, limits } = this.#options
    if (clock.now() - this.#askedAt >= limits.askAfterMilliseconds) void this.#ask()
    return this.#low
  }

  get hasReserve(): boolean {
    return this.#hasReserve
  }

  /**
   * To be asked before each write of `bytes` new bytes: whether they fit. True at once as long as there is plenty; when
   * there is not, the disk is asked and, if need be, the reserve given up first.
   */
  room(bytes: number): boolean | Promise<boolean> {
    const { clock, limits } = this.#options
    this.#writtenBytes += bytes
    this.#freeBytes -= bytes
    if (this.#freeBytes < limits.headroomBytes) return this.#findRoom(bytes)
    const asksAgain =
      this.#writtenBytes >= limits.askAfterBytes || clock.now() - this.#askedAt >= limits.askAfterMilliseconds
    if (asksAgain) void this.#ask()
    return true
  }

  /** Whether `bytes` may be written that could as well be left out: not where the disk is low, or would be soon. */
  takeSpare(bytes: number): boolean {
    if (this.#low || this.#freeBytes - bytes < RECOVERED * this.#options.floorBytes()) return false
    this.#writtenBytes += bytes
    this.#freeBytes -= bytes
    return true
  }

  /** Makes the reserve file. What prevents it is reported and does no harm. */
  makeReserve(): Promise<void> {
    return this.#afterReserveWork(async () => {
      if (this.#hasReserve) return
      try {
        await this.#fillReserve()
        this.#hasReserve = true
      } catch (error) {
        this.#options.report(`the reserve file could not be made: ${describe(error)}`)
        await this.#options.disk.remove(RESERVE_FILE).catch(() => {
          // Not there, or it is the same trouble again; the next start removes it.
        })
      }
    })
  }

  /** Resolves when nothing is under way any more. The reserve file stays. */
  async close(): Promise<void> {
    await this.#asking
    await this.#reserveWork
  }

  async #findRoom(bytes: number): Promise<boolean> {
    const { limits } = this.#options
    await this.#asking
    await this.#ask()
    // The answer counts nothing of the write that waits for it.
    this.#freeBytes -= bytes
    if (this.#freeBytes >= limits.headroomBytes) return true
    await this.#giveUpReserve()
    return this.#freeBytes >= 0
  }

  #giveUpReserve(): Promise<void> {
    return this.#afterReserveWork(async () => {
      if (!this.#hasReserve) return
      const { disk, limits, report } = this.#options
      this.#hasReserve = false
      report(
        'the disk is full: the reserve file is given up, so that messages can still be received and deleted',
      )
      try {
        await disk.remove(RESERVE_FILE)
        // File systems hand out the space of a removed file only when they have recorded the removal.
        await disk.syncDirectory()
        this.#freeBytes += limits.reserveBytes
      } catch (error) {
        report(`the reserve file could not be given up: ${describe(error)}`)
      }
    })
  }

  #ask(): Promise<void> {
    this.#asking ??= this.#lookAtDisk().finally(() => {
      this.#asking = null
    })
    return this.#asking
  }

  async #lookAtDisk(): Promise<void> {
    const { disk, clock, limits, floorBytes, report } = this.#options
    this.#askedAt = clock.now()
    this.#writtenBytes = 0
    try {
      const answer = await disk.freeBytes()
      this.#freeBytes = answer - this.#writtenBytes
    } catch (error) {
      report(`the disk does not say how much space is free: ${describe(error)}`)
      return
    }
    this.#judge()
    const spare = this.#freeBytes - RECOVERED * floorBytes()
    if (!this.#hasReserve && spare >= limits.reserveBytes) void this.makeReserve()
  }

  #judge(): void {
    const floor = this.#options.floorBytes()
    this.#low = this.#freeBytes < (this.#low ? RECOVERED * floor : floor)
  }

  async #fillReserve(): Promise<void> {
    const { disk, limits } = this.#options
    const file = await disk.create(RESERVE_FILE)
    try {
      const zeros = new Uint8Array(FILL_BYTES)
      for (let at = 0; at < limits.reserveBytes; at += FILL_BYTES) {
        await file.write([zeros.subarray(0, Math.min(FILL_BYTES, limits.reserveBytes - at))], at)
      }
      await file.sync()
    } finally {
      await file.close()
    }
    await disk.syncDirectory()
    this.#freeBytes -= limits.reserveBytes
  }

  #afterReserveWork(work: () => Promise<void>): Promise<void> {
    this.#reserveWork = this.#reserveWork.then(work)
    return this.#reserveWork
  }
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
