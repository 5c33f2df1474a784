/**
 * What workers of the Kinesis Client Library keep in their table, which outlives workers and servers: for every shard how far it
 * was dealt with. A shard is begun when all its parents have been dealt with to their ends, so that the records of a key
 * come in order.
 */
export interface Lease {
  readonly shard: string
  readonly parents: readonly string[]
  /** A sequence number; `TRIM_HORIZON` before the first record, `SHARD_END` behind the last. */
  checkpoint: string
  isTaken: boolean
}

interface ListedShard {
  readonly ShardId?: string | undefined
  readonly ParentShardId?: string | undefined
  readonly AdjacentParentShardId?: string | undefined
}

interface ChildShard {
  readonly ShardId?: string | undefined
  readonly ParentShards?: readonly string[] | undefined
}

export class LeaseTable {
  readonly #leases = new Map<string, Lease>()

  /** The shards that a stream begins with. */
  begin(shards: readonly ListedShard[]): void {
    for (const { ShardId, ParentShardId, AdjacentParentShardId } of shards) {
      this.#add(
        ShardId!,
        [ParentShardId, AdjacentParentShardId].filter((id) => id !== undefined),
      )
    }
  }

  /** The shard was dealt with to its end, where the children go on. */
  end(lease: Lease, children: readonly ChildShard[]): void {
    lease.checkpoint = 'SHARD_END'
    for (const { ShardId, ParentShards } of children) this.#add(ShardId!, ParentShards ?? [])
  }

  /** Those that a worker may take. */
  get due(): readonly Lease[] {
    const isOver = (shard: string) => this.#leases.get(shard)?.checkpoint === 'SHARD_END'
    return [...this.#leases.values()].filter(
      ({ shard, parents, isTaken }) => !isTaken && !isOver(shard) && parents.every(isOver),
    )
  }

  /** All shards that were ever known. */
  get shards(): readonly string[] {
    return [...this.#leases.keys()]
  }

  #add(shard: string, parents: readonly string[]): void {
    if (this.#leases.has(shard)) return
    this.#leases.set(shard, { shard, parents, checkpoint: 'TRIM_HORIZON', isTaken: false })
  }
}
