import type { PutResourcePolicyInput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { checkResourcePolicy } from '../resource-policy.ts'
import { resolveResource } from '../stream-arn.ts'

const NAME = 'PutResourcePolicy'

export const putResourcePolicy = (ports: KinesisPorts) =>
  operation<PutResourcePolicyInput, object>(NAME, async (input, request) => {
    const resource = resolveResource(input.ResourceARN, NAME, request)
    checkResourcePolicy(input.Policy)
    await ask(ports, { service: 'kinesis', kind: 'setPolicy', resource, policy: input.Policy })
    return {}
  })
