import assert from 'node:assert/strict'
import { crc32 } from 'node:zlib'
import type { Random } from '../../base/random.ts'
import { NONCE_BYTES } from '../../journal/frame-format.ts'
import type { SnapshotWriter } from '../../journal/journal.ts'
import type { Disk, DiskFile } from './disk.ts'
import type { FileKey } from './file-key.ts'
import type { Keyring } from './keyring.ts'
import { SnapshotDirectory } from './snapshot-directory.ts'
import { corrupt, encodeFooter, encodeHeader, headerChecksum, snapshotFileName } from './snapshot-format.ts'
import {
  findOlderFiles,
  readSnapshotFile,
  readUnits,
  type UnitSource,
  type UsableSnapshot,
} from './snapshot-reader.ts'
import { storeUnit } from './snapshot-unit.ts'

/** Units are gathered until a write is worth its call. */
const WRITE_BYTES = 256 * 1024
/** Entries of the directory that are encoded in one turn of the event loop. */
const ENTRIES_PER_SLICE = 4096
/** A file of whose bytes less than this part is needed is cleared: the rest moves into the new snapshot. */
const CLEAR_BELOW = 0.25
/** Snapshot files that one snapshot may need, itself included; those that hold least are cleared first. */
const FILES_MAX = 32

/** What a snapshot is of. */
export interface SnapshotCut {
  /** The last frame it covers. */
  readonly frame: number
  /** That frame's time, milliseconds since the epoch. */
  readonly now: number
  /** Whatever the engine needs to go on from here. */
  readonly meta: Uint8Array
}

/** Where snapshots go, and what they are made with. */
export interface SnapshotGround {
  readonly disk: Disk
  readonly random: Random
  readonly keyring: Keyring
}

/** Where the writer tells how it ended. */
export interface SnapshotEnd {
  finished(snapshot: UsableSnapshot): Promise<void>
  dropped(): void
}

/**
 * Writes one snapshot file.
 *
 * ```
 *   units, 256 KiB at a time, into FRAME.snapshot.tmp
 *     ──finish──▶ units of files to clear ▶ directory ▶ footer ▶ sync ▶ read back ▶ rename ▶ sync the directory
 * ```
 *
 * Nothing that exists is touched before the new snapshot is durable under its name. A write or a sync that fails rejects the
 * call that comes to know of it; the file is then of no use, and only `abort` remains.
 */
export class SnapshotFileWriter implements SnapshotWriter {
  readonly frame: number
  readonly #disk: Disk
  readonly #keyring: Keyring
  readonly #key: FileKey | null
  readonly #base: UsableSnapshot | null
  readonly #end: SnapshotEnd
  readonly #name: string
  readonly #temporaryName: string
  readonly #header: Uint8Array
  readonly #directory: SnapshotDirectory
  /** Frames of the files that this snapshot is to do without. */
  readonly #cleared: ReadonlySet<number>
  readonly #unitsToMove: number[] = []
  readonly #file: Promise<DiskFile>
  /** The last write that was begun, after all before it. */
  #writing: Promise<void> = Promise.resolve()
  #gathered: Uint8Array[] = []
  #gatheredBytes = 0
  /** Where the next gathered byte will lie. */
  #position = 0
  #state: 'open' | 'finishing' | 'ended' = 'open'

