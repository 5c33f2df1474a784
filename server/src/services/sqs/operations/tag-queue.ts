import type { TagQueueRequest } from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { missingParameter } from '../errors.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { resolveQueue } from '../queue-url.ts'
import { checkTags } from '../tags.ts'

export const tagQueue = (ports: SqsPorts) =>
  operation<TagQueueRequest, object>('TagQueue', async (input, request) => {
    const queue = resolveQueue(input.QueueUrl, request)
    const tags = input.Tags
    if (Object.keys(tags).length === 0) throw missingParameter('Tags')
    checkTags(tags, queue.name)
    await ask(ports, { service: 'sqs', kind: 'tagQueue', queue, tags })
    return {}
  })
