import type { AddTagsToStreamInput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import type { KinesisPorts } from '../ports.ts'
import { resolveStream } from '../stream-arn.ts'
import { addTags } from '../tagging.ts'

const NAME = 'AddTagsToStream'

export const addTagsToStream = (ports: KinesisPorts) =>
  operation<AddTagsToStreamInput, object>(NAME, async (input, request) => {
    const stream = resolveStream(input, NAME, request)
    return addTags(ports, { stream, consumer: null }, input.Tags)
  })
