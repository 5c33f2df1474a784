import type { ListTopicsInput, ListTopicsResponse } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { PAGE_ITEMS } from '../limits.ts'
import { decodeNextToken, nextToken } from '../next-token.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { topicArn } from '../topic-arn.ts'

const NAME = 'ListTopics'

export const listTopics = (ports: SnsPorts) =>
  operation<ListTopicsInput, ListTopicsResponse>(NAME, async (input, request) => {
    const { accountId, region } = request.caller
    const list = [NAME, accountId, region]
    const after = decodeNextToken(ports, list, input.NextToken)
    const scope = { accountId, region }
    const { names, next } = await ask(ports, {
      ...{ service: 'sns', kind: 'listTopics', ...scope, after, limit: PAGE_ITEMS },
    } as const)
    return {
      Topics: names.map((name) => ({ TopicArn: topicArn({ ...scope, name }) })),
      ...nextToken(ports, list, next),
    }
  })
