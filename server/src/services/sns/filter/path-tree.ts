import { ConditionIndex } from './condition-index.ts'
import type { PathNode } from './place.ts'

/** A place that policies look at, with the conditions that are found by it. */
export interface IndexedPlace<Entry> extends PathNode {
  readonly children: ReadonlyMap<string, IndexedPlace<Entry>>
  readonly conditions: ConditionIndex<Entry>
}

interface CountedPlace<Entry> extends IndexedPlace<Entry> {
  readonly children: Map<string, CountedPlace<Entry>>
  /** How many paths end here or lead on from here. */
  uses: number
}

/** All places that the policies of a topic look at. Those that no policy looks at any more are forgotten. */
export class PathTree<Entry> {
  readonly #root: CountedPlace<Entry> = newPlace()

  get root(): IndexedPlace<Entry> {
    return this.#root
  }

  /** Every call takes one of `release` with the same path. */
  acquire(path: readonly string[]): IndexedPlace<Entry> {
    let place = this.#root
    for (const name of path) {
      let next = place.children.get(name)
      if (next === undefined) {
        next = newPlace()
        place.children.set(name, next)
      }
      next.uses++
      place = next
    }
    return place
  }

  release(path: readonly string[]): void {
    let place = this.#root
    for (const name of path) {
      const next = place.children.get(name)!
      if (--next.uses === 0) {
        place.children.delete(name)
        return
      }
      place = next
    }
  }
}

function newPlace<Entry>(): CountedPlace<Entry> {
  return { children: new Map(), conditions: new ConditionIndex(), uses: 0 }
}
