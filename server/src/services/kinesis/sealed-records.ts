import { Buffer } from 'node:buffer'
import type { Request } from '../../api/operation.ts'
import type { DataKeyUse, KeyUser } from '../../core/data-keys.ts'
import type { SealReading } from '../../core/sealed-body.ts'
import type { Bodies } from '../../core/service-state.ts'
import type { RecordGroups, RecordPosition, RecordSlice, RecordSlices, StreamAddress } from './commands.ts'
import { DATA_KEY_REUSE_MS } from './limits.ts'
import type { StreamEncryption } from './ports.ts'
import { type RunToPack, runsOfChunk, writeChunk } from './record-format.ts'
import { streamArn } from './stream-arn.ts'
import type { Wanted } from './take-records.ts'

/** Groups of records as they are stored, one behind the other. */
export interface GroupedRecords {
  readonly groups: RecordGroups
  readonly body: Uint8Array
}

/**
 * The records sealed under the stream's key, each group by itself: so it stays as it is when a shard's records are packed, and whoever
 * reads a shard opens nothing of another. Rejects with `DataKeyRefused`.
 */
export async function sealRecords(
  { seals }: StreamEncryption,
  use: DataKeyUse,
  { groups, body }: GroupedRecords,
): Promise<GroupedRecords> {
  let end = 0
  const plain = groups.bytes.map((bytes) => {
    end += bytes
    return body.subarray(end - bytes, end)
  })
  const sealed = await seals.seal(use, plain)
  return {
    groups: { ...groups, bytes: sealed.map(({ length }) => length) },
    body: Buffer.concat(sealed),
  }
}

/** How the records of a stream are sealed under a key, on behalf of whoever sent the request. */
export function sealUseOf(
  { userOf }: StreamEncryption,
  stream: StreamAddress,
  keyId: string,
  request: Request,
): DataKeyUse {
  const { accountId, region } = stream
  return {
    ...{ accountId, region, keyId, reuseMs: DATA_KEY_REUSE_MS, user: userOf(request) },
    // https://docs.aws.amazon.com/streams/latest/dev/permissions-user-key-KMS.html
    context: { 'aws:kinesis:arn': streamArn(stream) },
  }
}

/** Opens what a reader of a stream comes upon, whichever key the stream has by now. */
export class SealedRecords {
  readonly #encryption: StreamEncryption
  readonly #stream: StreamAddress
  readonly #request: Request

  constructor(encryption: StreamEncryption, stream: StreamAddress, request: Request) {
    this.#encryption = encryption
    this.#stream = stream
    this.#request = request
  }

  /**
   * What a read found, with its records opened; the very same where none is sealed. Runs that the reader doesn't want are left out and
   * stay closed: such as lie before the position, and such as lie behind all that is wanted. Rejects with `DataKeyRefused`.
   */
  open(
    found: RecordSlices,
    bodies: Bodies,
    position: RecordPosition,
    wanted: Wanted,
  ): OpenedSlices | Promise<OpenedSlices> {
    const { slices } = found
    if (!slices.some(({ isSealed }) => isSealed)) return { slices, bodies }
    const { accountId, region } = this.#stream
    const asked = this.#encryption.userOf(this.#request)
    const user = asked === null ? null : new AskedOnce(asked)
    const reading = { accountId, region, reuseMs: DATA_KEY_REUSE_MS, user }
    const since = Math.max(found.trimmedBefore, position.since)
    return this.#openSlices(found, bodies, reading, new Want(position.index, since, wanted))
  }

  async #openSlices(
    { slices }: RecordSlices,
    bodies: Bodies,
    reading: SealReading,
    want: Want,
  ): Promise<OpenedSlices> {
    const opened: { slice: RecordSlice; body: Uint8Array | null }[] = []
    for (const [i, slice] of slices.entries()) {
      if (want.isMet) break
      const body = bodies[i] ?? null
      if (body === null || !slice.isSealed) {
        want.take(slice)
        opened.push({ slice, body })
        continue
      }
      opened.push(await this.#openSlice(slice, body, reading, want))
    }
    return { slices: opened.map(({ slice }) => slice), bodies: opened.map(({ body }) => body) }
  }

  /** As a slice that is lost, and so passed over, where nothing of it is wanted. */
  async #openSlice(
    slice: RecordSlice,
    body: Uint8Array,
    reading: SealReading,
    want: Want,
  ): Promise<{ slice: RecordSlice; body: Uint8Array | null }> {
    const runs: RunToPack[] = []
    let { firstIndex } = slice
    let end = firstIndex
    for (const run of slice.isPacked ? runsOfChunk(body, slice) : [slice]) {
      if (want.isMet) break
      if (want.skips(end + run.count, run)) firstIndex = end + run.count
      else {
        runs.push(run)
        want.take({ ...run, firstIndex: end })
      }
      end += run.count
    }
    const [first] = runs
    if (first === undefined) return { slice, body: null }
    const plain = await Promise.all(
      runs.map(({ offset, bytes, isSealed }) => {
        const part = body.subarray(offset, offset + bytes)
        return isSealed ? this.#encryption.seals.open(reading, part) : part
      }),
    )
    const places = runs.map((run, i) => ({ ...run, offset: 0, bytes: plain[i]!.length, isSealed: false }))
    const content = slice.isPacked ? writeChunk(places, plain) : plain[0]!
    const place = { firstIndex, count: end - firstIndex, time: first.time, offset: 0, bytes: content.length }
    return { slice: { ...slice, ...place, isSealed: false }, body: content }
  }
}

interface OpenedSlices {
  readonly slices: readonly RecordSlice[]
  readonly bodies: Bodies
}

/** How much of what was found the reader can get. */
class Want {
  readonly #index: number
  readonly #since: number
  #records: number
  #bytes: number

  constructor(index: number, since: number, { limit, bytesMax }: Wanted) {
    this.#index = index
    this.#since = since
    this.#records = limit
    this.#bytes = bytesMax
  }

  /** What comes behind that is for another read. */
  get isMet(): boolean {
    return this.#records <= 0 || this.#bytes <= 0
  }

  /** Whether the reader passes over the whole run, which ends before an index. */
  skips(end: number, { time }: { readonly time: number }): boolean {
    return end <= this.#index || time < this.#since
  }

  take({
    firstIndex,
    count,
    bytes,
    time,
  }: Pick<RecordSlice, 'firstIndex' | 'count' | 'bytes' | 'time'>): void {
    if (this.skips(firstIndex + count, { time })) return
    const taken = firstIndex + count - Math.max(firstIndex, this.#index)
    this.#records -= taken
    this.#bytes -= (bytes * taken) / count
  }
}

/** Asks once for what is the same: a read may open hundreds of seals. */
class AskedOnce implements KeyUser {
  readonly #user: KeyUser
  readonly #denials = new Map<string, string | null>()

  constructor(user: KeyUser) {
    this.#user = user
  }

  denial(action: 'GenerateDataKey' | 'Decrypt', key: string, context: DataKeyUse['context']): string | null {
    const question = JSON.stringify([action, key, context])
    let denial = this.#denials.get(question)
    if (denial === undefined) {
      denial = this.#user.denial(action, key, context)
      this.#denials.set(question, denial)
    }
    return denial
  }
}
