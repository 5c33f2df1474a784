import { BodyBlock } from '../../journal/body-block.ts'
import { BodiesLostError, JournalError } from '../../journal/journal.ts'
import type { BlockCache } from './block-cache.ts'
import { BlockReader } from './block-reader.ts'
import type { BodyFile } from './body-file.ts'
import type { BodyPlaces } from './body-places.ts'
import type { FilesLimits } from './limits.ts'
import type { Losses } from './losses.ts'
import type { OpenFiles } from './open-files.ts'

export interface BodyReaderOptions {
  readonly places: BodyPlaces
  readonly cache: BlockCache
  readonly files: OpenFiles
  readonly limits: FilesLimits
  readonly losses: Losses
  /** A body that was appended but is not yet on disk. */
  readonly pendingBody: (bodyId: number) => Uint8Array | undefined
}

/** Bodies that were asked for one after the other and lie in one block; the block is -1 while they are not on disk. */
interface Run {
  readonly file: BodyFile | null
  readonly block: number
  readonly bodyIds: number[]
}

/** Finds bodies by their ids: in frames on their way to the disk, in the cache, on disk. */
export class BodyReader {
  readonly #options: BodyReaderOptions
  readonly #blocks: BlockReader

  constructor(options: BodyReaderOptions) {
    this.#options = options
    this.#blocks = new BlockReader(options.files, options.cache, options.limits.readAheadBytes)
  }

  /** At once where all are in memory. See `Journal.read`. */
  read(bodyIds: readonly number[]): readonly Uint8Array[] | Promise<readonly Uint8Array[]> {
    try {
      return this.#readFromMemory(bodyIds) ?? this.#readFromDisk(bodyIds)
    } catch (error) {
      return Promise.reject(error)
    }
  }

  /** Null if any of the bodies has to be read from disk. */
  #readFromMemory(bodyIds: readonly number[]): Uint8Array[] | null {
    const { places, cache } = this.#options
    const bodies: Uint8Array[] = []
    // What is asked for together mostly lies together.
    let file: BodyFile | null = null
    let block = -1
    let stored: BodyBlock | undefined
    for (const bodyId of bodyIds) {
      const holder = places.holder(bodyId)
      if (holder === null) return null
      const ordinal = holder.ordinalOf(bodyId)
      const pending = this.#pending(holder, ordinal, bodyId)
      if (pending !== undefined) {
        bodies.push(pending)
        continue
      }
      if (file !== holder || !holder.blocks.isIn(block, ordinal)) {
        file = holder
        block = holder.blocks.find(ordinal)
        const cached = cache.get(holder, block)
        stored = cached && new BodyBlock(cached, holder.blocks.count(block))
      }
      if (stored === undefined) return null
      bodies.push(bodyOf(holder, block, ordinal, stored))
    }
    return bodies
  }

  /** Body by body, but those that lie together in a block come out of it together. */
  async #readFromDisk(bodyIds: readonly number[]): Promise<readonly Uint8Array[]> {
    const runs = await Promise.allSettled(this.#runsOf(bodyIds).map((run) => this.#readRun(run)))
    const bodies: Uint8Array[] = []
    const lost: number[] = []
    for (const run of runs) {
      if (run.status === 'fulfilled') bodies.push(...run.value)
      else if (run.reason instanceof BodiesLostError) lost.push(...run.reason.bodyIds)
      else throw run.reason
    }
    if (lost.length > 0) throw new BodiesLostError(lost)
    return bodies
  }

  #runsOf(bodyIds: readonly number[]): Run[] {
    const runs: Run[] = []
    for (const bodyId of bodyIds) {
      const file = this.#options.places.holder(bodyId)
      const run = runs.at(-1)
      const isOnDisk = file !== null && file.ordinalOf(bodyId) < file.blocks.bodies
      if (
        run !== undefined &&
        isOnDisk &&
        run.file === file &&
        file.blocks.isIn(run.block, file.ordinalOf(bodyId))
      ) {
        run.bodyIds.push(bodyId)
      } else {
        runs.push({
          file,
          block: isOnDisk ? file.blocks.find(file.ordinalOf(bodyId)) : -1,
          bodyIds: [bodyId],
        })
      }
    }
    return runs
  }

  async #readRun({ file, block, bodyIds }: Run): Promise<readonly Uint8Array[]> {
    if (file === null) throw this.#missing(bodyIds)
    if (block < 0) return bodyIds.map((bodyId) => this.#options.pendingBody(bodyId)!)
    try {
      const stored = new BodyBlock(await this.#blocks.read(file, block), file.blocks.count(block))
      return bodyIds.map((bodyId) => bodyOf(file, block, file.ordinalOf(bodyId), stored))
    } catch (error) {
      // A damaged block stays where it is when a repair writes it off.
      const isWrittenOff = bodyIds.every((bodyId) => this.#options.losses.has(bodyId))
      if (error instanceof JournalError && isWrittenOff) throw new BodiesLostError(bodyIds)
      throw error
    }
  }

  #pending(file: BodyFile, ordinal: number, bodyId: number): Uint8Array | undefined {
    return ordinal < file.blocks.bodies ? undefined : this.#options.pendingBody(bodyId)
  }

  #missing(bodyIds: readonly number[]): Error {
    const isWrittenOff = bodyIds.every((bodyId) => this.#options.losses.has(bodyId))
    return isWrittenOff ? new BodiesLostError(bodyIds) : new JournalError(`body ${bodyIds[0]} is not live`)
  }
}

function bodyOf(file: BodyFile, block: number, ordinal: number, stored: BodyBlock): Uint8Array {
  const { blocks, name } = file
  const body = stored.body(ordinal - blocks.firstOrdinal(block))
  if (body !== null) return body
  throw new JournalError(
    `${name} is corrupt at offset ${blocks.offset(block)}: a block does not hold what it says`,
  )
}
