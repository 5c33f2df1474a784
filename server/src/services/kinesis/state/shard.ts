import { decode as decodeCbor, encode as encodeCbor } from 'cborg'
import { Unit, type Units } from '../../../core/units.ts'
import type { HashKey, Run, ShardDescription, ShardEnd } from '../commands.ts'
import { ShardRecords } from './records/shard-records.ts'

/** What a shard is made of when it is opened. Times are milliseconds since the epoch. */
export interface NewShard {
  /** Never used before in its stream. */
  readonly number: number
  readonly parent: number | null
  readonly adjacentParent: number | null
  readonly startingHashKey: HashKey
  readonly endingHashKey: HashKey
  readonly openedAt: number
  readonly createdSecond: number
}

interface ShardRecord extends NewShard {
  readonly closedAt: number | null
  /** Unit id; null where it never had any. */
  readonly records: number | null
}

const NO_SHARDS: readonly Shard[] = []

/**
 * A range of hash keys of a stream, with the records that came for them while it was open. It never changes but by being closed.
 */
export class Shard extends Unit {
  readonly number: number
  readonly parent: number | null
  readonly adjacentParent: number | null
  readonly startingHashKey: HashKey
  readonly endingHashKey: HashKey
  readonly openedAt: number
  readonly createdSecond: number
  /** Null without: most are open, and there may be thousands. */
  #children: Shard[] | null = null
  readonly #units: Units
  #records: ShardRecords | null = null
  #closedAt: number | null = null

  constructor(units: Units, shard: NewShard) {
    super()
    this.#units = units
    this.number = shard.number
    this.parent = shard.parent
    this.adjacentParent = shard.adjacentParent
    this.startingHashKey = shard.startingHashKey
    this.endingHashKey = shard.endingHashKey
    this.openedAt = shard.openedAt
    this.createdSecond = shard.createdSecond
  }

  /** `unlisted` as for `ShardRecords.restore`. */
  static restore(
    units: Units,
    unit: number,
    contentOf: (unit: number) => Uint8Array,
    unlisted: (shard: number, run: Run) => void,
  ): Shard {
    const record = decodeCbor(contentOf(unit)) as ShardRecord
    const shard = new Shard(units, record)
    const { number, records } = record
    if (records !== null) {
      const tell = (run: Run) => unlisted(number, run)
      shard.#records = ShardRecords.restore(units, records, number, contentOf, tell)
    }
    shard.#closedAt = record.closedAt
    units.addAs(unit, shard)
    return shard
  }

  encode(): Uint8Array {
    const { number, parent, adjacentParent, startingHashKey, endingHashKey, openedAt, createdSecond } = this
    const record: ShardRecord = {
      ...{ number, parent, adjacentParent, startingHashKey, endingHashKey, openedAt, createdSecond },
      closedAt: this.#closedAt,
      records: this.#records?.id ?? null,
    }
    return encodeCbor(record)
  }

  /** The shards that took over its hash keys when it was closed. */
  get children(): readonly Shard[] {
    return this.#children ?? NO_SHARDS
  }

  addChild(shard: Shard): void {
    if (this.#children === null) this.#children = [shard]
    else this.#children.push(shard)
  }

  /** Those that it has, or will have: they are made when they are first asked for, since many a shard of a resharding gets none. */
  get records(): ShardRecords {
    if (this.#records !== null) return this.#records
    this.#units.touch(this)
    const records = new ShardRecords(this.#units, this.number)
    this.#units.add(records)
    this.#records = records
    return records
  }

  /** Null where none were asked for yet. */
  get madeRecords(): ShardRecords | null {
    return this.#records
  }

  get isOpen(): boolean {
    return this.#closedAt === null
  }

  /** Infinity while it is open. */
  get closedAt(): number {
    return this.#closedAt ?? Number.POSITIVE_INFINITY
  }

  /** Null while it is open. No record comes after it. */
  get closed(): ShardEnd | null {
    if (this.#closedAt === null) return null
    const lastIndex = this.#records === null ? 0 : this.#records.nextIndex - 1
    return { lastIndex, time: this.#closedAt }
  }

  get description(): ShardDescription {
    const { number, parent, adjacentParent, startingHashKey, endingHashKey, createdSecond, closed } = this
    return { number, parent, adjacentParent, startingHashKey, endingHashKey, createdSecond, closed }
  }

  /** To be called after its unit was touched. */
  close(now: number): void {
    this.#closedAt = now
  }
}
