/**
 * A block of bodies: several that fit together into 64 KiB, or a single larger one.
 *
 * ```
 *     0  4 × n  where each body ends, counted from the end of this directory; little-endian
 *    4n         the bodies, one after the other
 * ```
 *
 * Ends instead of lengths, so that finding the last of many bodies takes as long as finding the first.
 */
export const BODY_DIRECTORY_ENTRY_BYTES = 4

/** Writes the bodies `from`..`to` (exclusive) as one block at `at`; returns the position behind it. */
export function encodeBodyBlock(
  target: Uint8Array,
  at: number,
  bodies: readonly Uint8Array[],
  from: number,
  to: number,
): number {
  const view = new DataView(target.buffer, target.byteOffset, target.byteLength)
  const start = at + (to - from) * BODY_DIRECTORY_ENTRY_BYTES
  let end = start
  for (let i = from; i < to; i++) {
    const body = bodies[i]!
    target.set(body, end)
    end += body.length
    view.setUint32(at + (i - from) * BODY_DIRECTORY_ENTRY_BYTES, end - start, true)
  }
  return end
}

/** The bodies in a block. */
export class BodyBlock {
  readonly #bytes: Uint8Array
  readonly #count: number
  /** Asked for once: what memory bytes lie in is found out by a call out of JavaScript. */
  readonly #memory: ArrayBufferLike
  readonly #start: number

  /** The block holds `count` of them. */
  constructor(bytes: Uint8Array, count: number) {
    this.#bytes = bytes
    this.#count = count
    this.#memory = bytes.buffer
    this.#start = bytes.byteOffset + count * BODY_DIRECTORY_ENTRY_BYTES
  }

  /** A view of the body at `position`. Null if the directory points outside the block: its checksum was right, so it was written wrong. */
  body(position: number): Uint8Array | null {
    const bytes = this.#bytes
    const start = this.#count * BODY_DIRECTORY_ENTRY_BYTES
    if (position >= this.#count || start > bytes.length) return null
    const from = position === 0 ? 0 : readEnd(bytes, position - 1)
    const to = readEnd(bytes, position)
    if (from > to || start + to > bytes.length) return null
    return new Uint8Array(this.#memory, this.#start + from, to - from)
  }
}

function readEnd(block: Uint8Array, position: number): number {
  const at = position * BODY_DIRECTORY_ENTRY_BYTES
  return (block[at]! | (block[at + 1]! << 8) | (block[at + 2]! << 16) | (block[at + 3]! << 24)) >>> 0
}
