import { JournalError } from '../../journal/journal.ts'
import { readUint53, writeUint53 } from '../../journal/uint53.ts'

/**
 * What the journal notes about itself in each snapshot, as it was at the cut. All numbers are little-endian.
 *
 * ```
 *     0  8  id of the journal
 *     8  8  id of the next body
 *    16  4  number of files
 *    20  4  zeros
 *    24     files, 32 bytes each:
 *           0  8  first frame of the segment, or serial of the cold file
 *           8  8  id of its first body
 *          16  8  id of its last body; one less than the first where it has none
 *          24  4  1 for a segment, 2 for a cold file
 *          28  4  1 if none of its bodies was live, else 0
 * ```
 *
 * That nothing in a file was live at a cut is what the file's removal hangs on: bodies also go when their retention ends,
 * which is in no frame, so that a replay can't tell when.
 */
const HEAD_BYTES = 24
const ENTRY_BYTES = 32

export interface CutFile {
  readonly kind: 'segment' | 'cold'
  readonly number: number
  readonly firstBodyId: number
  readonly lastBodyId: number
  readonly dead: boolean
}

export interface CutRecord {
  readonly journalId: Uint8Array
  readonly nextBodyId: number
  readonly files: readonly CutFile[]
}

export function encodeCutRecord(record: CutRecord): Uint8Array {
  const bytes = new Uint8Array(HEAD_BYTES + record.files.length * ENTRY_BYTES)
  const view = new DataView(bytes.buffer)
  bytes.set(record.journalId, 0)
  writeUint53(view, 8, record.nextBodyId)
  view.setUint32(16, record.files.length, true)
  record.files.forEach((file, i) => {
    const at = HEAD_BYTES + i * ENTRY_BYTES
    writeUint53(view, at, file.number)
    writeUint53(view, at + 8, file.firstBodyId)
    writeUint53(view, at + 16, file.lastBodyId)
    view.setUint32(at + 24, file.kind === 'segment' ? 1 : 2, true)
    view.setUint32(at + 28, file.dead ? 1 : 0, true)
  })
  return bytes
}

/** The bytes were verified by the snapshot they lie in; throws `JournalError` if they are not such a record all the same. */
export function decodeCutRecord(bytes: Uint8Array): CutRecord {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < HEAD_BYTES || bytes.length !== HEAD_BYTES + view.getUint32(16, true) * ENTRY_BYTES) {
    throw new JournalError(
      'the snapshot was not made by this journal: its record of files has a wrong length',
    )
  }
  const files: CutFile[] = []
  for (let at = HEAD_BYTES; at < bytes.length; at += ENTRY_BYTES) {
    files.push({
      kind: view.getUint32(at + 24, true) === 1 ? 'segment' : 'cold',
      number: readUint53(view, at),
      firstBodyId: readUint53(view, at + 8),
      lastBodyId: readUint53(view, at + 16),
      dead: view.getUint32(at + 28, true) === 1,
    })
  }
  return { journalId: bytes.slice(0, 8), nextBodyId: readUint53(view, 8), files }
}
