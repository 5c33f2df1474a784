import type { StartingPosition } from '../../api/generated/kinesis.ts'
import { ServiceError } from '../../api/service-error.ts'
import type { ShardPosition, StartingPoint, StreamAddress } from './commands.ts'
import { InvalidArgument, invalidArgument } from './errors.ts'
import { ask, type KinesisPorts } from './ports.ts'
import { refuseReader } from './read-shard.ts'
import { parseSequenceNumber } from './sequence-number.ts'
import { shardId } from './shard-id.ts'

/** Which shard is asked about, and by which operation: errors say so. */
export interface ShardInUse {
  readonly operation: 'GetShardIterator' | 'SubscribeToShard'
  readonly stream: StreamAddress
  readonly shard: number
}

/** Where a client wants to begin. Whether the shard is there comes before what may be wrong with that, as at AWS. */
export async function findStartingPosition(
  ports: KinesisPorts,
  position: StartingPosition,
  use: ShardInUse,
): Promise<ShardPosition> {
  const find = (start: StartingPoint) => {
    const { stream, shard } = use
    const found = ask(ports, { service: 'kinesis', kind: 'findPosition', stream, shard, start })
    return found.catch((error: unknown) => refuseReader(error, stream, shard))
  }
  let start: StartingPoint
  try {
    start = startingPoint(position, use, ports.now())
  } catch (refusal) {
    await find({ type: 'oldest' })
    throw refusal
  }
  try {
    return await find(start)
  } catch (error) {
    // The cell knows indexes, and no sequence numbers.
    const isForeign = error instanceof ServiceError && error.shape === InvalidArgument
    throw isForeign && position.SequenceNumber !== undefined
      ? foreignSequenceNumber(position.SequenceNumber, use)
      : error
  }
}

function startingPoint(
  { Type, SequenceNumber, Timestamp }: StartingPosition,
  use: ShardInUse,
  now: number,
): StartingPoint {
  switch (Type) {
    case 'AT_SEQUENCE_NUMBER':
    case 'AFTER_SEQUENCE_NUMBER':
      if (SequenceNumber === undefined) throw eitherOr(Type, 'no')
      return pointOf(SequenceNumber, Type === 'AFTER_SEQUENCE_NUMBER', use)
    case 'AT_TIMESTAMP':
      return { type: 'time', time: checkTime(Timestamp, now) }
    default:
      if (SequenceNumber !== undefined) throw eitherOr(Type, 'also a')
      return { type: Type === 'LATEST' ? 'latest' : 'oldest' }
  }
}

function pointOf(sequenceNumber: string, isAfter: boolean, use: ShardInUse): StartingPoint {
  const { text, version, shard, createdSecond, index } = parseSequenceNumber(sequenceNumber)
  if (version === null) throw invalidArgument(`${usedIn(text, use)} is invalid.`)
  if (shard !== use.shard) {
    throw invalidArgument(
      `Invalid StartingSequenceNumber. It encodes ${shardId(shard)}, ` +
        `while it was used in a call to a shard with ${shardId(use.shard)}`,
    )
  }
  if (version !== 2) throw foreignSequenceNumber(text, use)
  const isEnd = index === Number.MAX_SAFE_INTEGER
  return { type: 'index', index: isAfter && !isEnd ? index + 1 : index, createdSecond }
}

function checkTime(time: number | undefined, now: number): number {
  if (time === undefined) {
    throw invalidArgument(
      'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP. Current request has no timestamp parameter.',
    )
  }
  if (time > now) {
    throw invalidArgument(
      'The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. ' +
        `timestampInMillis: ${time}, currentTimestampInMillis: ${now}`,
    )
  }
  return time
}

function eitherOr(type: string, which: 'no' | 'also a'): Error {
  return invalidArgument(
    'Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or ' +
      '(2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. ' +
      `Request specified ${type} and ${which} StartingSequenceNumber.`,
  )
}

function foreignSequenceNumber(text: string, use: ShardInUse): Error {
  return invalidArgument(`${usedIn(text, use)} is invalid because it did not come from this stream.`)
}

function usedIn(text: string, { operation, stream, shard }: ShardInUse): string {
  return (
    `StartingSequenceNumber ${text} used in ${operation} on shard ${shardId(shard)} ` +
    `in stream ${stream.name} under account ${stream.accountId}`
  )
}
