import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { Unit, type Units } from '../../../core/units.ts'
import type { AliasAddress } from '../commands.ts'

interface AliasRecord {
  /** Never used before. */
  readonly number: number
  readonly address: AliasAddress
  /** The number of its key. */
  readonly key: number
  readonly createdAt: number
  readonly updatedAt: number
}

/** Another name of a key. */
export class Alias extends Unit {
  #record: AliasRecord

  constructor(record: AliasRecord) {
    super()
    this.#record = record
  }

  static restore(units: Units, unit: number, contentOf: (unit: number) => Uint8Array): Alias {
    const alias = new Alias(decodeCbor(contentOf(unit)) as AliasRecord)
    units.addAs(unit, alias)
    return alias
  }

  encode(): Uint8Array {
    return encodeCbor(this.#record)
  }

  get number(): number {
    return this.#record.number
  }

  get address(): AliasAddress {
    return this.#record.address
  }

  get key(): number {
    return this.#record.key
  }

  get createdAt(): number {
    return this.#record.createdAt
  }

  get updatedAt(): number {
    return this.#record.updatedAt
  }

  /** Names another key from now on. */
  moveTo(key: number, now: number, units: Units): void {
    units.touch(this)
    this.#record = { ...this.#record, key, updatedAt: now }
  }
}
