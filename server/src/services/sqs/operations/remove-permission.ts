import type { RemovePermissionRequest } from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { checkLabel } from '../permission.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { resolveQueue } from '../queue-url.ts'

export const removePermission = (ports: SqsPorts) =>
  operation<RemovePermissionRequest, object>('RemovePermission', async (input, request) => {
    const queue = resolveQueue(input.QueueUrl, request)
    checkLabel(input.Label)
    await ask(ports, { service: 'sqs', kind: 'removePermission', queue, label: input.Label })
    return {}
  })
