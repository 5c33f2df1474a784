import type { UntagResourceRequest, UntagResourceResponse } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { checkTagKeys } from '../tags.ts'
import { resolveTopic } from '../topic-arn.ts'

const NAME = 'UntagResource'

export const untagResource = (ports: SnsPorts) =>
  operation<UntagResourceRequest, UntagResourceResponse>(NAME, async (input, request) => {
    const topic = resolveTopic('ResourceArn', input.ResourceArn, NAME, request)
    checkTagKeys(input.TagKeys)
    await ask(ports, { service: 'sns', kind: 'untagTopic', topic, keys: input.TagKeys })
    return {}
  })
