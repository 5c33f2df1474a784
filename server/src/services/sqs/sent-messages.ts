import type {
  BatchResultErrorEntry,
  SendMessageBatchResult,
  SendMessageBatchResultEntry,
  SendMessageResult,
} from '../../api/generated/sqs.ts'
import { SelfWritten } from '../../api/self-written.ts'
import { batchResult } from './batch.ts'
import type { MessageAnswer } from './message-to-send.ts'

/** An entry that was sent. */
export interface Sent {
  /** The sender's own, which was checked: letters, digits, hyphens and underscores. */
  readonly id: string
  readonly answer: MessageAnswer
}

/**
 * The answer to a batch of sends. Ids, digests and numbers have nothing that JSON would escape, and to join them takes half of the time in
 * which they are made members of objects and these written.
 */
export class SentMessages extends SelfWritten<SendMessageBatchResult> {
  readonly #sent: readonly Sent[]
  readonly #failed: readonly BatchResultErrorEntry[]

  constructor(sent: readonly Sent[], failed: readonly BatchResultErrorEntry[]) {
    super()
    this.#sent = sent
    this.#failed = failed
  }

  members(): SendMessageBatchResult {
    return batchResult(this.#sent.map(toResultEntry), this.#failed)
  }

  /** Null where an entry failed, whose text may be anything. */
  json(): string | null {
    if (this.#failed.length > 0) return null
    let json = '{"Successful":['
    let separator = ''
    for (const { id, answer } of this.#sent) {
      json += `${separator}{"Id":"${id}",${jsonMembersOf(answer)}}`
      separator = ','
    }
    return `${json}]}`
  }
}

/** The answer to a single send, which is written likewise. */
export class SentMessage extends SelfWritten<SendMessageResult> {
  readonly #answer: MessageAnswer

  constructor(answer: MessageAnswer) {
    super()
    this.#answer = answer
  }

  members(): SendMessageResult {
    return this.#answer
  }

  json(): string {
    return `{${jsonMembersOf(this.#answer)}}`
  }
}

/** As JSON has them, without the braces around them. */
function jsonMembersOf(answer: MessageAnswer): string {
  let json = `"MessageId":"${answer.MessageId}","MD5OfMessageBody":"${answer.MD5OfMessageBody}"`
  if (answer.MD5OfMessageAttributes !== undefined) {
    json += `,"MD5OfMessageAttributes":"${answer.MD5OfMessageAttributes}"`
  }
  if (answer.MD5OfMessageSystemAttributes !== undefined) {
    json += `,"MD5OfMessageSystemAttributes":"${answer.MD5OfMessageSystemAttributes}"`
  }
  if (answer.SequenceNumber !== undefined) json += `,"SequenceNumber":"${answer.SequenceNumber}"`
  return json
}

/** Member by member, since a spread behind another member is slow, and there are ten in a request. */
function toResultEntry({ id, answer }: Sent): SendMessageBatchResultEntry {
  const { MessageId, MD5OfMessageBody, MD5OfMessageAttributes } = answer
  const { MD5OfMessageSystemAttributes, SequenceNumber } = answer
  return {
    Id: id,
    MessageId,
    MD5OfMessageBody,
    MD5OfMessageAttributes,
    MD5OfMessageSystemAttributes,
    SequenceNumber,
  }
}
