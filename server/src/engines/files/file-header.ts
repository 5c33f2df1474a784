import { crc32 } from 'node:zlib'
import { NONCE_BYTES } from '../../journal/frame-format.ts'
import { JournalError } from '../../journal/journal.ts'
import { readUint53, writeUint53 } from '../../journal/uint53.ts'
import type { FileKey } from './file-key.ts'
import { decodeKeySlot, encodeKeySlot, KEY_SLOT_BYTES, type KeySlot } from './key-slot.ts'
import type { Keyring } from './keyring.ts'

/**
 * The first bytes of a segment or of a cold file. All numbers are little-endian.
 *
 * ```
 *     0   8  magic "MILLRACE"
 *     8   2  version of the format, 1
 *    10   2  kind: 1 segment, 2 cold file
 *    12   4  epoch: grows with every start of the journal
 *    16   8  number: of the first frame, or the cold file's serial
 *    24   8  id of the first body; 0 in a cold file
 *    32   8  id of the journal: random, the same in all its files
 *    40   8  nonce: random, in every frame of this file
 *    48   8  nonce of the segment before; zeros in the first segment and in cold files
 *    56   4  generation of a cold file, 1 or 2; 0 in a segment
 *    60   4  flags: 1 if the blocks are encrypted, else 0
 *    64  68  the key of the file, `key-slot.ts`; zeros in a plain file
 *   132  68  the same once more: without it nothing of the file can be read
 *   200  52  zeros
 *   252   4  checksum: CRC32 of bytes 0..251
 * ```
 *
 * The first frame of a plain file is chained to that checksum, that of an encrypted file to the CRC32 of bytes 0..63: a new
 * master key changes what stands behind them.
 */
export const FILE_HEADER_BYTES = 256
const FORMAT_VERSION = 1
const FLAGS_AT = 60
const FLAG_ENCRYPTED = 1
const SLOTS_AT = [64, 64 + KEY_SLOT_BYTES] as const
const CHECKSUM_AT = 252
const MAGIC = new TextEncoder().encode('MILLRACE')

export interface FileHeader {
  readonly kind: 'segment' | 'cold'
  readonly epoch: number
  /** The first frame's number, or the cold file's serial. */
  readonly number: number
  readonly firstBodyId: number
  readonly journalId: Uint8Array
  readonly nonce: Uint8Array
  readonly previousNonce: Uint8Array
  /** 0 for a segment; how often the bodies of a cold file were moved, 1 or 2. */
  readonly generation: number
  /** What the blocks are encrypted with; null where they are plain. */
  readonly key: FileKey | null
}

export interface DecodedFileHeader extends FileHeader {
  /** What the first frame of the file is chained to. */
  readonly checksum: number
}

export function encodeFileHeader(header: FileHeader): Uint8Array {
  const bytes = new Uint8Array(FILE_HEADER_BYTES)
  const view = new DataView(bytes.buffer)
  bytes.set(MAGIC, 0)
  view.setUint16(8, FORMAT_VERSION, true)
  view.setUint16(10, header.kind === 'segment' ? 1 : 2, true)
  view.setUint32(12, header.epoch, true)
  writeUint53(view, 16, header.number)
  writeUint53(view, 24, header.firstBodyId)
  bytes.set(header.journalId, 32)
  bytes.set(header.nonce, 40)
  bytes.set(header.previousNonce, 48)
  view.setUint32(56, header.generation, true)
  if (header.key !== null) {
    view.setUint32(FLAGS_AT, FLAG_ENCRYPTED, true)
    putSlot(bytes, header.key.slot)
  }
  view.setUint32(CHECKSUM_AT, crc32(bytes.subarray(0, CHECKSUM_AT)), true)
  return bytes
}

/** What the first frame of a file with this header is chained to. */
export function chainChecksum(header: Uint8Array): number {
  const view = new DataView(header.buffer, header.byteOffset, FILE_HEADER_BYTES)
  const isEncrypted = view.getUint32(FLAGS_AT, true) !== 0
  return isEncrypted ? crc32(header.subarray(0, SLOTS_AT[0])) : view.getUint32(CHECKSUM_AT, true)
}

