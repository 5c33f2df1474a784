import type { Key } from './key.ts'

/** Keys that are to be deleted, in the order in which they will be gone. Not part of snapshots: keys say it themselves. */
export class Deletions {
  #queue: Key[] = []

  /** Infinity where there is none. */
  get earliest(): number {
    return this.#queue[0]?.deletesAt ?? Number.POSITIVE_INFINITY
  }

  /** The key's deletion is scheduled already. */
  add(key: Key): void {
    this.#queue.splice(this.#placeOf(key), 0, key)
  }

  /** The key's deletion is still scheduled. */
  remove(key: Key): void {
    const place = this.#placeOf(key)
    if (this.#queue[place] !== key) throw new Error(`key ${key.number} is not to be deleted`)
    this.#queue.splice(place, 1)
  }

  /** Gives up those whose time has come to the caller, the earliest first. */
  take(now: number): readonly Key[] {
    if (this.earliest > now) return []
    let due = 1
    while (due < this.#queue.length && this.#queue[due]!.deletesAt <= now) due++
    return this.#queue.splice(0, due)
  }

  clear(): void {
    this.#queue = []
  }

  /** Where the key is, or would go: those of the same time are in the order of their numbers. */
  #placeOf(key: Key): number {
    let low = 0
    let high = this.#queue.length
    while (low < high) {
      const middle = (low + high) >>> 1
      const other = this.#queue[middle]!
      const isBefore =
        other.deletesAt < key.deletesAt || (other.deletesAt === key.deletesAt && other.number < key.number)
      if (isBefore) low = middle + 1
      else high = middle
    }
    return low
  }
}
