import type { PutRecordsRequestEntry } from '../../api/generated/kinesis.ts'
import type { Request } from '../../api/operation.ts'
import { ServiceError } from '../../api/service-error.ts'
import type { StreamAddress } from './commands.ts'
import { kinesisError, ProvisionedThroughputExceeded } from './errors.ts'
import { PUT_ATTEMPTS_MAX } from './limits.ts'
import { type PackedRecords, packRecords } from './packed-records.ts'
import { ask, type KinesisPorts } from './ports.ts'
import { RecordsPut } from './records-put.ts'
import { RecordsToPut } from './records-to-put.ts'
import { type GroupedRecords, sealRecords, sealUseOf } from './sealed-records.ts'
import type { ShardMaps } from './shard-map.ts'

/**
 * Puts records where the stream's shards say. Should those change in between, it sorts anew. `nameOf` says where in the request a
 * record's data is, for those that are too large.
 */
export async function putIntoStream(
  ports: KinesisPorts,
  maps: ShardMaps,
  stream: StreamAddress,
  given: readonly PutRecordsRequestEntry[] | PackedRecords,
  request: Request,
  nameOf: (place: number) => string,
): Promise<RecordsPut> {
  const { throughputLimits: isMetered, encryption } = ports
  let map = await maps.of(stream)
  const records = new RecordsToPut('bytes' in given ? given : packRecords(given))
  // By now the stream may take larger ones.
  if (!records.fit(map)) map = await maps.renew(stream)
  for (let attempt = 0; attempt < PUT_ATTEMPTS_MAX; attempt++) {
    if (!records.fit(map)) throw records.tooLarge(map, nameOf)
    const sorted = records.sort(map, isMetered)
    const { keyId } = map
    let stored: GroupedRecords = sorted
    if (keyId !== null) {
      try {
        stored = await sealRecords(encryption, sealUseOf(encryption, stream, keyId, request), sorted)
      } catch (error) {
        // By now the stream may have another key.
        map = await maps.renew(stream)
        if (map.keyId !== keyId) continue
        throw kinesisError(error)
      }
    }
    const outcome = await ask(ports, {
      service: 'kinesis',
      kind: 'putRecords',
      stream,
      map: map.version,
      groups: stored.groups,
      isMetered,
      isSealed: keyId !== null,
      bodies: [stored.body],
    })
    if (outcome.kind === 'put') return new RecordsPut(sorted, outcome, stream)
    map = maps.remember(stream, outcome.map)
  }
  // Clients try this again, as they do where a shard is too slow.
  throw new ServiceError(
    ProvisionedThroughputExceeded,
    `The shards of stream ${stream.name} under account ${stream.accountId} are changing too fast.`,
  )
}
