import { Buffer } from 'node:buffer'
import type { RecordGroups } from './commands.ts'
import { recordTooLarge } from './errors.ts'
import { type PackedRecords, readPacked } from './packed-records.ts'
import { type RecordSorter, recordSorter } from './record-sorter/record-sorter.ts'
import type { OpenShard, ShardMapView } from './shard-map.ts'

/** A request's records, sorted by shards and written as they are stored. */
export interface SortedRecords {
  readonly body: Uint8Array
  readonly groups: RecordGroups
  /** For each group, its shard. */
  readonly shards: readonly OpenShard[]
  /** The places in the request of the records in the body; null where they stand as they do there. */
  readonly places: readonly number[] | null
  readonly count: number
}

const KIB = 1024

/**
 * The records of one request: measured once, and sorted by whatever map of the shards is tried. They are sorted where they are, since what is in
 * the processor's cache is quicker than memory that nothing was in yet: what was sorted before is of no use any more.
 */
export class RecordsToPut {
  readonly #records: PackedRecords
  /** The places in the request of the records as they stand; null while they do as they came. */
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
    this.#restoreOrder()
    const reader = readPacked(this.#records)
    let place = 0
    while (reader.next() && reader.dataEnd - reader.keyAt <= bytesMax) place++
    return recordTooLarge(nameOf(place), bytesMax)
  }

  /** With `isSplit` each record is a group of its own: a shard may take some, and refuse others. */
  sort(map: ShardMapView, isSplit: boolean): SortedRecords {
    this.#restoreOrder()
    const { count, bytes, payloadBytes } = this.#records
    const [only] = map.shards
    if (map.shards.length > 1 || isSplit || only === undefined) return this.#sortByShards(map, isSplit)
    const groups = {
      shards: [only.number],
      counts: [count],
      bytes: [bytes.length],
      payloadBytes: [payloadBytes],
    }
    return { body: bytes, groups, shards: [only], places: null, count }
  }

  #sortByShards(map: ShardMapView, isSplit: boolean): SortedRecords {
    const { bytes, count } = this.#records
    // Of the only shard nothing needs a digest.
    const sorter = map.shards.length > 1 ? recordSorter() : null
    const { shardOf, ends, payloads } =
      sorter?.take(bytes, count) === true ? this.#readBySorter(map, sorter) : this.#readOneByOne(map)
    const places = sortedPlaces(shardOf, count, map.shards.length)
    if (sorter?.ends === ends) sorter.writeInOrder(places, bytes)
    else bytes.set(inOrder(bytes, ends, places))
    this.#places = places
    const groups = {
      shards: [] as number[],
      counts: [] as number[],
      bytes: [] as number[],
      payloadBytes: [] as number[],
    }
    const shards: OpenShard[] = []
    for (let i = 0; i < count; ) {
      const position = shardOf[places[i]!]!
      const shard = map.shards[position]!
      const first = i
      let groupBytes = 0
      let payloadBytes = 0
      do {
        const place = places[i]!
        groupBytes += ends[place]! - startOf(ends, place)
        payloadBytes += payloads[place]!
        i++
      } while (!isSplit && i < count && shardOf[places[i]!] === position)
      groups.shards.push(shard.number)
      groups.counts.push(i - first)
      groups.bytes.push(groupBytes)
      groups.payloadBytes.push(payloadBytes)
      shards.push(shard)
    }
    return { body: bytes, groups, shards, places, count }
  }

  /** The records stand as they came again: within a shard they are in that order. */
  #restoreOrder(): void {
    const places = this.#places
    if (places === null) return
    const { bytes, count } = this.#records
    const order = new Array<number>(count)
    for (let at = 0; at < count; at++) order[places[at]!] = at
    const ends = new Int32Array(count)
    const reader = readPacked(this.#records)
    for (let at = 0; reader.next(); at++) ends[at] = reader.dataEnd
    bytes.set(inOrder(bytes, ends, order))
    this.#places = null
  }

  #readBySorter(map: ShardMapView, { digests, ends, payloads }: RecordSorter): ReadRecords {
    const { count, hashKeys } = this.#records
    const shardOf = positions.of(count)
    for (let i = 0; i < count; i++) {
      const hashKey = hashKeys?.[i] ?? null
      shardOf[i] = hashKey === null ? map.shardOfDigest(digests, i * DIGEST_WORDS) : map.shardAt(hashKey)
    }
    return { shardOf, ends, payloads }
  }

  #readOneByOne(map: ShardMapView): ReadRecords {
    const { count, bytes, hashKeys } = this.#records
    const shardOf = positions.of(count)
    const ends = new Int32Array(count)
    const payloads = new Int32Array(count)
    const reader = readPacked(this.#records)
    for (let i = 0; reader.next(); i++) {
      const { keyAt, dataAt, dataEnd } = reader
      const hashKey = hashKeys?.[i] ?? null
      shardOf[i] = hashKey === null ? map.shardOf(bytes, keyAt, dataAt) : map.shardAt(hashKey)
      ends[i] = dataEnd
      payloads[i] = dataEnd - keyAt
    }
    return { shardOf, ends, payloads }
  }
}

/** Of each record its shard's position, where it ends, and its bytes of partition key and data. They are reused for the next request. */
interface ReadRecords {
  readonly shardOf: Int32Array
  readonly ends: Int32Array
  readonly payloads: Int32Array
}

const DIGEST_WORDS = 4

/** Numbers that are done with before anything else runs: an array that is kept, since to make one takes longer than to fill it. */
class ReusedNumbers {
  #numbers = new Int32Array(0)

  /** Room for so many, with whatever is in there. */
  of(count: number): Int32Array {
    if (this.#numbers.length < count) this.#numbers = new Int32Array(2 * count)
    return this.#numbers
  }
}

const positions = new ReusedNumbers()
const nextPlaces = new ReusedNumbers()

function startOf(ends: Int32Array, place: number): number {
  return place === 0 ? 0 : ends[place - 1]!
}

function inOrder(bytes: Uint8Array, ends: Int32Array, places: readonly number[]): Uint8Array {
  const body = Buffer.allocUnsafe(bytes.length)
  let end = 0
  for (const place of places) {
    const start = startOf(ends, place)
    body.set(bytes.subarray(start, ends[place]!), end)
    end += ends[place]! - start
  }
  return body
}

/** Places of records by shard, those of a shard as they stand in the request. */
function sortedPlaces(shardOf: Int32Array, count: number, shardCount: number): readonly number[] {
  const nextPlace = nextPlaces.of(shardCount + 1)
  nextPlace.fill(0, 0, shardCount + 1)
  for (let i = 0; i < count; i++) nextPlace[shardOf[i]! + 1]!++
  for (let shard = 1; shard < shardCount; shard++) nextPlace[shard]! += nextPlace[shard - 1]!
  // Not a typed array, which is made outside of the virtual machine.
  const places = new Array<number>(count)
  for (let i = 0; i < count; i++) places[nextPlace[shardOf[i]!]!++] = i
  return places
}
