import { JournalError } from '../../journal/journal.ts'
import { fileName } from './file-names.ts'
import { type JournalInspection, missingFiles } from './inspect-journal.ts'
import type { Damage, SegmentInspection } from './inspect-segment.ts'
import type { IdRange } from './losses.ts'

/** What a repair would do, and what it would cost. */
export interface RepairPlan {
  /** Every frame from here on is given up; null if none has to be. */
  readonly cutFrame: number | null
  /** The last frame that is known to have been there. */
  readonly lastFrame: number
  /** Ids below this are never given out again. */
  readonly nextBodyId: number
  /** Written anew from their good frames, without loss but for what lies behind the cut. */
  readonly rewritten: readonly SegmentInspection[]
  /** Damaged where a snapshot covers it: their bodies move into cold files, and what lies behind the snapshot is kept. */
  readonly salvaged: readonly SegmentInspection[]
  /** Segments behind the cut, and those of which nothing can be read. */
  readonly dropped: readonly string[]
  readonly colds: JournalInspection['unusableColds']
  readonly badIndexes: readonly string[]
  readonly lossesDamaged: boolean
  /** Bodies that the state may refer to, or did before the cut, and that are gone. */
  readonly lostBodies: readonly IdRange[]
}

/** Throws `JournalError` where nothing is left to build a state from. */
export function planRepair(inspection: JournalInspection): RepairPlan {
  const { segments, covered, losses } = inspection
  const cutFrame = findCut(inspection)
  if (covered === 0 && (cutFrame === 1 || (segments.length === 0 && hasAnything(inspection)))) {
    throw new JournalError(
      'nothing can be repaired: no snapshot is good, and the frames from the first on are not all there. Put the missing files back, restore a copy, or begin with an empty directory',
    )
  }
  const end = cutFrame ?? Number.POSITIVE_INFINITY
  const kept = segments.filter(({ found }) => found.number < end)
  const salvaged = kept.filter(({ damages }) =>
    damages.some((each) => isLossy(each, segments) && each.frames.first <= covered),
  )
  const rewritten = kept.filter((each, i) => {
    const isFollowed = i + 1 < kept.length || cutFrame !== null
    const endsBadly = isFollowed && (!each.end.sealed || each.end.number > end)
    const isBad =
      each.damages.length > 0 ||
      each.headerProblem !== null ||
      endsBadly ||
      isSpoiled(each, segments, cutFrame)
    return isBad && !salvaged.includes(each)
  })
  const behind = segments.filter(({ found }) => found.number >= end)
  const lostBodies = [
    ...lostInSegments(kept, covered),
    ...lostInMissingFiles(inspection),
    ...lostBeforeSnapshot(inspection),
    ...(cutFrame === null ? [] : [lostBehindCut(cutFrame, kept, inspection)]),
  ]
  return {
    cutFrame,
    lastFrame: Math.max(
      0,
      ...segments.map(lastFrameOf),
      ...inspection.goneSegments.map(({ lastFrame }) => lastFrame),
    ),
    nextBodyId: nextBodyIdOf(inspection),
    rewritten,
    salvaged,
    dropped: [
      ...behind.map(({ found }) => found.name),
      ...inspection.unusableSegments.map(({ name }) => name),
    ],
    colds: inspection.unusableColds,
    badIndexes: inspection.badIndexes.map(({ name }) => name),
    lossesDamaged: losses === null,
    lostBodies: lostBodies.filter((range) => range.first <= range.last && !losses?.hasAll(range)),
  }
}

/**
 * True for the segment that is the newest afterwards, if it has damaged bodies: a start takes them for a torn tail, or refuses,
 * without its index.
 */
export function isSpoiled(
  each: SegmentInspection,
  segments: readonly SegmentInspection[],
  cutFrame: number | null,
): boolean {
  const isNewest = cutFrame === null ? each === segments.at(-1) : holdsCut(each, cutFrame)
  return isNewest && each.badBlocks.length > 0
}

/** True if the cut goes through this segment, so that its footer stands where the cut is. */
export function holdsCut({ found, end, damages }: SegmentInspection, cutFrame: number): boolean {
  if (found.number >= cutFrame) return false
  const isDamaged = damages.some(({ frames }) => frames.first <= cutFrame && cutFrame <= frames.last)
  return isDamaged || end.number > cutFrame || (end.number === cutFrame && !end.sealed)
}

