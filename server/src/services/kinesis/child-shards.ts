import type { ChildShard } from '../../api/generated/kinesis.ts'
import type { ShardDescription } from './commands.ts'
import { formatHashKey } from './hash-key.ts'
import { shardId } from './shard-id.ts'

/** The shards that go on where a closed one ends. */
export function childShards(children: readonly ShardDescription[]): readonly ChildShard[] {
  return children.map(({ number, parent, adjacentParent, startingHashKey, endingHashKey }) => ({
    ShardId: shardId(number),
    ParentShards: [parent, adjacentParent].flatMap((each) => (each === null ? [] : [shardId(each)])),
    HashKeyRange: {
      StartingHashKey: formatHashKey(startingHashKey),
      EndingHashKey: formatHashKey(endingHashKey),
    },
  }))
}
