import type { ListTagsForResourceInput, ListTagsForResourceOutput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { resolveResource } from '../stream-arn.ts'
import { renderTags } from '../tags.ts'

const NAME = 'ListTagsForResource'

export const listTagsForResource = (ports: KinesisPorts) =>
  operation<ListTagsForResourceInput, ListTagsForResourceOutput>(NAME, async (input, request) => {
    const resource = resolveResource(input.ResourceARN, NAME, request)
    const tags = await ask(ports, { service: 'kinesis', kind: 'listTags', resource })
    return { Tags: renderTags(tags) }
  })
