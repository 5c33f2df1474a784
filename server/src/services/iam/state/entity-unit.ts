import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { Unit, type Units } from '../../../core/units.ts'
import type { Entity } from '../entities.ts'

/** A user, group, role, managed policy or account, as a unit of its own. */
export class EntityUnit<Each extends Entity = Entity> extends Unit {
  /** Never given to another. */
  readonly number: number
  #entity: Each

  constructor(number: number, entity: Each) {
    super()
    this.number = number
    this.#entity = entity
  }

  static restore(units: Units, id: number, bytes: Uint8Array): EntityUnit {
    const { number, entity } = decodeCbor(bytes) as { readonly number: number; readonly entity: Entity }
    const unit = new EntityUnit(number, entity)
    units.addAs(id, unit)
    return unit
  }

  get entity(): Each {
    return this.#entity
  }

  /** To be called by the directory alone, which finds it by what it says. */
  replace(units: Units, entity: Each): void {
    units.touch(this)
    this.#entity = entity
  }

  encode(): Uint8Array {
    return encodeCbor({ number: this.number, entity: this.#entity })
  }
}
