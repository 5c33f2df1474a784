import type { PutRecordsRequestEntry, PutRecordsResultEntry } from '../../api/generated/kinesis.ts'
import type { Request } from '../../api/operation.ts'
import { ServiceError } from '../../api/service-error.ts'
import type { PutOutcome, RecordGroup, StreamAddress } from './commands.ts'
import { kinesisError, ProvisionedThroughputExceeded, shardRateExceeded } from './errors.ts'
import { PUT_ATTEMPTS_MAX } from './limits.ts'
import { ask, type KinesisPorts } from './ports.ts'
import { RecordsToPut, type SortedRecords } from './records-to-put.ts'
import { type GroupedRecords, sealRecords, sealUseOf } from './sealed-records.ts'
import { SEQUENCE_NUMBER_DIGITS, SequenceNumberWriter, secondOf } from './sequence-number.ts'
import type { OpenShard, ShardMaps } from './shard-map.ts'

/** What became of a request's records. */
export interface RecordsPut {
  readonly isEncrypted: boolean
  /** In the order of the request. */
  readonly entries: readonly PutRecordsResultEntry[]
  /** How many were refused, since their shard's throughput was used up. */
  readonly refused: number
}

/**
 * Puts records where the stream's shards say. Should those change in between, it sorts anew. `nameOf` says where in the request a
 * record's data is, for those that are too large.
 */
export async function putIntoStream(
  ports: KinesisPorts,
  maps: ShardMaps,
  stream: StreamAddress,
  entries: readonly PutRecordsRequestEntry[],
  request: Request,
  nameOf: (place: number) => string,
): Promise<RecordsPut> {
  const { throughputLimits: isMetered, encryption } = ports
  let map = await maps.of(stream)
  const records = new RecordsToPut(entries)
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
    if (outcome.kind === 'put') return inRequestOrder(sorted, outcome, stream)
    map = maps.remember(stream, outcome.map)
  }
  // Clients try this again, as they do where a shard is too slow.
  throw new ServiceError(
    ProvisionedThroughputExceeded,
    `The shards of stream ${stream.name} under account ${stream.accountId} are changing too fast.`,
  )
}

function inRequestOrder(
  { groups, shards, places, count }: SortedRecords,
  { now, isEncrypted, firstIndexes }: PutOutcome & { readonly kind: 'put' },
  stream: StreamAddress,
): RecordsPut {
  const second = secondOf(now)
  const entries = new Array<PutRecordsResultEntry>(count)
  const texts = sequenceNumbers(shards, groups, firstIndexes, second)
  let refused = 0
  let record = 0
  let at = 0
  for (let i = 0; i < groups.length; i++) {
    const shard = shards[i]!
    const isRefused = firstIndexes[i] === null
    const end = record + groups[i]!.count
    if (isRefused) refused += end - record
    for (; record < end; record++) {
      const place = places === null ? record : places[record]!
      if (isRefused) {
        entries[place] = refusal(shard, stream)
        continue
      }
      const start = at
      at += SEQUENCE_NUMBER_DIGITS
      entries[place] = { SequenceNumber: texts.slice(start, at), ShardId: shard.id }
    }
  }
  return { isEncrypted, entries, refused }
}

/** Of all records that weren't refused, one after the other. */
function sequenceNumbers(
  shards: readonly OpenShard[],
  groups: readonly RecordGroup[],
  firstIndexes: readonly (number | null)[],
  second: number,
): string {
  const writer = new SequenceNumberWriter(groups.reduce((sum, { count }) => sum + count, 0))
  for (let i = 0; i < groups.length; i++) {
    const { cursor } = shards[i]!
    const first = firstIndexes[i]!
    if (first === null) continue
    for (let index = first; index < first + groups[i]!.count; index++) {
      cursor.moveTo(index, second)
      writer.write(cursor)
    }
  }
  return writer.read()
}

function refusal({ id }: OpenShard, stream: StreamAddress): PutRecordsResultEntry {
  const { shape, message } = shardRateExceeded(id, stream)
  return { ErrorCode: shape.code, ErrorMessage: message }
}
