import { hasWasmVectors, instantiate } from '../../../base/wasm-module.ts'
import { SPREAD_CONSTANTS } from '../../../digests/md5-code.ts'
import { GATHERED_RECORDS_MAX, SHARDS_MAX } from '../limits.ts'
import { type PackedRecords, readPacked } from '../packed-records.ts'
import type { ShardMapView } from '../shard-map.ts'
import type { SortedRecords } from '../sorted-records.ts'
import { AT, BYTES_MAX, fillMasks, MEMORY_BYTES, ROOM, sorterFunctions, UNSURE } from './sorter-code.ts'

/**
 * Sorts stored records, of one request or of several that are put at once, by shards where they are, in WebAssembly: partition keys are digested
 * eight at once, and those that are like the one before not at all. There is one for all requests: nothing waits while it sorts.
 */
export class RecordSorter {
  readonly #memory: Uint8Array
  readonly #starts: Uint32Array
  readonly #numbers: Int32Array
  readonly #positions: Int32Array
  readonly #places: Int32Array
  readonly #groups: Readonly<Record<'positions' | 'shards' | 'counts' | 'bytes' | 'payloads', Int32Array>>
  readonly #functions: Readonly<Record<'measure' | 'find' | 'order' | 'group' | 'gather', WasmCall>>
  /** Whose shards are in the memory. */
  #map: ShardMapView | null = null

  constructor() {
    const { memory, functions } = instantiate(sorterFunctions(), MEMORY_BYTES)
    new Uint32Array(memory, AT.constants, SPREAD_CONSTANTS.length).set(SPREAD_CONSTANTS)
    const numbers = (at: number, count = ROOM) => new Int32Array(memory, at, count)
    this.#functions = functions
    this.#memory = new Uint8Array(memory)
    fillMasks(this.#memory)
    this.#starts = new Uint32Array(memory, AT.starts, SHARDS_MAX)
    this.#numbers = numbers(AT.numbers, SHARDS_MAX)
    this.#positions = numbers(AT.positions)
    this.#places = numbers(AT.places)
    this.#groups = {
      positions: numbers(AT.groupPositions),
      shards: numbers(AT.groupShards),
      counts: numbers(AT.groupCounts),
      bytes: numbers(AT.groupBytes),
      payloads: numbers(AT.groupPayloads),
    }
  }

  /** Null where they are too many, or a partition key is longer than one block of MD5: then they are as they were. */
  sort(records: PackedRecords, map: ShardMapView, isSplit: boolean): SortedRecords | null {
    const { bytes, count, hashKeys } = records
    const { measure, find, order, group, gather } = this.#functions
    const shardCount = map.shards.length
    if (count === 0 || count > GATHERED_RECORDS_MAX || bytes.length > BYTES_MAX || shardCount > SHARDS_MAX)
      return null
    const memory = this.#memory
    memory.set(bytes, AT.records)
    const keys = measure(AT.records, AT.records + bytes.length)
    if (keys === 0) return null
    this.#take(map)
    const isSure = find(count, keys, shardCount) !== 0
    if (!isSure || hashKeys !== null) this.#findOthers(records, map)
    const isMoved = order(count, shardCount) !== 0
    const groupCount = group(count, isSplit ? 1 : 0)
    if (isMoved) {
      gather(count)
      bytes.set(memory.subarray(AT.sorted, AT.sorted + bytes.length))
    }
    const { positions, shards, counts, bytes: groupBytes, payloads } = this.#groups
    return {
      body: bytes,
      groups: {
        shards: copied(shards, groupCount),
        counts: copied(counts, groupCount),
        bytes: copied(groupBytes, groupCount),
        payloadBytes: copied(payloads, groupCount),
      },
      map,
      positions: copied(positions, groupCount),
      places: isMoved ? copied(this.#places, count) : null,
      count,
    }
  }

  #take(map: ShardMapView): void {
    if (this.#map === map) return
    this.#starts.set(map.highestStarts)
    this.#numbers.set(map.numbers)
    this.#map = map
  }

  /** Those whose hash keys clients gave, and those that lie where a shard begins. */
  #findOthers(records: PackedRecords, map: ShardMapView): void {
    const reader = readPacked(records)
    for (let i = 0; reader.next(); i++) {
      const hashKey = records.hashKeys?.[i] ?? null
      if (hashKey !== null) this.#positions[i] = map.shardAt(hashKey)
      else if (this.#positions[i] === UNSURE) {
        this.#positions[i] = map.shardOf(records.bytes, reader.keyAt, reader.dataAt)
      }
    }
  }
}

type WasmCall = (...parameters: number[]) => number

/** Not as a typed array, which is made outside of the virtual machine. */
function copied(numbers: Int32Array, count: number): readonly number[] {
  const copy = new Array<number>(count)
  for (let i = 0; i < count; i++) copy[i] = numbers[i]!
  return copy
}

let shared: RecordSorter | null | undefined

/** Made on first need, which takes some milliseconds; null where there is no WebAssembly, or it has no vectors. */
export function recordSorter(): RecordSorter | null {
  if (shared === undefined) shared = hasWasmVectors() ? new RecordSorter() : null
  return shared
}
