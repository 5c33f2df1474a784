import { Buffer } from 'node:buffer'

const SLAB_BYTES = 1024 * 1024
/** Larger pieces are made by themselves: they would leave too much of a slab unused. */
const PIECE_BYTES_MAX = SLAB_BYTES / 8

/**
 * Cuts memory for bytes that live shortly, tens of kilobytes each, out of slabs that are never reused. A buffer for each has the garbage
 * collector come twice as often: it counts them, whatever their bytes. A slab stays for as long as any of its pieces.
 */
export class ByteSlabs {
  #slab = Buffer.alloc(0)
  #end = 0

  /** So many bytes, with whatever is in there. They belong to the caller. */
  take(bytes: number): Buffer {
    if (bytes > PIECE_BYTES_MAX) return Buffer.allocUnsafeSlow(bytes)
    if (this.#end + bytes > this.#slab.length) {
      this.#slab = Buffer.allocUnsafeSlow(SLAB_BYTES)
      this.#end = 0
    }
    const start = this.#end
    this.#end += bytes
    return this.#slab.subarray(start, this.#end)
  }
}
