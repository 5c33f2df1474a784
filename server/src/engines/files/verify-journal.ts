import { checkKeys } from './check-keys.ts'
import type { Disk } from './disk.ts'
import { fileName, LOSSES_FILE } from './file-names.ts'
import { sameBytes } from './frame-walk.ts'
import { inspectJournal, type JournalInspection, missingFiles } from './inspect-journal.ts'
import type { SegmentInspection } from './inspect-segment.ts'
import { type Keyring, NO_KEYS } from './keyring.ts'

/** Something that is not as it was written. */
export interface Problem {
  readonly file: string
  readonly offset: number | null
  readonly problem: string
}

export interface VerifyReport {
  readonly segments: number
  readonly frames: number
  readonly bodies: number
  readonly coldFiles: number
  readonly snapshots: number
  readonly bytes: number
  /** A start refuses, or would do without something: what acknowledged messages hang on. */
  readonly problems: readonly Problem[]
  /** Worth knowing; a start deals with it without loss. */
  readonly notes: readonly Problem[]
}

/**
 * Reads every byte of a journal and says what is wrong with it. Changes nothing. The journal must not be open. Rejects with
 * `JournalError` if a file is encrypted under a master key that is not at hand.
 */
export async function verifyJournal(disk: Disk, keyring: Keyring = NO_KEYS): Promise<VerifyReport> {
  await checkKeys(disk, keyring)
  const inspection = await inspectJournal(disk, keyring)
  const { segments, colds, snapshots } = inspection
  return {
    segments: segments.length,
    frames: sum(segments, ({ frames }) => frames),
    bodies: sum(segments, ({ segment }) => segment.bodies),
    coldFiles: colds.length,
    snapshots: snapshots.filter(({ role, problem }) => role === 'snapshot' && problem === null).length,
    bytes: sum(segments, ({ found }) => found.size) + sum(colds, ({ bytes }) => bytes),
    problems: findProblems(inspection),
    notes: findNotes(inspection),
  }
}

function findProblems(inspection: JournalInspection): Problem[] {
  const { segments, unusableSegments, unusableColds, losses, covered } = inspection
  const problems: Problem[] = []
  for (const { name, problem } of [...unusableSegments, ...unusableColds]) {
    problems.push({ file: name, offset: null, problem })
  }
  for (const [i, each] of segments.entries()) {
    const file = each.found.name
    if (each.headerProblem !== null) problems.push({ file, offset: 0, problem: each.headerProblem })
    for (const { offset, why, frames } of each.damages) {
      problems.push({ file, offset, problem: `${why}; this is about ${describeFrames(frames)}` })
    }
    for (const { offset, bodies } of each.badBlocks) {
      if (losses?.hasAll(bodies)) continue
      const problem = `bodies ${bodies.first} to ${bodies.last} do not match their checksum`
      problems.push({ file, offset, problem })
    }
    const order = whatIsOutOfOrder(segments[i - 1] ?? null, each, covered)
    if (order !== null) problems.push({ file, offset: null, problem: order })
  }
  for (const { kind, number, firstBodyId, lastBodyId } of missingFiles(inspection)) {
    const problem = `it is missing; it had live bodies between ${firstBodyId} and ${lastBodyId}`
    problems.push({ file: fileName(kind, number), offset: null, problem })
  }
  for (const { name, number, lastFrame } of inspection.goneSegments) {
    const frames = describeFrames({ first: number, last: lastFrame })
    problems.push({
      file: name,
      offset: null,
      problem: `it is missing; its index says that it had ${frames}`,
    })
  }
  if (losses === null)
    problems.push({ file: LOSSES_FILE, offset: null, problem: 'it is not what was written' })
  const last = segments.at(-1)
  if (last === undefined && inspection.snapshots.length > 0) {
    problems.push({ file: '*.segment', offset: null, problem: 'there is not one segment, but a snapshot' })
  }
  if (last !== undefined && last.end.number - 1 < covered) {
    const problem = `the journal ends with frame ${last.end.number - 1}, before the snapshot of frame ${covered}`
    problems.push({ file: last.found.name, offset: last.end.offset, problem })
  }
  return problems
}

/** Segments without live bodies are removed, so that gaps before the newest snapshot are as they should be. */
function whatIsOutOfOrder(
  before: SegmentInspection | null,
  each: SegmentInspection,
  covered: number,
): string | null {
  const due = before === null ? 1 : before.end.number
  const { number, header } = each.found
  if (number === due) {
    const headersKnown = each.headerProblem === null && before !== null
    const follows = !headersKnown || sameBytes(header.previousNonce, before.found.header.nonce)
    return follows ? null : 'it does not follow the segment before: one of them was exchanged'
  }
  if (number < due) return 'it begins with a frame that the segment before has too'
  // A damaged end of the segment before is reported there.
  if (number <= covered + 1 || (before !== null && before.damages.length > 0)) return null
  return `${describeFrames({ first: Math.max(due, covered + 1), last: number - 1 })} before it are missing`
}

function findNotes(inspection: JournalInspection): Problem[] {
  const notes: Problem[] = []
  for (const { found, torn } of inspection.segments) {
    if (torn === null) continue
    const problem = `${torn.bytes} bytes of a write that was never answered: ${torn.why}`
    notes.push({ file: found.name, offset: torn.offset, problem })
  }
  for (const { name, problem } of inspection.badIndexes) notes.push({ file: name, offset: null, problem })
  for (const { name, problem } of inspection.snapshots) {
    if (problem !== null) notes.push({ file: name, offset: null, problem })
  }
  for (const { first, last } of inspection.losses?.ranges ?? []) {
    notes.push({ file: LOSSES_FILE, offset: null, problem: `bodies ${first} to ${last} were written off` })
  }
  return notes
}

export function describeFrames({ first, last }: { readonly first: number; readonly last: number }): string {
  if (last < first) return 'no frame'
  return first === last ? `frame ${first}` : `frames ${first} to ${last}`
}

function sum<T>(items: readonly T[], value: (item: T) => number): number {
  return items.reduce((total, item) => total + value(item), 0)
}
