import { aesGcm } from '../../../server/src/aes-gcm.ts'
import type { Clock } from '../../../server/src/base/time.ts'
import { Cell } from '../../../server/src/cell/cell.ts'
import { SteadyClock } from '../../../server/src/cell/steady-clock.ts'
import { openFilesJournal } from '../../../server/src/engines/files/files-journal.ts'
import type { Encryption } from '../../../server/src/engines/files/keyring.ts'
import { openRealDisk } from '../../../server/src/engines/files/real-disk.ts'
import { masterKeyOf } from '../../../server/src/master-keys.ts'
import { SqsState } from '../../../server/src/services/sqs/state/sqs-state.ts'
import { SystemRandom, systemClocks, systemTimers } from '../../../server/src/system.ts'

/** Under a master key that is forgotten with the process. */
export function newEncryption(): Encryption {
  return { cipher: aesGcm, current: masterKeyOf(new SystemRandom().bytes(32)), others: [] }
}

/** A cell on a directory of the real disk, every answer waiting for its fsync, as the server composes it. */
export async function openCell(
  directory: string,
  clock: Clock = new SteadyClock(systemClocks, () => {}),
  encryption?: Encryption,
): Promise<Cell> {
  const disk = await openRealDisk(directory)
  const fail = (error: Error) => {
    throw error
  }
  return Cell.open({
    clock,
    timers: systemTimers,
    states: (units, host) => [new SqsState(units, host)],
    openJournal: (recovery, listener) =>
      openFilesJournal({
        disk,
        random: new SystemRandom(),
        timers: systemTimers,
        recovery,
        listener,
        encryption,
      }),
    acceptClock: false,
    onFailure: fail,
    report: fail,
  })
}
