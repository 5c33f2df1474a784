import type { DiskFile } from './disk.ts'

/**
 * A file, read forwards: one stretch of it is in memory at a time, so that headers close to each other cost one read, and what
 * lies far between them none. Views stay valid: each stretch has memory of its own.
 */
export class FileWindow {
  readonly #file: DiskFile
  readonly #stretchBytes: number
  #bytes: Uint8Array = new Uint8Array(0)
  #start = 0
  readonly size: number

  constructor(file: DiskFile, size: number, stretchBytes: number) {
    this.#file = file
    this.size = size
    this.#stretchBytes = stretchBytes
  }

  /** `length` bytes from `position`, or fewer at the end of the file; null if they have to be loaded. */
  peek(position: number, length: number): Uint8Array | null {
    const end = Math.min(position + length, this.size)
    if (position < this.#start || end > this.#start + this.#bytes.length) return null
    return this.#bytes.subarray(position - this.#start, Math.max(position, end) - this.#start)
  }

  async load(position: number, length: number): Promise<Uint8Array> {
    const wanted = Math.min(Math.max(length, this.#stretchBytes), Math.max(0, this.size - position))
    const stretch = Buffer.allocUnsafeSlow(wanted)
    const read = await this.#file.read(stretch, position)
    this.#bytes = stretch.subarray(0, read)
    this.#start = position
    return this.#bytes.subarray(0, Math.min(length, read))
  }
}
