/** What `HashIndex` needs of the entries it finds: their hash, and a link to the next of the same bucket. */
export interface Hashed {
  /** 32 bits, evenly spread. */
  hash(entry: number): number
  nextInBucket(entry: number): number
  setNextInBucket(entry: number, next: number): void
}

const PAGE_HEADS = 4096
const PAGE_SHIFT = 12
const BUCKETS_MIN = 64
/** Entries to a bucket at which another bucket is added, and at which one is taken away. */
const LOAD_MAX = 1
const LOAD_MIN = 0.4

/**
 * Finds entries, numbered from 1, by their hash. Grows and shrinks by one bucket at a time (linear hashing: Litwin 1980), so
 * that no single insertion pays for a table of a million; removing leaves nothing behind. Takes about 4 bytes for an entry
 * beside its link. Not part of snapshots: it is rebuilt from the entries.
 *
 * ```
 *   buckets   0 ─────────── split ─────── base ──────── base + split
 *             each was split in two       └─ the other halves of those before `split`
 * ```
 */
export class HashIndex {
  readonly #entries: Hashed
  /** Heads of the buckets, 0 for an empty one. Only the first page is smaller than the others. */
  readonly #pages: Uint32Array[] = [new Uint32Array(BUCKETS_MIN)]
  /** A power of two: the number of buckets before the first of them was split. */
  #base = BUCKETS_MIN
  #split = 0
  #size = 0

  constructor(entries: Hashed) {
    this.#entries = entries
  }

  get size(): number {
    return this.#size
  }

  /** The first entry of the bucket that an entry of this hash is in; others follow by their links. 0 for none. */
  first(hash: number): number {
    return this.#head(this.#bucketOf(hash))
  }

  /** Puts an entry in, before all others of its bucket. */
  add(entry: number): void {
    const bucket = this.#bucketOf(this.#entries.hash(entry))
    this.#entries.setNextInBucket(entry, this.#head(bucket))
    this.#setHead(bucket, entry)
    this.#size++
    if (this.#size > this.#buckets * LOAD_MAX) this.#grow()
  }

  /** Takes an entry out, which must be in. */
  remove(entry: number): void {
    const bucket = this.#bucketOf(this.#entries.hash(entry))
    const next = this.#entries.nextInBucket(entry)
    let before = this.#head(bucket)
    if (before === entry) {
      this.#setHead(bucket, next)
    } else {
      for (;;) {
        if (before === 0) throw new Error(`entry ${entry} is not in the index`)
        const after = this.#entries.nextInBucket(before)
        if (after === entry) break
        before = after
      }
      this.#entries.setNextInBucket(before, next)
    }
    this.#size--
    if (this.#size < this.#buckets * LOAD_MIN && this.#buckets > BUCKETS_MIN) this.#shrink()
  }

  get #buckets(): number {
    return this.#base + this.#split
  }

  #bucketOf(hash: number): number {
    const wide = hash & (this.#base * 2 - 1)
    return wide < this.#base + this.#split ? wide : wide - this.#base
  }

  /** Splits one bucket into two; its entries keep their order. A link that stays as it is is not written: it costs a cache miss. */
  #grow(): void {
    const low = this.#split
    const high = this.#base + low
    const highBit = this.#base
    this.#makeRoom(high)
    this.#split++
    if (this.#split === this.#base) {
      this.#base *= 2
      this.#split = 0
    }
    let entry = this.#head(low)
    if (entry === 0) return
    let [lowEnd, highEnd, before] = [0, 0, 0]
    this.#setHead(low, 0)
    while (entry !== 0) {
      const next = this.#entries.nextInBucket(entry)
      if ((this.#entries.hash(entry) & highBit) === 0) {
        if (lowEnd === 0) this.#setHead(low, entry)
        else if (lowEnd !== before) this.#entries.setNextInBucket(lowEnd, entry)
        lowEnd = entry
      } else {
        if (highEnd === 0) this.#setHead(high, entry)
        else if (highEnd !== before) this.#entries.setNextInBucket(highEnd, entry)
        highEnd = entry
      }
      before = entry
      entry = next
    }
    // One of the two ends with the last entry of both, and so does its list.
    if (lowEnd !== before && lowEnd !== 0) this.#entries.setNextInBucket(lowEnd, 0)
    if (highEnd !== before && highEnd !== 0) this.#entries.setNextInBucket(highEnd, 0)
  }

  /** Joins the last bucket to the one that it was split from. */
  #shrink(): void {
    const high = this.#buckets - 1
    if (this.#split === 0) {
      this.#base /= 2
      this.#split = this.#base
    }
    this.#split--
    const low = this.#split
    const joined = this.#head(high)
    if (joined !== 0) {
      let last = joined
      for (;;) {
        const next = this.#entries.nextInBucket(last)
        if (next === 0) break
        last = next
      }
      this.#entries.setNextInBucket(last, this.#head(low))
      this.#setHead(low, joined)
    }
    this.#setHead(high, 0)
    if (high % PAGE_HEADS === 0 && high > 0) this.#pages.pop()
  }

  #makeRoom(bucket: number): void {
    const first = this.#pages[0]!
    if (bucket < first.length) return
    if (first.length < PAGE_HEADS) {
      this.#pages[0] = new Uint32Array(first.length * 2)
      this.#pages[0].set(first)
    } else if (bucket >>> PAGE_SHIFT === this.#pages.length) {
      this.#pages.push(new Uint32Array(PAGE_HEADS))
    }
  }

  #head(bucket: number): number {
    return this.#pages[bucket >>> PAGE_SHIFT]![bucket & (PAGE_HEADS - 1)]!
  }

  #setHead(bucket: number, entry: number): void {
    this.#pages[bucket >>> PAGE_SHIFT]![bucket & (PAGE_HEADS - 1)] = entry
  }
}
