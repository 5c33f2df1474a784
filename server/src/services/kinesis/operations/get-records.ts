import type { GetRecordsInput, GetRecordsOutput } from '../../../api/generated/kinesis.ts'
import { operation, type Request } from '../../../api/operation.ts'
import { childShards } from '../child-shards.ts'
import { GET_BYTES_MAX, GET_RECORDS_MAX } from '../limits.ts'
import type { KinesisPorts } from '../ports.ts'
import { readShard } from '../read-shard.ts'
import {
  decodeShardIterator,
  encodeShardIterator,
  invalidShardIterator,
  type ShardIterator,
} from '../shard-iterator.ts'
import { resolveStream, streamArn } from '../stream-arn.ts'

const NAME = 'GetRecords'

/** Where a closed shard ends there is no next iterator, but the shards that go on. */
export const getRecords = (ports: KinesisPorts) =>
  operation<GetRecordsInput, GetRecordsOutput>(NAME, async (input, request) => {
    const iterator = decodeShardIterator(ports, input.ShardIterator)
    // Without policies nobody can have got one of another account's.
    if (!request.isPermitted && iterator.stream.accountId !== request.caller.accountId)
      throw invalidShardIterator()
    checkStream(input.StreamARN, iterator, request)
    const { found, taken } = await readShard(ports, iterator, iterator.position, {
      limit: input.Limit ?? GET_RECORDS_MAX,
      bytesMax: GET_BYTES_MAX,
      waitMs: 0,
      isMetered: ports.throughputLimits,
      request,
    })
    return {
      Records: taken.records,
      MillisBehindLatest: taken.millisBehind,
      ...(taken.isAtEnd
        ? { ChildShards: childShards(found.children ?? []) }
        : { NextShardIterator: encodeShardIterator(ports, { ...iterator, position: taken.next }) }),
    }
  })

function checkStream(arn: string | undefined, { stream }: ShardIterator, request: Request): void {
  if (arn === undefined) return
  const named = resolveStream({ StreamARN: arn }, NAME, request)
  if (streamArn(named) !== streamArn(stream)) throw invalidShardIterator()
}
