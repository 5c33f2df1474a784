import type { RemovePermissionInput } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { resolveTopic } from '../topic-arn.ts'

const NAME = 'RemovePermission'

export const removePermission = (ports: SnsPorts) =>
  operation<RemovePermissionInput, object>(NAME, async (input, request) => {
    const topic = resolveTopic('TopicArn', input.TopicArn, NAME, request)
    await ask(ports, { service: 'sns', kind: 'removePermission', topic, label: input.Label })
    return {}
  })
