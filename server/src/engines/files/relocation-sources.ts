import type { BodyFile } from './body-file.ts'
import type { BodyPlaces } from './body-places.ts'
import type { FilesLimits } from './limits.ts'
import { LIFETIMES } from './live-bodies.ts'

/** Files that are given up, by moving what is live in them. */
export interface RelocationSources {
  /** Of the cold files that their survivors move into. */
  readonly generation: 1 | 2
  /** At least one. */
  readonly files: readonly BodyFile[]
}

/**
 * Chooses files that take more space than they are worth. Null if too little would be won.
 *
 * ```
 *                         alive     of it short-lived
 *   segment               < 1/4                          mostly dead
 *   segment               < 1/2     < 1/16               held by what stays for long, which leaves once the rest is gone
 *   cold file, first      < 1/4                          mostly dead
 *   cold file, second                                    never: it goes when all of it is dead
 * ```
 *
 * What is short-lived goes by itself: it is not worth a copy before the file is mostly dead. What stays for long is in files of
 * its own kind afterwards, where it dies together, so that those aren't copied just because half of one is dead.
 */
export function chooseSources(places: BodyPlaces, limits: FilesLimits): RelocationSources | null {
  const { segments, colds } = places
  // The newest segment is being written, and those behind it may still be consumed in order.
  const settled = segments.slice(0, Math.max(0, segments.length - 1 - limits.relocateBehindSegments))
  const wasteful = settled.filter(
    (segment) => segment.sealed && (isMostlyDead(segment, limits) || isHeldByFew(segment, limits)),
  )
  const fromSegments = enough(wasteful, limits)
  if (fromSegments !== null) return { generation: 1, files: fromSegments }
  const dying = colds.filter((cold) => cold.generation === 1 && isMostlyDead(cold, limits))
  const fromColds = enough(dying.toReversed(), limits)
  return fromColds === null ? null : { generation: 2, files: fromColds }
}

function isMostlyDead({ live, bytes }: BodyFile, limits: FilesLimits): boolean {
  return live.bytes < bytes * limits.relocateBelow
}

function isHeldByFew({ live, bytes }: BodyFile, limits: FilesLimits): boolean {
  return (
    live.bytes < bytes * limits.relocateHeldBelow && live.bytesOf(0) < bytes * limits.relocateHeldShortBelow
  )
}

/** Those of the files whose survivors fit into one file of each lifetime; null if all of them would free too little. */
function enough(files: readonly BodyFile[], limits: FilesLimits): readonly BodyFile[] | null {
  const movable = files.filter(({ live, damaged }) => !damaged && live.count > 0)
  const freed = movable.reduce((sum, { live, bytes }) => sum + bytes - live.bytes, 0)
  if (movable.length === 0 || freed < limits.relocateForBytes) return null
  let survivingBytes = LIFETIMES.map(() => 0)
  const chosen: BodyFile[] = []
  for (const file of movable) {
    survivingBytes = LIFETIMES.map((lifetime) => survivingBytes[lifetime]! + file.live.bytesOf(lifetime))
    if (chosen.length > 0 && survivingBytes.some((bytes) => bytes > limits.segmentBytes)) break
    chosen.push(file)
  }
  return chosen
}
