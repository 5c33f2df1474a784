import { Buffer } from 'node:buffer'
import type { RecordGroups } from './commands.ts'
import { type PackedRecords, readPacked } from './packed-records.ts'
import type { ShardMapView } from './shard-map.ts'

/** The records of one request, or of several that are put at once, sorted by shards and written as they are stored. */
export interface SortedRecords {
  readonly body: Uint8Array
  readonly groups: RecordGroups
  readonly map: ShardMapView
  /** For each group, the position of its shard in the map: in that order the groups are. */
  readonly positions: readonly number[]
  /** Of the records in the body, the places in which they came; null where they stand as they came. */
  readonly places: readonly number[] | null
  readonly count: number
}

/**
 * Sorts records by shards where they are, one after the other: those that `RecordSorter` doesn't take. With `isSplit` each record is a group of its
 * own.
 */
export function sortOneByOne(records: PackedRecords, map: ShardMapView, isSplit: boolean): SortedRecords {
  const { bytes, count, hashKeys } = records
  const shardOf = new Int32Array(count)
  const ends = new Int32Array(count)
  const payloads = new Int32Array(count)
  const reader = readPacked(records)
  for (let i = 0; reader.next(); i++) {
    const { keyAt, dataAt, dataEnd } = reader
    const hashKey = hashKeys?.[i] ?? null
    shardOf[i] = hashKey === null ? map.shardOf(bytes, keyAt, dataAt) : map.shardAt(hashKey)
    ends[i] = dataEnd
    payloads[i] = dataEnd - keyAt
  }
  const places = sortedPlaces(shardOf, map.shards.length)
  const isMoved = places.some((place, i) => place !== i)
  if (isMoved) putInOrder(bytes, ends, places)
  const positions: number[] = []
  const groups = { shards: [], counts: [], bytes: [], payloadBytes: [] } as Columns
  for (const place of places) {
    const position = shardOf[place]!
    if (isSplit || positions.at(-1) !== position) {
      groups.shards.push(map.numbers[position]!)
      groups.counts.push(0)
      groups.bytes.push(0)
      groups.payloadBytes.push(0)
      positions.push(position)
    }
    const last = positions.length - 1
    groups.counts[last]!++
    groups.bytes[last]! += ends[place]! - startOf(ends, place)
    groups.payloadBytes[last]! += payloads[place]!
  }
  return { body: bytes, groups, map, positions, places: isMoved ? places : null, count }
}

type Columns = { readonly [Column in keyof RecordGroups]: number[] }

/** Puts records, of each of which it's known where it ends, into the order of their places. */
export function putInOrder(bytes: Uint8Array, ends: Int32Array, places: readonly number[]): void {
  const sorted = Buffer.allocUnsafe(bytes.length)
  let end = 0
  for (const place of places) {
    const start = startOf(ends, place)
    sorted.set(bytes.subarray(start, ends[place]!), end)
    end += ends[place]! - start
  }
  bytes.set(sorted)
}

function startOf(ends: Int32Array, place: number): number {
  return place === 0 ? 0 : ends[place - 1]!
}

/** Places of records by shard, those of a shard as they came. */
function sortedPlaces(shardOf: Int32Array, shardCount: number): readonly number[] {
  const nextPlace = new Int32Array(shardCount + 1)
  for (const shard of shardOf) nextPlace[shard + 1]!++
  for (let shard = 1; shard < shardCount; shard++) nextPlace[shard]! += nextPlace[shard - 1]!
  const places = new Array<number>(shardOf.length)
  for (let i = 0; i < shardOf.length; i++) places[nextPlace[shardOf[i]!]!++] = i
  return places
}
