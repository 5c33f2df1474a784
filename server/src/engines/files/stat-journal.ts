import type { Segment } from './body-file.ts'
import { checkKeys } from './check-keys.ts'
import { loadColdFile } from './cold-file.ts'
import type { Disk } from './disk.ts'
import type { DecodedFileHeader } from './file-header.ts'
import { fileNumbers, QUARANTINE_SUFFIX } from './file-names.ts'
import { type Keyring, NO_KEYS } from './keyring.ts'
import { readLosses } from './losses.ts'
import { findSegment, loadByIndex, walkSegment } from './segment-load.ts'
import { snapshotFrames } from './snapshot-format.ts'

export interface StatReport {
  /** The same in every file of the journal; null where there is no segment. */
  readonly journalId: string | null
  /** Grows with every start that wrote something. */
  readonly epoch: number
  readonly lastFrame: number
  /** Milliseconds since the epoch; null before the first frame. */
  readonly lastFrameAt: number | null
  readonly nextBodyId: number
  readonly totalBytes: number
  readonly segments: readonly {
    readonly name: string
    readonly frames: string
    readonly bodies: number
    readonly bytes: number
    readonly encrypted: boolean
    readonly state: 'sealed' | 'open' | 'without index'
  }[]
  readonly coldFiles: readonly {
    readonly name: string
    readonly generation: number
    readonly bodies: number
    readonly bytes: number
    readonly encrypted: boolean
  }[]
  readonly snapshotFrames: readonly number[]
  readonly lostBodies: readonly string[]
  readonly quarantined: readonly string[]
}

/**
 * What a journal consists of. Reads headers and indexes, and walks through segments that have none; changes nothing. Rejects
 * with `JournalError` for a file that is not what its name says: `verifyJournal` goes on behind that.
 */
export async function statJournal(disk: Disk, keyring: Keyring = NO_KEYS): Promise<StatReport> {
  await checkKeys(disk, keyring)
  const names = await disk.list()
  const segments: StatReport['segments'][number][] = []
  const coldFiles: StatReport['coldFiles'][number][] = []
  let newest: { readonly header: DecodedFileHeader; readonly segment: Segment } | undefined
  let lastNow = 0
  for (const number of fileNumbers(names, 'segment')) {
    const found = await findSegment(disk, number, keyring)
    const indexed = await loadByIndex(disk, names, found)
    const segment =
      indexed ?? (await walkSegment(disk, found, { checkBodies: false, visit: () => {} })).segment
    segments.push({
      name: found.name,
      frames: `${number} to ${segment.lastFrame}`,
      bodies: segment.bodies,
      bytes: found.size,
      encrypted: found.header.key !== null,
      state: indexed !== null ? 'sealed' : segment.sealed ? 'without index' : 'open',
    })
    newest = { header: found.header, segment }
    lastNow = Math.max(lastNow, segment.lastNow)
  }
  for (const serial of fileNumbers(names, 'cold')) {
    const { cold } = await loadColdFile(disk, serial, keyring, false)
    const { name, generation, bytes, key } = cold
    coldFiles.push({ name, generation, bodies: cold.ids.length, bytes, encrypted: key !== null })
  }
  const losses = await readLosses(disk, names)
  return {
    journalId: newest === undefined ? null : Buffer.from(newest.header.journalId).toString('hex'),
    epoch: newest?.header.epoch ?? 0,
    lastFrame: newest?.segment.lastFrame ?? 0,
    lastFrameAt: lastNow === 0 ? null : lastNow,
    nextBodyId: newest?.segment.nextBodyId ?? 1,
    totalBytes: [...segments, ...coldFiles].reduce((sum, { bytes }) => sum + bytes, 0),
    segments,
    coldFiles,
    snapshotFrames: snapshotFrames(names),
    lostBodies: losses.ranges.map(({ first, last }) => `${first} to ${last}`),
    quarantined: names.filter((name) => name.endsWith(QUARANTINE_SUFFIX)),
  }
}
