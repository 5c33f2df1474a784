import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { packIds } from '../../../core/packed-lists.ts'
import { Unit, type Units } from '../../../core/units.ts'
import type { SecretsKey } from '../entities.ts'
import type { Directory } from './directory.ts'

const ROOT_VERSION = 1

export interface RootRecord {
  readonly version: number
  readonly nextNumber: number
  /** Unit ids, as little-endian 32-bit words. */
  readonly entities: Uint8Array
  /** Missing in records of earlier versions. */
  readonly secretsKey?: SecretsKey | null
}

/** The unit a snapshot of the IAM state begins with: it names the entities. */
export class Root extends Unit {
  /** The number that the next entity gets; 0 is never one. */
  nextNumber = 1
  secretsKey: SecretsKey | null = null
  readonly #units: Units
  readonly #directory: Directory

  constructor(units: Units, directory: Directory) {
    super()
    this.#units = units
    this.#directory = directory
  }

  /** To be called before an entity comes or goes, or the key of secrets is kept in another way. */
  touch(): void {
    if (this.id >= 0) this.#units.touch(this)
  }

  encode(): Uint8Array {
    const record: RootRecord = {
      version: ROOT_VERSION,
      nextNumber: this.nextNumber,
      entities: packIds([...this.#directory].map(({ id }) => id)),
      secretsKey: this.secretsKey,
    }
    return encodeCbor(record)
  }
}

export function decodeRoot(bytes: Uint8Array): RootRecord {
  const record = decodeCbor(bytes) as RootRecord
  if (record.version < 1 || record.version > ROOT_VERSION) {
    throw new Error(
      `the snapshot's IAM state has version ${record.version}; this build reads up to ${ROOT_VERSION}`,
    )
  }
  return record
}
