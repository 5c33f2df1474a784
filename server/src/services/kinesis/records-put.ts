import type { PutRecordsOutput, PutRecordsResultEntry } from '../../api/generated/kinesis.ts'
import { SelfWritten } from '../../api/self-written.ts'
import type { PutOutcome, StreamAddress } from './commands.ts'
import { encryptionType } from './encryption-type.ts'
import { shardRateExceeded } from './errors.ts'
import { putJson } from './put-json/put-json.ts'
import { SEQUENCE_NUMBER_DIGITS, SequenceNumberWriter, secondOf } from './sequence-number.ts'
import type { OpenShard } from './shard-map.ts'
import type { SortedRecords } from './sorted-records.ts'

/** What became of all records that were put at once, which one request brought, or several. */
export class PutResult {
  readonly isEncrypted: boolean
  readonly #sorted: SortedRecords
  readonly #firstIndexes: readonly (number | null)[]
  readonly #second: number
  readonly #stream: StreamAddress
  /** How many were refused, since their shard's throughput was used up. */
  readonly #refused: number
  #entries: readonly PutRecordsResultEntry[] | null = null

  constructor(
    sorted: SortedRecords,
    { now, isEncrypted, firstIndexes }: PutOutcome & { readonly kind: 'put' },
    stream: StreamAddress,
  ) {
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

  get count(): number {
    return this.#sorted.count
  }

  /** In the order in which they came. */
  get entries(): readonly PutRecordsResultEntry[] {
    this.#entries ??= this.#makeEntries()
    return this.#entries
  }

  /** The answer to the request that brought so many of them, from a place on; null where records were refused. */
  json(first: number, count: number): Uint8Array | null {
    const writer = this.#refused > 0 ? null : putJson()
    if (writer === null) return null
    const [sorted, indexes, second] = [this.#sorted, this.#firstIndexes, this.#second]
    if (count === this.count) return writer.write(sorted, indexes, second, this.isEncrypted)
    return this.isEncrypted ? null : writer.writePart(sorted, indexes, second, first, count)
  }

  #makeEntries(): readonly PutRecordsResultEntry[] {
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

/** What became of a request's records. */
export class RecordsPut extends SelfWritten<PutRecordsOutput> {
  readonly #result: PutResult
  readonly #first: number
  readonly #count: number

  /** Of so many of those that were put at once, from a place on; of all, unless it's said. */
  constructor(result: PutResult, first = 0, count = result.count) {
    super()
    this.#result = result
    this.#first = first
    this.#count = count
  }

  get isEncrypted(): boolean {
    return this.#result.isEncrypted
  }

  members(): PutRecordsOutput {
    const Records = this.entries()
    const FailedRecordCount = Records.reduce(
      (sum, { ErrorCode }) => sum + (ErrorCode === undefined ? 0 : 1),
      0,
    )
    return { FailedRecordCount, Records, ...encryptionType(this.isEncrypted) }
  }

  /** In the order of the request. */
  entries(): readonly PutRecordsResultEntry[] {
    return this.#result.entries.slice(this.#first, this.#first + this.#count)
  }

  /** Null where records were refused. */
  json(): Uint8Array | null {
    return this.#result.json(this.#first, this.#count)
  }
}

function refusal({ id }: OpenShard, stream: StreamAddress): PutRecordsResultEntry {
  const { shape, message } = shardRateExceeded(id, stream)
  return { ErrorCode: shape.code, ErrorMessage: message }
}
