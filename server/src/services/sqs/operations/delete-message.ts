import type { DeleteMessageRequest } from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { drawDisorder } from '../draw-disorder.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { isFifoName } from '../queue-name.ts'
import { resolveQueue } from '../queue-url.ts'
import { parseReceiptHandle, refusedReceipt } from '../receipt-handle.ts'

/** Succeeds, and deletes nothing, where the message is gone or was received by another since. */
export const deleteMessage = (ports: SqsPorts) =>
  operation<DeleteMessageRequest, object>('DeleteMessage', async (input, request) => {
    const queue = resolveQueue(input.QueueUrl, request)
    const receipts = [parseReceiptHandle(input.ReceiptHandle)]
    const [refusal] = await ask(ports, {
      service: 'sqs',
      kind: 'deleteMessages',
      queue,
      receipts,
      isMetered: ports.fifoQuota,
      disorder: isFifoName(queue.name) ? undefined : drawDisorder(ports.disorder, 1),
    })
    if (refusal) throw refusedReceipt(refusal, input.ReceiptHandle)
    return {}
  })
