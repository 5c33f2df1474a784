import type { ActiveMoves } from './active-moves.ts'
import type { Cleanup } from './cleanup.ts'
import type { Directory } from './directory.ts'
import type { LandingLeave } from './landing-leave.ts'
import type { QueueCommons } from './queue.ts'
import type { ReadyQueues } from './ready-queues.ts'
import type { Root } from './root.ts'

/** What decisions and events work on. */
export interface SqsContext extends QueueCommons {
  readonly directory: Directory
  readonly root: Root
  readonly cleanup: Cleanup
  readonly activeMoves: ActiveMoves
  readonly ready: ReadyQueues
  readonly landingLeave: LandingLeave
}
