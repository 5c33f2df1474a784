import type { BodyFile } from './body-file.ts'

/** More blocks than any file has. */
const BLOCKS_PER_FILE = 2 ** 24

/** Blocks of bodies in memory, opened, up to a number of bytes; what was not used for longest goes first. */
export class BlockCache {
  readonly #bytesMax: number
  /** In the order of their last use. */
  readonly #blocks = new Map<number, Uint8Array>()
  #bytes = 0

  constructor(bytesMax: number) {
    this.#bytesMax = bytesMax
  }

  get bytes(): number {
    return this.#bytes
  }

  get(file: BodyFile, block: number): Uint8Array | undefined {
    const key = file.cacheKey * BLOCKS_PER_FILE + block
    const opened = this.#blocks.get(key)
    if (opened !== undefined) {
      this.#blocks.delete(key)
      this.#blocks.set(key, opened)
    }
    return opened
  }

  has(file: BodyFile, block: number): boolean {
    return this.#blocks.has(file.cacheKey * BLOCKS_PER_FILE + block)
  }

  /** The bytes must not be changed from now on. */
  put(file: BodyFile, block: number, opened: Uint8Array): void {
    const key = file.cacheKey * BLOCKS_PER_FILE + block
    if (this.#blocks.has(key)) return
    this.#blocks.set(key, opened)
    this.#bytes += opened.length
    for (const [oldest, { length }] of this.#blocks) {
      if (this.#bytes <= this.#bytesMax) break
      this.#blocks.delete(oldest)
      this.#bytes -= length
    }
  }

  /** Forgets a file that is gone. */
  drop(file: BodyFile): void {
    for (let block = 0; block < file.blocks.length; block++) {
      const key = file.cacheKey * BLOCKS_PER_FILE + block
      const opened = this.#blocks.get(key)
      if (opened === undefined) continue
      this.#blocks.delete(key)
      this.#bytes -= opened.length
    }
  }
}
