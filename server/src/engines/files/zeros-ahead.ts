import type { DiskFile } from './disk.ts'
import type { FilesLimits } from './limits.ts'

export interface ZerosAheadOptions {
  readonly file: DiskFile
  readonly limits: FilesLimits
  /** Whether there is room for so many bytes that could as well be left out. If so, they are accounted for. */
  readonly takeSpare: (bytes: number) => boolean
  /** A sync failed: what it was to bring to the disk may be lost, frames included. */
  readonly onFailure: (cause: unknown) => void
}

/**
 * Keeps zeros in front of the frames of a growing segment:
 *
 * ```
 *   [header][frame][frame][write under way]00000000000000000000000[zeros under way]
 *                                         └─ half a step, at least, when they begin
 * ```
 *
 * A write that makes a file longer has to bring the file's new length, and where its bytes lie, to the disk as well: twice the
 * work of one that goes over bytes which are there. Zeros take that upon themselves for many frames at once, and no frame waits for them,
 * unless it would overtake them. They are good for nothing else: where there is no room for them the segment grows without, and a
 * start takes them for the end of the file.
 */
export class ZerosAhead {
  readonly #options: ZerosAheadOptions
  /** No zeros are written before this: up to here the file has frames, or zeros that are durable. */
  #end = 0
  /** Where zeros may lie at most. */
  #farthest = 0
  #underWay: Promise<void> | null = null
  #isOver = false

  constructor(options: ZerosAheadOptions) {
    this.#options = options
  }

  /**
   * To be called before frames are written from `start` to `end`, in the order of the frames. When what it returns has resolved, no zeros are
   * written there, nor will be.
   */
  makeWay(start: number, end: number): Promise<void> | undefined {
    const { limits } = this.#options
    if (this.#isOver || start < limits.zerosFromBytes) return undefined
    if (end > this.#end) {
      if (this.#underWay !== null) return this.#underWay.then(() => this.makeWay(start, end))
      this.#end = end
    }
    const isShort = this.#end - end < limits.zerosStepBytes / 2
    if (isShort && end - start < limits.zerosBelowBytes) this.#extend()
    return undefined
  }

  /** Ends the file at `end`, durably: the last frames of the segment will be written there, and nothing follows them. */
  async cutOff(end: number): Promise<void> {
    await this.settled()
    if (this.#farthest <= end) return
    const { file } = this.#options
    await file.truncate(end)
    await file.sync()
  }

  /** Writes no more of them. Resolves when none are under way. */
  async settled(): Promise<void> {
    this.#isOver = true
    await this.#underWay
  }

  #extend(): void {
    const { limits, takeSpare } = this.#options
    const bytes = limits.zerosStepBytes
    if (this.#underWay !== null || !takeSpare(bytes)) return
    const end = this.#end + bytes
    this.#farthest = Math.max(this.#farthest, end)
    this.#underWay = this.#write(this.#end, bytes).then((isWritten) => {
      this.#underWay = null
      if (isWritten) this.#end = end
      else this.#isOver = true
    })
  }

  /** Whether they are there. */
  async #write(from: number, bytes: number): Promise<boolean> {
    const { file, onFailure } = this.#options
    try {
      await file.write([zerosOf(bytes)], from)
    } catch {
      // A full disk, most likely: whoever writes a frame will be told.
      return false
    }
    try {
      await file.sync()
      return true
    } catch (cause) {
      onFailure(cause)
      return false
    }
  }
}

/** The same each time: they are never written to, so that the system gives them hardly any memory. */
let zeros = new Uint8Array(0)

function zerosOf(bytes: number): Uint8Array {
  if (zeros.length < bytes) zeros = new Uint8Array(bytes)
  return zeros.subarray(0, bytes)
}
