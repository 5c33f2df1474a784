import type { SetQueueAttributesRequest } from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { parseQueueAttributes } from '../attributes.ts'
import { missingParameter } from '../errors.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { isFifoName } from '../queue-name.ts'
import { resolveQueue } from '../queue-url.ts'

export const setQueueAttributes = (ports: SqsPorts) =>
  operation<SetQueueAttributesRequest, object>('SetQueueAttributes', async (input, request) => {
    const queue = resolveQueue(input.QueueUrl, request)
    if (Object.keys(input.Attributes).length === 0) throw missingParameter('Attributes')
    const settings = parseQueueAttributes(input.Attributes, { isFifo: isFifoName(queue.name) })
    await ask(ports, { service: 'sqs', kind: 'setQueueSettings', queue, settings })
    return {}
  })
