import type { ListQueuesRequest, ListQueuesResult } from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { decodeListToken, nextListToken, pageLimit } from '../list-token.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { queueUrl } from '../queue-url.ts'

const NAME = 'ListQueues'

export const listQueues = (ports: SqsPorts) =>
  operation<ListQueuesRequest, ListQueuesResult>(NAME, async (input, request) => {
    const { accountId, region } = request.caller
    const prefix = input.QueueNamePrefix ?? ''
    const limit = pageLimit(input.MaxResults)
    const list = [NAME, accountId, region, prefix]
    const after = decodeListToken(ports.tokenKey, list, input.NextToken)
    const { names, next } = await ask(ports, {
      service: 'sqs',
      kind: 'listQueues',
      accountId,
      region,
      prefix,
      after,
      limit,
    })
    return {
      ...(names.length > 0 && {
        QueueUrls: names.map((name) => queueUrl(request, { accountId, region, name })),
      }),
      ...nextListToken(ports.tokenKey, list, next, input.MaxResults),
    }
  })
