import { NONCE_BYTES } from '../../journal/frame-format.ts'
import { JournalError } from '../../journal/journal.ts'
import { loadColdFile } from './cold-file.ts'
import { type CutFile, type CutRecord, decodeCutRecord } from './cut-record.ts'
import type { Disk } from './disk.ts'
import { type DecodedFileHeader, FILE_HEADER_BYTES, keyInDamagedHeader } from './file-header.ts'
import { fileName, fileNumbers } from './file-names.ts'
import { FileWindow } from './file-window.ts'
import { readFrameHeader, sameBytes } from './frame-walk.ts'
import { decodeIndex, encodeIndex, readIndex } from './index-file.ts'
import { inspectSegment, type SegmentInspection } from './inspect-segment.ts'
import type { Keyring } from './keyring.ts'
import { type Losses, readLosses } from './losses.ts'
import { type FoundSegment, findSegment } from './segment-load.ts'
import { readSnapshotFile } from './snapshot-reader.ts'
import { type SnapshotFinding, verifySnapshots } from './snapshots.ts'
import { readWholeFile, withFile } from './whole-file.ts'

/** A file that can't be read as what its name says. */
export interface UnusableFile {
  readonly name: string
  readonly number: number
  readonly problem: string
}

/** What the index of a missing segment says about it. */
export interface GoneSegment {
  readonly name: string
  readonly number: number
  readonly lastFrame: number
  readonly nextBodyId: number
}

/** Everything that can be found out about a journal without the state it belongs to. Nothing is changed by finding out. */
export interface JournalInspection {
  readonly segments: readonly SegmentInspection[]
  readonly unusableSegments: readonly UnusableFile[]
  readonly unusableColds: readonly (UnusableFile & {
    /** What of it is good, as of a segment whose first frame is 1; null where not even its first frame is. */
    readonly inspection: SegmentInspection | null
  })[]
  readonly colds: readonly {
    readonly name: string
    readonly bodies: number
    readonly bytes: number
    readonly generation: number
  }[]
  readonly badIndexes: readonly { readonly name: string; readonly problem: string }[]
  /** Segments behind the newest, of which only the indexes are there. */
  readonly goneSegments: readonly GoneSegment[]
  readonly snapshots: readonly SnapshotFinding[]
  /** What the newest good snapshot noted, and the frame it covers; 0 where there is none. */
  readonly cut: CutRecord | null
  readonly covered: number
  /** Null if the file is damaged. */
  readonly losses: Losses | null
}

export async function inspectJournal(disk: Disk, keyring: Keyring): Promise<JournalInspection> {
  const names = await disk.list()
  const { found, unusable } = await findAll(disk, names, keyring)
  const segments: SegmentInspection[] = []
  for (const [i, { segment, headerProblem }] of found.entries()) {
    const next = found[i + 1]?.segment.header ?? (await endByIndex(disk, names, segment))
    segments.push(await inspectSegment(disk, segment, next, headerProblem))
  }
  const snapshots = await verifySnapshots(disk, keyring)
  const good = snapshots.find(({ role, problem }) => role === 'snapshot' && problem === null)
  const cut =
    good === undefined ? null : decodeCutRecord((await readSnapshotFile(disk, good.frame, keyring)).meta)
  const { colds, unusableColds } = await inspectColds(disk, names, keyring)
  return {
    segments,
    unusableSegments: unusable,
    colds,
    unusableColds,
    badIndexes: await inspectIndexes(disk, names, segments),
    goneSegments: await findGone(disk, names),
    snapshots,
    cut,
    covered: good?.frame ?? 0,
    losses: await readLosses(disk, names).catch(orNull),
  }
}

/** Files that had live bodies when the newest good snapshot was taken, are not there, and were not written off. */
export function missingFiles({ cut, losses, segments, ...rest }: JournalInspection): CutFile[] {
  const colds = new Set([...rest.colds, ...rest.unusableColds].map(({ name }) => name))
  const known = new Set(
    [...segments.map(({ found }) => found), ...rest.unusableSegments].map(({ name }) => name),
  )
  return (cut?.files ?? []).filter(({ kind, number, dead, firstBodyId, lastBodyId }) => {
    if (dead || lastBodyId < firstBodyId) return false
    if (losses?.hasAll({ first: firstBodyId, last: lastBodyId })) return false
    const name = fileName(kind, number)
    return !colds.has(name) && !known.has(name)
  })
}

/** What would come behind the frames of a segment, but for its footer, if an index was made of it; null otherwise. */
async function endByIndex(disk: Disk, names: readonly string[], { number, header }: FoundSegment) {
  const index = await readIndex(disk, names, fileName('index', number))
  if (index === null || !sameBytes(index.nonce, header.nonce)) return null
  return { number: index.lastFrame, firstBodyId: index.nextBodyId }
}

