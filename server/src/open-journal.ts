import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Random } from './base/random.ts'
import type { Clock } from './base/time.ts'
import type { Config } from './config/config.ts'
import { isEncrypted } from './engines/files/check-keys.ts'
import { openFilesJournal } from './engines/files/files-journal.ts'
import { rotateKeys } from './engines/files/key-rotation.ts'
import { OverlayDisk } from './engines/files/overlay-disk.ts'
import { openRealDisk } from './engines/files/real-disk.ts'
import { openMemoryJournal } from './engines/memory/memory-journal.ts'
import type { Journal, JournalListener, Recovery } from './journal/journal.ts'
import { loadMasterKeys } from './master-keys.ts'
import type { Logger } from './observe/logger.ts'
import { systemTimers } from './system.ts'

/** The folder of the journal's files in a data directory. */
export const JOURNAL_FOLDER = 'journal'

export interface OpenJournalOptions {
  readonly config: Config
  readonly logger: Logger
  readonly random: Random
  readonly clock: Clock
  readonly recovery: Recovery
  readonly listener: JournalListener
}

/** The journal of a data directory as it is now, to be looked at: what is written to it is gone when it is closed. */
export async function openJournalToLook({
  config,
  logger,
  clock: _,
  ...ports
}: OpenJournalOptions): Promise<Journal> {
  const folder = join(config.dataDirectory, JOURNAL_FOLDER)
  if (config.durability === 'memory' || !existsSync(folder))
    return openMemoryJournal(systemTimers, ports.listener)
  const disk = await OverlayDisk.over(await openRealDisk(folder))
  // A key that is not there is not made: what is written here stays in memory.
  const { encryption } = await loadMasterKeys(config, null, () => isEncrypted(disk))
  return openFilesJournal({
    ...ports,
    disk,
    encryption,
    timers: systemTimers,
    report: (message) => logger.warn({}, message),
  })
}

/** The journal that the configuration asks for. Its files are wrapped with the current master key before it is opened. */
export async function openJournal({ config, logger, clock, ...ports }: OpenJournalOptions): Promise<Journal> {
  if (config.durability === 'memory') return openMemoryJournal(systemTimers, ports.listener)
  const disk = await openRealDisk(join(config.dataDirectory, JOURNAL_FOLDER))
  const report = (message: string) => logger.warn({}, message)
  const { encryption, madeFile, settle } = await loadMasterKeys(config, ports.random, () => isEncrypted(disk))
  if (madeFile !== null) {
    logger.warn(
      { file: madeFile },
      'A MASTER KEY WAS MADE: back it up, apart from the data. Who loses it loses every message; who has it can read them all',
    )
  }
  const changed = await rotateKeys(disk, encryption, ports.random, report)
  if (changed.length > 0) logger.info({ files: changed.length }, 'the master key was changed')
  await settle()
  return openFilesJournal({
    ...ports,
    disk,
    encryption,
    timers: systemTimers,
    durability: config.durability,
    space: { clock },
    report,
  })
}
