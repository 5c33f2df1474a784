import type { NumberRange } from './condition.ts'
import { type EntryIndex, KeyedSets } from './keyed-sets.ts'
import { NUMBER_MAGNITUDE_MAX } from './limits.ts'

/**
 * Finds the ranges that a number may lie in, without looking at the others.
 *
 * Ranges with one end are sorted by that end. A range with two ends lies in a few cells of a grid, the finest one of which it fills
 * no more than four; for a number one cell of each grid is looked into. So what is found may have missed a range by less than
 * its width, or touch an open end: who asks checks again.
 */
export class RangeIndex<Entry> implements EntryIndex<NumberRange, Entry> {
  readonly #fromBottom = new SortedBounds<Entry>()
  readonly #toTop = new SortedBounds<Entry>()
  /** By the exponent of the cells' width, which is a power of two, then by the number of the cell. */
  readonly #grids = new Map<number, KeyedSets<number, Entry>>()
  #size = 0

  add(range: NumberRange, entry: Entry): void {
    this.#size++
    if (range.top === NUMBER_MAGNITUDE_MAX) this.#fromBottom.add(range.bottom, entry)
    else if (range.bottom === -NUMBER_MAGNITUDE_MAX) this.#toTop.add(range.top, entry)
    else {
      const { exponent, cells } = cellsOf(range)
      const grid = this.#grids.get(exponent) ?? new KeyedSets()
      this.#grids.set(exponent, grid)
      for (const cell of cells) grid.add(cell, entry)
    }
  }

  remove(range: NumberRange, entry: Entry): void {
    this.#size--
    if (range.top === NUMBER_MAGNITUDE_MAX) this.#fromBottom.remove(range.bottom, entry)
    else if (range.bottom === -NUMBER_MAGNITUDE_MAX) this.#toTop.remove(range.top, entry)
    else {
      const { exponent, cells } = cellsOf(range)
      const grid = this.#grids.get(exponent)
      for (const cell of cells) grid?.remove(cell, entry)
      if (grid?.isEmpty) this.#grids.delete(exponent)
    }
  }

  visit(value: number, visitor: (entry: Entry) => void): void {
    this.#fromBottom.visitUpTo(value, visitor)
    this.#toTop.visitFrom(value, visitor)
    for (const [exponent, grid] of this.#grids) grid.visit(Math.floor(value / 2 ** exponent), visitor)
  }

  /** All ranges: how many of them overlap is not known. */
  crowdOf(): number {
    return this.#size
  }
}

const CELLS_MAX = 4
/** Finer than the fifth digit after the point, and coarse enough that the number of every cell is exact. */
const FINEST_EXPONENT = -17

function cellsOf({ bottom, top }: NumberRange): {
  readonly exponent: number
  readonly cells: readonly number[]
} {
  for (let exponent = FINEST_EXPONENT; ; exponent++) {
    const first = Math.floor(bottom / 2 ** exponent)
    const count = Math.floor(top / 2 ** exponent) - first + 1
    if (count <= CELLS_MAX) return { exponent, cells: Array.from({ length: count }, (_, i) => first + i) }
  }
}

/** Entries by a bound, in the order of the bounds. */
class SortedBounds<Entry> {
  readonly #bounds: number[] = []
  readonly #entries = new KeyedSets<number, Entry>()

  add(bound: number, entry: Entry): void {
    if (!this.#entries.has(bound)) this.#bounds.splice(this.#placeOf(bound), 0, bound)
    this.#entries.add(bound, entry)
  }

  /** Nothing happens if a range that is the same for the index has taken the entry away already. */
  remove(bound: number, entry: Entry): void {
    if (!this.#entries.has(bound)) return
    this.#entries.remove(bound, entry)
    if (!this.#entries.has(bound)) this.#bounds.splice(this.#placeOf(bound), 1)
  }

  visitUpTo(value: number, visitor: (entry: Entry) => void): void {
    for (const bound of this.#bounds) {
      if (bound > value) return
      this.#entries.visit(bound, visitor)
    }
  }

  visitFrom(value: number, visitor: (entry: Entry) => void): void {
    for (let i = this.#placeOf(value); i < this.#bounds.length; i++) {
      this.#entries.visit(this.#bounds[i]!, visitor)
    }
  }

  /** The place of the first bound that is not below `value`. */
  #placeOf(value: number): number {
    let from = 0
    let to = this.#bounds.length
    while (from < to) {
      const middle = (from + to) >>> 1
      if (this.#bounds[middle]! < value) from = middle + 1
      else to = middle
    }
    return from
  }
}