/** The first frame that a state has to be rebuilt from and that is not there, or is damaged. */
function findCut(inspection: JournalInspection): number | null {
  const fault = findFirstFault(inspection)
  const { segments, unusableSegments, goneSegments } = inspection
  // A file with a name that no segment can have, since another one has the frame, hides nothing.
  const missing = unusableSegments.filter(
    ({ number }) => !segments.some((each) => each.found.number < number && number <= lastFrameOf(each)),
  )
  const candidates = [...missing, ...goneSegments].map(({ number }) => number)
  if (fault !== null) candidates.push(fault)
  const needed = candidates.filter((frame) => frame > inspection.covered)
  return needed.length === 0 ? null : Math.min(...needed)
}

function findFirstFault({ segments, covered }: JournalInspection): number | null {
  let due = covered + 1
  for (const each of segments) {
    if (each.found.number > due) return due
    for (const damage of each.damages) {
      if (isLossy(damage, segments) && damage.frames.last >= due) return Math.max(due, damage.frames.first)
    }
    due = Math.max(due, lastFrameOf(each) + 1)
  }
  const last = segments.at(-1)
  return last !== undefined && lastFrameOf(last) < covered ? covered + 1 : null
}

/** A segment's last frame is its footer, which says nothing that the next segment's header does not. */
function isLossy({ frames, bodies }: Damage, segments: readonly SegmentInspection[]): boolean {
  if (frames.last < frames.first) return false
  const isFooter =
    frames.first === frames.last &&
    bodies.last < bodies.first &&
    segments.some(({ found }) => found.number === frames.last + 1)
  return !isFooter
}

function lostInSegments(kept: readonly SegmentInspection[], covered: number): IdRange[] {
  return kept.flatMap(({ damages, badBlocks }) => [
    ...damages.filter(({ frames }) => frames.first <= covered).map(({ bodies }) => bodies),
    ...badBlocks.map(({ bodies }) => bodies),
  ])
}

/** Of files that are gone or can't be read: what the newest good snapshot noted of them. */
function lostInMissingFiles(inspection: JournalInspection): IdRange[] {
  const unusable = [...inspection.unusableSegments, ...inspection.unusableColds].map(({ name }) => name)
  const noted = (inspection.cut?.files ?? []).filter(
    ({ kind, number, dead }) => !dead && unusable.includes(fileName(kind, number)),
  )
  return [...missingFiles(inspection), ...noted].map(({ firstBodyId, lastBodyId }) => {
    return { first: firstBodyId, last: lastBodyId }
  })
}

/** Where the journal ends before its snapshot. */
function lostBeforeSnapshot({ segments, covered, cut }: JournalInspection): IdRange[] {
  const last = segments.at(-1)
  if (cut === null || last === undefined || lastFrameOf(last) >= covered) return []
  return [{ first: last.end.firstBodyId, last: cut.nextBodyId - 1 }]
}

function lostBehindCut(
  cutFrame: number,
  kept: readonly SegmentInspection[],
  inspection: JournalInspection,
): IdRange {
  const last = nextBodyIdOf(inspection) - 1
  if (cutFrame === inspection.covered + 1) return { first: inspection.cut?.nextBodyId ?? 1, last }
  const damage = kept.flatMap(({ damages }) => damages).find(({ frames }) => frames.first === cutFrame)
  return { first: damage?.bodies.first ?? kept.at(-1)?.end.firstBodyId ?? 1, last }
}

function nextBodyIdOf({ segments, cut, goneSegments }: JournalInspection): number {
  return Math.max(
    cut?.nextBodyId ?? 1,
    ...goneSegments.map(({ nextBodyId }) => nextBodyId),
    ...segments.map(({ end }) => end.firstBodyId),
    ...segments.flatMap(({ damages }) => damages.map(({ bodies }) => bodies.last + 1)),
  )
}

/** The last frame that is there or should be. */
function lastFrameOf({ end, damages }: SegmentInspection): number {
  return Math.max(end.number - 1, ...damages.map(({ frames }) => frames.last))
}

function hasAnything({ unusableSegments, snapshots, colds, unusableColds }: JournalInspection): boolean {
  return unusableSegments.length + snapshots.length + colds.length + unusableColds.length > 0
}
