import { crc32 } from 'node:zlib'
import type { Disk, DiskFile } from './disk.ts'
import type { FileKey } from './file-key.ts'
import type { Keyring } from './keyring.ts'
import { decodeEntries, ENTRY_BYTES, SnapshotDirectory, type UnitPlace } from './snapshot-directory.ts'
import {
  corrupt,
  decodeFooter,
  decodeHeader,
  FOOTER_BYTES,
  HEADER_BYTES,
  headerChecksum,
  snapshotFileName,
} from './snapshot-format.ts'
import { openUnit } from './snapshot-unit.ts'

/** What is read and checked at once, so that no turn of the event loop takes long. A larger unit is read alone. */
const READ_BYTES = 512 * 1024
/** Bytes of no use that are read along rather than making another call. */
const GAP_BYTES_MAX = 32 * 1024
/** A multiple of an entry: 4096 of them take about a millisecond. */
const DIRECTORY_READ_BYTES = 4096 * ENTRY_BYTES

/** A snapshot file whose header, meta bytes and directory match their checksums; its units were not looked at. */
export interface SnapshotFile {
  readonly frame: number
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly meta: Uint8Array
  readonly directory: SnapshotDirectory
  readonly directoryChecksum: number
  readonly bytes: number
  /** Whether the units that lie in this file are encrypted. */
  readonly encrypted: boolean
}

/** A snapshot of which every file that it needs is there and long enough. */
export interface UsableSnapshot extends SnapshotFile {
  /** Each of those files, its own included, by the file's frame. */
  readonly files: ReadonlyMap<number, Pick<SnapshotFile, 'bytes' | 'encrypted'>>
}

/**
 * Reads all of a snapshot but its units. Throws `JournalError` where the file is not what it should be, and the disk's
 * errors. `name` may differ from the file's own while it is being written.
 */
export async function readSnapshotFile(
  disk: Disk,
  frame: number,
  keyring: Keyring,
  name = snapshotFileName(frame),
): Promise<SnapshotFile> {
  const file = await disk.open(name)
  try {
    const size = await file.size()
    if (size < HEADER_BYTES + FOOTER_BYTES) throw corrupt(name, size, 'it is too short for a snapshot')
    const headerBytes = await readExactly(file, HEADER_BYTES, 0, name)
    const header = decodeHeader(headerBytes, name, keyring)
    if (header.frame !== frame) throw corrupt(name, 16, `it is the snapshot of frame ${header.frame}`)
    const footerOffset = size - FOOTER_BYTES
    const footer = decodeFooter(await readExactly(file, FOOTER_BYTES, footerOffset, name), footerOffset, name)
    if (footer.frame !== frame || footer.headerChecksum !== headerChecksum(headerBytes)) {
      throw corrupt(name, footerOffset, 'its footer belongs to another snapshot')
    }
    const unitsOffset = HEADER_BYTES + header.metaBytes
    if (
      footer.directoryOffset < unitsOffset ||
      footer.directoryOffset + footer.units * ENTRY_BYTES !== footerOffset
    ) {
      throw corrupt(name, footerOffset, 'its footer does not fit its length')
    }
    const meta = await readExactly(file, header.metaBytes, HEADER_BYTES, name)
    if (crc32(meta) !== header.metaChecksum) {
      throw corrupt(name, HEADER_BYTES, 'its meta bytes do not match their checksum')
    }
    const directory = new SnapshotDirectory(footer.units)
    let checksum = 0
    for (let at = footer.directoryOffset; at < footerOffset; at += DIRECTORY_READ_BYTES) {
      const bytes = await readExactly(file, Math.min(DIRECTORY_READ_BYTES, footerOffset - at), at, name)
      checksum = crc32(bytes, checksum)
      for (const place of decodeEntries(bytes)) {
        if (!isPossible(place, frame, unitsOffset, footer.directoryOffset) || !directory.add(place)) {
          throw corrupt(name, at, `its directory has an impossible entry for unit ${place.unit}`)
        }
      }
    }
    if (checksum !== footer.directoryChecksum) {
      throw corrupt(name, footer.directoryOffset, 'its directory does not match its checksum')
    }
    const encrypted = header.seal !== null
    return { frame, now: header.now, meta, directory, directoryChecksum: checksum, bytes: size, encrypted }
  } finally {
    await file.close()
  }
}

