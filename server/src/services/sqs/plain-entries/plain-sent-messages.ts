import type { SendMessageBatchResult, SendMessageBatchResultEntry } from '../../../api/generated/sqs.ts'
import { SelfWritten } from '../../../api/self-written.ts'
import { batchResult, failedEntry } from '../batch.ts'
import type { Refusal } from '../commands.ts'

/** The answer to a batch of sends that was read from plain JSON: its entries are JSON already. */
export class PlainSentMessages extends SelfWritten<SendMessageBatchResult> {
  readonly #answers: string
  readonly #outcomes: readonly (Refusal | null)[]

  /** `answers` are those of all entries, with a comma between, where they were sent. */
  constructor(answers: string, outcomes: readonly (Refusal | null)[]) {
    super()
    this.#answers = answers
    this.#outcomes = outcomes
  }

  members(): SendMessageBatchResult {
    const answers: readonly SendMessageBatchResultEntry[] = JSON.parse(`[${this.#answers}]`)
    const outcomes = this.#outcomes
    return batchResult(
      answers.filter((_, i) => outcomes[i] === null),
      answers.flatMap(({ Id }, i) => {
        const refusal = outcomes[i] ?? null
        return refusal === null ? [] : failedEntry(Id, refusal.error, refusal.message)
      }),
    )
  }

  /** Null where an entry failed. */
  json(): string | null {
    for (const outcome of this.#outcomes) if (outcome !== null) return null
    return `{"Successful":[${this.#answers}]}`
  }
}
