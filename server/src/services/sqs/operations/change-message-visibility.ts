import type { ChangeMessageVisibilityRequest } from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { resolveQueue } from '../queue-url.ts'
import { parseReceiptHandle, refusedReceipt } from '../receipt-handle.ts'
import { parseVisibilityTimeout } from '../visibility-timeout.ts'

export const changeMessageVisibility = (ports: SqsPorts) =>
  operation<ChangeMessageVisibilityRequest, object>('ChangeMessageVisibility', async (input, request) => {
    const queue = resolveQueue(input.QueueUrl, request)
    const receipt = parseReceiptHandle(input.ReceiptHandle)
    const visibilityTimeoutSeconds = parseVisibilityTimeout(input.VisibilityTimeout)
    const changes = [{ receipt, visibilityTimeoutSeconds }]
    const [refusal] = await ask(ports, { service: 'sqs', kind: 'changeVisibility', queue, changes })
    if (refusal) throw refusedReceipt(refusal, input.ReceiptHandle)
    return {}
  })
