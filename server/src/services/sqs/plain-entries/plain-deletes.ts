import { Buffer } from 'node:buffer'
import type { DeleteMessageBatchResult } from '../../../api/generated/sqs.ts'
import type { BulkList } from '../../../api/operation.ts'
import { SelfWritten } from '../../../api/self-written.ts'
import { receiptBatchResult } from '../batch.ts'
import type { Receipt, Refusal } from '../commands.ts'
import { BATCH_ENTRIES_MAX, BATCH_ENTRY_ID_CHARACTERS_MAX } from '../limits.ts'
import { encodeReceiptHandle, RECEIPT_HANDLE_CHARACTERS, readReceiptHandle } from '../receipt-handle.ts'

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
 * their ids again takes more than twice as long.
 *
 * ```
 *   [{"Id":"0","ReceiptHandle":"AQAA…"},{"Id":"1","ReceiptHandle":"AQAA…"}]      a space may stand behind colons and commas
 * ```
 *
 * What isn't like that, or is refused, isn't plain: ids of other characters, or that come twice, and handles that nobody gave out.
 */
export const plainDeletes: BulkList = {
  member: 'Entries',
  standIn: '[{"Id":"-","ReceiptHandle":"-"}]',
  read: (body, at) => {
    const reader = new Reader(body, at)
    const list = reader.list()
    return list === null ? null : { list, end: reader.at }
  },
}

const ID = Buffer.from('"Id":')
const HANDLE = Buffer.from('"ReceiptHandle":')
const ANSWER_START = Buffer.from('{"Successful":[')
const ENTRY_START = Buffer.from('{"Id":"')
/** Beside an id: the start, quotation mark, brace and comma; and two characters that end the list and the answer. */
const ANSWER_BYTES_MAX =
  ANSWER_START.length + BATCH_ENTRIES_MAX * (BATCH_ENTRY_ID_CHARACTERS_MAX + ENTRY_START.length + 3) + 2

const SPACE = 0x20
const QUOTATION_MARK = 0x22
const COMMA = 0x2c
const CLOSING_BRACKET = 0x5d
const OPENING_BRACE = 0x7b
const CLOSING_BRACE = 0x7d
const CAPITAL_I = 0x49

/** For each byte whether it may stand in an id. */
const IN_ID = new Uint8Array(256)
for (const letter of Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'))
  IN_ID[letter] = 1

/** Used by one call at a time: nothing below waits. */
const answer = Buffer.alloc(ANSWER_BYTES_MAX)
ANSWER_START.copy(answer)
/** Where its entries begin. */
const starts = new Uint16Array(BATCH_ENTRIES_MAX)

class Reader {
  at: number
  readonly #body: Uint8Array
  readonly #receipts: Receipt[] = []
  /** Behind what there is of the answer. */
  #end = ANSWER_START.length
  /** How many entries it has. */
  #ids = 0

  constructor(body: Uint8Array, at: number) {
    this.#body = body
    this.at = at
  }

  /** Null where something isn't plain. */
  list(): PlainDeletes | null {
    for (;;) {
      if (this.#receipts.length === BATCH_ENTRIES_MAX || !this.#entry()) return null
      if (this.#takes(CLOSING_BRACKET)) break
      if (!this.#takes(COMMA)) return null
      this.#takes(SPACE)
    }
    answer[this.#end - 1] = CLOSING_BRACKET
    answer[this.#end++] = CLOSING_BRACE
    return new PlainDeletes(this.#receipts, answer.toString('latin1', 0, this.#end))
  }

  #entry(): boolean {
    if (!this.#takes(OPENING_BRACE)) return false
    const isIdFirst = this.#body[this.at + 1] === CAPITAL_I
    if (!(isIdFirst ? this.#id() : this.#handle())) return false
    if (!this.#takes(COMMA)) return false
    this.#takes(SPACE)
    return (isIdFirst ? this.#handle() : this.#id()) && this.#takes(CLOSING_BRACE)
  }

  /** Writes it into the answer. */
  #id(): boolean {
    if (!this.#beginsText(ID)) return false
    const body = this.#body
    const start = this.#end
    let end = start
    for (let i = 0; i < ENTRY_START.length; i++) answer[end++] = ENTRY_START[i]!
    const idAt = end
    let at = this.at
    for (let byte = body[at]!; IN_ID[byte] === 1; byte = body[++at]!) {
      if (end - idAt === BATCH_ENTRY_ID_CHARACTERS_MAX) return false
      answer[end++] = byte
    }
    this.at = at
    if (end === idAt || !this.#takes(QUOTATION_MARK)) return false
    answer[end++] = QUOTATION_MARK
    if (isWrittenBefore(this.#ids, start, end)) return false
    starts[this.#ids++] = start
    answer[end++] = CLOSING_BRACE
    answer[end++] = COMMA
    this.#end = end
    return true
  }

  #handle(): boolean {
    if (!this.#beginsText(HANDLE)) return false
    const receipt = readReceiptHandle(this.#body, this.at)
    if (receipt === null) return false
    this.#receipts.push(receipt)
    this.at += RECEIPT_HANDLE_CHARACTERS
    return this.#takes(QUOTATION_MARK)
  }

  /** Goes behind a member's name and the quotation mark that begins its text. */
  #beginsText(name: Uint8Array): boolean {
    for (let i = 0; i < name.length; i++) if (this.#body[this.at + i] !== name[i]) return false
    this.at += name.length
    this.#takes(SPACE)
    return this.#takes(QUOTATION_MARK)
  }

  #takes(byte: number): boolean {
    if (this.#body[this.at] !== byte) return false
    this.at++
    return true
  }
}

/** Whether the answer's entry from `start` to `end` has the id of one of the first `ids`. */
function isWrittenBefore(ids: number, start: number, end: number): boolean {
  const length = end - start
  for (let earlier = 0; earlier < ids; earlier++) {
    const before = starts[earlier]!
    // From the last characters backwards, in which ids that are counted differ.
    let i = length - 1
    while (i >= 0 && answer[before + i] === answer[start + i]) i--
    if (i < 0) return true
  }
  return false
}
