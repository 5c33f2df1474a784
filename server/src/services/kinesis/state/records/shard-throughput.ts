import {
  SHARD_READ_BYTES_PER_SECOND,
  SHARD_READS_PER_SECOND,
  SHARD_WRITE_BYTES_PER_SECOND,
  SHARD_WRITE_RECORDS_PER_SECOND,
} from '../../limits.ts'

const SECOND_MS = 1000

/**
 * What a shard took and gave in its present second, where that is limited. A rate and no state: it isn't journaled, and a restart
 * begins it anew.
 */
export class ShardThroughput {
  readonly #writes = new Second(SHARD_WRITE_RECORDS_PER_SECOND, SHARD_WRITE_BYTES_PER_SECOND)
  readonly #reads = new Second(SHARD_READS_PER_SECOND, SHARD_READ_BYTES_PER_SECOND)
  /** A read that waits for records is decided again and again; it is one read. */
  readonly #counted = new WeakSet<object>()

  /** Counts records, unless they are too many; false where they are. */
  admitWrite(now: number, records: number, bytes: number): boolean {
    if (!this.#writes.hasRoom(now, records, bytes)) return false
    this.#writes.add(records, bytes)
    return true
  }

  /** Counts a read, unless it is one too many; false where it is. `call` is the same object whenever it is the same read. */
  admitRead(call: object, now: number): boolean {
    if (this.#counted.has(call)) return true
    if (!this.#reads.hasRoom(now, 1, 0)) return false
    this.#reads.add(1, 0)
    this.#counted.add(call)
    return true
  }

  /** Counts what an admitted read brought. */
  addRead(bytes: number): void {
    this.#reads.add(0, bytes)
  }
}

/**
 * It begins with the first call after the one before was over, so that what is refused depends on the calls alone. One in which
 * more went through than a second has, which one call alone may bring about, lasts as long as that much takes.
 */
class Second {
  readonly #countMax: number
  readonly #bytesMax: number
  #startedAt = Number.NEGATIVE_INFINITY
  #count = 0
  #bytes = 0

  constructor(countMax: number, bytesMax: number) {
    this.#countMax = countMax
    this.#bytesMax = bytesMax
  }

  hasRoom(now: number, count: number, bytes: number): boolean {
    if (now >= this.#startedAt + SECOND_MS * Math.max(1, this.#bytes / this.#bytesMax)) {
      this.#startedAt = now
      this.#count = 0
      this.#bytes = 0
    }
    const isBytesFit =
      this.#bytes === 0 || (this.#bytes < this.#bytesMax && this.#bytes + bytes <= this.#bytesMax)
    return isBytesFit && this.#count + count <= this.#countMax
  }

  add(count: number, bytes: number): void {
    this.#count += count
    this.#bytes += bytes
  }
}
