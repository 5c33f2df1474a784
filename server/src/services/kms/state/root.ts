import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { packIds } from '../../../core/packed-lists.ts'
import type { ResourceDirectory } from '../../../core/resource-directory.ts'
import { Unit, type Units } from '../../../core/units.ts'
import type { Alias } from './alias.ts'
import type { Keys } from './keys.ts'

const ROOT_VERSION = 1

interface RootRecord {
  readonly version: number
  readonly nextKey: number
  readonly nextAlias: number
  /** Unit ids, as little-endian 32-bit words. */
  readonly keys: Uint8Array
  readonly aliases: Uint8Array
}

/** The unit a snapshot of the KMS state begins with: it names keys and aliases. */
export class Root extends Unit {
  /** The numbers that the next key and the next alias get; 0 is never one. */
  nextKey = 1
  nextAlias = 1
  readonly #units: Units
  readonly #keys: Keys
  readonly #aliases: ResourceDirectory<Alias>

  constructor(units: Units, keys: Keys, aliases: ResourceDirectory<Alias>) {
    super()
    this.#units = units
    this.#keys = keys
    this.#aliases = aliases
  }

  /** To be called before what it names comes or goes, and before a number is given. */
  touch(): void {
    if (this.id >= 0) this.#units.touch(this)
  }

  encode(): Uint8Array {
    const record: RootRecord = {
      version: ROOT_VERSION,
      nextKey: this.nextKey,
      nextAlias: this.nextAlias,
      keys: packIds([...this.#keys].map(({ id }) => id)),
      aliases: packIds([...this.#aliases].map(({ id }) => id)),
    }
    return encodeCbor(record)
  }
}

export function decodeRoot(bytes: Uint8Array): RootRecord {
  const record = decodeCbor(bytes) as RootRecord
  if (record.version < 1 || record.version > ROOT_VERSION) {
    throw new Error(
      `the snapshot's KMS state has version ${record.version}; this build reads up to ${ROOT_VERSION}`,
    )
  }
  return record
}
