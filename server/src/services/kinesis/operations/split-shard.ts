import type { SplitShardInput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import type { StreamAddress } from '../commands.ts'
import { hashKeyNotWithin, shardNotFound } from '../errors.ts'
import { formatHashKey, parseHashKey } from '../hash-key.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { resolveShard, shardId } from '../shard-id.ts'
import { resolveStream } from '../stream-arn.ts'

const NAME = 'SplitShard'

export const splitShard = (ports: KinesisPorts) =>
  operation<SplitShardInput, object>(NAME, async (input, request) => {
    const stream = resolveStream(input, NAME, request)
    const shard = resolveShard(input.ShardToSplit, stream)
    const at = parseHashKey(input.NewStartingHashKey)
    if (at === null) throw await beyondAllKeys(ports, stream, shard, input.NewStartingHashKey)
    await ask(ports, {
      service: 'kinesis',
      kind: 'splitShard',
      stream,
      shard,
      at,
      settleMs: ports.transitionMs,
    })
    return {}
  })

/** Such a key is beyond every shard's end, which the error tells all the same. */
async function beyondAllKeys(
  ports: KinesisPorts,
  stream: StreamAddress,
  number: number,
  key: string,
): Promise<Error> {
  const { shards } = await ask(ports, {
    ...{
      service: 'kinesis',
      kind: 'listShards',
      stream,
      created: null,
      filter: null,
      from: number,
      limit: 1,
    },
  } as const)
  const [shard] = shards
  const id = shardId(number)
  if (shard?.number !== number) return shardNotFound(id, stream)
  const range = {
    startingHashKey: formatHashKey(shard.startingHashKey),
    endingHashKey: formatHashKey(shard.endingHashKey),
  }
  return hashKeyNotWithin(key, { id, ...range }, stream)
}
