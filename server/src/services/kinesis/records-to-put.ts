import { recordTooLarge } from './errors.ts'
import { type PackedRecords, readPacked } from './packed-records.ts'
import { recordSorter } from './record-sorter/record-sorter.ts'
import type { ShardMapView } from './shard-map.ts'
import { putInOrder, type SortedRecords, sortOneByOne } from './sorted-records.ts'

const KIB = 1024

/**
 * The records of one request, or of several that are put at once: measured once, and sorted by whatever map of the shards is tried. They are
 * sorted where they are, since what is in the processor's cache is quicker than memory that nothing was in yet: what was sorted before is of no use
 * any more.
 */
export class RecordsToPut {
  readonly #records: PackedRecords
  /** Of the records as they stand, the places in which they came; null while they stand as they came. */
  #places: readonly number[] | null = null

  constructor(records: PackedRecords) {
    this.#records = records
  }

  fit({ maxRecordKiB }: ShardMapView): boolean {
    return this.#records.largest <= maxRecordKiB * KIB
  }

  /** What to tell a client whose records don't fit; `nameOf` says where in the request a record's data is. */
  tooLarge({ maxRecordKiB }: ShardMapView, nameOf: (place: number) => string): Error {
    const bytesMax = maxRecordKiB * KIB
    this.restoreOrder()
    const reader = readPacked(this.#records)
    let place = 0
    while (reader.next() && reader.dataEnd - reader.keyAt <= bytesMax) place++
    return recordTooLarge(nameOf(place), bytesMax)
  }

  /** With `isSplit` each record is a group of its own: a shard may take some, and refuse others. */
  sort(map: ShardMapView, isSplit: boolean): SortedRecords {
    this.restoreOrder()
    const { count, bytes, payloadBytes } = this.#records
    const [only] = map.shards
    if (map.shards.length > 1 || isSplit || only === undefined) return this.#sortByShards(map, isSplit)
    const groups = {
      shards: [only.number],
      counts: [count],
      bytes: [bytes.length],
      payloadBytes: [payloadBytes],
    }
    return { body: bytes, groups, map, positions: [0], places: null, count }
  }

  #sortByShards(map: ShardMapView, isSplit: boolean): SortedRecords {
    // Of the only shard nothing needs a digest.
    const sorter = map.shards.length > 1 ? recordSorter() : null
    const sorted = sorter?.sort(this.#records, map, isSplit) ?? sortOneByOne(this.#records, map, isSplit)
    this.#places = sorted.places
    return sorted
  }

  /** The records stand as they came again: within a shard they are in that order. */
  restoreOrder(): void {
    const places = this.#places
    if (places === null) return
    const { bytes, count } = this.#records
    const order = new Array<number>(count)
    for (let at = 0; at < count; at++) order[places[at]!] = at
    const ends = new Int32Array(count)
    const reader = readPacked(this.#records)
    for (let at = 0; reader.next(); at++) ends[at] = reader.dataEnd
    putInOrder(bytes, ends, order)
    this.#places = null
  }
}
