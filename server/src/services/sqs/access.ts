import { type Access, tagConditions } from '../../api/access.ts'
import type { AccessTable, Request } from '../../api/operation.ts'
import { ServiceError } from '../../api/service-error.ts'
import type { QueueAddress } from './commands.ts'
import { AccessDenied } from './errors.ts'
import { decodeMoveTaskHandle } from './move-task-handle.ts'
import type { DeadLetterSources } from './ports.ts'
import { parseQueueArn, queueArn } from './queue-arn.ts'
import { addressOf, isOperator } from './queue-url.ts'

interface OfQueue {
  readonly QueueUrl: string
}

/**
 * What each operation needs leave for. Batches need that for the single request, as AWS has no actions for them.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsqs.html
 */
export const sqsAccess = (sourcesOf: DeadLetterSources) =>
  ({
    AddPermission: onQueue('addpermission'),
    CancelMessageMoveTask: ({ TaskHandle }: { TaskHandle: string }, request: Request) =>
      onArn('cancelmessagemovetask', decodeMoveTaskHandle(TaskHandle).sourceArn, request),
    ChangeMessageVisibility: onQueue('changemessagevisibility'),
    ChangeMessageVisibilityBatch: onQueue('changemessagevisibility'),
    CreateQueue: ({ QueueName, tags }: { QueueName: string; tags?: Tags }, { caller }: Request) => {
      const creation = accessTo('createqueue', { ...caller, name: QueueName }, tags)
      return tags === undefined
        ? creation
        : [creation, accessTo('tagqueue', { ...caller, name: QueueName }, tags)]
    },
    DeleteMessage: onQueue('deletemessage'),
    DeleteMessageBatch: onQueue('deletemessage'),
    DeleteQueue: onQueue('deletequeue'),
    GetQueueAttributes: onQueue('getqueueattributes'),
    GetQueueUrl: (
      { QueueName, QueueOwnerAWSAccountId }: { QueueName: string; QueueOwnerAWSAccountId?: string },
      { caller }: Request,
    ) => {
      const { accountId, region } = caller
      return accessTo('getqueueurl', {
        accountId: QueueOwnerAWSAccountId ?? accountId,
        region,
        name: QueueName,
      })
    },
    ListDeadLetterSourceQueues: onQueue('listdeadlettersourcequeues'),
    ListMessageMoveTasks: ({ SourceArn }: { SourceArn: string }, request: Request) =>
      onArn('listmessagemovetasks', SourceArn, request),
    ListQueues: (_: object, { caller }: Request) => accessTo('listqueues', { ...caller, name: '' }),
    ListQueueTags: onQueue('listqueuetags'),
    PurgeQueue: onQueue('purgequeue'),
    ReceiveMessage: onQueue('receivemessage'),
    RemovePermission: onQueue('removepermission'),
    SendMessage: onQueue('sendmessage'),
    SendMessageBatch: onQueue('sendmessage'),
    SetQueueAttributes: onQueue('setqueueattributes'),
    /** Messages leave one queue and come to another, in the caller's name: to all from which they may have come, where it names none. */
    StartMessageMoveTask: (
      { SourceArn, DestinationArn }: { SourceArn: string; DestinationArn?: string },
      request: Request,
    ) => [
      onArn('startmessagemovetask', SourceArn, request),
      onArn('receivemessage', SourceArn, request),
      onArn('deletemessage', SourceArn, request),
      onArn('getqueueattributes', SourceArn, request),
      ...(DestinationArn === undefined ? sourcesOf(SourceArn) : [DestinationArn]).map((arn) =>
        onArn('sendmessage', arn, request),
      ),
    ],
    TagQueue: ({ QueueUrl, Tags }: OfQueue & { Tags: Tags }, request: Request) =>
      accessTo('tagqueue', addressOf(QueueUrl, request), Tags),
    UntagQueue: ({ QueueUrl, TagKeys }: OfQueue & { TagKeys: readonly string[] }, request: Request) => ({
      ...accessTo('untagqueue', addressOf(QueueUrl, request)),
      conditions: [['aws:TagKeys', TagKeys]] as const,
    }),
  }) as const satisfies AccessTable

type Tags = Readonly<Record<string, string>>

/** To look at messages is to receive them, but for whoever looks after the whole server. */
export const INSPECTION_ACCESS: AccessTable = {
  ...sqsAccess(() => []),
  ReceiveMessage: ({ QueueUrl }: OfQueue, request: Request) =>
    isOperator(request) ? [] : accessTo('receivemessage', addressOf(QueueUrl, request)),
}

export function refuseQueueAccess(text: string): Error {
  return new ServiceError(AccessDenied, text)
}

/** Requests for a queue bear the same address for as long as they mean the same. */
function onQueue(action: string) {
  const known = new WeakMap<QueueAddress, Access>()
  return ({ QueueUrl }: OfQueue, request: Request) => {
    const address = addressOf(QueueUrl, request)
    let access = known.get(address)
    if (access === undefined) {
      access = accessTo(action, address)
      known.set(address, access)
    }
    return access
  }
}

function onArn(action: string, arn: string, request: Request): Access {
  const { accountId } = parseQueueArn(arn) ?? request.caller
  return { action: `sqs:${action}`, resource: arn, accountId }
}

/** AWS tells SQS's actions in small letters. */
function accessTo(action: string, { accountId, region, name }: QueueAddress, tags?: Tags): Access {
  const access = { action: `sqs:${action}`, resource: queueArn({ accountId, region, name }), accountId }
  return tags === undefined ? access : { ...access, conditions: tagConditions(tags) }
}
