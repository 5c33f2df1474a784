import type { GetResourcePolicyInput, GetResourcePolicyOutput } from '../../../api/generated/kinesis.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type KinesisPorts } from '../ports.ts'
import { resolveResource } from '../stream-arn.ts'

/** What AWS answers where none was put. */
const NO_POLICY = '{}'

const NAME = 'GetResourcePolicy'

export const getResourcePolicy = (ports: KinesisPorts) =>
  operation<GetResourcePolicyInput, GetResourcePolicyOutput>(NAME, async (input, request) => {
    const resource = resolveResource(input.ResourceARN, NAME, request)
    const { policy } = await ask(ports, { service: 'kinesis', kind: 'getPolicy', resource })
    return { Policy: policy === '' ? NO_POLICY : policy }
  })
