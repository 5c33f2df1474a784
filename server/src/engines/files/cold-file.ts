import { JournalError } from '../../journal/journal.ts'
import { readUint53 } from '../../journal/uint53.ts'
import { ColdFile } from './body-file.ts'
import type { Disk } from './disk.ts'
import { type DecodedFileHeader, decodeFileHeader, FILE_HEADER_BYTES } from './file-header.ts'
import { fileName } from './file-names.ts'
import { FileWindow } from './file-window.ts'
import { walkFrames } from './frame-walk.ts'
import type { Keyring } from './keyring.ts'
import { addBodyBlocks, corruptAt } from './segment-load.ts'
import { withFile } from './whole-file.ts'

/** The ids lie at the front of frames that are much longer. */
const STRETCH_BYTES = 64 * 1024

/**
 * Reads a cold file's ids and where its bodies lie, and the bodies too with `checkBodies`. Cold files are made whole or not
 * at all: throws `JournalError` for anything that is wrong with one.
 */
export async function loadColdFile(
  disk: Disk,
  serial: number,
  keyring: Keyring,
  checkBodies: boolean,
): Promise<{ readonly cold: ColdFile; readonly header: DecodedFileHeader }> {
  const name = fileName('cold', serial)
  return await withFile(disk, name, async (file) => {
    const head = Buffer.alloc(FILE_HEADER_BYTES)
    const header = decodeFileHeader(head.subarray(0, await file.read(head, 0)), 'cold', name, keyring)
    if (header.number !== serial) {
      throw new JournalError(
        `${name} is another cold file, number ${header.number}: it was renamed or exchanged`,
      )
    }
    const cold = new ColdFile(serial, header.generation)
    cold.key = header.key
    const ids: number[] = []
    const end = await walkFrames(
      new FileWindow(file, await file.size(), STRETCH_BYTES),
      { offset: FILE_HEADER_BYTES, number: 1, previousChecksum: header.checksum, firstBodyId: 0 },
      {
        nonce: header.nonce,
        key: header.key,
        checkBodies,
        visit: (frame, offset, blocks) => {
          addBodyBlocks(cold, frame, offset)
          for (const block of blocks) readIds(ids, block)
        },
      },
    )
    if (end.fault !== null) throw corruptAt(name, end.offset, end.fault)
    if (!end.sealed) throw corruptAt(name, end.offset, 'it ends without a footer')
    if (ids.length !== cold.blocks.bodies || ids.some((id, i) => i > 0 && id <= ids[i - 1]!)) {
      throw corruptAt(name, end.offset, 'its ids are not those of its bodies')
    }
    cold.ids = Float64Array.from(ids)
    cold.blocks.trim()
    cold.bytes = end.offset
    return { cold, header }
  })
}

function readIds(ids: number[], block: Uint8Array): void {
  const view = new DataView(block.buffer, block.byteOffset, block.byteLength)
  for (let at = 0; at < block.length; at += 8) ids.push(readUint53(view, at))
}