  /** `base` is the snapshot that `keep` refers to. */
  constructor(
    { disk, random, keyring }: SnapshotGround,
    cut: SnapshotCut,
    base: UsableSnapshot | null,
    end: SnapshotEnd,
  ) {
    this.frame = cut.frame
    this.#disk = disk
    this.#keyring = keyring
    this.#base = base
    this.#end = end
    this.#name = snapshotFileName(cut.frame)
    this.#temporaryName = `${this.#name}.tmp`
    this.#directory = new SnapshotDirectory(Math.ceil((base?.directory.rows ?? 0) * 1.25))
    this.#cleared = base === null ? new Set() : filesToClear(base, keyring.encrypts)
    const nonce = random.bytes(NONCE_BYTES)
    this.#key = keyring.newKey('snapshot', nonce)
    this.#header = encodeHeader({
      frame: cut.frame,
      now: cut.now,
      metaBytes: cut.meta.length,
      metaChecksum: crc32(cut.meta),
      seal: this.#key === null ? null : { key: this.#key, nonce },
    })
    this.#gather(this.#header)
    this.#gather(cut.meta)
    this.#file = createAnew(disk, this.#temporaryName)
    // Whoever waits for a write hears of it.
    this.#file.catch(() => {})
  }

  /** Resolves when the bytes are with the disk or gathered, and at most one write is under way behind. */
  async write(unit: number, bytes: Uint8Array): Promise<void> {
    assert(this.#state === 'open', 'the snapshot takes units')
    this.#add(unit, bytes)
    if (this.#gatheredBytes >= WRITE_BYTES) await this.#flush()
  }

  keep(unit: number): void {
    assert(this.#state === 'open', 'the snapshot takes units')
    const place = this.#base?.directory.find(unit)
    assert(place, `the snapshot before this one has unit ${unit}`)
    if (this.#cleared.has(place.frame)) this.#unitsToMove.push(unit)
    else assert(this.#directory.add(place), `unit ${unit} is in the snapshot once`)
  }

  async finish(): Promise<void> {
    assert(this.#state === 'open', 'a snapshot is finished once')
    this.#state = 'finishing'
    try {
      const written = await this.#complete()
      await this.#disk.rename(this.#temporaryName, this.#name)
      await this.#disk.syncDirectory()
      this.#state = 'ended'
      await this.#end.finished(written)
    } catch (error) {
      await this.#drop().catch(() => {
        // The file is left behind, and removed at the next start. What went wrong first is what counts.
      })
      throw error
    }
  }

  async abort(): Promise<void> {
    assert(this.#state !== 'finishing', 'a snapshot that is being finished is not aborted')
    await this.#drop()
  }

  /** Writes what is missing, syncs, and reads everything back. */
  async #complete(): Promise<UsableSnapshot> {
    await this.#moveUnits()
    const directoryOffset = this.#position
    let directoryChecksum = 0
    const units = this.#directory.rows
    for (let row = 0; row < units; row += ENTRIES_PER_SLICE) {
      const entries = this.#directory.encode(row, Math.min(units, row + ENTRIES_PER_SLICE))
      directoryChecksum = crc32(entries, directoryChecksum)
      this.#gather(entries)
      await this.#flush()
    }
    const frame = this.frame
    this.#gather(
      encodeFooter({
        directoryOffset,
        units,
        directoryChecksum,
        frame,
        headerChecksum: headerChecksum(this.#header),
      }),
    )
    await this.#flush()
    await this.#writing
    const file = await this.#file
    await file.sync()
    await file.close()
    const written = await readSnapshotFile(this.#disk, frame, this.#keyring, this.#temporaryName)
    if (written.directoryChecksum !== directoryChecksum || written.directory.rows !== units) {
      throw corrupt(this.#temporaryName, directoryOffset, 'it does not read back as it was written')
    }
    const { directory } = written
    await readUnits(this.#source(this.#temporaryName), directory, directory.rowsIn(frame), () => {})
    return findOlderFiles(this.#disk, written, this.#keyring)
  }

  async #moveUnits(): Promise<void> {
    const base = this.#base
    if (base === null) return
    const toMove = new Set(this.#unitsToMove)
    for (const frame of this.#cleared) {
      const rows = base.directory.rowsIn(frame).filter((row) => toMove.has(base.directory.at(row).unit))
      const source = this.#source(snapshotFileName(frame))
      await readUnits(source, base.directory, rows, async (unit, bytes) => {
        this.#add(unit, bytes)
        if (this.#gatheredBytes >= WRITE_BYTES) await this.#flush()
      })
    }
  }

  #source(name: string): UnitSource {
    return { disk: this.#disk, keyring: this.#keyring, name }
  }

  #add(unit: number, bytes: Uint8Array): void {
    const offset = this.#position
    const { pieces, length, checksum } = storeUnit(this.#key, offset, unit, bytes)
    const place = { unit, frame: this.frame, offset, length, checksum }
    assert(this.#directory.add(place), `unit ${unit} is in the snapshot once`)
    for (const piece of pieces) this.#gather(piece)
  }

  #gather(bytes: Uint8Array): void {
    this.#gathered.push(bytes)
    this.#gatheredBytes += bytes.length
    this.#position += bytes.length
  }

  /** Begins a write of what is gathered; resolves when the write before it is done, so that there is one at a time. */
  #flush(): Promise<void> {
    const before = this.#writing
    const buffers = this.#gathered
    const position = this.#position - this.#gatheredBytes
    this.#gathered = []
    this.#gatheredBytes = 0
    this.#writing = before.then(async () => (await this.#file).write(buffers, position))
    // Rejects the next call that waits for it.
    this.#writing.catch(() => {})
    return before
  }

  async #drop(): Promise<void> {
    if (this.#state === 'ended') return
    this.#state = 'ended'
    this.#end.dropped()
    await this.#writing.catch(() => {})
    const file = await this.#file.catch(() => null)
    if (file === null) return
    await file.close().catch(() => {
      // Closed already, or past use: it is about to be removed.
    })
    await this.#disk.remove(this.#temporaryName)
  }
}

/** What is encrypted where it should not be, or plain where it should be encrypted, is cleared too. */
function filesToClear(base: UsableSnapshot, encrypts: boolean): ReadonlySet<number> {
  const fullestFirst = [...base.directory.files].sort(([, a], [, b]) => b.bytes - a.bytes)
  const cleared = new Set<number>()
  for (const [rank, [frame, use]] of fullestFirst.entries()) {
    const { bytes, encrypted } = base.files.get(frame) ?? { bytes: 0, encrypted: encrypts }
    // One place is the new snapshot's own.
    const isSurplus = rank >= FILES_MAX - 1
    if (isSurplus || use.bytes < CLEAR_BELOW * bytes || encrypted !== encrypts) cleared.add(frame)
  }
  return cleared
}

async function createAnew(disk: Disk, name: string): Promise<DiskFile> {
  try {
    return await disk.create(name)
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    // Left by a snapshot that was dropped and could not be removed then.
    await disk.remove(name)
    return disk.create(name)
  }
}
