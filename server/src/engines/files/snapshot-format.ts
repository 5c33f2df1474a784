import { crc32 } from 'node:zlib'
import { JournalError } from '../../journal/journal.ts'
import { readUint53, writeUint53 } from '../../journal/uint53.ts'

/**
 * The fixed parts of a snapshot file; docs/formats/snapshot.md says what they are for. All numbers are little-endian.
 *
 * ```
 *   header      0   8  magic "MILLSNAP"
 *               8   2  version of the format, 1
 *              10   2  zeros
 *              12   4  flags, 0 (encryption)
 *              16   8  frame: the last one that the snapshot covers
 *              24   8  now: the time of that frame, milliseconds since the epoch
 *              32   4  length of the meta bytes
 *              36   4  CRC32 of the meta bytes
 *              40   8  id of the master key, 0 (encryption)
 *              48  12  nonce of the wrapped key, 0 (encryption)
 *              60  48  data key, wrapped by the master key, 0 (encryption)
 *             108  16  zeros
 *             124   4  CRC32 of bytes 0..123
 *   meta      128   m
 *   units           …  one behind the other
 *   directory    32*n  an entry for each unit, `snapshot-directory.ts`
 *   footer      0   8  offset of the directory
 *               8   4  n: entries in the directory
 *              12   4  CRC32 of the directory
 *              16   8  frame, as in the header
 *              24   4  CRC32 of the header, as it stands there
 *              28  24  zeros
 *              52   8  magic "SNAPDONE"
 *              60   4  CRC32 of bytes 0..59
 * ```
 */
export const HEADER_BYTES = 128
export const FOOTER_BYTES = 64

const VERSION = 1
const HEADER_MAGIC = Buffer.from('MILLSNAP', 'latin1')
const FOOTER_MAGIC = Buffer.from('SNAPDONE', 'latin1')

const SUFFIX = '.snapshot'

export interface SnapshotHeader {
  readonly frame: number
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly metaBytes: number
  readonly metaChecksum: number
}

export interface SnapshotFooter {
  readonly directoryOffset: number
  readonly units: number
  readonly directoryChecksum: number
  readonly frame: number
  readonly headerChecksum: number
}

export function snapshotFileName(frame: number): string {
  return `${String(frame).padStart(16, '0')}${SUFFIX}`
}

/** The frames of all snapshot files among `names`, newest first. */
export function snapshotFrames(names: readonly string[]): number[] {
  const frames: number[] = []
  for (const name of names) {
    const match = /^(\d{16})\.snapshot$/.exec(name)
    if (match !== null) frames.push(Number(match[1]))
  }
  return frames.sort((a, b) => b - a)
}

export function encodeHeader(header: SnapshotHeader): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES)
  const view = new DataView(bytes.buffer)
  bytes.set(HEADER_MAGIC, 0)
  view.setUint16(8, VERSION, true)
  writeUint53(view, 16, header.frame)
  writeUint53(view, 24, header.now)
  view.setUint32(32, header.metaBytes, true)
  view.setUint32(36, header.metaChecksum, true)
  view.setUint32(124, crc32(bytes.subarray(0, 124)), true)
  return bytes
}

/** The checksum that stands in an encoded header. */
export function headerChecksum(header: Uint8Array): number {
  return viewOf(header).getUint32(124, true)
}

/** Throws `JournalError`, naming the file, if these are not the first bytes of a snapshot. */
export function decodeHeader(bytes: Uint8Array, name: string): SnapshotHeader {
  const view = viewOf(bytes)
  if (!HEADER_MAGIC.equals(bytes.subarray(0, 8))) throw corrupt(name, 0, 'it does not begin like a snapshot')
  if (view.getUint32(124, true) !== crc32(bytes.subarray(0, 124))) {
    throw corrupt(name, 0, 'its header does not match its checksum')
  }
  const version = view.getUint16(8, true)
  if (version !== VERSION) {
    throw new JournalError(
      `${name} has format version ${version}: it needs a Millrace that reads that version; this one reads version ${VERSION}`,
    )
  }
  if (view.getUint32(12, true) !== 0) {
    throw new JournalError(`${name} is encrypted: it needs a Millrace that can open it, and the master key`)
  }
  return {
    frame: readUint53(view, 16),
    now: readUint53(view, 24),
    metaBytes: view.getUint32(32, true),
    metaChecksum: view.getUint32(36, true),
  }
}

export function encodeFooter(footer: SnapshotFooter): Uint8Array {
  const bytes = new Uint8Array(FOOTER_BYTES)
  const view = new DataView(bytes.buffer)
  writeUint53(view, 0, footer.directoryOffset)
  view.setUint32(8, footer.units, true)
  view.setUint32(12, footer.directoryChecksum, true)
  writeUint53(view, 16, footer.frame)
  view.setUint32(24, footer.headerChecksum, true)
  bytes.set(FOOTER_MAGIC, 52)
  view.setUint32(60, crc32(bytes.subarray(0, 60)), true)
  return bytes
}

/** Throws `JournalError`, naming the file and `offset`, if these are not the last bytes of a finished snapshot. */
export function decodeFooter(bytes: Uint8Array, offset: number, name: string): SnapshotFooter {
  const view = viewOf(bytes)
  if (!FOOTER_MAGIC.equals(bytes.subarray(52, 60)))
    throw corrupt(name, offset, 'it does not end like a snapshot')
  if (view.getUint32(60, true) !== crc32(bytes.subarray(0, 60))) {
    throw corrupt(name, offset, 'its footer does not match its checksum')
  }
  return {
    directoryOffset: readUint53(view, 0),
    units: view.getUint32(8, true),
    directoryChecksum: view.getUint32(12, true),
    frame: readUint53(view, 16),
    headerChecksum: view.getUint32(24, true),
  }
}

export function corrupt(name: string, offset: number, what: string): JournalError {
  return new JournalError(`${name} is corrupt at offset ${offset}: ${what}`)
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}
