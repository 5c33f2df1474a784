import type { ListShardsInput, ListShardsOutput } from '../../../api/generated/kinesis.ts'
import { operation, type Request } from '../../../api/operation.ts'
import type { ShardFilter, StreamAddress } from '../commands.ts'
import { invalidArgument } from '../errors.ts'
import { SHARDS_LISTED_MAX } from '../limits.ts'
import { renderShard } from '../listed-shard.ts'
import { decodeNextToken, encodeNextToken, refuseBesideNextToken } from '../next-token.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { parseShardFilter } from '../shard-filter.ts'
import { resolveShard } from '../shard-id.ts'
import { resolveStream, streamArn } from '../stream-arn.ts'

const NAME = 'ListShards'

/** Where a page begins. A token says it all: which stream is meant is not said again beside it. */
interface ShardPlace {
  readonly stream: StreamAddress
  /** When the stream was created, in milliseconds since the epoch; null for whichever there is. */
  readonly created: number | null
  readonly filter: ShardFilter | null
  readonly from: number
}

export const listShards = (ports: KinesisPorts) =>
  operation<ListShardsInput, ListShardsOutput>(NAME, async (input, request) => {
    const list = listOf(request)
    const { NextToken, StreamName, ExclusiveStartShardId, StreamCreationTimestamp, ShardFilter } = input
    if (NextToken !== undefined) {
      refuseBesideNextToken({ StreamName, ExclusiveStartShardId, StreamCreationTimestamp, ShardFilter })
    }
    const place =
      NextToken === undefined
        ? firstPlace(input, request)
        : nextPlace(input, placeOfShards(ports, NextToken, request))
    const limit = Math.min(input.MaxResults ?? SHARDS_LISTED_MAX, SHARDS_LISTED_MAX)
    const { shards, next, created } = await ask(ports, {
      ...{ service: 'kinesis', kind: 'listShards', ...place, limit },
    } as const)
    return {
      Shards: shards.map(renderShard),
      ...(next !== null && { NextToken: encodeNextToken(ports, list, { ...place, created, from: next }) }),
    }
  })

/** What a token says. Refuses one that was made for another caller, or too long ago. */
export function placeOfShards(ports: KinesisPorts, token: string, request: Request): ShardPlace {
  return decodeNextToken<ShardPlace>(ports, listOf(request), token)
}

function listOf({ caller }: Request): readonly string[] {
  return [NAME, caller.accountId]
}

function firstPlace(input: ListShardsInput, request: Request): ShardPlace {
  if (input.StreamName === undefined && input.StreamARN === undefined) {
    throw invalidArgument('Either NextToken or StreamName should be provided.')
  }
  const stream = resolveStream(input, NAME, request)
  const { ExclusiveStartShardId: after, ShardFilter, StreamCreationTimestamp } = input
  return {
    stream,
    created: StreamCreationTimestamp ?? null,
    filter: ShardFilter === undefined ? null : parseShardFilter(ShardFilter, stream),
    from: after === undefined ? 0 : resolveShard(after, stream) + 1,
  }
}

/** An ARN may stand beside a token, since clients find out by it whom to ask. */
function nextPlace(input: ListShardsInput, place: ShardPlace): ShardPlace {
  if (input.StreamARN === undefined || input.StreamARN === streamArn(place.stream)) return place
  throw invalidArgument('Invalid NextToken.')
}
