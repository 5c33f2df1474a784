import { Buffer } from 'node:buffer'
import type { PutRecordsRequestEntry } from '../../api/generated/kinesis.ts'
import type { HashKey, RecordGroup } from './commands.ts'
import { invalidArgument, recordTooLarge } from './errors.ts'
import { parseHashKey } from './hash-key.ts'
import { PUT_BYTES_MAX } from './limits.ts'
import { recordBytes, writeVarint } from './record-format.ts'
import type { OpenShard, ShardMapView } from './shard-map.ts'

/** A request's records, sorted by shards and written as they are stored. */
export interface SortedRecords {
  readonly body: Uint8Array
  readonly groups: readonly RecordGroup[]
  /** For each group, its shard. */
  readonly shards: readonly OpenShard[]
  /** The places in the request of the records in the body; null where they stand as they do there. */
  readonly places: ArrayLike<number> | null
  readonly count: number
}

const KIB = 1024
/** Up to so many characters a loop is quicker than a call out of the virtual machine. */
const COPIED_CHARACTERS_MAX = 64

/**
 * The records of one request: measured once, and sorted by whatever map of the shards is tried. There is one pass over them for
 * each step, and nothing is made for a single record, of which there may be a hundred thousand a second.
 */
export class RecordsToPut {
  readonly #records: readonly PutRecordsRequestEntry[]
  /** Of the partition keys in UTF-8. */
  readonly #keyBytes: readonly number[]
  readonly #largest: number
  readonly #bytes: number
  /** Those that clients gave; null where none did. */
  readonly #hashKeys: readonly (HashKey | null)[] | null

  /** Refuses records that are too much for one request, and hash keys that are none. */
  constructor(records: readonly PutRecordsRequestEntry[]) {
    const keyBytes = new Array<number>(records.length)
    let [largest, payloadBytes, bytes] = [0, 0, 0]
    let hasHashKeys = false
    for (let i = 0; i < records.length; i++) {
      const { PartitionKey, Data, ExplicitHashKey } = records[i]!
      keyBytes[i] = Buffer.byteLength(PartitionKey)
      const payload = keyBytes[i]! + Data.length
      if (payload > largest) largest = payload
      payloadBytes += payload
      bytes += recordBytes(keyBytes[i]!, Data.length)
      if (ExplicitHashKey !== undefined) hasHashKeys = true
    }
    // Of one record alone it's told that the record is too large.
    if (payloadBytes > PUT_BYTES_MAX && records.length > 1) {
      throw invalidArgument(`Records size exceeds ${PUT_BYTES_MAX / KIB / KIB} MB limit`)
    }
    this.#records = records
    this.#keyBytes = keyBytes
    this.#largest = largest
    this.#bytes = bytes
    this.#hashKeys = hasHashKeys ? records.map(hashKeyOf) : null
  }

  fit({ maxRecordKiB }: ShardMapView): boolean {
    return this.#largest <= maxRecordKiB * KIB
  }

  /** What to tell a client whose records don't fit; `nameOf` says where in the request a record's data is. */
  tooLarge({ maxRecordKiB }: ShardMapView, nameOf: (place: number) => string): Error {
    const payloads = this.#records.map(({ Data }, i) => this.#keyBytes[i]! + Data.length)
    return recordTooLarge(
      nameOf(payloads.findIndex((bytes) => bytes > maxRecordKiB * KIB)),
      maxRecordKiB * KIB,
    )
  }

  /** With `isSplit` each record is a group of its own: a shard may take some, and refuse others. */
  sort(map: ShardMapView, isSplit: boolean): SortedRecords {
    const count = this.#records.length
    const shardOf = map.shards.length === 1 ? null : this.#shardsBy(map)
    const places = shardOf === null ? null : sortedPlaces(shardOf, map.shards.length)
    const body = Buffer.allocUnsafe(this.#bytes)
    const groups: RecordGroup[] = []
    const shards: OpenShard[] = []
    let end = 0
    for (let i = 0; i < count; ) {
      const shard = shardOf === null ? 0 : shardOf[places![i]!]!
      const start = end
      const first = i
      let payloadBytes = 0
      do {
        const place = places === null ? i : places[i]!
        const { PartitionKey, Data } = this.#records[place]!
        const keyBytes = this.#keyBytes[place]!
        payloadBytes += keyBytes + Data.length
        end = writeRecord(body, end, PartitionKey, keyBytes, Data)
        i++
      } while (!isSplit && i < count && (shardOf === null || shardOf[places![i]!] === shard))
      const { number } = map.shards[shard]!
      groups.push({ shard: number, count: i - first, bytes: end - start, payloadBytes })
      shards.push(map.shards[shard]!)
    }
    return { body, groups, shards, places, count }
  }

  /** For each record the position of its shard in the map. */
  #shardsBy(map: ShardMapView): Int32Array {
    const shards = new Int32Array(this.#records.length)
    for (let i = 0; i < shards.length; i++) {
      const hashKey = this.#hashKeys?.[i] ?? null
      shards[i] = hashKey === null ? map.shardOf(this.#records[i]!.PartitionKey) : map.shardAt(hashKey)
    }
    return shards
  }
}

function hashKeyOf({ ExplicitHashKey }: PutRecordsRequestEntry): HashKey | null {
  if (ExplicitHashKey === undefined) return null
  const hashKey = parseHashKey(ExplicitHashKey)
  if (hashKey !== null) return hashKey
  throw invalidArgument(
    `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${ExplicitHashKey}`,
  )
}

/** Places of records by shard, those of a shard as they stand in the request. */
function sortedPlaces(shardOf: Int32Array, shardCount: number): Int32Array {
  const nextPlace = new Int32Array(shardCount + 1)
  for (const shard of shardOf) nextPlace[shard + 1]!++
  for (let shard = 1; shard < shardCount; shard++) nextPlace[shard]! += nextPlace[shard - 1]!
  const places = new Int32Array(shardOf.length)
  for (let i = 0; i < shardOf.length; i++) places[nextPlace[shardOf[i]!]!++] = i
  return places
}

/** Returns where the record ends. */
function writeRecord(body: Buffer, at: number, key: string, keyBytes: number, data: Uint8Array): number {
  const keyAt = writeVarint(body, writeVarint(body, at, keyBytes), data.length)
  if (keyBytes === key.length && keyBytes <= COPIED_CHARACTERS_MAX) {
    for (let i = 0; i < keyBytes; i++) body[keyAt + i] = key.charCodeAt(i)
  } else {
    body.write(key, keyAt, 'utf8')
  }
  body.set(data, keyAt + keyBytes)
  return keyAt + keyBytes + data.length
}
