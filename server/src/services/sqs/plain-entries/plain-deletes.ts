import { Buffer } from 'node:buffer'
import type { DeleteMessageBatchResult } from '../../../api/generated/sqs.ts'
import type { BulkList } from '../../../api/operation.ts'
import { SelfWritten } from '../../../api/self-written.ts'
import { JSON_PADDING_BYTES } from '../../../base/plain-json-code.ts'
import { hasWasmVectors, instantiate } from '../../../base/wasm-module.ts'
import { receiptBatchResult } from '../batch.ts'
import type { Receipt, Refusal } from '../commands.ts'
import { encodeReceiptHandle, readReceipt } from '../receipt-handle.ts'
import {
  ANSWER_AT,
  ANSWER_END_AT,
  deletesFunctions,
  ENTRIES_AT,
  JSON_AT,
  MEMORY_BYTES,
  PLAIN_BYTES_MAX,
  RECEIPT_BYTES,
  RECEIPTS_AT,
} from './deletes-code.ts'

/** The entries of a DeleteMessageBatch, none of which there is anything to say against before the queue is asked. */
export class PlainDeletes {
  readonly receipts: readonly Receipt[]
  /** JSON of what is answered if all are deleted: the ids are in there. */
  readonly answer: string

  constructor(receipts: readonly Receipt[], answer: string) {
    this.receipts = receipts
    this.answer = answer
  }
}

/** The answer to such a batch. */
export class PlainDeletesDone extends SelfWritten<DeleteMessageBatchResult> {
  readonly #entries: PlainDeletes
  readonly #outcomes: readonly (Refusal | null)[]

  constructor(entries: PlainDeletes, outcomes: readonly (Refusal | null)[]) {
    super()
    this.#entries = entries
    this.#outcomes = outcomes
  }

  members(): DeleteMessageBatchResult {
    const { receipts, answer } = this.#entries
    const { Successful }: { readonly Successful: readonly { readonly Id: string }[] } = JSON.parse(answer)
    // A handle is written in one way only, so that this is the one that came.
    const entries = Successful.map(({ Id }, i) => ({ Id, ReceiptHandle: encodeReceiptHandle(receipts[i]!) }))
    return receiptBatchResult(entries, this.#outcomes, [])
  }

  json(): string | null {
    return this.#outcomes.every((outcome) => outcome === null) ? this.#entries.answer : null
  }
}

/**
 * Reads entries straight from their bytes, as clients write them. To parse ten of them, check them against the model, take their handles apart and write
 * their ids again takes several times as long.
 *
 * ```
 *   [{"Id":"0","ReceiptHandle":"AQAA…"},{"Id":"1","ReceiptHandle":"AQAA…"}]      spaces may stand between
 * ```
 *
 * What isn't like that, or is refused, isn't plain: ids of other characters, or that come twice, and handles that nobody gave out.
 */
export const plainDeletes: BulkList = {
  member: 'Entries',
  standIn: '[{"Id":"-","ReceiptHandle":"-"}]',
  read: (body, at) => {
    if (shared === undefined) shared = hasWasmVectors() ? new PlainDeletesReader() : null
    return shared?.read(body, at) ?? null
  },
}

class PlainDeletesReader {
  readonly #bytes: Buffer
  readonly #view: DataView
  readonly #read: (at: number) => number

  constructor() {
    const { memory, functions } = instantiate(deletesFunctions(), MEMORY_BYTES)
    this.#bytes = Buffer.from(memory)
    this.#view = new DataView(memory)
    this.#read = functions.read!
  }

  /** Null where something isn't plain. */
  read(body: Uint8Array, at: number): { readonly list: PlainDeletes; readonly end: number } | null {
    if (body.length > PLAIN_BYTES_MAX) return null
    const bytes = this.#bytes
    const view = this.#view
    const jsonEnd = JSON_AT + body.length
    bytes.set(body, JSON_AT)
    for (let i = 0; i < JSON_PADDING_BYTES; i++) bytes[jsonEnd + i] = 0
    const found = this.#read(JSON_AT + at)
    if (found === 0) return null
    const receipts: Receipt[] = []
    const receiptsEnd = RECEIPTS_AT + view.getUint32(ENTRIES_AT, true) * RECEIPT_BYTES
    for (let from = RECEIPTS_AT; from < receiptsEnd; from += RECEIPT_BYTES)
      receipts.push(readReceipt(view, from))
    const answer = bytes.toString('latin1', ANSWER_AT, view.getUint32(ANSWER_END_AT, true))
    return { list: new PlainDeletes(receipts, answer), end: found - JSON_AT }
  }
}

/** Made on first need, which takes some milliseconds; null where there is no WebAssembly with vectors: then nothing is plain. */
let shared: PlainDeletesReader | null | undefined
