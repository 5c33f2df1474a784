import type { RemoveTagsFromStreamInput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import type { KinesisPorts } from '../ports.ts'
import { resolveStream } from '../stream-arn.ts'
import { removeTags } from '../tagging.ts'

const NAME = 'RemoveTagsFromStream'

export const removeTagsFromStream = (ports: KinesisPorts) =>
  operation<RemoveTagsFromStreamInput, object>(NAME, async (input, request) => {
    const stream = resolveStream(input, NAME, request)
    return removeTags(ports, { stream, consumer: null }, input.TagKeys)
  })
