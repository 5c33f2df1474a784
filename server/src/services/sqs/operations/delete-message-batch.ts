import type { DeleteMessageBatchRequest, DeleteMessageBatchResult } from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { checkBatch, prepareEach, receiptBatchResult } from '../batch.ts'
import { drawDisorder } from '../draw-disorder.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { isFifoName } from '../queue-name.ts'
import { resolveQueue } from '../queue-url.ts'
import { parseReceiptHandle } from '../receipt-handle.ts'

export const deleteMessageBatch = (ports: SqsPorts) =>
  operation<DeleteMessageBatchRequest, DeleteMessageBatchResult>(
    'DeleteMessageBatch',
    async (input, request) => {
      const queue = resolveQueue(input.QueueUrl, request)
      checkBatch(input.Entries, 'DeleteMessageBatchRequestEntry')
      const { accepted, prepared, failed } = prepareEach(input.Entries, ({ ReceiptHandle }) =>
        parseReceiptHandle(ReceiptHandle),
      )
      // Asked also where no entry is left: the queue may be missing.
      const outcomes = await ask(ports, {
        service: 'sqs',
        kind: 'deleteMessages',
        queue,
        receipts: prepared,
        isMetered: ports.fifoQuota,
        disorder: isFifoName(queue.name) ? undefined : drawDisorder(ports.disorder, prepared.length),
      })
      return receiptBatchResult(accepted, outcomes, failed)
    },
  )
