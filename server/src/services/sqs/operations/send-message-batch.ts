import type {
  SendMessageBatchRequest,
  SendMessageBatchResult,
  SendMessageBatchResultEntry,
} from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { ServiceError } from '../../../api/service-error.ts'
import { batchResult, checkBatch, failedEntry, prepareEach } from '../batch.ts'
import { BatchRequestTooLong } from '../errors.ts'
import { BATCH_BYTES_MAX } from '../limits.ts'
import { MESSAGE_ID_BYTES, type MessageAnswer, prepareMessage, toMessageToSend } from '../message-to-send.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { resolveQueue } from '../queue-url.ts'

const NAME = 'SendMessageBatch'

export const sendMessageBatch = (ports: SqsPorts) =>
  operation<SendMessageBatchRequest, SendMessageBatchResult>(NAME, async (input, request) => {
    const queue = resolveQueue(input.QueueUrl, request)
    checkBatch(input.Entries, 'SendMessageBatchRequestEntry')
    const random = ports.random.bytes(MESSAGE_ID_BYTES * input.Entries.length)
    const { prepared, failed } = prepareEach(input.Entries, (entry, position) => {
      const idBytes = random.subarray(position * MESSAGE_ID_BYTES, (position + 1) * MESSAGE_ID_BYTES)
      return { id: entry.Id, message: prepareMessage(entry, idBytes, NAME, request) }
    })
    checkTotal(prepared.reduce((bytes, { message }) => bytes + message.sizeBytes, 0))

    // Asked also where no entry is left, since the queue may be missing, which comes before what is wrong with entries.
    const outcomes = await ask(ports, {
      service: 'sqs',
      kind: 'sendMessages',
      queue,
      messages: prepared.map(({ message }, i) => toMessageToSend(message, i)),
      bodies: prepared.map(({ message }) => message.body),
    })
    const successful: SendMessageBatchResultEntry[] = []
    for (const [i, { id, message }] of prepared.entries()) {
      const refusal = outcomes[i]
      if (refusal) failed.push(failedEntry(id, refusal.error, refusal.message))
      else successful.push(toResultEntry(id, message.answer))
    }
    return batchResult(successful, failed)
  })

function checkTotal(bytes: number): void {
  if (bytes <= BATCH_BYTES_MAX) return
  throw new ServiceError(
    BatchRequestTooLong,
    `Batch requests cannot be longer than ${BATCH_BYTES_MAX} bytes. You have sent ${bytes} bytes.`,
  )
}

/** Member by member, since spreading one object into another is slow, and there are ten in a request. */
function toResultEntry(id: string, answer: MessageAnswer): SendMessageBatchResultEntry {
  const { MessageId, MD5OfMessageBody, MD5OfMessageAttributes, MD5OfMessageSystemAttributes } = answer
  return { Id: id, MessageId, MD5OfMessageBody, MD5OfMessageAttributes, MD5OfMessageSystemAttributes }
}
