import type { Permission } from '../../api/policy-document.ts'
import { ServiceError } from '../../api/service-error.ts'
import { invalidParameter, missingParameter, OverLimit } from './errors.ts'
import {
  PERMISSION_ACTIONS_MAX,
  PERMISSION_LABEL_CHARACTERS_MAX,
  PERMISSION_PRINCIPALS_MAX,
} from './limits.ts'

/** What can be granted to other accounts. The batch forms come with the operations that they are batches of. */
const GRANTABLE = new Set([
  '*',
  'ChangeMessageVisibility',
  'DeleteMessage',
  'GetQueueAttributes',
  'GetQueueUrl',
  'ListDeadLetterSourceQueues',
  'PurgeQueue',
  'ReceiveMessage',
  'SendMessage',
])

/** What only the owner of a queue may do: the operations to which cross-account permissions do not apply. */
const OWNERS = new Set([
  'AddPermission',
  'CancelMessageMoveTask',
  'CreateQueue',
  'DeleteQueue',
  'ListMessageMoveTasks',
  'ListQueueTags',
  'ListQueues',
  'RemovePermission',
  'SetQueueAttributes',
  'StartMessageMoveTask',
  'TagQueue',
  'UntagQueue',
])

/** Refuses what AddPermission doesn't grant. Whether the label is free depends on the queue. */
export function checkPermission({ label, accountIds, actions }: Permission): void {
  checkLabel(label)
  if (actions.length === 0) throw missingParameter('Actions')
  if (actions.length > PERMISSION_ACTIONS_MAX)
    throw tooMany('Actions', actions.length, PERMISSION_ACTIONS_MAX)
  if (accountIds.length > PERMISSION_PRINCIPALS_MAX) {
    throw tooMany('Principals', accountIds.length, PERMISSION_PRINCIPALS_MAX)
  }
  if (accountIds.length === 0 || !accountIds.every((id) => /^\d{12}$/.test(id))) {
    throw invalidParameter('PrincipalId', `[${accountIds.join(', ')}]`, 'Unable to verify.')
  }
  for (const action of actions) {
    if (GRANTABLE.has(action)) continue
    throw invalidParameter(
      'ActionName',
      `SQS:${action}`,
      OWNERS.has(action)
        ? 'Only the queue owner is allowed to invoke this action.'
        : 'Please refer to the appropriate WSDL for a list of valid actions.',
    )
  }
}

export function checkLabel(label: string): void {
  if (label === '') throw missingParameter('Label')
  if (label.length <= PERMISSION_LABEL_CHARACTERS_MAX && /^[A-Za-z0-9_-]+$/.test(label)) return
  throw invalidParameter(
    'Label',
    label,
    `Can only include alphanumeric characters, hyphens, or underscores. 1 to ${PERMISSION_LABEL_CHARACTERS_MAX} in length.`,
  )
}

function tooMany(what: string, count: number, max: number): ServiceError {
  return new ServiceError(OverLimit, `${count} ${what} were found, maximum allowed is ${max}.`)
}
