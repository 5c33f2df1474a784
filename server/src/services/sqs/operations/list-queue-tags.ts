import type { ListQueueTagsRequest, ListQueueTagsResult } from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { resolveQueue } from '../queue-url.ts'

export const listQueueTags = (ports: SqsPorts) =>
  operation<ListQueueTagsRequest, ListQueueTagsResult>('ListQueueTags', async (input, request) => {
    const { tags } = await ask(ports, {
      service: 'sqs',
      kind: 'getQueue',
      queue: resolveQueue(input.QueueUrl, request),
    })
    return Object.keys(tags).length === 0 ? {} : { Tags: tags }
  })
