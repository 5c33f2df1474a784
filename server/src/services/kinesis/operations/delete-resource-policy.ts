import type { DeleteResourcePolicyInput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { resolveResource } from '../stream-arn.ts'

const NAME = 'DeleteResourcePolicy'

export const deleteResourcePolicy = (ports: KinesisPorts) =>
  operation<DeleteResourcePolicyInput, object>(NAME, async (input, request) => {
    const resource = resolveResource(input.ResourceARN, NAME, request)
    await ask(ports, { service: 'kinesis', kind: 'setPolicy', resource, policy: null })
    return {}
  })
