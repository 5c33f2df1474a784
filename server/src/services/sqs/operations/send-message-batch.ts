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
import { MESSAGE_ID_BYTES, type MessageAnswer } from '../message-to-send.ts'
import type { SqsPorts } from '../ports.ts'
import { isFifoName } from '../queue-name.ts'
import { resolveQueue } from '../queue-url.ts'
import { FIFO_SENDING, type Sending, STANDARD_SENDING } from '../sending.ts'

const NAME = 'SendMessageBatch'

export const sendMessageBatch = (ports: SqsPorts) =>
  operation<SendMessageBatchRequest, SendMessageBatchResult>(NAME, (input, request) => {
    const queue = resolveQueue(input.QueueUrl, request)
    checkBatch(input.Entries, 'SendMessageBatchRequestEntry')
    const send = async <Checked, Prepared extends { readonly sizeBytes: number }>(
      sending: Sending<Checked, Prepared>,
    ) => {
      const random = ports.random.bytes(MESSAGE_ID_BYTES * input.Entries.length)
      const { prepared, failed } = prepareEach(input.Entries, (entry, position) => {
        const idBytes = random.subarray(position * MESSAGE_ID_BYTES, (position + 1) * MESSAGE_ID_BYTES)
        return { id: entry.Id, message: sending.check(entry, idBytes, NAME, request) }
      })
      const messages = sending.prepare(prepared.map(({ message }) => message))
      checkTotal(messages.reduce((bytes, { sizeBytes }) => bytes + sizeBytes, 0))
      // Sent also where no entry is left, since the queue may be missing, which comes before what is wrong with entries.
      const outcomes = await sending.send(ports, queue, messages, request)
      const successful: SendMessageBatchResultEntry[] = []
      for (const [i, { id }] of prepared.entries()) {
        const outcome = outcomes[i]!
        if ('error' in outcome) failed.push(failedEntry(id, outcome.error, outcome.message))
        else successful.push(toResultEntry(id, outcome))
      }
      return batchResult(successful, failed)
    }
    return isFifoName(queue.name) ? send(FIFO_SENDING) : send(STANDARD_SENDING)
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
