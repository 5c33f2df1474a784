import type { UntagQueueRequest } from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { missingParameter } from '../errors.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { resolveQueue } from '../queue-url.ts'
import { checkTagKeys } from '../tags.ts'

/** Keys that the queue doesn't have are passed over. */
export const untagQueue = (ports: SqsPorts) =>
  operation<UntagQueueRequest, object>('UntagQueue', async (input, request) => {
    const queue = resolveQueue(input.QueueUrl, request)
    if (input.TagKeys.length === 0) throw missingParameter('TagKeys')
    checkTagKeys(input.TagKeys)
    await ask(ports, { service: 'sqs', kind: 'untagQueue', queue, keys: input.TagKeys })
    return {}
  })
