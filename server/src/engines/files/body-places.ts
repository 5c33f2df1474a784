import type { BodyFile, ColdFile, Segment } from './body-file.ts'
import { ColdRanges } from './cold-ranges.ts'

/** Which file holds which body: segments by ranges of ids, cold files for the exceptions. */
export class BodyPlaces {
  readonly #segments: Segment[] = []
  /** The newest first: what was moved twice counts where it was moved to last. */
  readonly #colds: ColdFile[] = []
  readonly #coldRanges = new ColdRanges()
  /** Bodies that one command brings lie together, so that the last answer is mostly the next one too. */
  #lastSegment: Segment | null = null

  /** In the order of their frames. */
  get segments(): readonly Segment[] {
    return this.#segments
  }

  /** The newest first. */
  get colds(): readonly ColdFile[] {
    return this.#colds
  }

  *files(): Generator<BodyFile> {
    yield* this.#segments
    yield* this.#colds
  }

  /** A segment newer than all others. */
  addSegment(segment: Segment): void {
    this.#segments.push(segment)
  }

  /** A cold file newer than all others. */
  addCold(cold: ColdFile): void {
    this.#colds.unshift(cold)
    this.#coldRanges.add(cold)
    for (const bodyId of cold.ids) {
      const segment = this.#segment(bodyId)
      segment?.moved.set(bodyId - segment.firstBodyId)
    }
  }

  removeSegment(segment: Segment): void {
    this.#segments.splice(this.#segments.indexOf(segment), 1)
    if (this.#lastSegment === segment) this.#lastSegment = null
  }

  removeCold(cold: ColdFile): void {
    this.#colds.splice(this.#colds.indexOf(cold), 1)
    this.#coldRanges.remove(cold)
  }

  /** The file in which the body is counted as live; null if it is not live at all. */
  holder(bodyId: number): BodyFile | null {
    const segment = this.#segment(bodyId)
    if (segment?.live.has(bodyId - segment.firstBodyId)) return segment
    const colds = this.#coldRanges.having(bodyId)
    return colds.find((cold) => cold.live.has(cold.ordinalOf(bodyId))) ?? null
  }

  /** The file that has the body, live or not: where it was moved to last. */
  find(bodyId: number): BodyFile | null {
    const segment = this.#segment(bodyId)
    // Most bodies were never moved; a start asks for each of them.
    if (segment !== null && !segment.moved.has(bodyId - segment.firstBodyId)) return segment
    let last: ColdFile | null = null
    for (const cold of this.#coldRanges.having(bodyId)) {
      if (last === null || cold.serial > last.serial) last = cold
    }
    return last ?? segment
  }

  #segment(bodyId: number): Segment | null {
    const last = this.#lastSegment
    if (last !== null && last.ordinalOf(bodyId) !== -1) return last
    const segments = this.#segments
    let low = 0
    let high = segments.length - 1
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (segments[middle]!.firstBodyId <= bodyId) low = middle
      else high = middle - 1
    }
    // Segments without bodies share their first id with the one after: the last of equals is the one that has it.
    const found = segments[low]
    if (found === undefined || found.ordinalOf(bodyId) === -1) return null
    this.#lastSegment = found
    return found
  }
}
