import type { TagResourceRequest, TagResourceResponse } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { parseTags } from '../tags.ts'
import { resolveTopic } from '../topic-arn.ts'

const NAME = 'TagResource'

export const tagResource = (ports: SnsPorts) =>
  operation<TagResourceRequest, TagResourceResponse>(NAME, async (input, request) => {
    const topic = resolveTopic('ResourceArn', input.ResourceArn, NAME, request)
    await ask(ports, { service: 'sns', kind: 'tagTopic', topic, tags: parseTags(input.Tags) })
    return {}
  })
