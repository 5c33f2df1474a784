import type { KinesisWorld } from './kinesis-world.ts'

/** A record as a reader of the whole stream gets it. */
export interface DrainedRecord {
  readonly shard: string
  readonly key: string
  readonly text: string
  readonly sequenceNumber: string
}

/** Reads one shard to its end, or as far as there is something; tells the shards that go on. */
export type ReadShard = (
  world: KinesisWorld,
  shard: string,
) => Promise<{ readonly records: readonly DrainedRecord[]; readonly children: readonly string[] }>

/** With an iterator, so many records at a time. */
export const byIterator =
  (Limit: number): ReadShard =>
  async (world, shard) => {
    const records: DrainedRecord[] = []
    let ShardIterator: string | undefined = await world.iterator(shard)
    for (;;) {
      const answer = await world.run('GetRecords', { ShardIterator, Limit })
      records.push(...drained(shard, answer.Records))
      ShardIterator = answer.NextShardIterator
      if (ShardIterator === undefined) return { records, children: idsOf(answer.ChildShards) }
      if (answer.MillisBehindLatest === 0 && answer.Records.length === 0) return { records, children: [] }
    }
  }

/** As a consumer, until an event has nothing. */
export const bySubscription =
  (ConsumerARN: string): ReadShard =>
  async (world, ShardId) => {
    const records: DrainedRecord[] = []
    const events = await world.subscribe(ConsumerARN, { Type: 'TRIM_HORIZON' }, ShardId)
    for (;;) {
      const { value } = await world.time.settle(events.next())
      if (value === undefined) return { records, children: [] }
      const event = value.SubscribeToShardEvent
      records.push(...drained(ShardId, event.Records))
      const isEnd = event.ContinuationSequenceNumber === undefined
      if (!isEnd && event.Records.length > 0) continue
      await events.return()
      return { records, children: isEnd ? idsOf(event.ChildShards) : [] }
    }
  }

/** As client libraries do it: a shard is read when all its parents have been. */
export async function drainStream(
  world: KinesisWorld,
  readShard: ReadShard,
): Promise<readonly DrainedRecord[]> {
  const { Shards } = await world.run('ListShards', { StreamName: 'orders' })
  const parentsOf = new Map<string, readonly string[]>(
    (Shards as { ShardId: string; ParentShardId?: string; AdjacentParentShardId?: string }[]).map((shard) => [
      shard.ShardId,
      [shard.ParentShardId, shard.AdjacentParentShardId].filter((id) => id !== undefined),
    ]),
  )
  const read = new Set<string>()
  const records: DrainedRecord[] = []
  const told = new Set<string>()
  while (read.size < parentsOf.size) {
    const next = [...parentsOf].find(
      ([id, parents]) =>
        !read.has(id) && parents.every((parent) => read.has(parent) || !parentsOf.has(parent)),
    )
    if (next === undefined) throw new Error('shards are their own parents')
    const found = await readShard(world, next[0])
    records.push(...found.records)
    for (const child of found.children) told.add(child)
    read.add(next[0])
  }
  // What a shard's end tells is what the list of shards says.
  const children = [...parentsOf].filter(([, parents]) => parents.length > 0).map(([id]) => id)
  if (JSON.stringify([...told].sort()) !== JSON.stringify(children.sort())) {
    throw new Error(`the ends of shards tell of ${[...told]}, where there are ${children}`)
  }
  return records
}

function drained(
  shard: string,
  records: readonly { PartitionKey: string; Data: Uint8Array; SequenceNumber: string }[],
): readonly DrainedRecord[] {
  return records.map(({ PartitionKey: key, Data, SequenceNumber: sequenceNumber }) => {
    return { shard, key, text: new TextDecoder().decode(Data), sequenceNumber }
  })
}

function idsOf(shards: readonly { readonly ShardId: string }[] = []): readonly string[] {
  return shards.map(({ ShardId }) => ShardId)
}
