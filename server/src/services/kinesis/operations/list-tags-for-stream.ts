import type { ListTagsForStreamInput, ListTagsForStreamOutput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { TAGS_MAX } from '../limits.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { resolveStream } from '../stream-arn.ts'
import { renderTags } from '../tags.ts'

const NAME = 'ListTagsForStream'

export const listTagsForStream = (ports: KinesisPorts) =>
  operation<ListTagsForStreamInput, ListTagsForStreamOutput>(NAME, async (input, request) => {
    const stream = resolveStream(input, NAME, request)
    const resource = { stream, consumer: null }
    const tags = renderTags(await ask(ports, { service: 'kinesis', kind: 'listTags', resource }))
    const { ExclusiveStartTagKey: after = '', Limit = TAGS_MAX } = input
    const rest = tags.filter(({ Key }) => Key > after)
    return { Tags: rest.slice(0, Limit), HasMoreTags: rest.length > Limit }
  })
