import type { Request } from '../../api/operation.ts'
import { ServiceError } from '../../api/service-error.ts'
import type { Abandonable } from '../../core/ports.ts'
import type { ConsumerName, RecordPosition, RecordSlices, StreamAddress } from './commands.ts'
import { kinesisError, ResourceNotFound, shardDoesNotExist } from './errors.ts'
import { ask, type KinesisPorts } from './ports.ts'
import { SealedRecords } from './sealed-records.ts'
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
  readonly consumer?: ConsumerName
  /** Whose going ends the wait. */
  readonly connection?: Abandonable
  /** On whose behalf. */
  readonly request: Request
}

/** Reads a shard's records from a position on. A body that can't be read is an error only where no other comes before it. */
export async function readShard(
  ports: Pick<KinesisPorts, 'cell' | 'encryption'>,
  place: ReadShard,
  position: RecordPosition,
  options: ReadOptions,
): Promise<{ readonly found: RecordSlices; readonly taken: TakenRecords }> {
  const sealed = new SealedRecords(ports.encryption, place.stream, options.request)
  const take = async (found: RecordSlices, wanted: Wanted = options) => {
    const origin = { number: place.shard, createdSecond: found.createdSecond }
    const { slices, bodies } = await sealed.open(found, await found.bodies, position, wanted)
    const opened = slices === found.slices ? found : { ...found, slices }
    return { found, taken: takeRecords(opened, bodies, origin, position, options) }
  }
  const found = await findSlices(ports, place, position, options)
  if (found.slices.length < 2 && found.slices[0]?.isSealed !== true) return take(found)
  return take(found).catch(async () => {
    // So small that it gets the first slice alone, and of sealed ones the first run; the read was counted already.
    const least = { ...options, bytesMax: 1, isMetered: false }
    return take(await findSlices(ports, place, position, least), least).catch((error: unknown) => {
      throw kinesisError(error)
    })
  })
}

async function findSlices(
  ports: Pick<KinesisPorts, 'cell'>,
  { stream, streamNumber, shard }: ReadShard,
  position: RecordPosition,
  { limit, bytesMax, waitMs, isMetered, consumer, connection }: ReadOptions,
): Promise<RecordSlices> {
  return ask(
    ports,
    {
      service: 'kinesis',
      kind: 'readRecords',
      stream,
      streamNumber,
      shard,
      position,
      limit,
      bytesMax,
      consumer,
      waitMs,
      isMetered,
    },
    connection,
  ).catch((error: unknown) => refuseReader(error, stream, shard))
}

/** Says what is missing as AWS tells readers. */
export function refuseReader(error: unknown, stream: StreamAddress, shard: number): never {
  if (!(error instanceof ServiceError) || error.shape !== ResourceNotFound) throw error
  throw shardDoesNotExist(shardId(shard), stream)
}
