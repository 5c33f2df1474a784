import type { SeededRandom } from '../../src/base/random.ts'
import { Cell } from '../../src/cell/cell.ts'
import { type FilesJournalOptions, openFilesJournal } from '../../src/engines/files/files-journal.ts'
import type { Encryption } from '../../src/engines/files/keyring.ts'
import type { FilesLimits } from '../../src/engines/files/limits.ts'
import type { SimulatedDisk } from '../../src/engines/files/simulated-disk.ts'
import { PolicyLandingLeave } from '../../src/services/sqs/state/landing-leave.ts'
import { SqsState } from '../../src/services/sqs/state/sqs-state.ts'
import { States } from '../../src/states.ts'
import { assortLifetimes, withLifetimes } from './assorted-lifetimes.ts'
import type { SimulatedTime } from './simulated-time.ts'

/** So small that a second of work fills several segments, and relocation has something to do. */
export const SMALL_FILES: Partial<FilesLimits> = {
  segmentBytes: 48 * 1024,
  frameBytes: 16 * 1024,
  gatherAppends: 2,
  writeBytes: 32 * 1024,
  zerosFromBytes: 4 * 1024,
  zerosStepBytes: 6 * 1024,
  zerosBelowBytes: 5 * 1024,
  cacheBytes: 32 * 1024,
  readAheadBytes: 8 * 1024,
  openFiles: 3,
  relocateBelow: 0.6,
  relocateBehindSegments: 1,
  relocateForBytes: 16 * 1024,
  relocateStepBytes: 8 * 1024,
}

export interface ServerOptions {
  readonly disk: SimulatedDisk
  readonly time: SimulatedTime
  readonly random: SeededRandom
  readonly limits?: Partial<FilesLimits>
  readonly encryption?: Encryption | undefined
  readonly space?: FilesJournalOptions['space']
  /** Called each time that the cell says it can't go on: once, if all is well. */
  readonly onFailure: (error: Error) => void
  /** Told of the states before they are recovered. */
  readonly onStates?: (states: States) => void
  /** Told what the journal and the cell noticed and survived. */
  readonly report?: (problem: string) => void
}

/** Starts the server, as far as it lies behind the network: the real cell and journal on simulated time and disk. */
export function openServer(options: ServerOptions): Promise<Cell> {
  const { disk, time, random, limits, encryption, space, onFailure } = options
  const report = options.report ?? (() => {})
  return Cell.open({
    clock: time,
    timers: time,
    states: (units, host) => {
      const states = new States(new SqsState(units, host, new PolicyLandingLeave(() => {})), units, host)
      options.onStates?.(states)
      return states.all
    },
    openJournal: async (recovery, listener) =>
      assortLifetimes(
        await openFilesJournal({
          disk,
          random,
          timers: time,
          recovery: withLifetimes(recovery),
          listener,
          report,
          encryption,
          ...(limits === undefined ? {} : { limits }),
          ...(space === undefined ? {} : { space }),
        }),
      ),
    acceptClock: true,
    snapshotLimits: { replayBytes: 100_000, garbageBytes: 100_000, garbageIntervalMs: 1000 },
    onFailure,
    report: (error) => report(error.message),
  })
}
