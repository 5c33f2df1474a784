import { crc32 } from 'node:zlib'
import { NONCE_BYTES } from '../../journal/frame-format.ts'
import { JournalError } from '../../journal/journal.ts'
import { readUint53, writeUint53 } from '../../journal/uint53.ts'

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
 *    60   4  flags, 0 (encryption)
 *    64   8  id of the master key, 0 (encryption)
 *    72  12  nonce of the wrapped key, 0 (encryption)
 *    84  48  data key, wrapped by the master key, 0 (encryption)
 *   132 120  zeros
 *   252   4  checksum: CRC32 of bytes 0..251
 * ```
 */
export const FILE_HEADER_BYTES = 256
const FORMAT_VERSION = 1
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
  view.setUint32(252, crc32(bytes.subarray(0, 252)), true)
  return bytes
}

/** Throws `JournalError` naming the file, unless the bytes are the whole header of a file of this version and kind. */
export function decodeFileHeader(
  bytes: Uint8Array,
  kind: FileHeader['kind'],
  name: string,
): DecodedFileHeader {
  if (bytes.length < FILE_HEADER_BYTES) {
    throw new JournalError(`${name} is corrupt at offset 0: it ends within its header`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, FILE_HEADER_BYTES)
  if (!MAGIC.every((byte, i) => bytes[i] === byte)) {
    throw new JournalError(`${name} is corrupt at offset 0: it does not begin like a file of a journal`)
  }
  const checksum = view.getUint32(252, true)
  if (crc32(bytes.subarray(0, 252)) !== checksum) {
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
  if (view.getUint32(60, true) !== 0) {
    throw new JournalError(`${name} is encrypted: it needs a Millrace that can open it, and the master key`)
  }
  return {
    kind,
    epoch: view.getUint32(12, true),
    number: readUint53(view, 16),
    firstBodyId: readUint53(view, 24),
    journalId: bytes.slice(32, 40),
    nonce: bytes.slice(40, 40 + NONCE_BYTES),
    previousNonce: bytes.slice(48, 48 + NONCE_BYTES),
    generation: view.getUint32(56, true),
    checksum,
  }
}
