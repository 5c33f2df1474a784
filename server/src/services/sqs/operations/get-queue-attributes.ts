import type { GetQueueAttributesRequest, GetQueueAttributesResult } from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { checkAskedAttributes, renderQueueAttributes } from '../attributes.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { resolveQueue } from '../queue-url.ts'

/** Returns what was asked for by name and is set, and nothing where nothing was asked for. */
export const getQueueAttributes = (ports: SqsPorts) =>
  operation<GetQueueAttributesRequest, GetQueueAttributesResult>(
    'GetQueueAttributes',
    async (input, request) => {
      const queue = resolveQueue(input.QueueUrl, request)
      const names = input.AttributeNames ?? []
      checkAskedAttributes(names, queue)
      const description = await ask(ports, { service: 'sqs', kind: 'getQueue', queue })
      const attributes = renderQueueAttributes(names, queue, description)
      return Object.keys(attributes).length === 0 ? {} : { Attributes: attributes }
    },
  )
