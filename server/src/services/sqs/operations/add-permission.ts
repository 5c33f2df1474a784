import type { AddPermissionRequest } from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { checkPermission } from '../permission.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { resolveQueue } from '../queue-url.ts'

/** Adds a statement to the queue's policy. */
export const addPermission = (ports: SqsPorts) =>
  operation<AddPermissionRequest, object>('AddPermission', async (input, request) => {
    const queue = resolveQueue(input.QueueUrl, request)
    const permission = { label: input.Label, accountIds: input.AWSAccountIds, actions: input.Actions }
    checkPermission(permission)
    await ask(ports, { service: 'sqs', kind: 'addPermission', queue, permission })
    return {}
  })
