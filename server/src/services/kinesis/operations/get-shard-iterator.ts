import type { GetShardIteratorInput, GetShardIteratorOutput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import type { KinesisPorts } from '../ports.ts'
import { resolveShard } from '../shard-id.ts'
import { encodeShardIterator } from '../shard-iterator.ts'
import { findStartingPosition } from '../starting-position.ts'
import { resolveStream } from '../stream-arn.ts'

const NAME = 'GetShardIterator'

export const getShardIterator = (ports: KinesisPorts) =>
  operation<GetShardIteratorInput, GetShardIteratorOutput>(NAME, async (input, request) => {
    const stream = resolveStream(input, NAME, request)
    const shard = resolveShard(input.ShardId, stream)
    const { ShardIteratorType: Type, StartingSequenceNumber: SequenceNumber, Timestamp } = input
    const start = { Type, SequenceNumber, Timestamp }
    const found = await findStartingPosition(ports, start, { operation: NAME, stream, shard })
    return { ShardIterator: encodeShardIterator(ports, { stream, shard, ...found }) }
  })
