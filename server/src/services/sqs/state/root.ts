import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { packIds } from '../../../core/packed-lists.ts'
import { Unit, type Units } from '../../../core/units.ts'
import type { QueueAddress } from '../commands.ts'
import type { Directory } from './directory.ts'
import type { Origins, OriginsRecord } from './origins.ts'
import { type Deletion, RecentDeletions } from './recent-deletions.ts'
import type { Tracking } from './tracking.ts'

/** Version 2 has FIFO queues, version 3 tenants of standard ones, version 4 messages that landed; all else is as in version 1. */
const ROOT_VERSION = 4
const ROOT_VERSIONS_READ: readonly number[] = [1, 2, 3, 4]

export interface RootRecord {
  readonly version: number
  readonly nextQueue: number
  /** Unit ids, as little-endian 32-bit words. */
  readonly queues: Uint8Array
  readonly trackingPages: Uint8Array
  readonly retired: readonly (readonly [number, QueueAddress])[]
  /** Snapshots of earlier versions lack it. */
  readonly deletions?: readonly Deletion[]
  readonly origins?: OriginsRecord
}

/** The unit a snapshot of the SQS state begins with: it names all others. */
export class Root extends Unit {
  /** The incarnation that the next queue gets; 0 is never one. */
  nextQueue = 1
  /** Deleted queues that had dead letters: these still name where they come from. */
  readonly retired = new Map<number, QueueAddress>()
  readonly deletions = new RecentDeletions()
  readonly #units: Units
  readonly #directory: Directory
  readonly #tracking: Tracking
  readonly #origins: Origins

  constructor(units: Units, directory: Directory, tracking: Tracking, origins: Origins) {
    super()
    this.#units = units
    this.#directory = directory
    this.#tracking = tracking
    this.#origins = origins
  }

  /** To be called before queues or pages come or go. */
  touch(): void {
    if (this.id >= 0) this.#units.touch(this)
  }

  encode(): Uint8Array {
    const queues: number[] = []
    for (const queue of this.#directory) queues.push(queue.id)
    const record: RootRecord = {
      version: ROOT_VERSION,
      nextQueue: this.nextQueue,
      queues: packIds(queues),
      trackingPages: packIds(this.#tracking.pageUnits()),
      retired: [...this.retired],
      deletions: [...this.deletions.all()],
      origins: this.#origins.record(),
    }
    return encodeCbor(record)
  }
}

export function decodeRoot(bytes: Uint8Array): RootRecord {
  const record = decodeCbor(bytes) as RootRecord
  if (!ROOT_VERSIONS_READ.includes(record.version)) {
    throw new Error(
      `the snapshot's SQS state has version ${record.version}; this build reads ${ROOT_VERSIONS_READ.join(', ')}`,
    )
  }
  return record
}
