import type { CancelMessageMoveTaskRequest, CancelMessageMoveTaskResult } from '../../../api/generated/sqs.ts'
import { operation } from '../../../api/operation.ts'
import { queueOfArn } from '../arn-parameter.ts'
import { decodeMoveTaskHandle } from '../move-task-handle.ts'
import { ask, type SqsPorts } from '../ports.ts'

/** What has moved stays where it is. */
export const cancelMessageMoveTask = (ports: SqsPorts) =>
  operation<CancelMessageMoveTaskRequest, CancelMessageMoveTaskResult>(
    'CancelMessageMoveTask',
    async (input, request) => {
      const { taskId, sourceArn } = decodeMoveTaskHandle(input.TaskHandle)
      const source = queueOfArn('SourceArn', sourceArn, request)
      const moved = await ask(ports, { service: 'sqs', kind: 'cancelMoveTask', source, id: taskId })
      return { ApproximateNumberOfMessagesMoved: moved }
    },
  )
