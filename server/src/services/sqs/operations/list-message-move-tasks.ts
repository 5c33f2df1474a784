import type {
  ListMessageMoveTasksRequest,
  ListMessageMoveTasksResult,
  ListMessageMoveTasksResultEntry,
} from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { ServiceError } from '../../../api/service-error.ts'
import { isWithin } from '../../../base/range.ts'
import { queueOfArn } from '../arn-parameter.ts'
import type { MoveTaskDescription } from '../commands.ts'
import { InvalidParameterValue } from '../errors.ts'
import { LISTED_MOVE_TASKS } from '../limits.ts'
import { encodeMoveTaskHandle } from '../move-task-handle.ts'
import { ask, type SqsPorts } from '../ports.ts'
import { queueArn } from '../queue-arn.ts'

/** The newest first, and only that one unless more are asked for. */
export const listMessageMoveTasks = (ports: SqsPorts) =>
  operation<ListMessageMoveTasksRequest, ListMessageMoveTasksResult>(
    'ListMessageMoveTasks',
    async (input, request) => {
      const source = queueOfArn('SourceArn', input.SourceArn, request)
      const limit = input.MaxResults ?? LISTED_MOVE_TASKS.min
      if (!isWithin(limit, LISTED_MOVE_TASKS)) {
        const { min, max } = LISTED_MOVE_TASKS
        throw new ServiceError(
          InvalidParameterValue,
          `Value for parameter MaxResults is invalid. Reason: You must enter a number that's between ${min} and ${max}.`,
        )
      }
      const tasks = await ask(ports, { service: 'sqs', kind: 'listMoveTasks', source, limit })
      return tasks.length === 0 ? {} : { Results: tasks.map((task) => render(task, queueArn(source))) }
    },
  )

function render(task: MoveTaskDescription, sourceArn: string): ListMessageMoveTasksResultEntry {
  return {
    // It is good for one thing, a cancellation, and so it is only told while there is something to cancel.
    TaskHandle: task.status === 'RUNNING' ? encodeMoveTaskHandle({ taskId: task.id, sourceArn }) : undefined,
    Status: task.status,
    SourceArn: sourceArn,
    DestinationArn: task.destination === null ? undefined : queueArn(task.destination),
    MaxNumberOfMessagesPerSecond: task.messagesPerSecond ?? undefined,
    ApproximateNumberOfMessagesMoved: task.messagesMoved,
    ApproximateNumberOfMessagesToMove: task.messagesToMove,
    FailureReason: task.failureReason === '' ? undefined : task.failureReason,
    StartedTimestamp: task.startedAt,
  }
}
