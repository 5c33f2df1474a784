import assert from 'node:assert/strict'
import type { Lifetime } from '../../journal/journal.ts'
import type { BodyFile, Segment } from './body-file.ts'
import type { BodyPlaces } from './body-places.ts'
import type { Losses } from './losses.ts'

/**
 * Who still needs which body. A body has one reference, which is a bit in its file's accounts; what has more is the exception
 * and stands in a map.
 */
export class References {
  readonly #places: BodyPlaces
  readonly #losses: Losses
  /** References beyond the first. */
  readonly #further = new Map<number, number>()

  constructor(places: BodyPlaces, losses: Losses) {
    this.#places = places
    this.#losses = losses
  }

  /** New bodies, each with one reference, at the end of the newest segment. `lifetimes` is null where all are 0. */
  begin(segment: Segment, bodies: readonly Uint8Array[], lifetimes: readonly Lifetime[] | null): void {
    assert(lifetimes === null || lifetimes.length === bodies.length, 'each body has a lifetime, or none has')
    for (let i = 0; i < bodies.length; i++) {
      segment.live.add(segment.bodies++, bodies[i]!.length, lifetimes === null ? 0 : lifetimes[i])
    }
    segment.nextBodyId += bodies.length
  }

  /** A reference found while recovering. False if there is no such body. It lives for the longest of its references. */
  adopt(bodyId: number, bytes: number, lifetime: Lifetime): boolean {
    const file = this.#places.find(bodyId)
    if (file === null) return this.#losses.has(bodyId)
    const { live } = file
    const ordinal = file.ordinalOf(bodyId)
    if (!live.has(ordinal)) {
      live.add(ordinal, bytes, lifetime)
      return true
    }
    this.#addFurther(bodyId, 1)
    if (lifetime > live.lifetimeOf(ordinal)) {
      live.remove(ordinal, bytes)
      live.add(ordinal, bytes, lifetime)
    }
    return true
  }

  retain(bodyId: number, count: number): void {
    const live = this.#places.holder(bodyId) !== null || this.#losses.has(bodyId)
    assert(live, `body ${bodyId} is live when another reference to it is added`)
    this.#addFurther(bodyId, count)
  }

  release(bodyId: number, bytes: number): void {
    const further = this.#further.get(bodyId)
    if (further !== undefined) {
      if (further === 1) this.#further.delete(bodyId)
      else this.#further.set(bodyId, further - 1)
      return
    }
    const file = this.#places.holder(bodyId)
    if (file === null) {
      assert(this.#losses.has(bodyId), `body ${bodyId} is live when it is released`)
      return
    }
    file.live.remove(file.ordinalOf(bodyId), bytes)
  }

  /** What was copied is counted where it is now, unless it was released meanwhile. `bytes` is its length. */
  move(bodyId: number, bytes: number, from: BodyFile, to: BodyFile): void {
    const ordinal = from.ordinalOf(bodyId)
    if (!from.live.has(ordinal)) return
    const lifetime = from.live.remove(ordinal, bytes)
    to.live.add(to.ordinalOf(bodyId), bytes, lifetime)
  }

  #addFurther(bodyId: number, count: number): void {
    this.#further.set(bodyId, (this.#further.get(bodyId) ?? 0) + count)
  }
}
