import type { SendMessageBatchResult, SendMessageBatchResultEntry } from '../../../api/generated/sqs.ts'
import { SelfWritten } from '../../../api/self-written.ts'
import { formatUuid } from '../../../base/uuid.ts'
import { bytesOf } from '../../../core/keys.ts'
import { batchResult, failedEntry } from '../batch.ts'
import type { Enqueued, Refusal } from '../commands.ts'
import { sequenceNumber } from '../sequence-number.ts'

/** What became of a message: in a standard queue null where it was sent. */
type Outcome = Refusal | Enqueued | null

/** The answer to a batch of sends that was read from plain JSON: its entries are JSON already. */
export class PlainSentMessages extends SelfWritten<SendMessageBatchResult> {
  readonly #answers: string
  readonly #outcomes: readonly Outcome[]

  /** `answers` are those of all entries with a comma between, as they were sent: without sequence numbers. */
  constructor(answers: string, outcomes: readonly Outcome[]) {
    super()
    this.#answers = answers
    this.#outcomes = outcomes
  }

  members(): SendMessageBatchResult {
    const answers: readonly SendMessageBatchResultEntry[] = JSON.parse(`[${this.#answers}]`)
    const sent: SendMessageBatchResultEntry[] = []
    const failed = []
    for (const [i, answer] of answers.entries()) {
      const outcome = this.#outcomes[i]!
      if (outcome === null) sent.push(answer)
      else if ('error' in outcome) failed.push(failedEntry(answer.Id, outcome.error, outcome.message))
      else sent.push(enqueuedAnswer(answer, outcome))
    }
    return batchResult(sent, failed)
  }

  /** Null where an entry failed, or another message was there before it. */
  json(): string | null {
    const answers = this.#answers
    let json = ''
    let at = 0
    for (const outcome of this.#outcomes) {
      // In a standard queue nothing is added to any of them.
      if (outcome === null) continue
      if ('error' in outcome || outcome.duplicateOf !== null) return null
      const end = answers.indexOf('}', at)
      const number = sequenceNumber(outcome.incarnation, outcome.slot)
      json += `${answers.slice(at, end)},"SequenceNumber":"${number}"}`
      at = end + 1
    }
    return `{"Successful":[${json}${answers.slice(at)}]}`
  }
}

/** The sender of a duplicate is told of the message that is there, as if it had just been sent. */
function enqueuedAnswer(
  { Id, MessageId, MD5OfMessageBody }: SendMessageBatchResultEntry,
  { incarnation, slot, duplicateOf }: Enqueued,
): SendMessageBatchResultEntry {
  return {
    Id,
    MessageId: duplicateOf === null ? MessageId : formatUuid(bytesOf(duplicateOf)),
    MD5OfMessageBody,
    SequenceNumber: sequenceNumber(incarnation, slot),
  }
}
