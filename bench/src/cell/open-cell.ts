import type { Clock } from '../../../server/src/base/time.ts'
import { Cell } from '../../../server/src/cell/cell.ts'
import { SteadyClock } from '../../../server/src/cell/steady-clock.ts'
import { openFilesJournal } from '../../../server/src/engines/files/files-journal.ts'
import { openRealDisk } from '../../../server/src/engines/files/real-disk.ts'
import { SqsState } from '../../../server/src/services/sqs/state/sqs-state.ts'
import { SystemRandom, systemClocks, systemTimers } from '../../../server/src/system.ts'

/** A cell on a directory of the real disk, every answer waiting for its fsync, as the server composes it. */
export async function openCell(
  directory: string,
  clock: Clock = new SteadyClock(systemClocks, () => {}),
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
      openFilesJournal({ disk, random: new SystemRandom(), timers: systemTimers, recovery, listener }),
    acceptClock: false,
    onFailure: fail,
    report: fail,
  })
}
