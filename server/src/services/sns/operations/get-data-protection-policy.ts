import type {
  GetDataProtectionPolicyInput,
  GetDataProtectionPolicyResponse,
} from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { resolveTopic } from '../topic-arn.ts'

const NAME = 'GetDataProtectionPolicy'

export const getDataProtectionPolicy = (ports: SnsPorts) =>
  operation<GetDataProtectionPolicyInput, GetDataProtectionPolicyResponse>(NAME, async (input, request) => {
    const topic = resolveTopic('ResourceArn', input.ResourceArn, NAME, request)
    const { settings } = await ask(ports, { service: 'sns', kind: 'getTopic', topic })
    const { dataProtectionPolicy } = settings
    return dataProtectionPolicy === '' ? {} : { DataProtectionPolicy: dataProtectionPolicy }
  })
