import type { PutRecordsOutput, PutRecordsResultEntry } from '../../api/generated/kinesis.ts'
import { SelfWritten } from '../../api/self-written.ts'
import type { PutOutcome, StreamAddress } from './commands.ts'
import { encryptionType } from './encryption-type.ts'
import { shardRateExceeded } from './errors.ts'
import { putJson } from './put-json/put-json.ts'
import { SEQUENCE_NUMBER_DIGITS, SequenceNumberWriter, secondOf } from './sequence-number.ts'
import type { OpenShard } from './shard-map.ts'
import type { SortedRecords } from './sorted-records.ts'

/** What became of a request's records. */
export class RecordsPut extends SelfWritten<PutRecordsOutput> {
  readonly isEncrypted: boolean
  /** How many were refused, since their shard's throughput was used up. */
  readonly #refused: number
  readonly #sorted: SortedRecords
  readonly #firstIndexes: readonly (number | null)[]
  readonly #second: number
  readonly #stream: StreamAddress

  constructor(
    sorted: SortedRecords,
    { now, isEncrypted, firstIndexes }: PutOutcome & { readonly kind: 'put' },
    stream: StreamAddress,
  ) {
    super()
    this.isEncrypted = isEncrypted
    this.#sorted = sorted
    this.#firstIndexes = firstIndexes
    this.#second = secondOf(now)
    this.#stream = stream
    let refused = 0
    for (let i = 0; i < firstIndexes.length; i++) {
      if (firstIndexes[i] === null) refused += sorted.groups.counts[i]!
    }
    this.#refused = refused
  }

  members(): PutRecordsOutput {
    const { isEncrypted } = this
    return { FailedRecordCount: this.#refused, Records: this.entries(), ...encryptionType(isEncrypted) }
  }

  /** In the order of the request. */
  entries(): readonly PutRecordsResultEntry[] {
    const { groups, map, positions, places, count } = this.#sorted
    const entries = new Array<PutRecordsResultEntry>(count)
    const texts = this.#sequenceNumbers()
    let record = 0
    let at = 0
    for (let i = 0; i < positions.length; i++) {
      const shard = map.shards[positions[i]!]!
      const isRefused = this.#firstIndexes[i] === null
      for (const end = record + groups.counts[i]!; record < end; record++) {
        const place = places === null ? record : places[record]!
        if (isRefused) {
          entries[place] = refusal(shard, this.#stream)
          continue
        }
        const start = at
        at += SEQUENCE_NUMBER_DIGITS
        entries[place] = { SequenceNumber: texts.slice(start, at), ShardId: shard.id }
      }
    }
    return entries
  }

  /** Null where records were refused. */
  json(): Uint8Array | null {
    if (this.#refused > 0) return null
    return putJson()?.write(this.#sorted, this.#firstIndexes, this.#second, this.isEncrypted) ?? null
  }

  /** Of all records that weren't refused, one after the other. */
  #sequenceNumbers(): string {
    const { groups, map, positions, count } = this.#sorted
    const writer = new SequenceNumberWriter(count)
    for (let i = 0; i < positions.length; i++) {
      const { cursor } = map.shards[positions[i]!]!
      const first = this.#firstIndexes[i]!
      if (first === null) continue
      for (let index = first; index < first + groups.counts[i]!; index++) {
        cursor.moveTo(index, this.#second)
        writer.write(cursor)
      }
    }
    return writer.read()
  }
}

function refusal({ id }: OpenShard, stream: StreamAddress): PutRecordsResultEntry {
  const { shape, message } = shardRateExceeded(id, stream)
  return { ErrorCode: shape.code, ErrorMessage: message }
}
