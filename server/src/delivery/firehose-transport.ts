import { Buffer } from 'node:buffer'
import { parseJsonObject } from '../base/json-object.ts'
import type { Dispatch } from '../core/pushes.ts'
import { type AwsCaller, regionOf } from './aws-caller.ts'
import { firehoseRecord } from './firehose-record.ts'
import { FIREHOSE_BATCH_BYTES_MAX, FIREHOSE_BATCH_RECORDS_MAX, FIREHOSE_RECORD_BYTES_MAX } from './limits.ts'
import { DELIVERED, failed, GIVEN_UP, type Outcome, type Transport } from './transport.ts'

/** A record that waits for the call that takes it along. */
interface Waiting {
  readonly data: Buffer
  readonly signal: AbortSignal
  readonly resolve: (outcome: Outcome) => void
}

/**
 * Puts notifications into delivery streams of Amazon Data Firehose. What is handed over in one turn for one stream goes in one call,
 * of which each record succeeds or fails for itself.
 * https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
 */
export class FirehoseTransport implements Transport {
  readonly #caller: AwsCaller
  /** By the stream's ARN, until the turn is over. */
  #waiting = new Map<string, Waiting[]>()

  constructor(caller: AwsCaller) {
    this.#caller = caller
  }

  deliver({ endpoint, notification, raw }: Dispatch, signal: AbortSignal): Promise<Outcome> {
    if (signal.aborted) return Promise.resolve(GIVEN_UP)
    const data = Buffer.from(raw ? notification.message : firehoseRecord(notification))
    if (data.length > FIREHOSE_RECORD_BYTES_MAX) {
      const reason = `a record would have more than ${FIREHOSE_RECORD_BYTES_MAX} bytes`
      return Promise.resolve(failed(reason, 'permanent'))
    }
    return new Promise((resolve) => {
      if (this.#waiting.size === 0) queueMicrotask(() => this.#send())
      const waiting = this.#waiting.get(endpoint) ?? []
      this.#waiting.set(endpoint, waiting)
      waiting.push({ data, signal, resolve })
    })
  }

  async close(): Promise<void> {
    this.#caller.close()
  }

  #send(): void {
    const waiting = this.#waiting
    this.#waiting = new Map()
    for (const [stream, records] of waiting)
      for (const batch of batches(records)) void this.#put(stream, batch)
  }

  async #put(stream: string, batch: readonly Waiting[]): Promise<void> {
    const answer = await this.#caller.post({
      region: regionOf(stream),
      path: '/',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'Firehose_20150804.PutRecordBatch',
      },
      body: JSON.stringify({
        DeliveryStreamName: stream.slice(stream.indexOf('/') + 1),
        Records: batch.map(({ data }) => ({ Data: data.toString('base64') })),
      }),
      signal: batch[0]!.signal,
    })
    const outcomes = answer.kind === 'done' ? recordOutcomes(answer.body, batch.length) : []
    for (const [i, { signal, resolve }] of batch.entries()) {
      if (answer.kind === 'refused') resolve(failed(answer.reason, 'permanent', answer.status))
      else if (signal.aborted && answer.kind === 'busy') resolve(GIVEN_UP)
      else if (answer.kind === 'busy') resolve(failed(answer.reason, 'retryable', answer.status))
      else resolve(outcomes[i] ?? UNTOLD)
    }
  }
}

/** Whether the records are stored nobody knows: better twice than never. */
const UNTOLD = failed('answered without saying what became of the records', 'retryable')

/** What became of each record. Firehose fails single records only for what passes by itself. */
function recordOutcomes(body: string | undefined, count: number): readonly Outcome[] {
  const answer = body === undefined ? null : parseJsonObject(body)
  if (answer === null) return []
  const { FailedPutCount: failures, RequestResponses: responses } = answer
  if (failures === 0) return Array.from({ length: count }, () => DELIVERED)
  if (!Array.isArray(responses) || responses.length !== count) return []
  return responses.map((response: unknown) => {
    const { ErrorCode: code }: { ErrorCode?: unknown } = Object(response)
    if (code === undefined || code === null) return DELIVERED
    return failed(`the record failed (${typeof code === 'string' ? code : 'unknown'})`, 'retryable')
  })
}

/** In their order, within what one call may have, and of those that are given up together. */
function batches(records: readonly Waiting[]): readonly (readonly Waiting[])[] {
  const made: Waiting[][] = [[]]
  let bytes = 0
  for (const record of records) {
    const last = made.at(-1)!
    const fits =
      last.length < FIREHOSE_BATCH_RECORDS_MAX &&
      bytes + record.data.length <= FIREHOSE_BATCH_BYTES_MAX &&
      (last[0] === undefined || last[0].signal === record.signal)
    if (fits) last.push(record)
    else made.push([record])
    bytes = fits ? bytes + record.data.length : record.data.length
  }
  return made
}
