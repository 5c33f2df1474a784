import type { Shard } from '../../api/generated/kinesis.ts'
import type { ShardDescription } from './commands.ts'
import { formatHashKey } from './hash-key.ts'
import { endingSequenceNumber, startingSequenceNumber } from './sequence-number.ts'
import { shardId } from './shard-id.ts'

export function renderShard(shard: ShardDescription): Shard {
  const { number, parent, adjacentParent, startingHashKey, endingHashKey, closed } = shard
  return {
    ShardId: shardId(number),
    ...(parent !== null && { ParentShardId: shardId(parent) }),
    ...(adjacentParent !== null && { AdjacentParentShardId: shardId(adjacentParent) }),
    HashKeyRange: {
      StartingHashKey: formatHashKey(startingHashKey),
      EndingHashKey: formatHashKey(endingHashKey),
    },
    SequenceNumberRange: {
      StartingSequenceNumber: startingSequenceNumber(shard),
      ...(closed !== null && { EndingSequenceNumber: endingSequenceNumber(shard, closed.time) }),
    },
  }
}
