import type { TagResourceInput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import type { KinesisPorts } from '../ports.ts'
import { resolveResource } from '../stream-arn.ts'
import { addTags } from '../tagging.ts'

const NAME = 'TagResource'

export const tagResource = (ports: KinesisPorts) =>
  operation<TagResourceInput, object>(NAME, async (input, request) => {
    const resource = resolveResource(input.ResourceARN, NAME, request)
    return addTags(ports, resource, input.Tags)
  })
