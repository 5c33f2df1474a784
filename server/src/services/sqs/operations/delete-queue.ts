import type { DeleteQueueRequest } from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { resolveQueue } from '../queue-url.ts'

export const deleteQueue = (ports: SqsPorts) =>
  operation<DeleteQueueRequest, object>('DeleteQueue', async (input, request) => {
    await ask(ports, { service: 'sqs', kind: 'deleteQueue', queue: resolveQueue(input.QueueUrl, request) })
    return {}
  })
