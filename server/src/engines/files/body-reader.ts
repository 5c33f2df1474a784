import { bodyInBlock } from '../../journal/body-block.ts'
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
    let stored: Uint8Array | undefined
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
        stored = cache.get(holder, block)
      }
      if (stored === undefined) return null
      bodies.push(bodyOf(holder, block, ordinal, stored))
    }
    return bodies
  }

  async #readFromDisk(bodyIds: readonly number[]): Promise<readonly Uint8Array[]> {
    const results = await Promise.allSettled(bodyIds.map((bodyId) => this.#readOne(bodyId)))
    const bodies: Uint8Array[] = []
    const lost: number[] = []
    for (const [i, result] of results.entries()) {
      if (result.status === 'fulfilled') bodies.push(result.value)
      else if (result.reason instanceof BodiesLostError) lost.push(bodyIds[i]!)
      else throw result.reason
    }
    if (lost.length > 0) throw new BodiesLostError(lost)
    return bodies
  }

  async #readOne(bodyId: number): Promise<Uint8Array> {
    const file = this.#holder(bodyId)
    const ordinal = file.ordinalOf(bodyId)
    // It may have been on its way to the disk when others of the same read were not.
    const pending = this.#pending(file, ordinal, bodyId)
    if (pending !== undefined) return pending
    const block = file.blocks.find(ordinal)
    try {
      return bodyOf(file, block, ordinal, await this.#blocks.read(file, block))
    } catch (error) {
      // A damaged block stays where it is when a repair writes it off.
      if (error instanceof JournalError && this.#options.losses.has(bodyId)) {
        throw new BodiesLostError([bodyId])
      }
      throw error
    }
  }

  #pending(file: BodyFile, ordinal: number, bodyId: number): Uint8Array | undefined {
    return ordinal < file.blocks.bodies ? undefined : this.#options.pendingBody(bodyId)
  }

  #holder(bodyId: number): BodyFile {
    const file = this.#options.places.holder(bodyId)
    if (file !== null) return file
    if (this.#options.losses.has(bodyId)) throw new BodiesLostError([bodyId])
    throw new JournalError(`body ${bodyId} is not live`)
  }
}

function bodyOf(file: BodyFile, block: number, ordinal: number, stored: Uint8Array): Uint8Array {
  const { blocks, name } = file
  const body = bodyInBlock(stored, blocks.count(block), ordinal - blocks.firstOrdinal(block))
  if (body !== null) return body
  throw new JournalError(
    `${name} is corrupt at offset ${blocks.offset(block)}: a block does not hold what it says`,
  )
}