/** Looks for the older files that the snapshot needs. Throws if one is missing or too short. */
export async function findOlderFiles(
  disk: Disk,
  snapshot: SnapshotFile,
  keyring: Keyring,
): Promise<UsableSnapshot> {
  const { bytes, encrypted } = snapshot
  const files = new Map([[snapshot.frame, { bytes, encrypted }]])
  for (const [frame, use] of snapshot.directory.files) {
    if (frame === snapshot.frame) continue
    const name = snapshotFileName(frame)
    const file = await disk.open(name)
    try {
      const size = await file.size()
      if (size < use.end) throw corrupt(name, size, `it ends before units of snapshot ${snapshot.frame}`)
      files.set(frame, { bytes: size, encrypted: (await readKey(file, name, keyring)) !== null })
    } finally {
      await file.close()
    }
  }
  return { ...snapshot, files }
}

/** Reads every unit of a snapshot, wherever it lies, and checks it. `take` may keep the bytes; they share memory. */
export async function readAllUnits(
  disk: Disk,
  snapshot: SnapshotFile,
  keyring: Keyring,
  take: (unit: number, bytes: Uint8Array) => void | Promise<void>,
): Promise<void> {
  const { directory } = snapshot
  for (const frame of directory.files.keys()) {
    const name = snapshotFileName(frame)
    await readUnits({ disk, keyring, name }, directory, directory.rowsIn(frame), take)
  }
}

/** A file of units. */
export interface UnitSource {
  readonly disk: Disk
  readonly keyring: Keyring
  readonly name: string
}

/**
 * Reads units that lie in one file, given as rows by ascending offset, several with each call to the disk, and checks and opens
 * each. Throws `JournalError` at the first that is not what was written.
 */
export async function readUnits(
  { disk, keyring, name }: UnitSource,
  directory: SnapshotDirectory,
  rows: Uint32Array,
  take: (unit: number, bytes: Uint8Array) => void | Promise<void>,
): Promise<void> {
  const file = await disk.open(name)
  try {
    const key = await readKey(file, name, keyring)
    for (let first = 0; first < rows.length; ) {
      const places = nextRun(directory, rows, first)
      const start = places[0].offset
      const end = places.reduce((reached, place) => Math.max(reached, place.offset + place.length), start)
      const bytes = await readExactly(file, end - start, start, name)
      for (const place of places) {
        const from = place.offset - start
        const unit = openUnit(key, bytes.subarray(from, from + place.length), place)
        if (unit === null) {
          throw corrupt(name, place.offset, `unit ${place.unit} does not match its checksum`)
        }
        await take(place.unit, unit)
      }
      first += places.length
    }
  } finally {
    await file.close()
  }
}

/** What the units of a file are encrypted with; null where they are plain. */
async function readKey(file: DiskFile, name: string, keyring: Keyring): Promise<FileKey | null> {
  const header = decodeHeader(await readExactly(file, HEADER_BYTES, 0, name), name, keyring)
  return header.seal?.key ?? null
}

/** The units from row `first` on that are near enough to each other to be read together. */
function nextRun(
  directory: SnapshotDirectory,
  rows: Uint32Array,
  first: number,
): [UnitPlace, ...UnitPlace[]] {
  const start = directory.at(rows[first]!)
  const run: [UnitPlace, ...UnitPlace[]] = [start]
  let reached = start.offset + start.length
  for (const row of rows.subarray(first + 1)) {
    const next = directory.at(row)
    const end = next.offset + next.length
    if (next.offset - reached > GAP_BYTES_MAX || end - start.offset > READ_BYTES) break
    run.push(next)
    reached = end
  }
  return run
}

function isPossible(place: UnitPlace, frame: number, unitsOffset: number, unitsEnd: number): boolean {
  if (place.frame > frame) return false
  if (place.frame < frame) return place.offset >= HEADER_BYTES
  return place.offset >= unitsOffset && place.offset + place.length <= unitsEnd
}

async function readExactly(
  file: DiskFile,
  length: number,
  offset: number,
  name: string,
): Promise<Uint8Array> {
  // Memory that is not zeroed first; it is handed on only when all of it was filled.
  const bytes = new Uint8Array(Buffer.allocUnsafeSlow(length).buffer)
  const read = await file.read(bytes, offset)
  if (read !== length) throw corrupt(name, offset + read, 'it ends too early')
  return bytes
}
