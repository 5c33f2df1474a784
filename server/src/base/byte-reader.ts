/** Reads what `ByteWriter` wrote. Reading past the end throws a `RangeError`. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #position = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get position(): number {
    return this.#position
  }

  get remaining(): number {
    return this.#bytes.length - this.#position
  }

  uint16(): number {
    const value = this.#view.getUint16(this.#position, true)
    this.#position += 2
    return value
  }

  uint32(): number {
    const value = this.#view.getUint32(this.#position, true)
    this.#position += 4
    return value
  }

  float64(): number {
    const value = this.#view.getFloat64(this.#position, true)
    this.#position += 8
    return value
  }

  /** A view of the next `length` bytes; it shares memory with what is read. */
  bytes(length: number): Uint8Array {
    if (length > this.remaining) throw new RangeError(`${length} bytes asked for, ${this.remaining} left`)
    const value = this.#bytes.subarray(this.#position, this.#position + length)
    this.#position += length
    return value
  }
}
