const KIB = 1024

/** Sizes of memory that is kept, in bytes: what is lent is hardly more than a half too large. What is larger still is rare. */
const SIZES: readonly number[] = [
  4, 6, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256, 384, 512, 768, 1024,
].map((kib) => kib * KIB)

/** How much of each size is kept while nobody has it. Bytes. */
const FREE_BYTES_MAX = 1024 * KIB

/**
 * Memory that frames are put together in, lent to one after the other.
 *
 * A frame's memory is there for as long as its blocks are cached. Full collections alone find out that what has lived for that long is
 * garbage, and Node begins one with every 64 MiB of it outside the heap: each second, where a server is sent to as fast as it
 * answers, with turns of 10 to 20 ms.
 */
export class FrameMemory {
  readonly #free: Buffer[][] = SIZES.map(() => [])

  /** Of at least so many bytes, their content undefined. The borrower is its first holder. */
  borrow(bytes: number): FrameLoan {
    const size = SIZES.findIndex((fitting) => fitting >= bytes)
    if (size < 0) return new FrameLoan(Buffer.allocUnsafeSlow(bytes), null)
    const free = this.#free[size]!
    return new FrameLoan(free.pop() ?? Buffer.allocUnsafeSlow(SIZES[size]!), free)
  }
}

/** The memory of one frame. It goes to another when all its holders have released it, unless somebody saw into it. */
export class FrameLoan {
  readonly memory: Buffer
  /** Where it goes back to. */
  #free: Buffer[] | null
  #holders = 1

  constructor(memory: Buffer, free: Buffer[] | null) {
    this.memory = memory
    this.#free = free
  }

  hold(): void {
    this.#holders++
  }

  release(): void {
    this.#holders--
    if (this.#holders > 0 || this.#free === null) return
    if (this.#free.length * this.memory.length < FREE_BYTES_MAX) this.#free.push(this.memory)
  }

  /** Somebody has a view of it, who does not say when it is no longer used: it's left to the garbage collector. */
  leave(): void {
    this.#free = null
  }
}
