import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../config/config.ts'
import { isEncrypted } from '../engines/files/check-keys.ts'
import { lockDirectory } from '../engines/files/directory-lock.ts'
import type { Disk } from '../engines/files/disk.ts'
import { encryptJournal } from '../engines/files/encrypt-journal.ts'
import { finishRotation, rotateKeys } from '../engines/files/key-rotation.ts'
import { Keyring } from '../engines/files/keyring.ts'
import { openRealDisk } from '../engines/files/real-disk.ts'
import { repairJournal } from '../engines/files/repair-journal.ts'
import { statJournal } from '../engines/files/stat-journal.ts'
import { verifyJournal } from '../engines/files/verify-journal.ts'
import { loadMasterKeys, type MasterKeys, nextMasterKeys } from '../master-keys.ts'
import { JOURNAL_FOLDER } from '../open-journal.ts'
import { queuesIn } from '../queues-in-events.ts'
import { SystemRandom } from '../system.ts'
import { EXIT } from './exit-codes.ts'
import { formatReport } from './format-report.ts'
import type { Terminal } from './terminal.ts'

export interface JournalCommandOptions {
  readonly settings: Config
  readonly terminal: Terminal
  /** The report as one JSON object instead of lines for a person. */
  readonly json: boolean
}

/** Prints what the journal consists of. Resolves with the exit code; changes nothing. */
export function printJournalStat(options: JournalCommandOptions): Promise<number> {
  return onJournal(options, async ({ disk, keyring }) => {
    return { report: await statJournal(disk, keyring), exitCode: EXIT.done }
  })
}

/** Reads every byte of the journal and prints what is wrong with it. Resolves with the exit code; changes nothing. */
export function printJournalVerification(options: JournalCommandOptions): Promise<number> {
  return onJournal(options, async ({ disk, keyring }) => {
    const report = await verifyJournal(disk, keyring)
    return { report, exitCode: report.problems.length === 0 ? EXIT.done : EXIT.journal }
  })
}

/**
 * Makes a damaged journal one that opens, and prints what that took and what it lost. Where something acknowledged would be
 * lost it changes nothing, unless that is accepted. Resolves with the exit code.
 */
export function repairJournalAndPrint(
  options: JournalCommandOptions & { readonly acceptLoss: boolean },
): Promise<number> {
  const { acceptLoss, terminal } = options
  return onJournal(options, async ({ disk, keys: { encryption } }) => {
    const random = new SystemRandom()
    const report = await repairJournal(disk, { acceptLoss, random, encryption, namesIn: queuesIn })
    if (report.outcome !== 'refused') return { report, exitCode: EXIT.done }
    terminal.complain(
      'millrace: nothing was changed, as this would lose what was acknowledged. Is there a backup?',
    )
    terminal.complain('millrace: to repair the journal all the same, give --accept-loss')
    return { report, exitCode: EXIT.journal }
  })
}

/** Wraps the keys of all files with a new master key. Resolves with the exit code. */
export function rotateMasterKey(options: JournalCommandOptions): Promise<number> {
  const { settings, terminal } = options
  return onJournal(options, async ({ disk }) => {
    const random = new SystemRandom()
    const { encryption, settle } = await nextMasterKeys(settings, random)
    const files = await rotateKeys(disk, encryption, random, (message) => terminal.complain(message))
    await settle()
    const { id } = encryption.current ?? { id: new Uint8Array(0) }
    return { report: { masterKey: Buffer.from(id).toString('hex'), files }, exitCode: EXIT.done }
  })
}

/** Encrypts what of a journal is plain. Resolves with the exit code. */
export function encryptPlainJournal(options: JournalCommandOptions): Promise<number> {
  const { settings, terminal } = options
  return onJournal(options, async ({ disk }) => {
    const random = new SystemRandom()
    const config = { ...settings, encryption: true }
    const { encryption, madeFile, settle } = await loadMasterKeys(config, random, () => isEncrypted(disk))
    const report = (message: string) => terminal.complain(`millrace: ${message}`)
    if (madeFile !== null) report(`a master key was made in ${madeFile}: back it up, apart from the data`)
    await rotateKeys(disk, encryption, random, report)
    await settle()
    return { report: await encryptJournal(disk, { encryption, random, report }), exitCode: EXIT.done }
  })
}

/** A journal that nobody else has open, and what opens it. */
interface JournalAtHand {
  readonly disk: Disk
  readonly keys: MasterKeys
  readonly keyring: Keyring
}

interface Finding {
  readonly report: object
  readonly exitCode: number
}

/** Runs `work` on the journal of a data directory, which no server may hold meanwhile, and prints its report. */
async function onJournal(
  options: JournalCommandOptions,
  work: (journal: JournalAtHand) => Promise<Finding>,
): Promise<number> {
  const { settings, terminal, json } = options
  const folder = join(settings.dataDirectory, JOURNAL_FOLDER)
  // Opening would make the folder, and a mistyped path would look like an empty journal.
  if (!(await isDirectory(folder))) {
    terminal.complain(
      `millrace: there is no journal in ${settings.dataDirectory}; give the server's --data-dir`,
    )
    return EXIT.failed
  }
  const lock = await lockDirectory(settings.dataDirectory)
  try {
    const disk = await openRealDisk(folder)
    try {
      const keys = await loadMasterKeys(settings, null, () => isEncrypted(disk))
      const keyring = new Keyring(keys.encryption, null)
      // Headers may be half written, and look damaged, until that is done.
      await finishRotation(disk, keyring, (message) => terminal.complain(`millrace: ${message}`))
      const { report, exitCode } = await work({ disk, keys, keyring })
      terminal.print(json ? JSON.stringify(report, null, 2) : formatReport(report))
      return exitCode
    } finally {
      await disk.close()
    }
  } finally {
    await lock.release()
  }
}

async function isDirectory(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory()
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false
    throw error
  }
}
