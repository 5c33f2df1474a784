import type {
  ChangeMessageVisibilityBatchRequest,
  ChangeMessageVisibilityBatchResult,
} from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { checkBatch, prepareEach, receiptBatchResult } from '../batch.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { resolveQueue } from '../queue-url.ts'
import { parseReceiptHandle } from '../receipt-handle.ts'
import { parseVisibilityTimeout } from '../visibility-timeout.ts'

export const changeMessageVisibilityBatch = (ports: SqsPorts) =>
  operation<ChangeMessageVisibilityBatchRequest, ChangeMessageVisibilityBatchResult>(
    'ChangeMessageVisibilityBatch',
    async (input, request) => {
      const queue = resolveQueue(input.QueueUrl, request)
      checkBatch(input.Entries, 'ChangeMessageVisibilityBatchRequestEntry')
      const { accepted, prepared, failed } = prepareEach(input.Entries, (entry) => ({
        receipt: parseReceiptHandle(entry.ReceiptHandle),
        visibilityTimeoutSeconds: parseVisibilityTimeout(entry.VisibilityTimeout),
      }))
      // Asked also where no entry is left: the queue may be missing.
      const outcomes = await ask(ports, {
        service: 'sqs',
        kind: 'changeVisibility',
        queue,
        changes: prepared,
      })
      return receiptBatchResult(accepted, outcomes, failed)
    },
  )
