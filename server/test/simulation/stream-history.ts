/**
 * What clients put into a stream and read from it, and the checks on it. The rules are those a client may rely on:
 *
 * - what was acknowledged as put is found exactly once in the end, under the shard and the index that the answer told;
 * - nothing comes that was never put, and what comes is what was put;
 * - whoever reads a place again finds the same record there;
 * - records of one key that were put one after the other come in that order: in a shard by their indexes, and in a
 *   child shard after those in its parents.
 *
 * A put that was never answered may have happened or not, as a whole.
 */
export type StreamViolation =
  | { readonly kind: 'lost' | 'stored twice' | 'phantom' | 'corruption served'; readonly id: string }
  | { readonly kind: 'misplaced' | 'reordered'; readonly id: string; readonly detail: string }
  | { readonly kind: 'half put'; readonly id: string }

export interface Put {
  readonly id: string
  /** Records of one key are in the order of their puts. */
  readonly key: string
  /** Which request it came with. */
  readonly request: number
  /** `shard/index`, once that was told. */
  place: string | null
}

export class StreamHistory {
  readonly #puts = new Map<string, Put>()
  readonly #requests: Put[][] = []
  /** What was read at each place first. */
  readonly #read = new Map<string, string>()
  /** Where each record was read. */
  readonly #places = new Map<string, string>()
  readonly #found = new Set<string>()
  readonly #violations: StreamViolation[] = []
  #lastOfKey = new Map<string, number>()
  readonly #order = new Map<string, number>()

  get violations(): readonly StreamViolation[] {
    return this.#violations
  }

  get size(): number {
    return this.#puts.size
  }

  /** A request is about to put these. */
  begin(records: readonly { readonly id: string; readonly key: string }[]): readonly Put[] {
    const request = this.#requests.length
    const puts = records.map(({ id, key }): Put => ({ id, key, request, place: null }))
    for (const put of puts) {
      this.#order.set(put.id, this.#puts.size)
      this.#puts.set(put.id, put)
    }
    this.#requests.push(puts)
    return puts
  }

  acknowledged(put: Put, shard: number, index: number): void {
    put.place = placeOf(shard, index)
    this.#checkPlace(put.id, put.place)
  }

  /** A record came to somebody who read the shard there. */
  read(id: string, isIntact: boolean, shard: number, index: number): void {
    const put = this.#puts.get(id)
    if (put === undefined) {
      this.#violations.push({ kind: 'phantom', id })
      return
    }
    if (!isIntact) this.#violations.push({ kind: 'corruption served', id })
    const place = placeOf(shard, index)
    this.#checkPlace(id, place)
    if (put.place !== null && put.place !== place) {
      this.#violations.push({ kind: 'misplaced', id, detail: `read at ${place}, put at ${put.place}` })
    }
  }

  /** As `read`, in the last round, in which shards are read from their beginnings, parents before children. */
  found(id: string, isIntact: boolean, shard: number, index: number): void {
    this.read(id, isIntact, shard, index)
    if (this.#found.has(id)) this.#violations.push({ kind: 'stored twice', id })
    this.#found.add(id)
    const put = this.#puts.get(id)
    if (put === undefined) return
    const order = this.#order.get(id)!
    const last = this.#lastOfKey.get(put.key) ?? -1
    if (order < last)
      this.#violations.push({ kind: 'reordered', id, detail: `${put.key} at ${placeOf(shard, index)}` })
    this.#lastOfKey.set(put.key, order)
  }

  /** To be called after the last round. */
  checkAll(): void {
    for (const { id, place } of this.#puts.values()) {
      if (place !== null && !this.#found.has(id)) this.#violations.push({ kind: 'lost', id })
    }
    for (const puts of this.#requests) {
      const found = puts.filter(({ id }) => this.#found.has(id)).length
      if (found > 0 && found < puts.length) this.#violations.push({ kind: 'half put', id: puts[0]!.id })
    }
  }

  #checkPlace(id: string, place: string): void {
    const there = this.#read.get(place)
    if (there !== undefined && there !== id) {
      this.#violations.push({ kind: 'misplaced', id, detail: `${place} was that of ${there}` })
    }
    this.#read.set(place, id)
    const known = this.#places.get(id)
    if (known !== undefined && known !== place) this.#violations.push({ kind: 'stored twice', id })
    this.#places.set(id, place)
  }
}

function placeOf(shard: number, index: number): string {
  return `${shard}/${index}`
}
