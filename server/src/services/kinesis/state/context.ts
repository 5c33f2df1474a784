import type { StateHost } from '../../../core/service-state.ts'
import type { Units } from '../../../core/units.ts'
import type { Accounts } from './account.ts'
import type { Cleanup } from './cleanup.ts'
import type { Departures } from './departures.ts'
import type { PackingQueue } from './packing/packing-queue.ts'
import type { Root } from './root.ts'
import type { Streams } from './streams.ts'

/** What decisions and events work on. */
export interface KinesisContext {
  readonly units: Units
  readonly host: StateHost
  readonly streams: Streams
  readonly accounts: Accounts
  readonly root: Root
  readonly cleanup: Cleanup
  readonly departures: Departures
  readonly packing: PackingQueue
}
