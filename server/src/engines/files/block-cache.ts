import type { BodyFile } from './body-file.ts'
import type { FrameLoan } from './frame-memory.ts'

/** More blocks than any file has. */
const BLOCKS_PER_FILE = 2 ** 24

/** Memory that a block lies in with others, and which can be used again. */
export interface BlockHome {
  readonly loan: FrameLoan
  /** The block's part of it. Bytes; not only its own, since all of it stays while the block does. */
  readonly bytes: number
}

interface CachedBlock {
  readonly opened: Uint8Array
  readonly home: BlockHome | null
  /** How many blocks had become the newest when this one did. */
  newestAt: number
}

/** Of all blocks, counted from the newest: a block among so many stays in its place when it is used. */
const STAYING_SHARE = 0.25

/** Blocks of bodies in memory, opened, up to so many bytes that they hold; what was not used for about the longest goes first. */
export class BlockCache {
  readonly #bytesMax: number
  /** Nearly in the order of their last use: to move one takes longer than what is done with it, where ten messages lie in ten of them. */
  readonly #blocks = new Map<number, CachedBlock>()
  #bytes = 0
  /** How often a block became the newest. */
  #newest = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  get bytes(): number {
    return this.#bytes
  }

  /** The bytes stay what they are for as long as anyone looks at them, here or not. */
  get(file: BodyFile, block: number): Uint8Array | undefined {
    const key = keyOf(file, block)
    const cached = this.#blocks.get(key)
    if (cached === undefined) return undefined
    if (this.#newest - cached.newestAt > this.#blocks.size * STAYING_SHARE) {
      this.#blocks.delete(key)
      this.#blocks.set(key, cached)
      cached.newestAt = ++this.#newest
    }
    cached.home?.loan.leave()
    return cached.opened
  }

  has(file: BodyFile, block: number): boolean {
    return this.#blocks.has(keyOf(file, block))
  }

  /** The bytes must not be changed from now on, or until the loan that they lie in is released. */
  put(file: BodyFile, block: number, opened: Uint8Array, home: BlockHome | null = null): void {
    const key = keyOf(file, block)
    if (this.#blocks.has(key)) return
    home?.loan.hold()
    const cached = { opened, home, newestAt: ++this.#newest }
    this.#blocks.set(key, cached)
    this.#bytes += heldBy(cached)
    for (const oldest of this.#blocks.keys()) {
      if (this.#bytes <= this.#bytesMax) break
      this.#forget(oldest)
    }
  }

  /** Forgets a file that is gone. */
  drop(file: BodyFile): void {
    for (let block = 0; block < file.blocks.length; block++) this.#forget(keyOf(file, block))
  }

  #forget(key: number): void {
    const cached = this.#blocks.get(key)
    if (cached === undefined) return
    this.#blocks.delete(key)
    this.#bytes -= heldBy(cached)
    cached.home?.loan.release()
  }
}

function keyOf(file: BodyFile, block: number): number {
  return file.cacheKey * BLOCKS_PER_FILE + block
}

function heldBy({ opened, home }: CachedBlock): number {
  return home === null ? opened.length : home.bytes
}