async function findGone(disk: Disk, names: readonly string[]): Promise<GoneSegment[]> {
  const newest = fileNumbers(names, 'segment').at(-1) ?? 0
  const gone: GoneSegment[] = []
  for (const number of fileNumbers(names, 'index').filter((each) => each > newest)) {
    const index = await readIndex(disk, names, fileName('index', number))
    if (index?.firstFrame !== number) continue
    const { lastFrame, nextBodyId } = index
    gone.push({ name: fileName('segment', number), number, lastFrame, nextBodyId })
  }
  return gone
}

async function findAll(disk: Disk, names: readonly string[], keyring: Keyring) {
  const found: { segment: FoundSegment; headerProblem: string | null }[] = []
  const unusable: UnusableFile[] = []
  for (const number of fileNumbers(names, 'segment')) {
    const { segment, problem } = await findOne(disk, number, keyring)
    const journal = found.find(({ headerProblem }) => headerProblem === null)?.segment
    if (segment === null) {
      unusable.push({ name: fileName('segment', number), number, problem: problem ?? '' })
    } else if (
      problem === null &&
      journal !== undefined &&
      !sameBytes(journal.header.journalId, segment.header.journalId)
    ) {
      const foreign = `${segment.name} belongs to another journal than the files before it`
      unusable.push({ name: segment.name, number, problem: foreign })
    } else {
      found.push({ segment, headerProblem: problem })
    }
  }
  return { found, unusable }
}

async function findOne(disk: Disk, number: number, keyring: Keyring) {
  try {
    return { segment: await findSegment(disk, number, keyring), problem: null }
  } catch (error) {
    return {
      segment: await findByFirstFrame(disk, 'segment', number, number, keyring),
      problem: messageOf(error),
    }
  }
}

/**
 * Everything in a file's header that its frames hang on stands in the first frame too, which has the number `first`, but for the
 * journal's id. The key stands twice in the header.
 */
async function findByFirstFrame(
  disk: Disk,
  kind: 'segment' | 'cold',
  number: number,
  first: number,
  keyring: Keyring,
): Promise<FoundSegment | null> {
  const name = fileName(kind, number)
  return await withFile(disk, name, async (file) => {
    const size = await file.size()
    const frame = await readFrameHeader(new FileWindow(file, size, 0), FILE_HEADER_BYTES)
    if (frame === null || frame.number !== first) return null
    const head = Buffer.alloc(FILE_HEADER_BYTES)
    await file.read(head, 0)
    const header: DecodedFileHeader = {
      kind: 'segment',
      epoch: frame.epoch,
      number: first,
      firstBodyId: frame.firstBodyId,
      journalId: new Uint8Array(8),
      nonce: frame.nonce,
      previousNonce: new Uint8Array(NONCE_BYTES),
      generation: 0,
      key: keyInDamagedHeader(head, kind, frame.nonce, keyring),
      checksum: frame.previousChecksum,
    }
    return { name, number: first, header, size }
  })
}

async function inspectColds(disk: Disk, names: readonly string[], keyring: Keyring) {
  const colds: { name: string; bodies: number; bytes: number; generation: number }[] = []
  const unusableColds: JournalInspection['unusableColds'][number][] = []
  for (const serial of fileNumbers(names, 'cold')) {
    try {
      const { cold } = await loadColdFile(disk, serial, keyring, true)
      const { name, bytes, generation } = cold
      colds.push({ name, bytes, generation, bodies: cold.blocks.bodies })
    } catch (error) {
      const name = fileName('cold', serial)
      const found = await findByFirstFrame(disk, 'cold', serial, 1, keyring)
      // A cold file has an end: nothing in it is a write that was under way.
      const inspection =
        found === null ? null : await inspectSegment(disk, found, { number: 1, firstBodyId: 0 }, null)
      unusableColds.push({ name, number: serial, problem: messageOf(error), inspection })
    }
  }
  return { colds, unusableColds }
}

async function inspectIndexes(disk: Disk, names: readonly string[], segments: readonly SegmentInspection[]) {
  const bad: { name: string; problem: string }[] = []
  for (const number of fileNumbers(names, 'index')) {
    const name = fileName('index', number)
    const of = segments.find(({ found }) => found.number === number)
    const bytes = await readWholeFile(disk, name)
    if (decodeIndex(bytes) === null) bad.push({ name, problem: 'it is not what was written' })
    else if (of === undefined) bad.push({ name, problem: 'there is no segment that it is of' })
    else if (
      of.damages.length === 0 &&
      of.headerProblem === null &&
      !sameBytes(bytes, encodeIndex(of.segment))
    ) {
      bad.push({ name, problem: `it does not match ${of.found.name}` })
    }
  }
  return bad
}

function messageOf(error: unknown): string {
  if (error instanceof JournalError) return error.message
  throw error
}

function orNull(error: unknown): null {
  if (error instanceof JournalError) return null
  throw error
}
