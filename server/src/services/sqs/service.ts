import { compileModel } from '../../api/compile-model.ts'
import { sqsModel } from '../../api/generated/sqs-model.ts'
import type { Operation, Service } from '../../api/operation.ts'
import { digestMemory } from '../../digests/digest-memory.ts'
import { shortDigests } from '../../digests/short-digests.ts'
import { refuseQueueAccess, sqsAccess } from './access.ts'
import { addPermission } from './operations/add-permission.ts'
import { cancelMessageMoveTask } from './operations/cancel-message-move-task.ts'
import { changeMessageVisibility } from './operations/change-message-visibility.ts'
import { changeMessageVisibilityBatch } from './operations/change-message-visibility-batch.ts'
import { createQueue } from './operations/create-queue.ts'
import { deleteMessage } from './operations/delete-message.ts'
import { deleteMessageBatch } from './operations/delete-message-batch.ts'
import { deleteQueue } from './operations/delete-queue.ts'
import { getQueueAttributes } from './operations/get-queue-attributes.ts'
import { getQueueUrl } from './operations/get-queue-url.ts'
import { listDeadLetterSourceQueues } from './operations/list-dead-letter-source-queues.ts'
import { listMessageMoveTasks } from './operations/list-message-move-tasks.ts'
import { listQueueTags } from './operations/list-queue-tags.ts'
import { listQueues } from './operations/list-queues.ts'
import { purgeQueue } from './operations/purge-queue.ts'
import { receiveMessage } from './operations/receive-message.ts'
import { removePermission } from './operations/remove-permission.ts'
import { sendMessage } from './operations/send-message.ts'
import { sendMessageBatch } from './operations/send-message-batch.ts'
import { setQueueAttributes } from './operations/set-queue-attributes.ts'
import { startMessageMoveTask } from './operations/start-message-move-task.ts'
import { tagQueue } from './operations/tag-queue.ts'
import { untagQueue } from './operations/untag-queue.ts'
import { plainSendsReader } from './plain-entries/plain-sends.ts'
import type { SqsPorts } from './ports.ts'
import { refuseInput } from './refuse-input.ts'

/** Every operation of the model. */
const OPERATIONS: readonly ((ports: SqsPorts) => Operation)[] = [
  addPermission,
  cancelMessageMoveTask,
  changeMessageVisibility,
  changeMessageVisibilityBatch,
  createQueue,
  deleteMessage,
  deleteMessageBatch,
  deleteQueue,
  getQueueAttributes,
  getQueueUrl,
  listDeadLetterSourceQueues,
  listMessageMoveTasks,
  listQueueTags,
  listQueues,
  purgeQueue,
  receiveMessage,
  removePermission,
  sendMessage,
  sendMessageBatch,
  setQueueAttributes,
  startMessageMoveTask,
  tagQueue,
  untagQueue,
]

/** Compiled once: declared queues are checked by services of their own. */
const MODEL = compileModel('sqs', sqsModel)

/** Amazon SQS: standard queues, of every account and region that callers belong to. */
export function sqs(ports: SqsPorts): Service {
  // Made now, so that the first message doesn't wait for it.
  digestMemory()
  shortDigests()
  plainSendsReader()
  const operations = OPERATIONS.map((declare) => declare(ports))
  return {
    name: 'sqs',
    model: MODEL,
    operations: new Map(operations.map((operation) => [operation.name, operation])),
    refuseInput,
    access: sqsAccess(ports.deadLetterSources ?? (() => [])),
    refuseAccess: refuseQueueAccess,
  }
}
