import type { PutDataProtectionPolicyInput } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { parseDataProtectionPolicy } from '../data-protection-policy.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { resolveTopic } from '../topic-arn.ts'
import { isFifoTopicName } from '../topic-name.ts'

const NAME = 'PutDataProtectionPolicy'

/** An empty policy takes away the one that is there. */
export const putDataProtectionPolicy = (ports: SnsPorts) =>
  operation<PutDataProtectionPolicyInput, object>(NAME, async (input, request) => {
    const topic = resolveTopic('ResourceArn', input.ResourceArn, NAME, request)
    const dataProtectionPolicy = parseDataProtectionPolicy(
      input.DataProtectionPolicy,
      isFifoTopicName(topic.name),
    )
    const settings = { dataProtectionPolicy }
    await ask(ports, { service: 'sns', kind: 'setTopicSettings', topic, settings })
    return {}
  })
