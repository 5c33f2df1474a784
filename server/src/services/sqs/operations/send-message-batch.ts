import type { SendMessageBatchRequest } from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { ServiceError } from '../../../api/service-error.ts'
import { checkBatch, failedEntry, prepareEach } from '../batch.ts'
import { BatchRequestTooLong } from '../errors.ts'
import { BATCH_BYTES_MAX } from '../limits.ts'
import { MESSAGE_ID_BYTES } from '../message-to-send.ts'
import type { SqsPorts } from '../ports.ts'
import { isFifoName } from '../queue-name.ts'
import { resolveQueue } from '../queue-url.ts'
import { FIFO_SENDING, type Sending, STANDARD_SENDING } from '../sending.ts'
import { type Sent, SentMessages } from '../sent-messages.ts'

const NAME = 'SendMessageBatch'

export const sendMessageBatch = (ports: SqsPorts) =>
  operation<SendMessageBatchRequest, SentMessages>(NAME, (input, request) => {
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
      const sent: Sent[] = []
      for (let i = 0; i < outcomes.length; i++) {
        const { id } = prepared[i]!
        const outcome = outcomes[i]!
        if ('error' in outcome) failed.push(failedEntry(id, outcome.error, outcome.message))
        else sent.push({ id, answer: outcome })
      }
      return new SentMessages(sent, failed)
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
