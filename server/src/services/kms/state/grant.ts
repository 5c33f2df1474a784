import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { Unit, type Units } from '../../../core/units.ts'
import type { NewGrant } from '../commands.ts'

export interface GrantRecord extends NewGrant {
  readonly createdAt: number
}

/** What somebody may do with a key. It never changes. */
export class Grant extends Unit {
  readonly record: GrantRecord

  constructor(record: GrantRecord) {
    super()
    this.record = record
  }

  static restore(units: Units, unit: number, contentOf: (unit: number) => Uint8Array): Grant {
    const grant = new Grant(decodeCbor(contentOf(unit)) as GrantRecord)
    units.addAs(unit, grant)
    return grant
  }

  encode(): Uint8Array {
    return encodeCbor(this.record)
  }
}
