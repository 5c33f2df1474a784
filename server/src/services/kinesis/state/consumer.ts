import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { Unit, type Units } from '../../../core/units.ts'
import type { ConsumerDescription } from '../commands.ts'

export interface ConsumerRecord {
  readonly name: string
  /** In whole seconds since the epoch: part of its ARN. */
  readonly createdSecond: number
  readonly tags: Readonly<Record<string, string>>
  /** JSON text; empty for none. */
  readonly policy: string
  readonly isDeleting: boolean
  /** When it is created, or gone, in milliseconds since the epoch. */
  readonly settledAt: number
}

/** Somebody who reads a stream with a throughput of its own. */
export class Consumer extends Unit {
  #record: ConsumerRecord

  constructor(record: ConsumerRecord) {
    super()
    this.#record = record
  }

  static restore(units: Units, unit: number, contentOf: (unit: number) => Uint8Array): Consumer {
    const consumer = new Consumer(decodeCbor(contentOf(unit)) as ConsumerRecord)
    units.addAs(unit, consumer)
    return consumer
  }

  encode(): Uint8Array {
    return encodeCbor(this.#record)
  }

  get record(): ConsumerRecord {
    return this.#record
  }

  get name(): string {
    return this.#record.name
  }

  change(units: Units, changes: Partial<ConsumerRecord>): void {
    units.touch(this)
    this.#record = { ...this.#record, ...changes }
  }

  statusAt(now: number): ConsumerDescription['status'] {
    const { isDeleting, settledAt } = this.#record
    if (isDeleting) return 'DELETING'
    return now < settledAt ? 'CREATING' : 'ACTIVE'
  }

  description(now: number): ConsumerDescription {
    const { name, createdSecond } = this.#record
    return { name, status: this.statusAt(now), created: createdSecond * 1000 }
  }
}
