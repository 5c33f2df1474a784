import { crc32 } from 'node:zlib'
import { NONCE_BYTES } from '../../journal/frame-format.ts'
import { JournalError } from '../../journal/journal.ts'
import { readUint53, writeUint53 } from '../../journal/uint53.ts'
import type { FileKey } from './file-key.ts'
import { decodeKeySlot, encodeKeySlot, type KeySlot } from './key-slot.ts'
import type { Keyring } from './keyring.ts'

/**
 * The fixed parts of a snapshot file; docs/formats/snapshot.md says what they are for. All numbers are little-endian.
 *
 * ```
 *   header      0   8  magic "MILLSNAP"
 *               8   2  version of the format, 1
 *              10   2  zeros
 *              12   4  flags: 1 if the units are encrypted, else 0
 *              16   8  frame: the last one that the snapshot covers
 *              24   8  now: the time of that frame, milliseconds since the epoch
 *              32   4  length of the meta bytes
 *              36   4  CRC32 of the meta bytes
 *              40  68  the key of the file, `key-slot.ts`; zeros in a plain file
 *             108   8  nonce of the file: random; zeros in a plain file
 *             116   8  zeros
 *             124   4  CRC32 of bytes 0..123
 *   meta      128   m
 *   units           …  one behind the other
 *   directory    32*n  an entry for each unit, `snapshot-directory.ts`
 *   footer      0   8  offset of the directory
 *               8   4  n: entries in the directory
 *              12   4  CRC32 of the directory
 *              16   8  frame, as in the header
 *              24   4  CRC32 of the header, as it stands there; of its bytes 0..39 and 108..123 in an encrypted file, since a
 *                      new master key changes the others
 *              28  24  zeros
 *              52   8  magic "SNAPDONE"
 *              60   4  CRC32 of bytes 0..59
 * ```
 */
export const HEADER_BYTES = 128
export const FOOTER_BYTES = 64

const VERSION = 1
const FLAGS_AT = 12
const FLAG_ENCRYPTED = 1
const SLOT_AT = 40
const NONCE_AT = 108
const CHECKSUM_AT = 124
const HEADER_MAGIC = Buffer.from('MILLSNAP', 'latin1')
const FOOTER_MAGIC = Buffer.from('SNAPDONE', 'latin1')

const SUFFIX = '.snapshot'

export interface SnapshotHeader {
  readonly frame: number
  /** Milliseconds since the epoch. */
  readonly now: number
  readonly metaBytes: number
  readonly metaChecksum: number
  /** What the units of this file are encrypted with, and the nonce it goes with; null where they are plain. */
  readonly seal: { readonly key: FileKey; readonly nonce: Uint8Array } | null
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
  if (header.seal !== null) {
    view.setUint32(FLAGS_AT, FLAG_ENCRYPTED, true)
    encodeKeySlot(bytes, SLOT_AT, header.seal.key.slot)
    bytes.set(header.seal.nonce, NONCE_AT)
  }
  view.setUint32(CHECKSUM_AT, crc32(bytes.subarray(0, CHECKSUM_AT)), true)
  return bytes
}

/** What the footer says of an encoded header. */
export function headerChecksum(header: Uint8Array): number {
  const view = viewOf(header)
  if (view.getUint32(FLAGS_AT, true) === 0) return view.getUint32(CHECKSUM_AT, true)
  return crc32(header.subarray(NONCE_AT, CHECKSUM_AT), crc32(header.subarray(0, SLOT_AT)))
}

/** The key slot of an encoded header and the nonce it is bound to; null where the file is plain, or the header is not whole. */
export function slotInSnapshotHeader(
  bytes: Uint8Array,
): { readonly nonce: Uint8Array; readonly slot: KeySlot } | null {
  const view = viewOf(bytes)
  const isWhole =
    bytes.length >= HEADER_BYTES &&
    view.getUint32(CHECKSUM_AT, true) === crc32(bytes.subarray(0, CHECKSUM_AT))
  if (!isWhole || view.getUint32(FLAGS_AT, true) !== FLAG_ENCRYPTED) return null
  return { nonce: bytes.slice(NONCE_AT, NONCE_AT + NONCE_BYTES), slot: decodeKeySlot(bytes, SLOT_AT) }
}

/** The same header with another slot. */
export function withSlotInSnapshotHeader(header: Uint8Array, slot: KeySlot): Uint8Array {
  const bytes = header.slice(0, HEADER_BYTES)
  encodeKeySlot(bytes, SLOT_AT, slot)
  viewOf(bytes).setUint32(CHECKSUM_AT, crc32(bytes.subarray(0, CHECKSUM_AT)), true)
  return bytes
}

/**
 * Throws `JournalError`, naming the file, if these are not the first bytes of a snapshot, or the keyring lacks what it is
 * encrypted under.
 */
export function decodeHeader(bytes: Uint8Array, name: string, keyring: Keyring): SnapshotHeader {
  const view = viewOf(bytes)
  if (!HEADER_MAGIC.equals(bytes.subarray(0, 8))) throw corrupt(name, 0, 'it does not begin like a snapshot')
  if (view.getUint32(CHECKSUM_AT, true) !== crc32(bytes.subarray(0, CHECKSUM_AT))) {
    throw corrupt(name, 0, 'its header does not match its checksum')
  }
  const version = view.getUint16(8, true)
  if (version !== VERSION) {
    throw new JournalError(
      `${name} has format version ${version}: it needs a Millrace that reads that version; this one reads version ${VERSION}`,
    )
  }
  const flags = view.getUint32(FLAGS_AT, true)
  if (flags > FLAG_ENCRYPTED) {
    throw new JournalError(
      `${name} has flags (${flags}) that this Millrace does not know: it needs a later one`,
    )
  }
  const nonce = bytes.slice(NONCE_AT, NONCE_AT + NONCE_BYTES)
  const slot = decodeKeySlot(bytes, SLOT_AT)
  return {
    frame: readUint53(view, 16),
    now: readUint53(view, 24),
    metaBytes: view.getUint32(32, true),
    metaChecksum: view.getUint32(36, true),
    seal: flags === 0 ? null : { nonce, key: keyring.fileKey('snapshot', nonce, slot, name) },
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
