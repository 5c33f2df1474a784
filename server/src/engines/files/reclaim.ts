import type { BlockCache } from './block-cache.ts'
import { type BodyFile, ColdFile, Segment } from './body-file.ts'
import type { BodyPlaces } from './body-places.ts'
import type { CutFile, CutRecord } from './cut-record.ts'
import type { Disk } from './disk.ts'
import { indexName } from './index-file.ts'
import type { OpenFiles } from './open-files.ts'

/**
 * Removes files of which nothing is needed any more.
 *
 * ```
 *   cut of snapshot n         nothing in the file is live, its last frame is covered: condemned
 *   snapshot n+1 is durable   every recovery now starts from n or n+1, and neither needs the file: removed
 * ```
 */
export class Reclaim {
  readonly #disk: Disk
  readonly #places: BodyPlaces
  readonly #files: OpenFiles
  readonly #cache: BlockCache
  /** What the newest durable snapshot needs nothing of. */
  #condemned: readonly BodyFile[]
  /** May go when nobody reads from it. */
  readonly #dispensable = new Set<BodyFile>()

  /** `cut` is that of the snapshot which the state came from. */
  constructor(options: {
    readonly disk: Disk
    readonly places: BodyPlaces
    readonly files: OpenFiles
    readonly cache: BlockCache
    readonly cut: CutRecord | null
  }) {
    this.#disk = options.disk
    this.#places = options.places
    this.#files = options.files
    this.#cache = options.cache
    this.#condemned = condemnedBy(options.cut?.files ?? [], options.places)
  }

  /** What there is at this moment, for a snapshot that covers `frame`, the last one before the open frame. */
  filesAtCut(frame: number): CutFile[] {
    const { segments, colds } = this.#places
    const files: CutFile[] = []
    segments.forEach((segment, i) => {
      if (segment.firstFrame > frame) return
      const next = segments[i + 1]
      files.push({
        kind: 'segment',
        number: segment.firstFrame,
        firstBodyId: segment.firstBodyId,
        lastBodyId: segment.firstBodyId + segment.bodies - 1,
        dead: next !== undefined && next.firstFrame <= frame + 1 && segment.live.count === 0,
      })
    })
    for (const cold of colds) {
      files.push({
        kind: 'cold',
        number: cold.serial,
        firstBodyId: cold.ids[0] ?? 1,
        lastBodyId: cold.ids.at(-1) ?? 0,
        dead: cold.live.count === 0,
      })
    }
    return files
  }

  /** A snapshot with these files at its cut is durable. */
  snapshotDurable(files: readonly CutFile[]): void {
    for (const file of this.#condemned) this.#dispensable.add(file)
    // What is on its way out already was still there at the cut.
    const there = condemnedBy(files, this.#places)
    this.#condemned = there.filter((file) => !this.#dispensable.has(file))
  }

  /** Removes what may go; what is being read from goes another time. */
  async sweep(): Promise<void> {
    for (const file of this.#dispensable) {
      if (file.uses > 0) continue
      this.#dispensable.delete(file)
      if (file instanceof Segment) this.#places.removeSegment(file)
      if (file instanceof ColdFile) this.#places.removeCold(file)
      this.#cache.drop(file)
      await this.#files.close(file.name)
      if (file instanceof Segment) await this.#removeIndex(file)
      await this.#disk.remove(file.name)
    }
  }

  async #removeIndex(segment: Segment): Promise<void> {
    const name = indexName(segment)
    const isThere = (await this.#disk.list()).includes(name)
    if (isThere) await this.#disk.remove(name)
  }
}

/** A cold file may have the serial of one that is gone, but never its first body, which was dead by then. */
function condemnedBy(files: readonly CutFile[], places: BodyPlaces): BodyFile[] {
  const condemned: BodyFile[] = []
  for (const { kind, number, firstBodyId, dead } of files) {
    if (!dead) continue
    const file =
      kind === 'segment'
        ? places.segments.find(({ firstFrame }) => firstFrame === number)
        : places.colds.find(({ serial, ids }) => serial === number && ids[0] === firstBodyId)
    // Where a cold file got lost, what had moved into it counts where it came from again.
    if (file !== undefined && file.live.count === 0) condemned.push(file)
  }
  return condemned
}
