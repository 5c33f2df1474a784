import type { ShardFilter as RequestedFilter } from '../../api/generated/kinesis.ts'
import type { ShardFilter, StreamAddress } from './commands.ts'
import { invalidArgument } from './errors.ts'
import { resolveShard } from './shard-id.ts'

/** What a request says of the shards that it wants. */
export function parseShardFilter(
  { Type, ShardId, Timestamp }: RequestedFilter,
  stream: StreamAddress,
): ShardFilter {
  switch (Type) {
    case 'AFTER_SHARD_ID':
      if (ShardId === undefined) throw lacks('ShardId', Type)
      return { type: Type, shard: resolveShard(ShardId, stream) }
    case 'AT_TIMESTAMP':
    case 'FROM_TIMESTAMP':
      if (Timestamp === undefined) throw lacks('Timestamp', Type)
      return { type: Type, time: Timestamp }
    case 'AT_TRIM_HORIZON':
    case 'FROM_TRIM_HORIZON':
    case 'AT_LATEST':
      return { type: Type }
    default:
      throw invalidArgument(`ShardFilter Type ${Type} is invalid.`)
  }
}

const lacks = (parameter: string, type: string) =>
  invalidArgument(`${parameter} must be provided when ShardFilter Type is ${type}.`)
