import { Cell } from './cell/cell.ts'
import type { ManualClock } from './cell/manual-clock.ts'
import type { SteadyClock } from './cell/steady-clock.ts'
import type { Config } from './config/config.ts'
import { openOwnBodies } from './core/open-bodies.ts'
import type { BodySeals } from './core/sealed-body.ts'
import type { Bodies, StateHost } from './core/service-state.ts'
import type { Units } from './core/units.ts'
import type { PushProtocol } from './delivery/transports.ts'
import type { Journal } from './journal/journal.ts'
import type { Logger } from './observe/logger.ts'
import type { OpenJournalOptions } from './open-journal.ts'
import { RefusedLandings } from './refused-landings.ts'
import { EVERYONE_MAY_LAND, PolicyLandingLeave } from './services/sqs/state/landing-leave.ts'
import { ObservedSqsState, type Observer } from './services/sqs/state/observed-sqs-state.ts'
import { SqsState } from './services/sqs/state/sqs-state.ts'
import { States } from './states.ts'
import { SystemRandom, systemTimers } from './system.ts'

interface OpenCellOptions {
  readonly config: Config
  readonly logger: Logger
  readonly clock: SteadyClock
  /** The clock that the cell goes by, where that is one that can be set. */
  readonly manualClock: ManualClock | null
  readonly open: (options: OpenJournalOptions) => Promise<Journal>
  readonly onFailure: (error: Error) => void
  /** The protocols that messages are kept for, to be pushed; left out for none. */
  readonly pushed?: readonly PushProtocol[]
  /** Told of the states, once they are recovered. */
  readonly onStates?: (states: States) => void
  readonly observer?: Observer | undefined
  /** Opens what was sealed; left out where nothing goes on by itself. */
  readonly seals?: BodySeals
}

/** Opens the cell on the journal of the data directory, and recovers what it holds. */
export async function openCell(options: OpenCellOptions): Promise<Cell> {
  const { config, logger, clock, manualClock, open, onFailure, pushed, observer, onStates, seals } = options
  const observed: ObservedSqsState[] = []
  const refusals = new RefusedLandings(logger, manualClock ?? clock)
  const landingLeave = config.auth
    ? new PolicyLandingLeave((refused) => refusals.note(refused))
    : EVERYONE_MAY_LAND
  const sqsState = (units: Units, host: StateHost) => {
    if (observer === undefined) return new SqsState(units, host, landingLeave)
    const state = new ObservedSqsState(units, host, landingLeave)
    observed.push(state)
    return state
  }
  let states: States | undefined
  const cell = await Cell.open({
    clock: manualClock ?? clock,
    timers: manualClock ?? systemTimers,
    tidyTimers: systemTimers,
    states: (units, host) => {
      states = new States(sqsState(units, host), units, host, pushed)
      return states.all
    },
    openJournal: (recovery, listener) =>
      open({ config, logger, random: new SystemRandom(), clock, recovery, listener }),
    acceptClock: config.acceptClock,
    ...(manualClock && { resumeClock: (last: number) => resumeClock(manualClock, last, logger) }),
    ...(seals && { openSealed: (bodies: Bodies) => openOwnBodies(seals, bodies) }),
    onFailure,
    report: (error) => logger.warn({ error }, 'a snapshot failed; another is tried later'),
  })
  if (observer !== undefined) for (const state of observed) state.watch(observer)
  if (states !== undefined) onStates?.(states)
  return cell
}

/** Time that was set forward goes on from where the journal has it. */
function resumeClock(clock: ManualClock, last: number, logger: Logger): void {
  if (last <= clock.now()) return
  clock.setForward(last)
  logger.warn(
    { now: new Date(last).toISOString() },
    "the clock was set forward before: it goes on from the journal's last time",
  )
}
