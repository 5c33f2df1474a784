import type { DeleteMessageBatchRequest, DeleteMessageBatchResult } from '../../../api/generated/sqs.ts'
import { operation, type Request } from '../../../api/operation.ts'
import { checkBatch, prepareEach, receiptBatchResult } from '../batch.ts'
import type { QueueAddress, Receipt } from '../commands.ts'
import { drawDisorder } from '../draw-disorder.ts'
import { PlainDeletes, PlainDeletesDone, plainDeletes } from '../plain-entries/plain-deletes.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { isFifoName } from '../queue-name.ts'
import { resolveQueue } from '../queue-url.ts'
import { parseReceiptHandle } from '../receipt-handle.ts'

interface PlainInput extends Omit<DeleteMessageBatchRequest, 'Entries'> {
  readonly Entries: PlainDeletes
}

export const deleteMessageBatch = (ports: SqsPorts) => {
  const run = async (
    { QueueUrl, Entries }: DeleteMessageBatchRequest | PlainInput,
    request: Request,
  ): Promise<DeleteMessageBatchResult | PlainDeletesDone> => {
    const queue = resolveQueue(QueueUrl, request)
    if (Entries instanceof PlainDeletes) {
      return new PlainDeletesDone(Entries, await deleteAll(ports, queue, Entries.receipts))
    }
    checkBatch(Entries, 'DeleteMessageBatchRequestEntry')
    const { accepted, prepared, failed } = prepareEach(Entries, ({ ReceiptHandle }) =>
      parseReceiptHandle(ReceiptHandle),
    )
    // Asked also where no entry is left: the queue may be missing.
    return receiptBatchResult(accepted, await deleteAll(ports, queue, prepared), failed)
  }
  return operation<DeleteMessageBatchRequest | PlainInput, DeleteMessageBatchResult | PlainDeletesDone>(
    'DeleteMessageBatch',
    run,
    { bulk: plainDeletes },
  )
}

function deleteAll(ports: SqsPorts, queue: QueueAddress, receipts: readonly Receipt[]) {
  return ask(ports, {
    service: 'sqs',
    kind: 'deleteMessages',
    queue,
    receipts,
    isMetered: ports.fifoQuota,
    disorder: isFifoName(queue.name) ? undefined : drawDisorder(ports.disorder, receipts.length),
  })
}
