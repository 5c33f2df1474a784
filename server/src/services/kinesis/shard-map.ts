import { TwoGenerationCache } from '../../base/two-generation-cache.ts'
import type { HashKey, ShardMap, StreamAddress } from './commands.ts'
import { SHARD_MAPS_MAX } from './limits.ts'
import { type HashWords, hashPartitionKey, hashWords, readHashKey } from './partition-key-hash.ts'
import { ask, type KinesisPorts } from './ports.ts'
import { headOf, SequenceNumberCursor, type ShardOrigin } from './sequence-number.ts'
import { shardId } from './shard-id.ts'

const WORDS = hashWords().length
const WORD_END = 2 ** 32
/** What is looked for. Reused: nothing waits in between. */
const sought = hashWords()

export class OpenShard {
  readonly number: number
  /** As clients know it. */
  readonly id: string
  /** At the last record that was put. */
  readonly cursor: SequenceNumberCursor

  constructor(shard: ShardOrigin) {
    this.number = shard.number
    this.id = shardId(shard.number)
    this.cursor = new SequenceNumberCursor(shard)
  }
}

/** A stream's open shards as they were, and where a record goes by them. */
export class ShardMapView {
  readonly version: number
  readonly maxRecordKiB: number
  /** What records are sealed under; null for nothing. */
  readonly keyId: string | null
  /** In the order of their hash keys. */
  readonly shards: readonly OpenShard[]
  /** Of each shard its number, the head of its sequence numbers, and the highest word of its first hash key. */
  readonly numbers: Int32Array
  readonly heads: Float64Array
  readonly highestStarts: Uint32Array
  /** Of each shard four words, the highest first. */
  readonly #starts: Uint32Array

  constructor({ version, maxRecordKiB, keyId, shards }: ShardMap) {
    this.version = version
    this.maxRecordKiB = maxRecordKiB
    this.keyId = keyId
    this.shards = shards.map((shard) => new OpenShard(shard))
    this.#starts = new Uint32Array(shards.length * WORDS)
    for (const [i, { startingHashKey }] of shards.entries()) {
      readHashKey(startingHashKey, this.#starts.subarray(i * WORDS, (i + 1) * WORDS))
    }
    this.numbers = Int32Array.from(shards, ({ number }) => number)
    this.heads = Float64Array.from(shards, headOf)
    this.highestStarts = Uint32Array.from(shards, (_, i) => this.#starts[i * WORDS]!)
  }

  /**
   * The position in `shards` of the one that a partition key's records go to: the key is part of `bytes`, in UTF-8. Where there is only one
   * shard, nothing is hashed.
   */
  shardOf(bytes: Uint8Array, keyAt: number, keyEnd: number): number {
    if (this.shards.length === 1) return 0
    hashPartitionKey(bytes, keyAt, keyEnd, sought)
    return this.#find(sought)
  }

  /** The position in `shards` of the one that has the hash key. */
  shardAt(hashKey: HashKey): number {
    readHashKey(hashKey, sought)
    return this.#find(sought)
  }

  #find(hashKey: HashWords): number {
    const last = this.shards.length - 1
    const guess = this.#guess(hashKey[0]!)
    if (this.#isFrom(guess, hashKey) && (guess === last || !this.#isFrom(guess + 1, hashKey))) return guess
    let low = 0
    let high = last
    while (low < high) {
      const middle = (low + high + 1) >>> 1
      if (this.#isFrom(middle, hashKey)) low = middle
      else high = middle - 1
    }
    return low
  }

  /** Where all are of one size, as those of new streams are, it's this one, or one beside it where a border runs through its highest word. */
  #guess(highest: number): number {
    return Math.floor((highest / WORD_END) * this.shards.length)
  }

  /** Whether the hash key lies in the shard, or in one behind it. */
  #isFrom(shard: number, hashKey: HashWords): boolean {
    const start = shard * WORDS
    for (let i = 0; i < WORDS; i++) {
      const word = hashKey[i]!
      const first = this.#starts[start + i]!
      if (word !== first) return word > first
    }
    return true
  }
}

/**
 * The maps of the streams that were written to lately. They may have changed in the meantime: the cell says so, with the new
 * one, when records are put by an old one.
 */
export class ShardMaps {
  readonly #ports: Pick<KinesisPorts, 'cell'>
  readonly #views = new TwoGenerationCache<ShardMapView>(SHARD_MAPS_MAX)

  constructor(ports: Pick<KinesisPorts, 'cell'>) {
    this.#ports = ports
  }

  /** The newest that is known; asks for it where none is. Refuses streams that aren't there. */
  async of(stream: StreamAddress): Promise<ShardMapView> {
    return this.#views.get(keyOf(stream)) ?? this.renew(stream)
  }

  /** Asks the cell, and remembers. */
  async renew(stream: StreamAddress): Promise<ShardMapView> {
    return this.remember(stream, await ask(this.#ports, { service: 'kinesis', kind: 'getShardMap', stream }))
  }

  remember(stream: StreamAddress, map: ShardMap): ShardMapView {
    const view = new ShardMapView(map)
    this.#views.set(keyOf(stream), view)
    return view
  }
}

function keyOf({ accountId, region, name }: StreamAddress): string {
  return `${accountId}/${region}/${name}`
}
