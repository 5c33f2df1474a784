import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { packIds } from '../../../core/packed-lists.ts'
import { Unit, type Units } from '../../../core/units.ts'
import type { Topics } from './topics.ts'

const ROOT_VERSION = 1

export interface RootRecord {
  readonly version: number
  readonly nextTopic: number
  readonly nextSubscription: number
  /** Unit ids, as little-endian 32-bit words. */
  readonly topics: Uint8Array
}

/** The unit a snapshot of the SNS state begins with: it names the topics, and these their subscriptions. */
export class Root extends Unit {
  /** The numbers that the next ones get; 0 is never one. */
  nextTopic = 1
  nextSubscription = 1
  readonly #units: Units
  readonly #topics: Topics

  constructor(units: Units, topics: Topics) {
    super()
    this.#units = units
    this.#topics = topics
  }

  /** To be called before topics come or go, or subscriptions come. */
  touch(): void {
    if (this.id >= 0) this.#units.touch(this)
  }

  encode(): Uint8Array {
    const record: RootRecord = {
      version: ROOT_VERSION,
      nextTopic: this.nextTopic,
      nextSubscription: this.nextSubscription,
      topics: packIds([...this.#topics].map(({ id }) => id)),
    }
    return encodeCbor(record)
  }
}

export function decodeRoot(bytes: Uint8Array): RootRecord {
  const record = decodeCbor(bytes) as RootRecord
  if (record.version !== ROOT_VERSION) {
    throw new Error(
      `the snapshot's SNS state has version ${record.version}; this build reads ${ROOT_VERSION}`,
    )
  }
  return record
}
