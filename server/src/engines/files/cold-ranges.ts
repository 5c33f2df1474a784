import type { ColdFile } from './body-file.ts'

/**
 * Cold files by the ranges of their ids. What is kept for a year lies in thousands of them, most of whose ranges lie one behind the
 * other, but not all; so a body is looked for in those whose range it is in, and they are found without looking at all.
 *
 * ```
 *   files, by their first ids:   0   1   2   3   4   5   6        a balanced tree that is nowhere but in the arithmetic:
 *                                        3                         the root of a stretch is its middle, and `#reach` has
 *                                    1       5                     the greatest last id of the stretch
 *                                  0   2   4   6
 * ```
 */
export class ColdRanges {
  #colds: ColdFile[] = []
  #reach = new Float64Array(0)
  /** Files came or went since the tree was made. */
  #stale = false

  /** Its ids have to be known. */
  add(cold: ColdFile): void {
    if (cold.ids.length === 0) return
    this.#colds.push(cold)
    this.#stale = true
  }

  remove(cold: ColdFile): void {
    this.#colds = this.#colds.filter((other) => other !== cold)
    this.#stale = true
  }

  /** All files that have the body, live or not. */
  having(bodyId: number): readonly ColdFile[] {
    if (this.#stale) this.#arrange()
    const found: ColdFile[] = []
    this.#search(0, this.#colds.length, bodyId, found)
    return found
  }

  #search(from: number, end: number, bodyId: number, found: ColdFile[]): void {
    if (from >= end) return
    const middle = (from + end) >>> 1
    if (this.#reach[middle]! < bodyId) return
    this.#search(from, middle, bodyId, found)
    const cold = this.#colds[middle]!
    if (cold.ids[0]! > bodyId) return
    if (cold.ids.at(-1)! >= bodyId && cold.ordinalOf(bodyId) !== -1) found.push(cold)
    this.#search(middle + 1, end, bodyId, found)
  }

  #arrange(): void {
    this.#colds.sort((a, b) => a.ids[0]! - b.ids[0]!)
    this.#reach = new Float64Array(this.#colds.length)
    this.#measure(0, this.#colds.length)
    this.#stale = false
  }

  #measure(from: number, end: number): number {
    if (from >= end) return Number.NEGATIVE_INFINITY
    const middle = (from + end) >>> 1
    const last = this.#colds[middle]!.ids.at(-1)!
    const reach = Math.max(last, this.#measure(from, middle), this.#measure(middle + 1, end))
    this.#reach[middle] = reach
    return reach
  }
}
