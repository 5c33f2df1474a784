import type { ListTagsForResourceRequest, ListTagsForResourceResponse } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { resolveTopic } from '../topic-arn.ts'

const NAME = 'ListTagsForResource'

export const listTagsForResource = (ports: SnsPorts) =>
  operation<ListTagsForResourceRequest, ListTagsForResourceResponse>(NAME, async (input, request) => {
    const topic = resolveTopic('ResourceArn', input.ResourceArn, NAME, request)
    const tags = await ask(ports, { service: 'sns', kind: 'listTopicTags', topic })
    return { Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })) }
  })
