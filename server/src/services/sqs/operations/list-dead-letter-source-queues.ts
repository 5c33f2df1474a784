import type {
  ListDeadLetterSourceQueuesRequest,
  ListDeadLetterSourceQueuesResult,
} from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { decodeListToken, nextListToken, pageLimit } from '../list-token.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { queueUrl, resolveQueue } from '../queue-url.ts'

const NAME = 'ListDeadLetterSourceQueues'

export const listDeadLetterSourceQueues = (ports: SqsPorts) =>
  operation<ListDeadLetterSourceQueuesRequest, ListDeadLetterSourceQueuesResult>(
    NAME,
    async (input, request) => {
      const queue = resolveQueue(input.QueueUrl, request)
      const limit = pageLimit(input.MaxResults)
      const list = [NAME, queue.accountId, queue.region, queue.name]
      const after = decodeListToken(ports.tokenKey, list, input.NextToken)
      const { names, next } = await ask(ports, {
        service: 'sqs',
        kind: 'listDeadLetterSourceQueues',
        queue,
        after,
        limit,
      })
      return {
        // The model requires this member, so that it's there when empty.
        queueUrls: names.map((name) => queueUrl(request, { ...queue, name })),
        ...nextListToken(ports.tokenKey, list, next, input.MaxResults),
      }
    },
  )
