import { ServiceError } from '../../api/service-error.ts'
import type { Abandonable } from '../../core/ports.ts'
import type { RecordPosition, RecordSlices, StreamAddress } from './commands.ts'
import { ResourceNotFound, shardDoesNotExist } from './errors.ts'
import { ask, type KinesisPorts } from './ports.ts'
import { shardId } from './shard-id.ts'
import { type TakenRecords, takeRecords, type Wanted } from './take-records.ts'

/** A shard of one stream: one of the same name that was created since is another. */
export interface ReadShard {
  readonly stream: StreamAddress
  readonly streamNumber: number
  readonly shard: number
}

export interface ReadOptions extends Wanted {
  /** How long to wait while there is nothing. */
  readonly waitMs: number
  readonly isMetered: boolean
  /** Whose going ends the wait. */
  readonly connection?: Abandonable
}

/** Reads a shard's records from a position on. */
export async function readShard(
  ports: Pick<KinesisPorts, 'cell'>,
  { stream, streamNumber, shard }: ReadShard,
  position: RecordPosition,
  { limit, bytesMax, waitMs, isMetered, connection }: ReadOptions,
): Promise<{ readonly found: RecordSlices; readonly taken: TakenRecords }> {
  const found = await ask(
    ports,
    {
      ...{ service: 'kinesis', kind: 'readRecords', stream, streamNumber, shard, position },
      ...{ limit, bytesMax, waitMs, isMetered },
    },
    connection,
  ).catch((error: unknown) => refuseReader(error, stream, shard))
  const origin = { number: shard, createdSecond: found.createdSecond }
  return { found, taken: takeRecords(found, await found.bodies, origin, position, { limit, bytesMax }) }
}

/** Says what is missing as AWS tells readers. */
export function refuseReader(error: unknown, stream: StreamAddress, shard: number): never {
  if (!(error instanceof ServiceError) || error.shape !== ResourceNotFound) throw error
  throw shardDoesNotExist(shardId(shard), stream)
}
