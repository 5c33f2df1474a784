import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { packIds } from '../../../core/packed-lists.ts'
import { Unit, type Units } from '../../../core/units.ts'
import type { Accounts } from './account.ts'
import type { Streams } from './streams.ts'

/** 2: there are sealed records, which earlier builds don't open. 3: what arrived lately is the stream's, and no longer each shard's. */
const ROOT_VERSION = 3

export interface RootRecord {
  readonly version: number
  readonly nextStream: number
  readonly nextMap: number
  /** Unit ids, as little-endian 32-bit words. */
  readonly streams: Uint8Array
  readonly accounts: Uint8Array
}

/** The unit a snapshot of the Kinesis state begins with: it names the streams and accounts, and these what they hold. */
export class Root extends Unit {
  /** The numbers that the next stream and the next version of a shard map get; 0 is never one. */
  nextStream = 1
  nextMap = 1
  readonly #units: Units
  readonly #streams: Streams
  readonly #accounts: Accounts

  constructor(units: Units, streams: Streams, accounts: Accounts) {
    super()
    this.#units = units
    this.#streams = streams
    this.#accounts = accounts
  }

  /** To be called before what it names comes or goes, and before a number is given. */
  touch(): void {
    if (this.id >= 0) this.#units.touch(this)
  }

  encode(): Uint8Array {
    const record: RootRecord = {
      version: ROOT_VERSION,
      nextStream: this.nextStream,
      nextMap: this.nextMap,
      streams: packIds([...this.#streams].map(({ id }) => id)),
      accounts: packIds([...this.#accounts].map(({ id }) => id)),
    }
    return encodeCbor(record)
  }
}

export function decodeRoot(bytes: Uint8Array): RootRecord {
  const record = decodeCbor(bytes) as RootRecord
  if (record.version < 1 || record.version > ROOT_VERSION) {
    throw new Error(
      `the snapshot's Kinesis state has version ${record.version}; this build reads up to ${ROOT_VERSION}`,
    )
  }
  return record
}
