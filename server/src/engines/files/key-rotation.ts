import { crc32 } from 'node:zlib'
import type { Random } from '../../base/random.ts'
import type { Disk } from './disk.ts'
import { FILE_HEADER_BYTES } from './file-header.ts'
import { QUARANTINE_SUFFIX, ROTATION_FILE, TEMPORARY_SUFFIX } from './file-names.ts'
import { findKeyHolders, headerWithSlot, type KeyHolder, keyHolderOf } from './keyed-files.ts'
import { type Encryption, Keyring } from './keyring.ts'
import { readWholeFile, withFile, writeNewFile } from './whole-file.ts'

/**
 * The headers that are about to be written, in `keys.rotation`. All numbers are little-endian.
 *
 * ```
 *     0  8  magic "MRKEYROT"
 *     8  4  number of headers
 *    12  4  CRC32 of everything behind these 16 bytes
 *    16     headers, 288 bytes each: 32 name of the file, 256 its header; both with zeros behind
 * ```
 */
const MAGIC = new TextEncoder().encode('MRKEYROT')
const HEAD_BYTES = 16
const NAME_BYTES = 32
const ENTRY_BYTES = NAME_BYTES + FILE_HEADER_BYTES

type NewHeader = Pick<KeyHolder, 'name' | 'header'>

/**
 * Wraps the keys of all files that are encrypted under other master keys with the current one. Nothing but headers is written:
 *
 * ```
 *   all new headers into keys.rotation ─▶ that is durable ─▶ each over the old one ─▶ keys.rotation goes
 * ```
 *
 * A crash before the second arrow leaves all as it was; after it the next start, or whoever opens the files, goes on. Resolves with
 * the names of the files. The journal must not be open. Rejects with `JournalError`, and changes nothing, where a master key is missing.
 */
export async function rotateKeys(
  disk: Disk,
  encryption: Encryption,
  random: Random,
  report: (message: string) => void,
): Promise<readonly string[]> {
  const keyring = new Keyring(encryption, random)
  await finishRotation(disk, keyring, report)
  const { currentId } = keyring
  if (currentId === null) return []
  const headers: NewHeader[] = []
  for (const holder of await findKeyHolders(disk)) {
    const { kind, nonce, slot, name } = holder
    keyring.fileKey(kind, nonce, slot, name)
    if (Buffer.compare(slot.masterKeyId, currentId) === 0) continue
    headers.push({ name, header: headerWithSlot(holder, keyring.rewrap(kind, nonce, slot, name)) })
  }
  if (headers.length === 0) return []
  const temporary = ROTATION_FILE + TEMPORARY_SUFFIX
  if ((await disk.list()).includes(temporary)) await disk.remove(temporary)
  await writeNewFile(disk, ROTATION_FILE, [encodeRotation(headers)])
  await writeHeaders(disk, headers)
  return headers.map(({ name }) => name)
}

/** Goes on where a rotation was cut short. Does nothing where there was none. */
export async function finishRotation(
  disk: Disk,
  keyring: Keyring,
  report: (message: string) => void,
): Promise<void> {
  if (!(await disk.list()).includes(ROTATION_FILE)) return
  const headers = decodeRotation(await readWholeFile(disk, ROTATION_FILE))
  if (headers === null) {
    // Each header has a checksum of its own, and says under which key it is.
    report(`${ROTATION_FILE} is not what was written: it is put aside, and the headers are taken as they are`)
    await disk.rename(ROTATION_FILE, ROTATION_FILE + QUARANTINE_SUFFIX)
    await disk.syncDirectory()
    return
  }
  for (const { name, header } of headers) {
    const holder = keyHolderOf(name, header)
    if (holder !== null) keyring.fileKey(holder.kind, holder.nonce, holder.slot, name)
  }
  await writeHeaders(disk, headers)
  report('a change of the master key that was cut short is done now')
}

async function writeHeaders(disk: Disk, headers: readonly NewHeader[]): Promise<void> {
  const names = await disk.list()
  for (const { name, header } of headers) {
    if (!names.includes(name)) continue
    await withFile(disk, name, (file) => file.writeDurably([header], 0))
  }
  await disk.remove(ROTATION_FILE)
  await disk.syncDirectory()
}

function encodeRotation(headers: readonly NewHeader[]): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES + headers.length * ENTRY_BYTES)
  const view = new DataView(bytes.buffer)
  bytes.set(MAGIC, 0)
  view.setUint32(8, headers.length, true)
  headers.forEach(({ name, header }, i) => {
    const at = HEAD_BYTES + i * ENTRY_BYTES
    bytes.set(Buffer.from(name, 'latin1'), at)
    bytes.set(header, at + NAME_BYTES)
  })
  view.setUint32(12, crc32(bytes.subarray(HEAD_BYTES)), true)
  return bytes
}

/** Null if the bytes are not what was written. */
function decodeRotation(bytes: Uint8Array): NewHeader[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const isWhole =
    bytes.length >= HEAD_BYTES &&
    MAGIC.every((byte, i) => bytes[i] === byte) &&
    bytes.length === HEAD_BYTES + view.getUint32(8, true) * ENTRY_BYTES &&
    crc32(bytes.subarray(HEAD_BYTES)) === view.getUint32(12, true)
  if (!isWhole) return null
  const headers: NewHeader[] = []
  for (let at = HEAD_BYTES; at < bytes.length; at += ENTRY_BYTES) {
    const name = Buffer.from(bytes.subarray(at, at + NAME_BYTES))
      .toString('latin1')
      .replace(/\0+$/, '')
    const holder = keyHolderOf(name, bytes.subarray(at + NAME_BYTES, at + ENTRY_BYTES))
    if (holder === null) return null
    headers.push({ name, header: holder.header })
  }
  return headers
}
