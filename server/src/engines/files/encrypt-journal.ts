import type { Random } from '../../base/random.ts'
import { BodyBlock } from '../../journal/body-block.ts'
import { NONCE_BYTES } from '../../journal/frame-format.ts'
import { JournalError } from '../../journal/journal.ts'
import { ColdFile } from './body-file.ts'
import { loadColdFile } from './cold-file.ts'
import { ColdFileWriter } from './cold-file-writer.ts'
import type { Disk } from './disk.ts'
import { fileNumbers, QUARANTINE_SUFFIX, TEMPORARY_SUFFIX } from './file-names.ts'
import { writeIndex } from './index-file.ts'
import { finishRotation } from './key-rotation.ts'
import { type Encryption, Keyring } from './keyring.ts'
import { findSegment, walkSegment } from './segment-load.ts'
import { snapshotFileName, snapshotFrames } from './snapshot-format.ts'
import { findOlderFiles, readAllUnits, readSnapshotFile, type UsableSnapshot } from './snapshot-reader.ts'
import { SnapshotFileWriter } from './snapshot-writer.ts'
import { verifySnapshots } from './snapshots.ts'
import { rewriteSealed } from './tail.ts'
import { verifyJournal } from './verify-journal.ts'
import { createWholeFile, withFile } from './whole-file.ts'

/** What is copied between two writes. */
const STEP_BYTES = 1024 * 1024

export interface EncryptOptions {
  readonly encryption: Encryption
  readonly random: Random
  readonly report: (message: string) => void
}

export interface EncryptReport {
  /** Files that were plain and are encrypted now. */
  readonly encrypted: readonly string[]
  /** Files that stay plain. */
  readonly left: readonly { readonly file: string; readonly why: string }[]
}

/**
 * Writes every plain file of a journal anew, encrypted, one at a time and each whole or not at all; may be run again after a crash.
 * The journal must not be open, and has to be sound: rejects with `JournalError` otherwise.
 *
 * What a file system gave up of a plain file may still be on the disk.
 */
export async function encryptJournal(disk: Disk, options: EncryptOptions): Promise<EncryptReport> {
  return await new Encrypting(disk, options).run()
}

class Encrypting {
  readonly #disk: Disk
  readonly #random: Random
  readonly #keyring: Keyring
  readonly #report: (message: string) => void
  readonly #encrypted: string[] = []
  readonly #left: { readonly file: string; readonly why: string }[] = []

  constructor(disk: Disk, { encryption, random, report }: EncryptOptions) {
    this.#disk = disk
    this.#random = random
    this.#keyring = new Keyring(encryption, random)
    this.#report = report
  }

  async run(): Promise<EncryptReport> {
    const disk = this.#disk
    await finishRotation(disk, this.#keyring, this.#report)
    const [problem] = (await verifyJournal(disk, this.#keyring)).problems
    if (problem !== undefined) {
      const { file, problem: what } = problem
      throw new JournalError(`${file} is damaged (${what}): run \`millrace journal repair\` first`)
    }
    for (const name of await disk.list()) if (name.endsWith(TEMPORARY_SUFFIX)) await disk.remove(name)
    const names = await disk.list()
    for (const number of fileNumbers(names, 'segment')) await this.#encryptSegment(number)
    for (const serial of fileNumbers(names, 'cold')) await this.#encryptCold(serial)
    await this.#encryptSnapshots()
    for (const file of names.filter((name) => name.endsWith(QUARANTINE_SUFFIX))) {
      this.#left.push({ file, why: 'a copy that a repair kept: remove it when it is not needed any more' })
    }
    return { encrypted: this.#encrypted, left: this.#left }
  }

  async #encryptSegment(number: number): Promise<void> {
    const disk = this.#disk
    const found = await findSegment(disk, number, this.#keyring)
    const { header, name } = found
    if (header.key !== null) return
    const { segment } = await walkSegment(disk, found, { checkBodies: true, visit: () => {} })
    if (!segment.sealed) {
      this.#left.push({ file: name, why: 'it was not closed: the next start writes it anew, encrypted' })
      return
    }
    // After a crash in between the index matches no more, and the next start makes it anew.
    const { journalId, epoch } = header
    await rewriteSealed(
      { disk, random: this.#random, keyring: this.#keyring, journalId, epoch },
      found,
      segment,
    )
    await writeIndex(disk, segment)
    this.#encrypted.push(name)
  }

  async #encryptCold(serial: number): Promise<void> {
    const { cold, header } = await loadColdFile(this.#disk, serial, this.#keyring, true)
    if (cold.key !== null) return
    const { journalId, epoch } = header
    const nonce = this.#random.bytes(NONCE_BYTES)
    const copy = new ColdFile(serial, cold.generation)
    copy.key = this.#keyring.newKey('cold', nonce)
    const file = await createWholeFile(this.#disk, cold.name, (to) =>
      withFile(this.#disk, cold.name, async (from) => {
        const writer = new ColdFileWriter(to, copy, { journalId, epoch, nonce })
        await writer.begin()
        for (let block = 0; block < cold.blocks.length; block++) {
          const stored = Buffer.allocUnsafeSlow(cold.blocks.storedLength(block))
          await from.read(stored, cold.blocks.offset(block))
          addBodies(writer, cold, block, cold.open(block, stored))
          if (writer.pendingBytes >= STEP_BYTES) await writer.flush()
        }
        await writer.end()
      }),
    )
    await file.close()
    this.#encrypted.push(cold.name)
  }

  /**
   * Each with all its units in its own file. The newest first: the one before it never refers to that, but may be referred to.
   */
  async #encryptSnapshots(): Promise<void> {
    const disk = this.#disk
    const keyring = this.#keyring
    const good: UsableSnapshot[] = []
    for (const { frame, role, problem } of await verifySnapshots(disk, keyring)) {
      if (role !== 'snapshot' || problem !== null) continue
      good.push(await findOlderFiles(disk, await readSnapshotFile(disk, frame, keyring), keyring))
    }
    const isPlain = ({ files }: UsableSnapshot) => [...files.values()].some(({ encrypted }) => !encrypted)
    if (!good.some(isPlain)) return
    for (const snapshot of good) {
      const { frame, now, meta } = snapshot
      const writer = new SnapshotFileWriter(
        { disk, random: this.#random, keyring },
        { frame, now, meta },
        null,
        {
          finished: async () => {},
          dropped: () => {},
        },
      )
      await readAllUnits(disk, snapshot, keyring, (unit, bytes) => writer.write(unit, bytes))
      await writer.finish()
      this.#encrypted.push(snapshotFileName(frame))
    }
    for (const frame of snapshotFrames(await disk.list())) {
      if (!good.some((snapshot) => snapshot.frame === frame)) await disk.remove(snapshotFileName(frame))
    }
    await disk.syncDirectory()
  }
}

function addBodies(writer: ColdFileWriter, cold: ColdFile, block: number, opened: Uint8Array | null): void {
  const { blocks, name } = cold
  const count = blocks.count(block)
  const bodies = opened === null ? null : new BodyBlock(opened, count)
  for (let i = 0; i < count; i++) {
    const body = bodies?.body(i)
    if (!body) throw new JournalError(`${name} was read differently the second time`)
    writer.add(cold.bodyId(blocks.firstOrdinal(block) + i), body)
  }
}
