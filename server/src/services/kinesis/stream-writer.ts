import type { PutRecordsRequestEntry } from '../../api/generated/kinesis.ts'
import type { Request } from '../../api/operation.ts'
import { ServiceError } from '../../api/service-error.ts'
import type { StreamAddress } from './commands.ts'
import { kinesisError, ProvisionedThroughputExceeded } from './errors.ts'
import { GatheredPuts } from './gathered-puts.ts'
import { PUT_ATTEMPTS_MAX } from './limits.ts'
import { areOfOneKey, type PackedRecords, packRecords } from './packed-records.ts'
import { ask, type KinesisPorts } from './ports.ts'
import { PutResult, RecordsPut } from './records-put.ts'
import { RecordsToPut } from './records-to-put.ts'
import { type GroupedRecords, sealRecords, sealUseOf } from './sealed-records.ts'
import { ShardMaps, type ShardMapView } from './shard-map.ts'

/** Puts records where the shards of their streams say. */
export class StreamWriter {
  readonly maps: ShardMaps
  readonly #ports: KinesisPorts
  readonly #gathered: GatheredPuts

  constructor(ports: KinesisPorts) {
    this.#ports = ports
    this.maps = new ShardMaps(ports)
    this.#gathered = new GatheredPuts(ports, this.maps)
  }

  /** Should the shards change in between, it sorts anew. `nameOf` says where in the request a record's data is, for those that are too large. */
  async put(
    stream: StreamAddress,
    given: readonly PutRecordsRequestEntry[] | PackedRecords,
    request: Request,
    nameOf: (place: number) => string,
  ): Promise<RecordsPut> {
    let map = await this.maps.of(stream)
    const packed = 'bytes' in given ? given : packRecords(given)
    const records = new RecordsToPut(packed)
    // By now the stream may take larger ones.
    if (!records.fit(map)) map = await this.maps.renew(stream)
    if (records.fit(map) && this.#isGathered(map) && !areOfOneKey(packed)) {
      const put = await this.#gathered.put(stream, map, packed)
      if (put !== null) return put
      map = await this.maps.of(stream)
    }
    return this.#putAlone(stream, map, records, request, nameOf)
  }

  /** What has many shards gains by it, unless a request is for one of them. But what is refused, and under whose key it is sealed, is each request's own. */
  #isGathered({ shards, keyId }: ShardMapView): boolean {
    return shards.length > 1 && keyId === null && !this.#ports.throughputLimits
  }

  async #putAlone(
    stream: StreamAddress,
    presentMap: ShardMapView,
    records: RecordsToPut,
    request: Request,
    nameOf: (place: number) => string,
  ): Promise<RecordsPut> {
    const { throughputLimits: isMetered, encryption } = this.#ports
    let map = presentMap
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
          map = await this.maps.renew(stream)
          if (map.keyId !== keyId) continue
          throw kinesisError(error)
        }
      }
      const outcome = await ask(this.#ports, {
        service: 'kinesis',
        kind: 'putRecords',
        stream,
        map: map.version,
        groups: stored.groups,
        isMetered,
        isSealed: keyId !== null,
        bodies: [stored.body],
      })
      if (outcome.kind === 'put') return new RecordsPut(new PutResult(sorted, outcome, stream))
      map = this.maps.remember(stream, outcome.map)
    }
    // Clients try this again, as they do where a shard is too slow.
    throw new ServiceError(
      ProvisionedThroughputExceeded,
      `The shards of stream ${stream.name} under account ${stream.accountId} are changing too fast.`,
    )
  }
}
