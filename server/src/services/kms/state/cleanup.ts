import type { Units } from '../../../core/units.ts'
import type { Key } from './key.ts'
import type { RetirableGrants } from './retirable-grants.ts'

/** Grants that one call may let go of. */
const GRANTS_PER_CALL = 512

/**
 * Keys that are gone, with the grants that they still hold. Nobody can see them any more, so letting go of them is neither journaled nor
 * part of snapshots.
 */
export class Cleanup {
  readonly #units: Units
  readonly #retirable: RetirableGrants
  readonly #gone: Key[] = []

  constructor(units: Units, retirable: RetirableGrants) {
    this.#units = units
    this.#retirable = retirable
  }

  /** Takes over a key that is in no directory any more. */
  add(key: Key): void {
    this.#gone.push(key)
  }

  /** Does a bounded piece of the work. True while there is more. */
  tidy(): boolean {
    let left = GRANTS_PER_CALL
    while (left > 0) {
      const key = this.#gone.at(-1)
      if (key === undefined) return false
      const grants = key.takeGrants(left)
      for (const grant of grants) {
        this.#retirable.remove(key, grant)
        this.#units.remove(grant)
      }
      left -= grants.length + 1
      if (key.grantCount > 0) continue
      this.#gone.pop()
      this.#units.remove(key)
    }
    return this.#gone.length > 0
  }
}