/** The key slot of an encoded header and the nonce it is bound to; null where the file is plain, or the header is not whole. */
export function slotInFileHeader(
  bytes: Uint8Array,
): { readonly nonce: Uint8Array; readonly slot: KeySlot } | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isWhole =
    bytes.length >= FILE_HEADER_BYTES &&
    crc32(bytes.subarray(0, CHECKSUM_AT)) === view.getUint32(CHECKSUM_AT, true)
  if (!isWhole || view.getUint32(FLAGS_AT, true) !== FLAG_ENCRYPTED) return null
  return { nonce: bytes.slice(40, 40 + NONCE_BYTES), slot: decodeKeySlot(bytes, SLOTS_AT[0]) }
}

/** The same header with another slot. */
export function withSlotInFileHeader(header: Uint8Array, slot: KeySlot): Uint8Array {
  const bytes = header.slice(0, FILE_HEADER_BYTES)
  putSlot(bytes, slot)
  new DataView(bytes.buffer).setUint32(CHECKSUM_AT, crc32(bytes.subarray(0, CHECKSUM_AT)), true)
  return bytes
}

/** The key of a file with a damaged header, if one of its slots is still good; null otherwise. */
export function keyInDamagedHeader(
  header: Uint8Array,
  kind: FileHeader['kind'],
  nonce: Uint8Array,
  keyring: Keyring,
): FileKey | null {
  for (const at of SLOTS_AT) {
    const key = keyring.tryFileKey(kind, nonce, decodeKeySlot(header, at))
    if (key !== null) return key
  }
  return null
}

function putSlot(header: Uint8Array, slot: KeySlot): void {
  for (const at of SLOTS_AT) encodeKeySlot(header, at, slot)
}

/**
 * Throws `JournalError` naming the file, unless the bytes are the whole header of a file of this version and kind, and the
 * keyring has what it is encrypted under.
 */
export function decodeFileHeader(
  bytes: Uint8Array,
  kind: FileHeader['kind'],
  name: string,
  keyring: Keyring,
): DecodedFileHeader {
  if (bytes.length < FILE_HEADER_BYTES) {
    throw new JournalError(`${name} is corrupt at offset 0: it ends within its header`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, FILE_HEADER_BYTES)
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) {
    throw new JournalError(`${name} is corrupt at offset 0: it does not begin like a file of a journal`)
  }
  if (crc32(bytes.subarray(0, CHECKSUM_AT)) !== view.getUint32(CHECKSUM_AT, true)) {
    throw new JournalError(`${name} is corrupt at offset 0: its header does not match its checksum`)
  }
  const version = view.getUint16(8, true)
  if (version !== FORMAT_VERSION) {
    throw new JournalError(
      `${name} has format version ${version}: it needs a Millrace that reads that version; this one reads version ${FORMAT_VERSION}`,
    )
  }
  if (view.getUint16(10, true) !== (kind === 'segment' ? 1 : 2)) {
    throw new JournalError(`${name} is corrupt at offset 10: it is not a ${kind} file`)
  }
  const flags = view.getUint32(FLAGS_AT, true)
  if (flags > FLAG_ENCRYPTED) {
    throw new JournalError(
      `${name} has flags (${flags}) that this Millrace does not know: it needs a later one`,
    )
  }
  const nonce = bytes.slice(40, 40 + NONCE_BYTES)
  const slot = decodeKeySlot(bytes, SLOTS_AT[0])
  return {
    kind,
    epoch: view.getUint32(12, true),
    number: readUint53(view, 16),
    firstBodyId: readUint53(view, 24),
    journalId: bytes.slice(32, 40),
    nonce,
    previousNonce: bytes.slice(48, 48 + NONCE_BYTES),
    generation: view.getUint32(56, true),
    key: flags === 0 ? null : keyring.fileKey(kind, nonce, slot, name),
    checksum: chainChecksum(bytes),
  }
}
