import { TwoGenerationCache } from '../base/two-generation-cache.ts'

const MINUTE_MS = 60_000

interface Bucket {
  level: number
  /** When it had that level, in milliseconds since the epoch. */
  at: number
}

/** Counts what happens by keys, and lets it run out at a steady rate: what fills a bucket is gone in a minute. Keeps those added to last. */
export class LeakyBuckets {
  readonly #capacity: number
  readonly #buckets: TwoGenerationCache<Bucket>

  /** At least `sizeMax / 2` buckets are kept, and at most `sizeMax`. */
  constructor(capacity: number, sizeMax: number) {
    this.#capacity = capacity
    this.#buckets = new TwoGenerationCache(sizeMax)
  }

  add(key: string, now: number): void {
    const bucket = this.#buckets.get(key)
    if (bucket === undefined) {
      this.#buckets.set(key, { level: 1, at: now })
      return
    }
    bucket.level = this.#levelOf(bucket, now) + 1
    bucket.at = now
  }

  isEmpty(key: string, now: number): boolean {
    const bucket = this.#buckets.get(key)
    return bucket === undefined || this.#levelOf(bucket, now) === 0
  }

  /** Whether one more would be too many. */
  isFull(key: string, now: number): boolean {
    const bucket = this.#buckets.get(key)
    return bucket !== undefined && this.#levelOf(bucket, now) > this.#capacity - 1
  }

  #levelOf({ level, at }: Bucket, now: number): number {
    return Math.max(0, level - (this.#capacity * (now - at)) / MINUTE_MS)
  }
}
