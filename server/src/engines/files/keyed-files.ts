import type { Disk } from './disk.ts'
import { FILE_HEADER_BYTES, slotInFileHeader, withSlotInFileHeader } from './file-header.ts'
import type { KeySlot } from './key-slot.ts'
import type { KeyedFile } from './keyring.ts'
import { HEADER_BYTES, slotInSnapshotHeader, withSlotInSnapshotHeader } from './snapshot-format.ts'
import { withFile } from './whole-file.ts'

/** How the header of one kind of file holds the file's key. */
interface HeaderForm {
  readonly bytes: number
  readonly slotIn: (header: Uint8Array) => { readonly nonce: Uint8Array; readonly slot: KeySlot } | null
  readonly withSlot: (header: Uint8Array, slot: KeySlot) => Uint8Array
}

const FRAMES: HeaderForm = {
  bytes: FILE_HEADER_BYTES,
  slotIn: slotInFileHeader,
  withSlot: withSlotInFileHeader,
}

const FORMS: Readonly<Record<KeyedFile, HeaderForm>> = {
  segment: FRAMES,
  cold: FRAMES,
  snapshot: { bytes: HEADER_BYTES, slotIn: slotInSnapshotHeader, withSlot: withSlotInSnapshotHeader },
}

/** A file with a key in its header. */
export interface KeyHolder {
  readonly name: string
  readonly kind: KeyedFile
  /** Of the file, which its key is bound to. */
  readonly nonce: Uint8Array
  readonly slot: KeySlot
  readonly header: Uint8Array
}

/** The files that are encrypted, by name; those whose header is damaged are passed over. */
export async function findKeyHolders(disk: Disk): Promise<KeyHolder[]> {
  const holders: KeyHolder[] = []
  for (const name of (await disk.list()).sort()) {
    const kind = keyedKindOf(name)
    if (kind === null) continue
    const { bytes, slotIn } = FORMS[kind]
    const header = new Uint8Array(bytes)
    const read = await withFile(disk, name, (file) => file.read(header, 0))
    const found = slotIn(header.subarray(0, read))
    if (found !== null) holders.push({ name, kind, header, ...found })
  }
  return holders
}

/** Null if the bytes are no header of such a file, or of a plain one. Bytes behind the header don't count. */
export function keyHolderOf(name: string, bytes: Uint8Array): KeyHolder | null {
  const kind = keyedKindOf(name)
  if (kind === null) return null
  const header = bytes.subarray(0, FORMS[kind].bytes)
  const found = FORMS[kind].slotIn(header)
  return found === null ? null : { name, kind, header, ...found }
}

/** The header with another slot. */
export function headerWithSlot({ kind, header }: KeyHolder, slot: KeySlot): Uint8Array {
  return FORMS[kind].withSlot(header, slot)
}

function keyedKindOf(name: string): KeyedFile | null {
  switch (/^\d{16}\.(segment|cold|snapshot)$/.exec(name)?.[1]) {
    case 'segment':
      return 'segment'
    case 'cold':
      return 'cold'
    case 'snapshot':
      return 'snapshot'
    default:
      return null
  }
}
