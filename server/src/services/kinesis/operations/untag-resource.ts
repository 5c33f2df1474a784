import type { UntagResourceInput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import type { KinesisPorts } from '../ports.ts'
import { resolveResource } from '../stream-arn.ts'
import { removeTags } from '../tagging.ts'

const NAME = 'UntagResource'

export const untagResource = (ports: KinesisPorts) =>
  operation<UntagResourceInput, object>(NAME, async (input, request) => {
    const resource = resolveResource(input.ResourceARN, NAME, request)
    return removeTags(ports, resource, input.TagKeys)
  })
