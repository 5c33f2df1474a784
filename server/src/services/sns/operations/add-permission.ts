import type { AddPermissionInput } from '../../../api/generated/sns.ts'
import { operation } from '../../../api/operation.ts'
import { ask, type SnsPorts } from '../ports.ts'
import { resolveTopic } from '../topic-arn.ts'
import { checkPermission } from '../topic-policy.ts'

const NAME = 'AddPermission'

export const addPermission = (ports: SnsPorts) =>
  operation<AddPermissionInput, object>(NAME, async (input, request) => {
    const topic = resolveTopic('TopicArn', input.TopicArn, NAME, request)
    const permission = { label: input.Label, accountIds: input.AWSAccountId, actions: input.ActionName }
    checkPermission(permission)
    await ask(ports, { service: 'sns', kind: 'addPermission', topic, permission })
    return {}
  })
